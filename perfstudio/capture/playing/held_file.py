"""A file that is let go at once, whoever reads it: on Windows a folder keeps its name while a file in it is open."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, cast


class HeldFile:
    """The file of a film, opened as often as it has readers. `let_go` closes all of them from any thread and waits for
    no decoder, at most for one read of the disk; from then on a reader finds the end of the file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._open: list[BinaryIO] = []
        self._gone = False

    def reader(self) -> FileReader:
        """For one more reader. Raises OSError; FileNotFoundError once it was let go."""
        with self._lock:
            if self._gone:
                raise FileNotFoundError(self._path.name)
            file = cast("BinaryIO", self._path.open("rb", buffering=0))
            self._open.append(file)
            return FileReader(file, self._lock)

    def let_go(self) -> None:
        """Close it, for good."""
        with self._lock:
            self._gone = True
            files, self._open = self._open, []
            for file in files:
                with suppress(OSError):
                    file.close()


class FileReader:
    """An open file as FFmpeg reads it: without its name, which is never an address."""

    name = "film"

    def __init__(self, file: BinaryIO, lock: threading.Lock) -> None:
        self._file, self._lock = file, lock

    def read(self, count: int) -> bytes:
        """The next bytes; none once it was let go."""
        with self._lock:
            return b"" if self._file.closed else self._file.read(count)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a byte."""
        with self._lock:
            return -1 if self._file.closed else self._file.seek(offset, whence)

    def tell(self) -> int:
        """Which byte is next."""
        with self._lock:
            return -1 if self._file.closed else self._file.tell()
