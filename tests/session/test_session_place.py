"""The kind of folder that takes live in: mounts and marks of programs that copy folders elsewhere (DSK-10)."""

from __future__ import annotations

import ctypes
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from perfstudio.session.storage_location import StorageKind, StorageLocation, place_of
from perfstudio.systems.places import LinuxPlaces, MacPlaces, WindowsPlaces
from perfstudio.texts import devices
from rigs.systems import posix_only

NETWORK, SYNCED = StorageKind.NETWORK, StorageKind.SYNCED


def mounted(tmp_path: Path, kind: str, point: Path) -> Path:
    """A list of mounts as Linux writes it, with one more in it."""
    table = tmp_path / "mountinfo"
    spaced = str(point).replace(" ", "\\040")
    table.write_text(
        "22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw\n"
        f"90 22 0:40 / {spaced} rw,nosuid shared:9 - {kind} studio:/takes rw\n"
    )
    return table


@posix_only("mounts of Linux")
@pytest.mark.parametrize(
    ("kind", "found"),
    [("nfs4", NETWORK), ("cifs", NETWORK), ("fuse.sshfs", NETWORK), ("btrfs", StorageKind.LOCAL)],
)
def test_a_folder_on_another_computer(tmp_path: Path, kind: str, found: StorageKind) -> None:
    share = tmp_path / "my share"
    takes = share / "perfstudio" / "takes"  # not made yet
    table = mounted(tmp_path, kind, share)
    assert place_of(takes, LinuxPlaces(table)) == StorageLocation(found)
    assert place_of(tmp_path / "my shared films", LinuxPlaces(table)) == StorageLocation()
    link = tmp_path / "link"
    link.symlink_to(share)
    assert place_of(link / "takes", LinuxPlaces(table)).kind is found


@pytest.mark.parametrize(
    ("mark", "keeper"),
    [(".dropbox.cache", "Dropbox"), (".stfolder", "Syncthing"), (".sync_4f2c.db", "Nextcloud")],
)
def test_a_folder_that_a_program_copies_elsewhere(tmp_path: Path, mark: str, keeper: str) -> None:
    top = tmp_path / "Cloud"
    takes = top / "films" / "takes"
    takes.mkdir(parents=True)
    assert place_of(takes) == StorageLocation()
    (top / mark).mkdir()
    assert place_of(takes) == StorageLocation(SYNCED, keeper)
    assert keeper in devices.place(SYNCED, keeper)


def test_a_folder_that_a_program_names_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OneDrive", str(tmp_path / "OneDrive - Home"))
    assert place_of(tmp_path / "OneDrive - Home" / "takes") == StorageLocation(SYNCED, "OneDrive")
    assert place_of(tmp_path / "takes") == StorageLocation()


def test_a_plain_folder_and_no_list_of_mounts_say_nothing(tmp_path: Path) -> None:
    assert place_of(tmp_path / "takes", LinuxPlaces(tmp_path / "none")) == StorageLocation()
    assert devices.place(StorageKind.LOCAL, "") == ""


@pytest.fixture
def amid_all() -> Iterator[Path]:
    """A folder to which everybody is let through, whoever else runs tests here."""
    with tempfile.TemporaryDirectory(dir="/tmp") as made:
        Path(made).chmod(0o711)
        yield Path(made)


@posix_only("modes decide")
def test_a_folder_that_others_may_look_into(amid_all: Path) -> None:
    """Every folder on the way has to let them pass; what is not made yet will be private."""
    takes = amid_all / "shared" / "takes"
    assert place_of(takes) == StorageLocation()
    takes.mkdir(parents=True)
    takes.chmod(0o755)
    assert place_of(takes) == StorageLocation(StorageKind.OPEN)
    takes.chmod(0o711)
    assert place_of(takes) == StorageLocation(), "nothing can be listed"
    takes.chmod(0o755)
    takes.parent.chmod(0o700)
    assert place_of(takes) == StorageLocation(), "nobody comes so far"
    assert "Others who use this computer" in devices.place(StorageKind.OPEN, "")


def test_on_windows_only_the_own_profile_is_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the modes say; they mean nothing there."""
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "Users" / "me")
    windows = WindowsPlaces()
    assert not windows.is_open(tmp_path / "Users" / "me" / "AppData" / "Local" / "perfstudio")
    assert windows.is_open(tmp_path / "Users" / "mean")
    assert windows.is_open(tmp_path / "takes")


class Statfs:
    """libc of macOS: fills in the flags of a file system, and fails for what is not there."""

    def __init__(self, flags: int, there: Path) -> None:
        self.flags, self.there = flags, there

    def statfs(self, path: bytes, room: ctypes.Array[ctypes.c_char]) -> int:
        if Path(os.fsdecode(path)) != self.there:
            return -1
        room[64:68] = self.flags.to_bytes(4, sys.byteorder)  # type: ignore[call-overload]
        return 0


@pytest.mark.parametrize(("flags", "remote"), [(0x1000 | 0x8, False), (0x8, True)])
def test_a_mac_tells_a_share_by_its_flags(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: int, remote: bool
) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda name: Statfs(flags, tmp_path))
    assert MacPlaces().is_remote(tmp_path / "not" / "yet") is remote
