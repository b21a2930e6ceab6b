"""A clip that waits at a studio for the one partner it was matched with: what its performer lets be done, and how it
stands there."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from perfstudio.model.base import Document
from perfstudio.model.clip import MOST_BYTES, ClipDocument
from perfstudio.model.dates import Moment
from perfstudio.model.delivery import Uuid
from perfstudio.model.ids import Sha256, Slug
from perfstudio.model.signed import SignedDocument
from perfstudio.model.spoken import only_when_said

MOST_WAITING: Final = 200
"""Clips of one performer that may wait at one studio, and that one answer tells of."""
MOST_FETCHES: Final = 100
"""Tries to fetch one clip that are remembered."""
LEFT_BYTES: Final = 128 << 10
"""The body of `PUT /v1/clips/{clip_id}`: clip.json and a signature."""


class ClipLeft(SignedDocument):
    """What a performer signs who lets a clip wait at a studio. The clip says what may be done with it, in the sentence
    that was agreed to."""

    format: Literal["perfstudio-clip-left/1"] = "perfstudio-clip-left/1"
    """This format."""
    studio_id: Slug
    """Where it waits, and nowhere else."""
    clip: ClipDocument
    """clip.json of the file."""
    size: int = Field(ge=1, le=MOST_BYTES)
    """Bytes of the file."""
    sha256: Sha256
    """SHA-256 of the file."""


class ClipFetch(Document):
    """One partner's copy, as the performer of the clip hears of it."""

    begun_at: Moment
    """When its first bytes went out."""
    whole_at: Moment | None = only_when_said()
    """When its last bytes did; absent while they have not."""
    deleted_at: Moment | None = only_when_said()
    """When the partner's program said that nothing of it is left there; absent while it has not."""


class ClipStanding(SignedDocument):
    """How a clip stands at a studio, told to its performer and signed by the studio. It names nobody."""

    format: Literal["perfstudio-clip-standing/1"] = "perfstudio-clip-standing/1"
    """This format."""
    studio_id: str
    """Who tells it."""
    clip_id: Uuid
    """Which clip."""
    received: int = Field(ge=0)
    """Bytes of the file that lie there."""
    whole: bool
    """All of it lies there, and is what its performer said."""
    matched: bool
    """The studio has named the one partner who may fetch it."""
    fetches: Annotated[tuple[ClipFetch, ...], Field(max_length=MOST_FETCHES)] = ()
    """Every copy that went out, the first one first."""
    taken_back_at: Moment | None = None
    """When it was taken back, or its time was over; absent while it waits."""
    gone_at: Moment | None = None
    """Since when nothing of the file is left there."""


class ClipsWaiting(Document):
    """Answer to `GET /v1/clips`: what waits for the one who asks, and what they have to delete."""

    clips: Annotated[tuple[ClipLeft, ...], Field(max_length=MOST_WAITING)] = ()
    """Clips that this performer alone may fetch."""
    gone: Annotated[tuple[Uuid, ...], Field(max_length=MOST_WAITING)] = ()
    """Clips of which they have a copy, and may keep none."""


class ClipSent(Document):
    """clips/at-studios/<clip id>.json in a home: a clip of a take of it that waits at a studio."""

    format: Literal["perfstudio-clip-sent/1"] = "perfstudio-clip-sent/1"
    """This format."""
    left: ClipLeft
    """What was signed."""
    wanted_back: bool = False
    """Its performer takes it back; the studio has still to hear of it, or to say that it is gone."""
    standing: ClipStanding | None = only_when_said()
    """What the studio said last."""


class ClipFetched(Document):
    """clips/from-studios/<clip id>.json in a home: a partner's clip that came from a studio."""

    format: Literal["perfstudio-clip-fetched/1"] = "perfstudio-clip-fetched/1"
    """This format."""
    left: ClipLeft
    """What its performer signed."""
    gone_at: Moment | None = only_when_said()
    """When it was taken back, and deleted here; absent while it may be kept."""
    deleted_at: Moment | None = only_when_said()
    """When whoever plays here deleted it; it is not fetched again."""
    refused: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,60}$")] | None = only_when_said()
    """Why it can never be played, as a code of perfstudio; nothing of it is kept, and it is not fetched again."""
    told: bool = False
    """The studio knows that nothing of it is left here."""
