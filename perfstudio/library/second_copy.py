"""Each byte once: `raw/` of a sealed take goes when the recorder has proved that the finished files hold all of it.

The proof is a mark in `raw/` that names the finished files by hash (`capture.finishing.second_copy`). A kill in the
middle leaves some of it, with the mark, and the next look at the folder goes on. Whatever is there without a mark
stays.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Final

from perfstudio.durable import read_plain, remove, remove_folder, remove_if_empty
from perfstudio.library.folder import TakeLocation, read_manifest
from perfstudio.model.errors import LibraryError
from perfstudio.model.take import SECOND_COPY, TakeManifest

RAW: Final = "raw"
_MARK_LIMIT: Final = 10_000


def let_go(place: TakeLocation) -> None:
    """Remove `raw/` of a sealed take if it is marked. Never raises: what cannot be removed now is removed later."""
    raw = place.folder / RAW
    mark = raw / SECOND_COPY
    if not place.sealed or raw.is_symlink():
        return
    with contextlib.suppress(OSError, LibraryError):
        if not mark.is_file():
            remove_if_empty(raw)  # a kill may have come right before this; what is not empty stays
        elif _is_of(mark, read_manifest(place), place.folder):
            _remove(raw, mark)


def _is_of(mark: Path, manifest: TakeManifest, folder: Path) -> bool:
    """Whether a mark is about the files that were sealed, and they are all there."""
    try:
        told = json.loads(read_plain(mark, _MARK_LIMIT))
    except ValueError:
        return False
    sealed = {entry.role.value: entry.sha256 for entry in manifest.files}
    there = all((folder / entry.name).stat().st_size == entry.size for entry in manifest.files)
    return bool(told) and told == sealed and there


def _remove(raw: Path, mark: Path) -> None:
    """The mark last, so that whatever a kill leaves is known for what it is."""
    for path in raw.iterdir():
        if path != mark:
            remove(path)
    remove(mark)
    remove_folder(raw)
