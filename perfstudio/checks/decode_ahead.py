"""Threads of a report: decoding runs ahead of what measures, and OpenCV starts none of its own beside them."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from queue import SimpleQueue
from threading import Semaphore, Thread
from typing import TypeVar

import cv2

Item = TypeVar("Item")


def ahead(items: Generator[Item], depth: int) -> Iterator[Item]:
    """The items in their order; at most `depth` wait, made but not yet taken.

    What the items raise is raised here. The thread has ended, and the items are closed, when this iterator is.
    """
    queue: SimpleQueue[tuple[Item] | BaseException | None] = SimpleQueue()
    room = Semaphore(depth)
    given_up = False

    def fetch() -> None:
        ending: BaseException | None = None
        try:
            with closing(items):
                for item in items:
                    queue.put((item,))
                    room.acquire()
                    if given_up:
                        return
        except BaseException as problem:  # noqa: BLE001 - raised again on the other side
            ending = problem
        finally:
            queue.put(ending)

    thread = Thread(target=fetch, name="checks-ahead", daemon=True)
    thread.start()
    try:
        while (got := queue.get()) is not None:
            if isinstance(got, BaseException):
                raise got
            yield got[0]
            room.release()
    finally:
        given_up = True
        room.release()
        thread.join()


@contextmanager
def single_minded() -> Iterator[None]:
    """OpenCV works on the calling thread meanwhile: its helpers would spin between pictures on a core that decodes."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)
