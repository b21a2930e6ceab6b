"""The kind of folder that takes live in: mounts and marks of programs that copy folders elsewhere (DSK-10)."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfstudio.session.storage_location import StorageKind, StorageLocation, place_of
from perfstudio.texts import devices

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


@pytest.mark.parametrize(
    ("kind", "found"),
    [("nfs4", NETWORK), ("cifs", NETWORK), ("fuse.sshfs", NETWORK), ("btrfs", StorageKind.LOCAL)],
)
def test_a_folder_on_another_computer(tmp_path: Path, kind: str, found: StorageKind) -> None:
    share = tmp_path / "my share"
    takes = share / "perfstudio" / "takes"  # not made yet
    table = mounted(tmp_path, kind, share)
    assert place_of(takes, mounts=table) == StorageLocation(found)
    assert place_of(tmp_path / "my shared films", mounts=table) == StorageLocation()
    link = tmp_path / "link"
    link.symlink_to(share)
    assert place_of(link / "takes", mounts=table).kind is found


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
    assert place_of(tmp_path / "takes", mounts=tmp_path / "none") == StorageLocation()
    assert devices.place(StorageKind.LOCAL, "") == ""
