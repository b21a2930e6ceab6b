"""Scenes that the performer skipped, and why: kept in the home, and nowhere else.

A reason that may go to the studio is marked so. There is no way for it yet, so it stays here, and the performer reads
that; it will go when there is one, and only then.
"""

from __future__ import annotations

import threading
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, StringConstraints

from perfstudio.model.base import Document
from perfstudio.model.clock import utc_now
from perfstudio.model.dates import Moment
from perfstudio.session.home_document import read_or_lay_aside, write_home_document
from perfstudio.session.set_aside import SetAsideKind, Tell, untold

MOST_LETTERS = 500
"""Of a reason in the performer's own words."""
_MOST = 4_000
"""Scenes that are remembered; the oldest are forgotten first."""


class SkipReason(StrEnum):
    """Why a scene is skipped."""

    LIMIT = "limit"  # it touches what the performer does not play
    NOT_FOR_ME = "not_for_me"  # somebody else should play it
    CANNOT_HERE = "cannot_here"  # it cannot be played where the performer is
    UNCLEAR = "unclear"  # it does not say enough, or contradicts itself
    OTHER = "other"  # as the performer says


class Skip(NamedTuple):
    """What is said where a scene is skipped: why, in which words, and whether the studio may read it."""

    reason: SkipReason
    words: str
    may_send: bool


class SkippedScene(Document):
    """One scene that was skipped."""

    pack_id: str
    prompt_id: str
    reason: SkipReason
    words: Annotated[str, StringConstraints(max_length=MOST_LETTERS)] = ""
    """The reason in the performer's words."""
    may_send: bool = False
    """Whether the studio may read it."""
    skipped_utc: Moment


class SkipBook(Document):
    """What skips.json holds: every scene at most once, the newest last."""

    format: Literal["perfstudio-skips/1"] = "perfstudio-skips/1"
    scenes: Annotated[tuple[SkippedScene, ...], Field(max_length=_MOST)] = ()


class SkipStore:
    """skips.json of one home, from any thread."""

    def __init__(self, file: Path, *, tell: Tell = untold) -> None:
        """`tell` is told of a file that cannot be read; it is laid aside."""
        self._file, self._tell = file, tell
        self._lock = threading.Lock()

    def all(self) -> dict[tuple[str, str], SkippedScene]:
        """Every skipped scene, by pack and prompt."""
        with self._lock:
            return self._read()

    def skip(self, pack_id: str, prompt_id: str, reason: SkipReason, words: str = "", *, may_send: bool) -> None:
        """Skip a scene, or say another reason. Raises LibraryError for the disk."""
        told = " ".join(words.split())[:MOST_LETTERS]
        scene = SkippedScene(
            pack_id=pack_id, prompt_id=prompt_id, reason=reason, words=told, may_send=may_send, skipped_utc=utc_now()
        )
        with self._lock:
            self._write(self._read() | {(pack_id, prompt_id): scene})

    def take_up(self, pack_id: str, prompt_id: str) -> None:
        """A skipped scene is to be played after all. Raises LibraryError for the disk."""
        with self._lock:
            scenes = self._read()
            if scenes.pop((pack_id, prompt_id), None) is not None:
                self._write(scenes)

    def _read(self) -> dict[tuple[str, str], SkippedScene]:
        found = read_or_lay_aside(self._file, SkipBook, SetAsideKind.SKIPS, self._tell)
        return {(scene.pack_id, scene.prompt_id): scene for scene in found.scenes} if found is not None else {}

    def _write(self, scenes: dict[tuple[str, str], SkippedScene]) -> None:
        write_home_document(self._file, SkipBook(scenes=tuple(scenes.values())[-_MOST:]))
