"""pair.json, which whoever holds both takes of a pair derives from them; and what a performer is told of a pair.

Nothing in it is taken from anywhere but the sealed take.json of the two sides, their consent records, and what lies
there. A sealed take.json is never changed for it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from perfstudio.model.base import Document
from perfstudio.model.dates import Moment
from perfstudio.model.delivery import Uuid
from perfstudio.model.ids import Slug
from perfstudio.model.joint_uses import JointLine
from perfstudio.model.pair import LiveAlignment, PairAlignment, PairKind, PairProblem, PairSide
from perfstudio.model.signed import SignedDocument
from perfstudio.model.spoken import only_when_said
from perfstudio.model.two_in_a_scene import TakeRef

MOST_SIDES = 8
"""Takes that may say they are of one pair; two of them are one."""
MOST_LINES = 20
MOST_KEPT = 2000
"""Pairs that are kept beside one take: a clip may be answered by many."""
MOST_ASKED = 500
"""Takes that one call asks about, and pairs that one answer tells of."""


class PairState(StrEnum):
    """What may be done with both takes together. What either allows alone follows its own record."""

    WAITING = "waiting"  # one side has not come
    UNFIT = "unfit"  # something speaks against the two being a pair
    CLOSED = "closed"  # no line is open to both, or one side was taken back
    OPEN = "open"  # at least one line is


class SideGone(Document):
    """A side that lay there and was deleted because it was taken back."""

    take_id: TakeRef
    """Which."""
    at: Moment
    """Since when nothing of it is left."""


class PairDocument(Document):
    """pair.json: two takes of one scene, and what may be done with both."""

    format: Literal["perfstudio-pair/1"] = "perfstudio-pair/1"
    pair_id: Uuid
    """The same for whoever holds the two takes."""
    kind: PairKind
    """How the two came to be in one scene."""
    state: PairState
    """What may be done with both together."""
    changed_at: Moment
    """Since when it is as it stands here."""
    sides: Annotated[tuple[PairSide, ...], Field(max_length=MOST_SIDES)]
    """The takes that have come; of a recorded pair the one that was made into a clip first."""
    here: Annotated[tuple[TakeRef, ...], Field(max_length=MOST_SIDES)] = ()
    """Those of them that lie here, and may."""
    gone: Annotated[tuple[SideGone, ...], Field(max_length=MOST_SIDES)] = ()
    """Those that were taken back."""
    problems: Annotated[tuple[PairProblem, ...], Field(max_length=len(PairProblem))] = ()
    """What speaks against the two being a pair."""
    lines: Annotated[tuple[JointLine, ...], Field(max_length=MOST_LINES)] = ()
    """Line by line, what both records allow; empty while not both lie here. An open line is open until its own end."""
    alignment: PairAlignment | None = only_when_said()
    """Of a recorded pair, where the two lie to each other in time; absent where the takes do not say."""
    live_alignment: LiveAlignment | None = only_when_said()
    """The same of two that played live, while both lie here; absent where the stamps of both do not tell."""

    def takes(self) -> tuple[str, ...]:
        """The ids of every take that it is about, also of one that has not come."""
        named = (side.names.take_id for side in self.sides if side.names is not None)
        return tuple(dict.fromkeys((*(side.take_id for side in self.sides), *(one for one in named if one))))

    def partner_of(self, take_id: str) -> str | None:
        """The other take; None where it is not known."""
        return next((one for one in self.takes() if one != take_id), None)

    def side(self, take_id: str | None) -> PairSide | None:
        """One side; None of one that has not come."""
        return next((side for side in self.sides if side.take_id == take_id), None)


class PairTold(SignedDocument):
    """What a studio tells the performer of one side, signed with its key; kept beside the take."""

    format: Literal["perfstudio-pair-told/1"] = "perfstudio-pair-told/1"
    studio_id: str
    """Who tells it."""
    pair_id: Uuid
    """The pair."""
    kind: PairKind
    """How the two came to be in one scene."""
    take_id: TakeRef
    """The performer's own side."""
    partner_take_id: TakeRef | None = None
    """The other side; absent where it is not known."""
    partner_role: Slug | None = None
    """The role that was played there, where the scene names roles."""
    state: PairState
    """What may be done with both together."""
    problems: Annotated[tuple[PairProblem, ...], Field(max_length=len(PairProblem))] = ()
    """What speaks against the two being a pair."""
    lines: Annotated[tuple[JointLine, ...], Field(max_length=MOST_LINES)] = ()
    """Line by line, what both records allow."""
    partner_gone_at: Moment | None = None
    """Since when nothing of the other side is left there, because its performer took it back."""
    changed_at: Moment
    """Since when it is so: what is told later stands in the place of what was told before."""


class PairsKept(Document):
    """pairs.json beside a take: what studios told of each pair that it is of, as they signed it."""

    format: Literal["perfstudio-pairs-told/1"] = "perfstudio-pairs-told/1"
    take_id: TakeRef
    """The take that it lies beside."""
    pairs: Annotated[tuple[PairTold, ...], Field(max_length=MOST_KEPT)] = ()
    """The one that changed last first."""


class PairsAsked(Document):
    """Body of `POST /v1/pairs`: takes of the one who asks."""

    takes: Annotated[tuple[TakeRef, ...], Field(max_length=MOST_ASKED)]


class PairsTold(Document):
    """Answer to it: their pairs, the one that changed last first."""

    pairs: Annotated[tuple[PairTold, ...], Field(max_length=MOST_ASKED)] = ()


class PairsOfTake(Document):
    """Answer to `GET /v1/takes/{take_id}/pairs`: every pair that a take is of."""

    pairs: tuple[PairDocument, ...] = ()
