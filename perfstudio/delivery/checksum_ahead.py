"""Checksums of what is sent next, made on a thread of its own while the line is busy with what is sent now.

A checksum stands in front of the bytes that it is of, so they have to be read twice. Done one after the other, the line
would rest meanwhile. How far the thread has come decides how much goes next: nobody waits for more.
"""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Callable
from typing import BinaryIO

from perfstudio.delivery.chunk_reader import read_at
from perfstudio.model.errors import DeliveryError

STEP = 1 << 20
"""At every so many bytes a chunk may end."""
ENOUGH = 16 << 20
"""What has to be there before a chunk leaves, where as much is to go."""
_LOOK_S = 0.05


class ChecksumAhead:
    """One open file, which is its own: whoever sends reads at another place. Without an algorithm it only passes on
    what is asked for. A context manager: its thread ends with it.
    """

    read_s = 0.0
    """So much longer than usual the answer may take: nothing has to be read for it."""

    def __init__(
        self, file: BinaryIO, algorithm: str | None, *, name: str = "", whole: tuple[int, str] = (0, "")
    ) -> None:
        """`whole` is the size of the file and its SHA-256 (hex), where that is known."""
        self._file = file
        self._whole = whole
        self._algorithm = algorithm
        self._name = name
        self._news = threading.Condition()
        self._start = -1
        self._marks: list[tuple[int, bytes]] = []
        """(length, digest) of stretches from the start on, ever longer."""
        self._problem: DeliveryError | None = None
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self._over = True

    def __enter__(self) -> ChecksumAhead:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def begin(self, start: int, most: int, step: int = STEP) -> None:
        """Go on with what begins at `start`: up to `most` bytes, usable at every `step`."""
        if self._algorithm is None or most <= 0:
            return
        self._end()
        self._start, self._marks, self._problem, self._over = start, [], None, False
        self._ended.clear()
        given = (self._algorithm, start, most, min(step, STEP))
        self._thread = threading.Thread(target=self._run, args=given, name="delivery-checksum", daemon=True)
        self._thread.start()

    def take(self, start: int, wanted: int, tick: Callable[[], None]) -> tuple[int, str | None]:
        """How many bytes from `start` go next, at most `wanted`, and their Upload-Checksum.

        `tick` runs while that is waited for, and may end it by raising. Raises DeliveryError(FILE_CHANGED).
        """
        if self._algorithm is None:
            return wanted, None
        if (start, wanted, self._algorithm) == (0, self._whole[0], "sha256"):
            return wanted, self._header(bytes.fromhex(self._whole[1]))
        least = min(wanted, ENOUGH)
        found = self._found(start, least, wanted, tick)
        if found is None:  # nothing was begun there, or for other lengths
            self.begin(start, wanted, wanted)
            found = self._found(start, least, wanted, tick)
        assert found is not None  # noqa: S101 - the last mark is at `wanted`
        return found[0], self._header(found[1])

    def _header(self, digest: bytes) -> str:
        return f"{self._algorithm} {base64.b64encode(digest).decode()}"

    def _found(self, start: int, least: int, wanted: int, tick: Callable[[], None]) -> tuple[int, bytes] | None:
        if start != self._start:
            return None
        while True:
            with self._news:
                come = self._marks[-1][0] if self._marks else 0
                if come >= least or self._over:
                    break
                self._news.wait(_LOOK_S)
            tick()
        if self._problem is not None:
            raise self._problem
        return next((mark for mark in reversed(self._marks) if mark[0] <= wanted), None)

    def _run(self, algorithm: str, start: int, most: int, step: int) -> None:
        hasher, room, done = hashlib.new(algorithm), memoryview(bytearray(step)), 0
        try:
            while done < most and not self._ended.is_set():
                piece = room[: min(step, most - done)]
                read_at(self._file, start + done, piece, self._name)
                hasher.update(piece)
                done += len(piece)
                with self._news:
                    self._marks.append((done, hasher.copy().digest()))
                    self._news.notify_all()
        except DeliveryError as problem:
            self._problem = problem
        finally:
            with self._news:
                self._over = True
                self._news.notify_all()

    def _end(self) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
