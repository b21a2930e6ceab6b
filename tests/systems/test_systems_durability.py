"""How each system brings bytes and names to the disk: one contract, and what macOS and Windows are asked for."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from perfstudio.delivery.outbox_file import open_database
from perfstudio.library.index import open_index
from perfstudio.systems import durability
from perfstudio.systems.durability import DURABILITY, Durability, for_system

REPLACE, WRITE_THROUGH = 1, 8


class Kernel32:
    """Moves as Windows does, and remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def MoveFileExW(self, source: str, target: str, how: int) -> int:  # noqa: N802 - Windows' own name
        self.asked.append(how)
        if Path(target).exists() and not how & REPLACE:
            return 0
        Path(source).replace(target)
        return 1


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> Kernel32:
    """The calls of Windows; on Windows itself they are its own, and none is seen."""
    library = Kernel32()
    if sys.platform != "win32":
        monkeypatch.setattr(durability, "_kernel32", lambda: library)
        monkeypatch.setattr(durability, "_said", lambda source, target: FileExistsError(errno.EEXIST, "x", str(source)))
    return library


@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_bytes_and_names_are_there(kernel: Kernel32, tmp_path: Path, system: str) -> None:
    if sys.platform == "win32" != system:
        pytest.skip("Windows opens no folder, and has no fcntl")
    disk: Durability = for_system(system)
    (tmp_path / "new").write_bytes(b"new")
    (tmp_path / "old").write_bytes(b"old")
    with (tmp_path / "new").open("rb+") as file:
        disk.flush(file.fileno())
        disk.flush_data(file.fileno())
    disk.replace(tmp_path / "new", tmp_path / "old")
    (tmp_path / "take.part").mkdir()
    (tmp_path / "old").rename(tmp_path / "take.part" / "film")
    disk.rename(tmp_path / "take.part", tmp_path / "take")
    disk.flush_folder(tmp_path)
    assert [(path.name, (path / "film").read_bytes()) for path in tmp_path.iterdir()] == [("take", b"new")]
    if system == "win32" != sys.platform:
        assert kernel.asked == [REPLACE | WRITE_THROUGH, WRITE_THROUGH]
        (tmp_path / "other").mkdir()
        with pytest.raises(FileExistsError):
            disk.rename(tmp_path / "other", tmp_path / "take")


@pytest.fixture
def asked_of_the_drive(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], list[str]]:
    """What a Mac is asked for when F_FULLFSYNC answers with an error number (0: none)."""
    import fcntl

    def what(number: int) -> list[str]:
        said: list[str] = []

        def ask(descriptor: int, request: int) -> int:
            said.append(f"fcntl {request}")
            if number:
                raise OSError(number, os.strerror(number))
            return 0

        monkeypatch.setattr(fcntl, "fcntl", ask)
        monkeypatch.setattr(os, "fsync", lambda descriptor: said.append("fsync"))
        try:
            for_system("darwin").flush(0)
        except OSError as problem:
            said.append(errno.errorcode[problem.errno or 0])
        return said

    return what


@pytest.mark.skipif(sys.platform == "win32", reason="no fcntl")
def test_a_mac_asks_the_drive_and_its_file_system_where_that_refuses(
    asked_of_the_drive: Callable[[int], list[str]],
) -> None:
    assert asked_of_the_drive(0) == ["fcntl 51"]
    for refusal in (errno.ENOTSUP, errno.EINVAL, errno.ENOTTY):
        assert asked_of_the_drive(refusal) == ["fcntl 51", "fsync"]
    for failure in (errno.EIO, errno.ENOSPC):
        assert asked_of_the_drive(failure) == ["fcntl 51", errno.errorcode[failure]]


def test_every_database_asks_for_the_same(tmp_path: Path) -> None:
    """SQLite keeps the word on every system, and follows it on macOS."""
    outbox = open_database(tmp_path / "outbox.sqlite")
    index = open_index(tmp_path / "index.sqlite")
    try:
        for connection in (outbox, index._connection):
            for word in ("fullfsync", "checkpoint_fullfsync"):
                assert tuple(connection.execute(f"PRAGMA {word}").fetchone()) == (1,)
    finally:
        outbox.close()
        index.close()


def refused(number: int, winerror: int | None) -> OSError:
    problem = OSError(number, "x")
    if winerror is not None:
        problem.winerror = winerror  # type: ignore[attr-defined,unused-ignore]
    return problem


def test_only_what_another_program_holds_is_waited_for() -> None:
    held = [refused(errno.EACCES, number) for number in (5, 32, 33)] + [refused(errno.ENOTEMPTY, 145)]
    held.append(refused(errno.EACCES, None))  # of the C library, that names no number
    other = [refused(errno.ENOSPC, 112), refused(errno.ENOENT, 2), refused(errno.ENOENT, None)]
    windows = for_system("win32")
    assert [windows.passes(problem) for problem in (*held, *other)] == [True] * len(held) + [False] * len(other)
    assert not any(for_system("linux").passes(problem) for problem in held), "an open file is in nobody's way there"


def test_this_system_has_its_own() -> None:
    assert type(DURABILITY) is type(for_system(sys.platform))
