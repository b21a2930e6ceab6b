"""What a take says of a partner: a clip that was played to the performer, or somebody at another machine.

A sealed take.json holds what its own side knew at its own cut. What only both sides together can tell (the offset
between the two machines, its bound, who spoke when) stands beside it, derived by whoever holds both.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from perfstudio.model.base import Document
from perfstudio.model.ids import Sha256, Slug

TakeRef = Annotated[str, StringConstraints(pattern=r"^[0-9a-hjkmnp-tv-z]{26}$")]
"""The id of another take."""
DuetId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
"""What both sides of a duet have in common; a random UUID."""

ClipPerformer = Annotated[str, StringConstraints(min_length=1, max_length=64)]
"""The performer id of somebody's takes."""


class Underrun(Document):
    """A hole in what was heard: the headphones ran dry."""

    at_s: float
    """Where, in seconds of take time."""
    length_s: float = Field(ge=0)
    """How long nothing of the clip was played, in seconds."""


class RecordedPartner(Document):
    """A clip that was played in the performer's headphones while they recorded: who it was, and when it was heard.

    Second s of the clip was heard at take time `offset_s` + s * (1 + `stretch_ppm` / 1e6), later by the length of every
    underrun before it, give or take `bound_s`.
    """

    sha256: Sha256
    """SHA-256 of the clip's file: proves which clip it was."""
    media: Slug | None = Field(default=None, exclude_if=lambda value: value is None)
    """Its id in the pack, where it came with one."""
    take_id: TakeRef | None = Field(default=None, exclude_if=lambda value: value is None)
    """The take that the clip was made of, where it was one: the two are a pair then."""
    seal_sha256: Sha256 | None = Field(default=None, exclude_if=lambda value: value is None)
    """The seal of that take (`seal_sha256` of its take.json), where the clip carried it: proves which take it was."""
    role: Slug | None = Field(default=None, exclude_if=lambda value: value is None)
    """The role that is played in it, where the scene names roles."""
    performer_id: ClipPerformer | None = Field(default=None, exclude_if=lambda value: value is None)
    """The pseudonym of whoever played it, where the clip carried it. No name."""
    take_sample: int | None = Field(default=None, ge=0, exclude_if=lambda value: value is None)
    """The sample of that take's sound that is sample 0 of the clip, where the clip said so."""
    gain_db: float = 0.0
    """How much louder (+) or softer (-) than in its file it was played, in dB."""
    first_heard_sample: int = Field(ge=0)
    """The sample of the clip that was heard first, counted from 0 at the rate of its file: what is before it was not
    played."""
    offset_s: float
    """Take time at which sample 0 of the clip was heard or would have been, in seconds: from the sample counters of
    headphones and microphone on one host clock, and the devices' constant."""
    stretch_ppm: float = 0.0
    """How much longer a second of the clip lasted on the take's clock, in millionths: two sound devices, two clocks."""
    until_s: float
    """Take time at which the last of the clip was heard, in seconds: its end, or the cut."""
    bound_s: float = Field(ge=0)
    """The true offset lies within this many seconds of `offset_s`."""
    constant_s: float
    """The devices' constant that is in `offset_s`, in seconds: from the moment at which the headphones' driver asked
    for a sample to that sample's sound in the take, at the least delay that was seen."""
    measured_by: Literal["loopback", "reported_latency"]
    """How the devices' constant is known: by a click from headphone to microphone, or as the devices report it."""
    headphones: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    """What it was heard in, as the system calls it."""
    underruns: Annotated[tuple[Underrun, ...], Field(max_length=10_000)] = ()
    """Every hole in what was heard; what follows one is heard later by its length."""


class Duet(Document):
    """This side of a scene that two played at two machines, as it was known here at the cut."""

    duet_id: DuetId
    """Both sides have the same: two takes with one duet id and one duet take are a pair."""
    duet_take: int = Field(ge=1)
    """Counted by both sides together: take 3 here is take 3 there, whatever number a take has on its slate."""
    role: Slug
    """The role that was played here."""
    peer_role: Slug | None = Field(default=None, exclude_if=lambda value: value is None)
    """The role that was played there, where the scene names one."""
    peer_take_id: TakeRef | None = Field(default=None, exclude_if=lambda value: value is None)
    """The take made there; absent where the line was down before it was told."""
    peer: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    """The partner's pseudonym: the performer id of their takes. No name, no address."""
    pings: int = Field(default=0, ge=0)
    """How many pings were sent from here; each with its stamps is in the file with the role duet_pings. Together with
    the other side's file it gives the offset between the two machines, and its bound, to anybody."""
    start_s: float
    """Take time of the moment both sides agreed to begin at, in seconds."""
