"""What a scene's card knows beside its words: roles, languages, section, media, content, and why it was skipped."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from perfstudio.model.pack_2 import PackSection
from perfstudio.model.prompt import PackMedia
from perfstudio.model.prompt_2 import RoleName, ShownPrompt
from perfstudio.session.skips import SkippedScene


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A picture, sound or clip of a pack, and where it lies."""

    media: PackMedia
    file: Path


@dataclass(frozen=True, slots=True)
class SceneFacts:
    """Beside the words of a scene. A card that is made without them is of a scene that says nothing more."""

    roles: tuple[RoleName, ...] = ()
    """Who plays in it, where it names roles."""
    languages: tuple[str, ...] = ()
    """What it may be played in, and"""
    language: str = ""
    """what it will be played in: the performer's last choice where the scene allows it. Empty: the pack's own."""
    section: PackSection | None = None
    """The heading that it stands under."""
    media: tuple[MediaFile, ...] = ()
    """What is seen and heard before it is played: the brief's, then the scene's own."""
    tags: tuple[str, ...] | None = None
    """What it touches, by tags of the published list; empty: nothing of it. None: nobody has said."""
    noted: tuple[str, ...] = ()
    """Those of which the performer wants to be told before."""
    skipped: SkippedScene | None = None
    """Why the performer skipped it."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Scenes that are not offered for the performer's own limits, by count: nobody else reads it."""

    beyond: int = 0
    """They touch what the performer never plays."""
    unsaid: int = 0
    """Nobody has said what they touch."""

    def __add__(self, other: LeftOut) -> LeftOut:
        """Both together."""
        return LeftOut(self.beyond + other.beyond, self.unsaid + other.unsaid)

    @property
    def scenes(self) -> int:
        """How many."""
        return self.beyond + self.unsaid


class Length(StrEnum):
    """How long a scene has been played, against what it asks for."""

    SHORT = "short"
    ENOUGH = "enough"
    LONG = "long"


def length_of(prompt: ShownPrompt, seconds: float) -> Length:
    """Whether it is as long as the scene asks for, or longer than it should be; by seconds since "go"."""
    if seconds >= prompt.max_s:
        return Length.LONG
    return Length.ENOUGH if seconds >= prompt.min_s else Length.SHORT
