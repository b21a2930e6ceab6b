"""The clips of colleagues in a home: taken in from a file, opened by a process with limits, kept until their day.

Each lies in a folder of its own that is called by the hash of its clip.json, with that file and its media.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from perfstudio.durable import disk_error, private_folder, read_plain, remove_tree, rename_durably
from perfstudio.model.base import sha256_hex
from perfstudio.model.clip import CLIP_JSON, CLIP_JSON_BYTES, ENDING, PICTURE, SOUND, ClipDocument
from perfstudio.model.clock import utc_now
from perfstudio.model.errors import ErrorCode, LibraryError, MediaError
from perfstudio.session.clips.clip_file import parse_clip, unpack_clip
from perfstudio.session.clips.clip_media import what_is_wrong

_LEFT_S: Final = 86_400.0
"""What a kill left of a clip that was being made or taken in is older than this many seconds."""


@dataclass(frozen=True, slots=True)
class KeptClip:
    """A clip in this home."""

    clip: ClipDocument
    folder: Path
    taken_in_ns: int = field(compare=False)
    """When it was taken in, by the clock of its disk."""

    @property
    def sound(self) -> Path:
        """What is heard."""
        return self.folder / SOUND

    @property
    def picture(self) -> Path | None:
        """What is seen, where that is allowed."""
        return self.folder / PICTURE if self.clip.picture is not None else None

    @property
    def file(self) -> str:
        """What it is called where a file is named."""
        return f"{self.clip.scene.title}{ENDING}"


class ClipStore:
    """Of one home, from any thread. Nothing is kept of a clip in memory: the folders are the truth."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def take_in(self, path: Path) -> KeptClip:
        """Keep a copy of a clip's file, read whole. The same file once more is the same clip.

        Raises MediaError (CLIP_*, MEDIA_UNREADABLE, PARTNER_LONG), LibraryError for the disk; then nothing of it is
        kept.
        """
        try:
            private_folder(self.folder)
        except OSError as problem:
            raise disk_error(problem, self.folder, LibraryError) from problem
        place = self.folder / f".taking-{secrets.token_hex(4)}"
        try:
            clip = unpack_clip(path, place)
            if (lapsed := self._lapsed(clip, path.name)) is not None:
                raise lapsed
            if (wrong := what_is_wrong(clip, place, path.name)) is not None:
                raise wrong
            final = self.folder / sha256_hex(clip.canonical())
            if self._read(final) is None:
                remove_tree(final)
                rename_durably(place, final)
            os.utime(final / CLIP_JSON)  # the last one that was taken in, also where it was here before
        except OSError as problem:
            raise disk_error(problem, self.folder, LibraryError, file=path.name) from problem
        finally:
            remove_tree(place)
        found = self._read(final)
        if found is None:
            raise MediaError(ErrorCode.CLIP_UNREADABLE, file=path.name)
        return found

    def all(self, at: datetime | None = None) -> tuple[KeptClip, ...]:
        """Every clip that may be kept, the last one taken in first. One whose day is over is deleted here."""
        moment = at or utc_now()
        found: list[KeptClip] = []
        for name in self._names():
            kept = self._read(self.folder / name)
            if kept is None:
                self._sweep(self.folder / name)
            elif kept.clip.agreed.keep_until <= moment:
                remove_tree(kept.folder)
            else:
                found.append(kept)
        return tuple(sorted(found, key=lambda kept: kept.taken_in_ns, reverse=True))

    def of_sound(self, sha256: str) -> KeptClip | None:
        """The clip with this sound, which a take that was made against it names."""
        return next((kept for kept in self.all() if kept.clip.sound.sha256 == sha256), None)

    def remove(self, kept: KeptClip) -> bool:
        """Delete this home's copy; whether nothing is left of it."""
        return remove_tree(kept.folder)

    def _lapsed(self, clip: ClipDocument, file: str) -> MediaError | None:
        until = clip.agreed.keep_until
        return MediaError(ErrorCode.CLIP_LAPSED, file=file, seen=until.isoformat()) if until <= utc_now() else None

    def _names(self) -> list[str]:
        try:
            with os.scandir(self.folder) as names:
                return sorted(name.name for name in names if name.is_dir(follow_symlinks=False))
        except OSError:
            return []

    def _read(self, folder: Path) -> KeptClip | None:
        """None for a folder that is no clip, or not whole."""
        try:
            data = read_plain(folder / CLIP_JSON, CLIP_JSON_BYTES)
            clip = parse_clip(data, folder.name)
            sizes = {name: (folder / name).stat().st_size for name in clip.members}
            taken_in_ns = (folder / CLIP_JSON).stat().st_mtime_ns
        except (OSError, MediaError):
            return None
        whole = all(sizes[name] == member.size for name, member in clip.members.items())
        named = folder.name == sha256_hex(clip.canonical())
        return KeptClip(clip, folder, taken_in_ns) if whole and named else None

    def _sweep(self, folder: Path) -> None:
        """What a kill left; never what another process works on."""
        with contextlib.suppress(OSError):
            if folder.name.startswith(".") and utc_now().timestamp() - folder.stat().st_mtime > _LEFT_S:
                remove_tree(folder)
