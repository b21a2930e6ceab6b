"""One worker for everything that touches the disk or the network on behalf of a page; results come home by `post`."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

from perfstudio.durable import disk_error
from perfstudio.model.errors import ErrorCode, LibraryError, PerfstudioError
from perfstudio.session.bus import RunOnOwner

T = TypeVar("T")
Failed = Callable[[PerfstudioError], None]

_log = logging.getLogger(__name__)


class Worker(Protocol):
    """Runs work somewhere and reports on the owner's thread."""

    def run(self, work: Callable[[], T], done: Callable[[T], None], failed: Failed) -> None:
        """Do `work`, then call exactly one of `done` and `failed`."""
        ...


class InlineWorker:
    """Work is done at once, on the caller's thread: for verbs and tests."""

    def run(self, work: Callable[[], T], done: Callable[[T], None], failed: Failed) -> None:
        """Run `work` and its callback before returning."""
        try:
            result = work()
        except PerfstudioError as problem:
            failed(problem)
        else:
            done(result)


class SerialWorker:
    """A single worker thread, in order. `close` finishes what was begun."""

    def __init__(self, post: RunOnOwner, name: str = "library") -> None:
        self._post = post
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    def run(self, work: Callable[[], T], done: Callable[[T], None], failed: Failed) -> None:
        """Do it on the worker."""
        self._pool.submit(self._work, work, done, failed)

    def close(self) -> None:
        """Wait for what has been handed in."""
        self._pool.shutdown(wait=True)

    def _work(self, work: Callable[[], T], done: Callable[[T], None], failed: Failed) -> None:
        try:
            result = work()
        except PerfstudioError as problem:
            self._post(lambda problem=problem: failed(problem))  # type: ignore[misc]
        except OSError as problem:
            told = disk_error(problem, None, LibraryError)
            self._post(lambda: failed(told))
        except Exception as problem:  # noqa: BLE001 - the top of a thread: nothing may vanish silently
            _log.exception("work on a worker ended badly")
            unknown = LibraryError(ErrorCode.UNEXPECTED, detail=type(problem).__name__)
            self._post(lambda: failed(unknown))
        else:
            self._post(lambda: done(result))
