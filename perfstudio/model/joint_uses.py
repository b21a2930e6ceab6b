"""What may be done with two takes of a pair together: what both records grant, and of that the less.

A joint use stands when both performers gave its line and neither has taken it back, from the later of the two
signatures to the earlier of the two ends, for what both records name: recipients, territory, data, places. Words that a
program cannot compare (what exactly will be done) have to be the same ones. What either side allows alone is its own
record's, and nothing here changes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, TypeVar

from pydantic import Field

from perfstudio.model.base import Document
from perfstudio.model.consent import STANDING, ConsentRecord, ReplicaTerms, RequestedUse, UseId
from perfstudio.model.dates import Moment, end_of_term
from perfstudio.model.spoken import only_when_said
from perfstudio.model.two_in_a_scene import TakeRef

_Entry = TypeVar("_Entry")


class JointWhy(StrEnum):
    """Why a line is closed to both together. Sentences live in `perfstudio.texts`."""

    NOT_GIVEN = "not_given"  # or not asked for
    TAKEN_BACK = "taken_back"
    RUN_OUT = "run_out"  # its term has ended
    OTHER_STUDIO = "other_studio"  # the two were given to different ones
    WORDED_OTHERWISE = "worded_otherwise"  # the two say different things of what will be done
    NOBODY_NAMED_BY_BOTH = "nobody_named_by_both"  # no recipient
    NOWHERE_NAMED_BY_BOTH = "nowhere_named_by_both"  # no territory
    NOTHING_NAMED_BY_BOTH = "nothing_named_by_both"  # no data


@dataclass(frozen=True, slots=True)
class SideRights:
    """One side's record, and what stands of it: given, and not taken back."""

    take_id: str
    record: ConsentRecord
    standing: frozenset[UseId]


class JointUse(Document):
    """What both allow of one line."""

    since: Moment
    """When the later of the two gave it."""
    until: Moment
    """When the shorter of the two terms ends; from then on it is closed."""
    exactly: str
    """What exactly will be done, in the words that both signed."""
    data: tuple[str, ...]
    """Of what both name, as are the following."""
    territory: tuple[str, ...]
    """Where."""
    recipients: tuple[str, ...]
    """For whom."""
    storage: tuple[str, ...]
    """Where it is kept."""
    processing: tuple[str, ...]
    """By which means."""
    automated_decisions: bool
    """Only where both allow it, as is the following."""
    sublicense: bool
    """May be passed on."""
    replica: ReplicaTerms | None = only_when_said()
    """For the two replica lines: the stricter of each value."""


class JointLine(Document):
    """One line of the use grid, for two."""

    use: UseId
    """Which line."""
    open: JointUse | None = only_when_said()
    """What both allow; absent: nothing may be done with both together."""
    why: JointWhy | None = only_when_said()
    """Why it is closed."""
    of: Annotated[tuple[TakeRef, ...], Field(max_length=2)] = ()
    """The takes whose record closes it."""


def joint_lines(one: SideRights, other: SideRights, at: datetime) -> tuple[JointLine, ...]:
    """Every line that either record asks for, in the order of the grid, as it holds at `at`."""
    asked = {use.id for side in (one, other) for use in side.record.uses}
    return tuple(_line(use_id, one, other, at) for use_id in UseId if use_id in asked)


def open_uses(lines: Sequence[JointLine], at: datetime) -> frozenset[UseId]:
    """The lines that are open to both together at `at`, which may be later than they were looked at."""
    return frozenset(line.use for line in lines if line.open is not None and at < line.open.until)


def _line(use_id: UseId, one: SideRights, other: SideRights, at: datetime) -> JointLine:
    for why in (JointWhy.TAKEN_BACK, JointWhy.NOT_GIVEN, JointWhy.RUN_OUT):
        closers = tuple(side.take_id for side in (one, other) if _closed(side, use_id, at) is why)
        if closers:
            return JointLine(use=use_id, why=why, of=closers)
    if not {party.id for party in one.record.parties} & {party.id for party in other.record.parties}:
        return JointLine(use=use_id, why=JointWhy.OTHER_STUDIO)
    mine, theirs = one.record.use(use_id), other.record.use(use_id)
    if mine is None or theirs is None:  # `_closed` has said so
        return JointLine(use=use_id, why=JointWhy.NOT_GIVEN)
    (since, until), (since_too, until_too) = (_span(side, use_id) for side in (one, other))
    joint = _less(mine, theirs, max(since, since_too), min(until, until_too))
    differs = _nothing_left(mine, theirs, joint)
    return JointLine(use=use_id, open=joint) if differs is None else JointLine(use=use_id, why=differs)


