"""The life of one take folder on disk: begun, sealed, changed in its living part, put right."""

from __future__ import annotations

import os
import stat
import zlib
from pathlib import Path

from perfstudio.durable import remove, remove_if_empty, rename_durably, sync_file, sync_folder, write_durably
from perfstudio.library.decisions import Change
from perfstudio.library.folder import MANIFEST, PART, TakeLocation, damaged, locate, read_manifest
from perfstudio.library.locks import Locks
from perfstudio.library.second_copy import RAW, let_go
from perfstudio.library.take_row import OpenTake
from perfstudio.library.written import as_written
from perfstudio.model.base import Document
from perfstudio.model.clock import utc_now
from perfstudio.model.errors import ErrorCode, LibraryError
from perfstudio.model.ids import is_take_id
from perfstudio.model.strict_json import JsonProblemError
from perfstudio.model.take import TakeManifest, TakeState
from perfstudio.model.take_reading import read_take, take_of

RESERVE = ".reserve"
_OWN = ("reserve", MANIFEST)
_BALLAST = "ballast.bin"
"""Room that the recorder holds in `raw/` while it rolls, for the same purpose."""
_RESERVE_BYTES = 256 * 1024
"""Given back before the final take.json is written, so that a take that filled the disk can still be sealed."""


def begin(takes: Path, locks: Locks, draft: TakeManifest) -> OpenTake:
    """Make `<take_id>.part/` with its first take.json. Raises OSError; then no folder is left behind."""
    take_id = draft.take_id
    if not is_take_id(take_id) or locate(takes, take_id):
        raise ValueError(f"not a fresh take id: {take_id}")
    folder = takes / (take_id + PART)
    locks.claim(take_id)
    try:
        folder.mkdir(mode=0o700)
        write_durably(folder / RESERVE, os.urandom(_RESERVE_BYTES))
        write_document(folder / MANIFEST, draft)
        sync_folder(takes)
    except BaseException:
        _remove_empty(TakeLocation(take_id, folder, sealed=False))
        locks.release(take_id)
        raise
    return OpenTake(take_id, folder, draft)


def seal(place: TakeLocation, manifest: TakeManifest) -> TakeManifest:
    """Write the final take.json and drop the `.part` of the folder's name. Raises OSError, LibraryError, ValueError.

    The slate in the folder wins: its number may have moved on when the take was begun.
    """
    if manifest.take_id != place.take_id or manifest.ended is None:
        raise ValueError("only a finished manifest of the same take can be sealed")
    before = draft_or_none(place)
    sealed = manifest.model_copy(update={"slate": before.slate} if before else {}).sealed()
    if place.sealed:
        return _sealed_before(place, sealed)
    _check_files(place, sealed, to_disk=True)
    remove(place.folder / RESERVE)
    write_document(place.folder / MANIFEST, sealed)
    remove(place.folder / RAW / _BALLAST)  # of a recorder that was killed
    rename_durably(place.folder, place.folder.with_name(place.take_id))
    let_go(TakeLocation(place.take_id, place.folder.with_name(place.take_id), sealed=True))
    return sealed


def change(place: TakeLocation, change_of: Change) -> TakeManifest:
    """Change the living part of a sealed take. Raises OSError, LibraryError; ValueError when the seal would break."""
    if not place.sealed:
        raise LibraryError(
            ErrorCode.TAKE_NOT_READY, take=place.take_id, state=TakeState.ROLLING, needed=TakeState.UNDECIDED
        )
    before = read_manifest(place)
    after = take_of(change_of(before).to_json())  # a copy is not validated by itself
    if after.seal_sha256 != before.seal_sha256 or after.seal() != before.seal_sha256:
        raise ValueError("the sealed part of a take never changes")
    if after != before:
        write_document(place.folder / MANIFEST, after)
    return after


def repair(place: TakeLocation, copy: bytes | None) -> TakeManifest:
    """Write the copy back over a take.json that cannot be read, which stays beside it under another name."""
    try:
        return read_manifest(place)
    except LibraryError as error:
        found = error
    try:
        manifest = read_take(zlib.decompress(copy or b""))
    except (zlib.error, JsonProblemError):
        raise found from None
    if manifest.take_id != place.take_id or manifest.seal() != manifest.seal_sha256:
        raise found
    _check_files(place, manifest)
    garbled = place.folder / MANIFEST
    if garbled.is_symlink() or garbled.exists():
        rename_durably(garbled, garbled.with_name(f"take.damaged-{utc_now():%Y%m%dT%H%M%S%f}.json"))
    write_document(garbled, manifest)
    return manifest


def drop_empty(place: TakeLocation) -> bool:
    """Remove an unsealed folder in which no byte was recorded; False (and nothing happens) when there is one."""
    if place.sealed or has_links(place.folder):
        return False
    if any(path.is_file() and path.stat().st_size and not _is_own(path, place) for path in place.folder.rglob("*")):
        return False
    _remove_empty(place)
    return not place.folder.exists()


def draft_or_none(place: TakeLocation) -> TakeManifest | None:
    """The draft of an unsealed take, or None when its take.json cannot be read."""
    try:
        return read_manifest(place)
    except LibraryError:
        return None


def write_document(path: Path, document: Document) -> None:
    """A document as people and other programs read it: indented UTF-8. Raises OSError."""
    write_durably(path, as_written(document))


def has_links(folder: Path) -> bool:
    """Whether a folder or anything below it is a symbolic link."""
    if folder.is_symlink():
        return True
    with os.scandir(folder) as names:
        return any(n.is_symlink() or (n.is_dir(follow_symlinks=False) and has_links(Path(n.path))) for n in names)


def _sealed_before(place: TakeLocation, sealed: TakeManifest) -> TakeManifest:
    before = read_manifest(place)
    if before.seal_sha256 == sealed.seal_sha256:
        return before
    raise LibraryError(
        ErrorCode.TAKE_NOT_READY, take=place.take_id, state=TakeState.UNDECIDED, needed=TakeState.ROLLING
    )


def _check_files(place: TakeLocation, manifest: TakeManifest, *, to_disk: bool = False) -> None:
    for entry in manifest.files:
        path = place.folder / entry.name
        if path.parent != place.folder or not _is_file(path, entry.size):
            raise damaged(place.take_id, "file")
        if to_disk:
            sync_file(path)


def _is_file(path: Path, size: int) -> bool:
    try:
        status = path.lstat()
    except OSError:
        return False
    return stat.S_ISREG(status.st_mode) and status.st_size == size


def _is_own(path: Path, place: TakeLocation) -> bool:
    """Whether a file of an unsealed folder holds nothing recorded: the draft, a reserve, a cut-short write of them."""
    if path.parent == place.folder / RAW:
        return path.name == _BALLAST
    return path.parent == place.folder and path.name.lstrip(".").startswith(_OWN)


def _remove_empty(place: TakeLocation) -> None:
    """Remove our own files, empty files and empty folders; whatever else is there stays, and so does its folder."""
    for path in sorted(place.folder.rglob("*"), key=lambda p: len(p.parts), reverse=True):
        if path.is_dir() and not path.is_symlink():
            remove_if_empty(path)
        elif _is_own(path, place) or path.lstat().st_size == 0:
            remove(path)
    remove_if_empty(place.folder)
