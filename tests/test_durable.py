"""What "saved" means, on real files."""

from __future__ import annotations

import errno
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from perfstudio.durable import (
    disk_error,
    file_error,
    free_bytes,
    is_full,
    replace_durably,
    sha256_of,
    write_durably,
    write_new,
)
from perfstudio.model.base import sha256_hex
from perfstudio.model.errors import CaptureError, ErrorCode
from perfstudio.texts.errors import sentence
from rigs.systems import WINDOWS, mode_of, posix_only, private


def test_a_new_file_is_private_and_never_written_over(tmp_path: Path) -> None:
    write_new(tmp_path / "a", b"one")
    assert mode_of(tmp_path / "a") == private(0o600)
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "a", b"two")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "link", b"two")
    assert (tmp_path / "a").read_bytes() == b"one"
    assert not (tmp_path / "elsewhere").exists()


def test_the_hash_is_of_the_whole_file_and_may_be_stopped(tmp_path: Path) -> None:
    data = bytes(range(256)) * 10_000
    (tmp_path / "a").write_bytes(data)
    ticks: list[int] = []
    with (tmp_path / "a").open("rb") as file:
        file.read(7)
        assert sha256_of(file, lambda: ticks.append(0)) == sha256_hex(data)
        assert len(ticks) == 3
        with pytest.raises(InterruptedError):
            sha256_of(file, stop)


def stop() -> None:
    raise InterruptedError


def test_saving_replaces_a_file_and_a_link_but_not_what_it_points_to(tmp_path: Path) -> None:
    (tmp_path / "outside").write_bytes(b"outside")
    (tmp_path / "a").symlink_to(tmp_path / "outside")
    write_durably(tmp_path / "a", b"one")
    write_durably(tmp_path / "a", b"two")
    assert (tmp_path / "a").read_bytes() == b"two"
    assert not (tmp_path / "a").is_symlink()
    assert (tmp_path / "outside").read_bytes() == b"outside"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "outside"]


def test_a_file_that_cannot_be_saved_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "inside").touch()
    with pytest.raises(IsADirectoryError):
        write_durably(tmp_path / "a", b"one")
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


def test_a_written_file_gets_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.tmp").write_bytes(b"new")
    (tmp_path / "a").write_bytes(b"old")
    replace_durably(tmp_path / "a.tmp", tmp_path / "a")
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("a", b"new")]


CULPRITS = {
    "ENOSPC": ErrorCode.DISK_FULL,
    "EDQUOT": ErrorCode.DISK_FULL,
    "EACCES": ErrorCode.FOLDER_NOT_WRITABLE,
    "EPERM": ErrorCode.FOLDER_NOT_WRITABLE,
    "EROFS": ErrorCode.DISK_READ_ONLY,
    "EIO": ErrorCode.DISK_GONE,
    "ENODEV": ErrorCode.DISK_GONE,
    "ENXIO": ErrorCode.DISK_GONE,
    "ESTALE": ErrorCode.DISK_GONE,
    "ENAMETOOLONG": ErrorCode.NAME_TOO_LONG,
    "EMFILE": ErrorCode.TOO_MANY_FILES,
    "ENFILE": ErrorCode.TOO_MANY_FILES,
    "EFBIG": ErrorCode.DISK_WRITE,
    "ENOENT": ErrorCode.DISK_WRITE,
    "EINVAL": ErrorCode.DISK_WRITE,
}
SAID = {
    ErrorCode.DISK_FULL: "is full",
    ErrorCode.FOLDER_NOT_WRITABLE: "permission",
    ErrorCode.DISK_READ_ONLY: "is read-only",
    ErrorCode.DISK_GONE: "does not answer",
    ErrorCode.NAME_TOO_LONG: "“sound.flac” is too long",
    ErrorCode.TOO_MANY_FILES: "Too many files are open, so “sound.flac”",
    ErrorCode.DISK_WRITE: "“sound.flac” could not be written",
}