def _closed(side: SideRights, use_id: UseId, at: datetime) -> JointWhy | None:
    if use_id not in side.standing:
        return JointWhy.TAKEN_BACK if use_id in side.record.ever_given() else JointWhy.NOT_GIVEN
    return JointWhy.RUN_OUT if at >= _span(side, use_id)[1] else None


def _span(side: SideRights, use_id: UseId) -> tuple[datetime, datetime]:
    """From the last signature to the end of the term; an empty span of a line that stands by no signature."""
    use = side.record.use(use_id)
    given = next((act for act in reversed(side.record.events) if act.state in STANDING and use_id in act.use_ids), None)
    if use is None or given is None:
        return side.record.created_at, side.record.created_at
    return given.at, end_of_term(given.at, use.term)


def _less(mine: RequestedUse, theirs: RequestedUse, since: datetime, until: datetime) -> JointUse:
    return JointUse(
        since=since,
        until=until,
        exactly=mine.exactly,
        data=_both(mine.data, theirs.data),
        territory=_both(mine.territory, theirs.territory),
        recipients=_both(mine.recipients, theirs.recipients),
        storage=_both(mine.storage, theirs.storage),
        processing=_both(mine.processing, theirs.processing),
        automated_decisions=mine.automated_decisions and theirs.automated_decisions,
        sublicense=mine.sublicense and theirs.sublicense,
        replica=_stricter(mine.replica, theirs.replica),
    )


def _nothing_left(mine: RequestedUse, theirs: RequestedUse, joint: JointUse) -> JointWhy | None:
    if (
        mine.exactly != theirs.exactly
        or _conditions_differ(mine, theirs)
        or _replicas_differ(mine.replica, theirs.replica)
    ):
        return JointWhy.WORDED_OTHERWISE
    left = {
        JointWhy.NOBODY_NAMED_BY_BOTH: joint.recipients,
        JointWhy.NOWHERE_NAMED_BY_BOTH: joint.territory,
        JointWhy.NOTHING_NAMED_BY_BOTH: joint.data,
    }
    return next((why for why, named in left.items() if not named), None)


def _conditions_differ(mine: RequestedUse, theirs: RequestedUse) -> bool:
    """An empty list says nothing, which is more than any: what is in neither does not become that."""
    kept, means = _apart(mine.storage, theirs.storage), _apart(mine.processing, theirs.processing)
    return kept or means or _replicas_differ(mine.replica, theirs.replica)


def _replicas_differ(mine: ReplicaTerms | None, theirs: ReplicaTerms | None) -> bool:
    """Conditions in words hold for both only where they are the same ones."""
    if mine is None or theirs is None:
        return mine is not theirs
    said = (mine.approval, mine.suspension, mine.security) != (theirs.approval, theirs.suspension, theirs.security)
    return said or _apart(mine.media, theirs.media)


def _apart(mine: Sequence[_Entry], theirs: Sequence[_Entry]) -> bool:
    return mine != theirs and not _both(mine, theirs)


def _stricter(mine: ReplicaTerms | None, theirs: ReplicaTerms | None) -> ReplicaTerms | None:
    if mine is None or theirs is None:
        return None
    return mine.model_copy(
        update={
            "media": _both(mine.media, theirs.media),
            "new_consent_per_use": mine.new_consent_per_use or theirs.new_consent_per_use,
            "exclusive": mine.exclusive and theirs.exclusive,
            "deletion_on_exit": mine.deletion_on_exit or theirs.deletion_on_exit,
        }
    )


def _both(mine: Sequence[_Entry], theirs: Sequence[_Entry]) -> tuple[_Entry, ...]:
    return tuple(entry for entry in mine if entry in theirs)
