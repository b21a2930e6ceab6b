"""What a home knows of clips that wait at studios, and of those that came from there: a small paper each.

<clips>/at-studios/<clip id>.json, and <clip id>.perfclip until it is whole there
<clips>/from-studios/<clip id>.json, and <clip id>.part while it comes
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from perfstudio.durable import disk_error, private_folder, read_plain, remove, write_durably
from perfstudio.model.base import Document
from perfstudio.model.clip import ENDING
from perfstudio.model.clip_waiting import ClipFetched, ClipSent
from perfstudio.model.errors import LibraryError
from perfstudio.model.reading import read_document
from perfstudio.model.strict_json import JsonProblemError

_A = TypeVar("_A", bound=Document)
_PAPER_BYTES = 1 << 20


class ClipsAway:
    """Of one home. The papers are the truth; one that cannot be read is left as it is, and says nothing."""

    def __init__(self, folder: Path) -> None:
        self._sent, self._fetched = folder / "at-studios", folder / "from-studios"

    def sent(self) -> tuple[ClipSent, ...]:
        """Clips of this home at studios, the last one left first."""
        papers = _papers(self._sent, ClipSent)
        return tuple(sorted(papers, key=lambda one: one.left.clip.made_utc, reverse=True))

    def fetched(self) -> tuple[ClipFetched, ...]:
        """Clips of partners that came from studios, also those that were taken back since."""
        papers = _papers(self._fetched, ClipFetched)
        return tuple(sorted(papers, key=lambda one: one.left.clip.made_utc, reverse=True))

    def was_taken_back(self, sound_sha256: str) -> bool:
        """Whether the clip with this sound came from a studio, and was taken back."""
        return any(one.gone_at is not None and one.left.clip.sound.sha256 == sound_sha256 for one in self.fetched())

    def file(self, clip_id: str) -> Path:
        """Where the file of a clip lies until its studio has it."""
        return self._sent / f"{clip_id}{ENDING}"

    def part(self, clip_id: str) -> Path:
        """Where a clip comes, until it is whole."""
        return self._fetched / f"{clip_id}.part"

    def room(self) -> Path:
        """The folder of the files that are left at studios; made where it is not there. Raises LibraryError."""
        return _made(self._sent)

    def keep_sent(self, paper: ClipSent) -> None:
        """Write it down. Raises LibraryError."""
        _write(self._sent, paper.left.clip.clip_id, paper)

    def keep_fetched(self, paper: ClipFetched) -> None:
        """Write it down. Raises LibraryError."""
        _write(self._fetched, paper.left.clip.clip_id, paper)

    def drop_file(self, clip_id: str) -> None:
        """The studio has it, or shall not get it."""
        _remove(self.file(clip_id))

    def drop_part(self, clip_id: str) -> None:
        """What came of it is not wanted."""
        _remove(self.part(clip_id))


def _papers(folder: Path, kind: type[_A]) -> Iterator[_A]:
    for file in sorted(folder.glob("*.json")):
        with contextlib.suppress(OSError, JsonProblemError):
            yield read_document(read_plain(file, _PAPER_BYTES), kind, limit=_PAPER_BYTES, own_words=True)


def _made(folder: Path) -> Path:
    try:
        private_folder(folder.parent)
        return private_folder(folder)
    except OSError as problem:
        raise disk_error(problem, folder, LibraryError) from problem


def _write(folder: Path, clip_id: str, paper: Document) -> None:
    _made(folder)
    file = folder / f"{clip_id}.json"
    try:
        write_durably(file, paper.canonical())
    except OSError as problem:
        raise disk_error(problem, file, LibraryError) from problem


def _remove(file: Path) -> None:
    try:
        remove(file)
    except OSError as problem:
        raise disk_error(problem, file, LibraryError) from problem