@pytest.mark.parametrize("name", CULPRITS)
def test_a_failed_write_names_its_culprit_and_its_file(tmp_path: Path, name: str) -> None:
    problem = OSError(getattr(errno, name), "x")
    told = disk_error(problem, tmp_path, CaptureError, file="sound.flac")
    if WINDOWS and CULPRITS[name] is ErrorCode.FOLDER_NOT_WRITABLE:
        assert told.code is ErrorCode.FILE_IN_USE, "the folder takes files"
        return
    assert told.code is CULPRITS[name]
    assert told.facts["folder"] == str(tmp_path)
    assert is_full(problem) == (told.code is ErrorCode.DISK_FULL)
    assert SAID[told.code] in sentence(told)
    of_file = file_error(problem, tmp_path / "sound.flac", CaptureError)
    assert {**told.facts, "free_mb": 0} == {**of_file.facts, "free_mb": 0}  # others write to this disk meanwhile


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (112, ErrorCode.DISK_FULL),
        (39, ErrorCode.DISK_FULL),
        (19, ErrorCode.DISK_READ_ONLY),
        (21, ErrorCode.DISK_GONE),
        (1167, ErrorCode.DISK_GONE),
        (206, ErrorCode.NAME_TOO_LONG),
        (4, ErrorCode.TOO_MANY_FILES),
        (32, ErrorCode.FILE_IN_USE),
        (5, ErrorCode.FILE_IN_USE if WINDOWS else ErrorCode.FOLDER_NOT_WRITABLE),  # of both; the folder takes files
    ],
)
def test_windows_says_more_by_its_own_number(tmp_path: Path, number: int, code: ErrorCode) -> None:
    problem = OSError(errno.EACCES, "x")
    problem.winerror = number  # type: ignore[attr-defined]
    told = disk_error(problem, tmp_path, CaptureError)
    assert told.code is code
    assert is_full(problem) == (code is ErrorCode.DISK_FULL)
    assert code is not ErrorCode.FILE_IN_USE or "is open in another program" in sentence(told)


def test_a_share_that_is_used_up_is_not_said_with_the_room_of_others(tmp_path: Path) -> None:
    told = disk_error(OSError(errno.EDQUOT, "x"), tmp_path, CaptureError)
    assert sentence(told).startswith("The disk is full: your share of it is used up.")


def caught(work: Callable[[], object]) -> OSError:
    """What the system really says."""
    with pytest.raises(OSError) as raised:  # noqa: PT011 - any of them
        work()
    return raised.value


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full")
def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    with open("/dev/full", "wb", buffering=0) as full:  # noqa: PTH123 - unbuffered
        problem = caught(lambda: full.write(b"x"))
    told = disk_error(problem, tmp_path, CaptureError, needed_bytes=5_000_000)
    assert (told.code, told.facts["needed_mb"]) == (ErrorCode.DISK_FULL, 5)


def test_a_folder_that_was_taken_away(tmp_path: Path) -> None:
    folder = tmp_path / "takes"
    problem = caught(lambda: write_new(folder / "sound.flac", b""))
    assert file_error(problem, folder / "sound.flac", CaptureError).code is ErrorCode.DISK_GONE
    folder.mkdir()
    assert file_error(problem, folder / "sound.flac", CaptureError).code is ErrorCode.DISK_WRITE


def test_a_file_where_a_folder_should_be_is_named_whatever_the_system_calls_it(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    inside = tmp_path / "file" / "takes" / "sound.flac"
    for problem in (caught(lambda: write_new(inside, b"")), FileNotFoundError(errno.ENOENT, "as Windows", str(inside))):
        told = file_error(problem, inside, CaptureError)
        assert (told.code, told.facts["file"], told.facts["detail"]) == (ErrorCode.DISK_WRITE, "file", "EEXIST")


def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    problem = caught(lambda: write_new(tmp_path / ("n" * 300), b""))
    assert disk_error(problem, None, CaptureError).code is ErrorCode.NAME_TOO_LONG


def test_what_the_error_names_is_named_where_nobody_knows_better(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    problem = caught(lambda: write_new(tmp_path / "a", b""))
    told = disk_error(problem, None, CaptureError)
    assert told.facts == {"folder": str(tmp_path), "file": "a", "detail": "EEXIST"}
    assert disk_error(OSError(errno.ENOSPC, "x"), None, CaptureError).code is ErrorCode.DISK_FULL


@posix_only("no limits of a process")
def test_no_more_files_and_no_larger_ones_are_told_apart(tmp_path: Path) -> None:
    script = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from perfstudio.durable import file_error, write_new\n"
        "from perfstudio.model.errors import CaptureError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "def attempt(limit, most):\n"
        "    path = Path(sys.argv[1]) / str(limit)\n"
        "    resource.setrlimit(limit, (most, resource.getrlimit(limit)[1]))\n"
        "    try: write_new(path, bytes(5000))\n"
        "    except OSError as problem: told = file_error(problem, path, CaptureError)\n"
        "    resource.setrlimit(limit, (resource.getrlimit(limit)[1],) * 2)\n"
        "    print(told.code.value, told.facts['detail'])\n"
        "attempt(resource.RLIMIT_NOFILE, 3)\n"
        "attempt(resource.RLIMIT_FSIZE, 1000)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["too_many_files", "EMFILE", "disk_write", "EFBIG"]


def test_room_is_known_for_a_folder_that_is_yet_to_be_made(tmp_path: Path) -> None:
    assert free_bytes(tmp_path / "not" / "yet") > 0
