"""What "saved" means, on real files."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from perfstudio.durable import disk_error, free_bytes, is_full, replace_durably, sha256_of, write_durably, write_new
from perfstudio.model.base import sha256_hex
from perfstudio.model.errors import CaptureError, ErrorCode


def test_a_new_file_is_private_and_never_written_over(tmp_path: Path) -> None:
    write_new(tmp_path / "a", b"one")
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600
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
    with pytest.raises(OSError, match="directory"):
        write_durably(tmp_path / "a", b"one")
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


def test_a_written_file_gets_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.tmp").write_bytes(b"new")
    (tmp_path / "a").write_bytes(b"old")
    replace_durably(tmp_path / "a.tmp", tmp_path / "a")
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("a", b"new")]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, ErrorCode.DISK_FULL),
        (errno.EDQUOT, ErrorCode.DISK_FULL),
        (errno.EFBIG, ErrorCode.DISK_FULL),
        (errno.EROFS, ErrorCode.FOLDER_NOT_WRITABLE),
        (errno.EACCES, ErrorCode.FOLDER_NOT_WRITABLE),
        (errno.EIO, ErrorCode.DISK_WRITE),
        (errno.ENOENT, ErrorCode.DISK_WRITE),
    ],
)
def test_full_forbidden_and_broken_are_told_apart(tmp_path: Path, number: int, code: ErrorCode) -> None:
    problem = OSError(number, "x")
    told = disk_error(problem, tmp_path, CaptureError, file="sound.flac")
    assert told.code is code
    assert is_full(problem) == (code is ErrorCode.DISK_FULL)
    if code is ErrorCode.DISK_WRITE:
        assert told.facts == {"file": "sound.flac", "detail": errno.errorcode[number]}


def test_room_is_known_for_a_folder_that_is_yet_to_be_made(tmp_path: Path) -> None:
    assert free_bytes(tmp_path / "not" / "yet") > 0
