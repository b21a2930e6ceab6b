"""The clip that was played in a take that was cut short: the very file, where it is still here."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from perfstudio.library.library import Library
from perfstudio.library.take_row import OpenTake
from perfstudio.model.errors import PerfstudioError
from perfstudio.model.partner import PARTNER_FILE, PartnerBegun
from perfstudio.model.take import FileRole
from perfstudio.packs.pack_store import PackStore
from perfstudio.paths import AppPaths
from perfstudio.session.clips.clip_store import ClipStore
from perfstudio.session.played_files import PlayedFiles

ClipOf = Callable[[OpenTake], Path | None]
"""Of an unfinished take: the file of the partner that was played in it."""

_RAW: Final = "raw"
_log = logging.getLogger(__name__)


def no_clip(_: OpenTake) -> Path | None:
    """Nobody knows where clips lie."""
    return None


class PartnerClips:
    """Clips of the packs that are here, of colleagues, of this home's own takes, and files that were named."""

    def __init__(self, library: Library, shelf: PackStore) -> None:
        self._library, self._shelf = library, shelf

    def of(self, opened: OpenTake) -> Path | None:
        """The file with the very bytes that were played; None where there was no partner, or its file is not here."""
        try:
            begun = PartnerBegun.model_validate_json((opened.folder / _RAW / PARTNER_FILE).read_bytes())
            file = self._file(opened, begun)
            return file if file is not None and _sha256(file) == begun.sha256 else None
        except FileNotFoundError:
            return None
        except (OSError, ValidationError, PerfstudioError):
            _log.warning("the clip of a take that was cut short could not be found", exc_info=True)
            return None

    def _file(self, opened: OpenTake, begun: PartnerBegun) -> Path | None:
        colleague = ClipStore(AppPaths(self._library.root).clips).of_sound(begun.sha256)
        if colleague is not None:
            return colleague.sound
        if begun.take_id is not None:
            entry = self._library.manifest(begun.take_id).file(FileRole.SOUND)
            return self._library.folder(begun.take_id) / entry.name if entry is not None else None
        if begun.media is None:
            return PlayedFiles(AppPaths(self._library.root).played_files).of(begun.sha256)
        if opened.manifest is None:
            return None
        pack = self._shelf.by_hash(opened.manifest.prompt.pack_sha256)
        return pack.file(begun.media) if pack is not None else None


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
