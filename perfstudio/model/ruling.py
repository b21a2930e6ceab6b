"""What a studio decided of a take that it has: accepted, or to be done again, with a reason and a moment.

It says nothing about consent, and nothing about pay beyond what the terms say of either. A later one about the same
take stands in the place of the earlier ones.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from perfstudio.model.base import Document
from perfstudio.model.dates import Moment
from perfstudio.model.signed import SignedDocument

TakeIdText = Annotated[str, StringConstraints(pattern=r"^[0-9a-hjkmnp-tv-z]{26}$")]
LONGEST_REASON = 500
MOST_ASKED = 500
"""Takes that one call asks about."""


class RulingWord(StrEnum):
    """What was decided."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"  # the scene is to do again


class RulingWish(Document):
    """Body of `PUT /v1/takes/{take_id}/ruling`: what the studio decides."""

    word: RulingWord
    reason: str = Field(default="", max_length=LONGEST_REASON)
    """One line; needed where a take is rejected."""
    at_s: float | None = Field(default=None, ge=0)
    """The moment of the take that it is about, in seconds of take time."""


class Ruling(SignedDocument):
    """ruling.json: the studio's decision, signed with its key; kept beside the take."""

    format: Literal["perfstudio-ruling/1"] = "perfstudio-ruling/1"
    take_id: TakeIdText
    studio_id: str
    receipt_id: str
    """Of the receipt under which the take lies there: the decision is about these bytes."""
    number: int = Field(ge=1)
    """Counted for each take; the highest one stands."""
    word: RulingWord
    reason: str = Field(default="", max_length=LONGEST_REASON)
    """One line; empty where a take was accepted without a word."""
    at_s: float | None = Field(default=None, ge=0)
    """The moment of the take that it is about, in seconds of take time."""
    ruled_at: Moment


class RulingsAsked(Document):
    """Body of `POST /v1/rulings`: takes of the one who asks."""

    takes: Annotated[tuple[TakeIdText, ...], Field(max_length=MOST_ASKED)]


class RulingsTold(Document):
    """Answer to it: what was decided, of those of them that something was decided of."""

    rulings: Annotated[tuple[Ruling, ...], Field(max_length=MOST_ASKED)] = ()
