"""Where a pack comes from: a zip, a folder, or a folder of the shelf. All give bytes by name and nothing else."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Protocol

from perfstudio.model.errors import ErrorCode, PackError
from perfstudio.packs.problems import invalid

PACK_JSON = "pack.json"
CHUNK = 1 << 16


class PackSource(Protocol):
    """An open pack. `name` is what people call it: the file's own name, without its folder."""

    @property
    def name(self) -> str:
        """The name of the file or folder."""
        ...

    def chunks(self, member: str, limit: int) -> Iterator[bytes]:
        """The bytes of one member in pieces. Raises PackError when there is none, or more than `limit` bytes."""
        ...

    def unlisted(self, listed: frozenset[str]) -> str | None:
        """The first member that is not listed (litter of file managers aside), or None."""
        ...

    def __enter__(self) -> PackSource: ...

    def __exit__(
        self, kind: type[BaseException] | None, bad: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def read_all(source: PackSource, member: str, limit: int) -> bytes:
    """One whole member."""
    return b"".join(source.chunks(member, limit))


def counted(pieces: Iterator[bytes], file: str, what: str, limit: int) -> Iterator[bytes]:
    """The same pieces, refused as soon as they are more than `limit` bytes. Raises PackError(PACK_TOO_LARGE)."""
    total = 0
    for piece in pieces:
        total += len(piece)
        if total > limit:
            raise PackError(ErrorCode.PACK_TOO_LARGE, file=file, what=what, limit=limit)
        yield piece


class FolderSource:
    """A folder with pack.json and media/, as a pack's author has it. Links are not followed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.name = folder.name

    def chunks(self, member: str, limit: int) -> Iterator[bytes]:
        """See `PackSource`."""
        path = self._folder / member
        try:
            if path.parent.is_symlink() and path.parent != self._folder:
                raise invalid(self.name, member, "not_a_file")
            if not stat.S_ISREG(path.lstat().st_mode):
                raise invalid(self.name, member, "not_a_file")
            descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
        except FileNotFoundError as error:
            raise invalid(self.name, member, "missing") from error
        except OSError as error:
            raise PackError(ErrorCode.PACK_UNREADABLE, file=self.name) from error
        try:
            with os.fdopen(descriptor, "rb") as file:
                yield from counted(iter(lambda: file.read(CHUNK), b""), self.name, member, limit)
        except OSError as error:  # a stick that was pulled out, a share that went
            raise PackError(ErrorCode.PACK_UNREADABLE, file=self.name) from error

    def unlisted(self, listed: frozenset[str]) -> str | None:
        """A folder may hold an author's other files: they are never read."""
        return None

    def __enter__(self) -> FolderSource:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, bad: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is held open."""
