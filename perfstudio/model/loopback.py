"""The constant of headphones and a microphone, as clicks from one to the other showed it, and for which pair."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from pydantic import Field

from perfstudio.model.base import Document
from perfstudio.model.dates import Moment
from perfstudio.model.partner import LoopbackConstant

CLICKS_S: Final = 11.0
"""How long the clicks last, in seconds, rounded up."""
AFTER_S: Final = 1.5
"""The recording goes on so long after the clicks were begun and their length: the headphones are asked ahead of the
ear."""


class NoLoopback(StrEnum):
    """Why clicks gave no constant. Nothing is stored then."""

    NOT_PLAYED = "not_played"  # the headphones played nothing
    NOTHING_HEARD = "nothing_heard"  # no click came back
    TOO_FEW = "too_few"  # clicks that came back: heard, needed
    ECHOES = "echoes"  # every click came back more than once
    NO_AGREEMENT = "no_agreement"  # those that came back contradict one another


@dataclass(frozen=True, slots=True)
class LoopbackRefusal:
    """No constant: why, and how many clicks were heard and needed."""

    why: NoLoopback
    heard: int = 0
    needed: int = 0


class LoopbackFound(LoopbackConstant):
    """A constant, and by how many clicks."""

    count: int = Field(ge=1)
    """Clicks that came back and agreed."""


class LoopbackLine(Document):
    """One line of the store: headphones and microphone by id, with their names for people."""

    headphones: str
    headphones_name: str = ""
    microphone: str
    microphone_name: str = ""
    measured_utc: Moment
    """When it was measured."""
    found: LoopbackFound


class LoopbackBook(Document):
    """loopback.json in the home folder: at most one line a pair."""

    format: Literal["perfstudio-loopback/1"] = "perfstudio-loopback/1"
    pairs: tuple[LoopbackLine, ...] = ()
