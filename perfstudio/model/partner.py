"""The clip of a recorded partner: what is asked to be played, and what is written down when it is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import Field

from perfstudio.model.base import Document
from perfstudio.model.ids import Sha256, Slug
from perfstudio.model.two_in_a_scene import ClipPerformer, TakeRef

PARTNER_FILE: Final = "partner.json"
"""Its name in `raw/` and in timing.zip."""
LONGEST_CLIP_S: Final = 1800.0
"""A longer clip is not played, in seconds: it is held in memory, 12 MB a minute."""

REPORTED_BOUND_S: Final = 0.030
"""How far what drivers report was seen to lie from the truth: tens of milliseconds, by their buffers and filters."""
WIRELESS_BOUND_S: Final = 0.300
"""A radio link has buffers and codecs of its own, of which the driver reports little or nothing."""
_WIRELESS: Final = ("bluez", "bluetooth", "airpods", "hands-free", "buds")
"""What names of radio headphones hold."""


def seem_wireless(headphones: str, name: str) -> bool:
    """Whether headphones, by id and name, are of those that are reached by radio."""
    told = (headphones + name).lower()
    return any(word in told for word in _WIRELESS)


@dataclass(frozen=True, slots=True)
class ClipToPlay:
    """A file that is played from `from_s` on to `to_s` or its end, in seconds of the file; and what is known of it."""

    file: Path
    from_s: float = 0.0
    to_s: float | None = None
    media: str | None = None
    take_id: str | None = None
    seal_sha256: str | None = None
    role: str | None = None
    performer_id: str | None = None
    take_sample: int | None = None
    """The sample of that take's sound that is sample 0 of the file; None where that is not known."""


class LoopbackConstant(Document):
    """What a click from headphone to microphone showed: to be added to what the two drivers report, in seconds."""

    correction_s: float = Field(ge=-2, le=2)
    """How much later than reported a sound comes back."""
    bound_s: float = Field(ge=0)
    """The truth lies within this many seconds."""


@dataclass(frozen=True, slots=True)
class PartnerWish:
    """A clip to be played while takes roll, and the headphones to play it in, by id; `called` is their name, for the
    day on which they are away."""

    clip: ClipToPlay
    headphones: str
    loopback: LoopbackConstant | None = None
    called: str = ""


@dataclass(frozen=True, slots=True)
class PartnerReady:
    """The clip is in memory and the headphones are open: `seconds` of it will be heard in `headphones`, by name."""

    seconds: float
    headphones: str


class PartnerBegun(Document):
    """partner.json in `raw/`: what is played while a take rolls."""

    sha256: Sha256
    """Of the clip's file."""
    media: Slug | None = None
    """Its id in the pack."""
    take_id: TakeRef | None = None
    """The take it was made of."""
    seal_sha256: Sha256 | None = None
    """The seal of that take."""
    role: Slug | None = None
    """The role that is played in it."""
    performer_id: ClipPerformer | None = None
    """The pseudonym of whoever played it."""
    take_sample: int | None = Field(default=None, ge=0)
    """The sample of that take's sound that is sample 0 of the file."""
    gain_db: float = 0.0
    """How much louder (+) it is played, in dB."""
    from_s: float = Field(ge=0)
    """Where in the file playing begins, in seconds."""
    clip_rate_hz: int = Field(ge=1)
    """The rate of the file."""
    clip_samples: int = Field(ge=0)
    """How many samples are played, at `rate_hz`."""
    rate_hz: int = Field(ge=1)
    """The rate of the headphones' stream."""
    headphones: str
    """Their name."""
    latency_s: float
    """From being asked for a sample to its being heard, as the driver reported it."""
    wireless: bool = False
    """Whether they seem to be: then more lies between than any driver reports."""
    loopback: LoopbackConstant | None = None
    """What a click had shown for these headphones and this microphone; null where nobody measured it."""
