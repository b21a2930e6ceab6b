"""Copying files so that a kill never leaves half of one under its name, and reading back what was written."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from perfstudio.durable import remove, replace_durably, sha256_of, write_durably
from perfstudio.model.base import sha256_hex

AT_ONCE = 1 << 20
COPYING = ".copying"
"""The end of a file that is not whole yet."""
Tick = Callable[[int], object]
"""Gets the bytes that were just read or written; may raise."""
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class SourceUnreadableError(Exception):
    """What is to be copied cannot be read."""


def copy(source: Path, target: Path, tick: Tick) -> str:
    """Copy a file, or leave the one that is there and the same; its SHA-256. Repeatable at any point.

    Raises SourceUnreadableError, OSError (of the target).
    """
    with _opened(source) as file:
        if target.is_file() and not target.is_symlink() and target.stat().st_size == os.fstat(file.fileno()).st_size:
            digest = _hash(file, lambda: tick(AT_ONCE // 2))
            if digest == read_back(target, lambda size: tick(size // 2)):
                return digest
            file.seek(0)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        half = target.with_name(f".{target.name}{COPYING}")
        hasher = hashlib.sha256()
        with half.open("wb") as out:
            while piece := _read(file):
                hasher.update(piece)
                out.write(piece)
                tick(len(piece))
    replace_durably(half, target)
    return hasher.hexdigest()


def put(target: Path, data: bytes) -> str:
    """Write what was made for the copy; its SHA-256. Raises OSError."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_durably(target, data)
    return sha256_hex(data)


def read_back(file: Path, tick: Tick = lambda size: None) -> str:
    """The SHA-256 of what lies there now; empty where that cannot be read."""
    try:
        with file.open("rb") as there:
            return sha256_of(there, lambda: tick(AT_ONCE))
    except OSError:
        return ""


def sweep(folder: Path) -> None:
    """Remove what an earlier copy left half done. Raises OSError."""
    for half in folder.rglob(f".*{COPYING}"):
        remove(half)


def _opened(source: Path) -> BinaryIO:
    try:
        return os.fdopen(os.open(source, os.O_RDONLY | _NOFOLLOW), "rb")
    except OSError as problem:
        raise SourceUnreadableError(source.name) from problem


def _read(file: BinaryIO) -> bytes:
    try:
        return file.read(AT_ONCE)
    except OSError as problem:
        raise SourceUnreadableError(str(file.name)) from problem


def _hash(file: BinaryIO, tick: Callable[[], object]) -> str:
    try:
        return sha256_of(file, tick)
    except OSError as problem:
        raise SourceUnreadableError(str(file.name)) from problem
