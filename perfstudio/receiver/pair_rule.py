"""The pair rule, as a pure function of what lies at a receiver: both sides, or one of them, or one that has gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from perfstudio.model.joint_uses import JointLine, SideRights, joint_lines, open_uses
from perfstudio.model.pair import LiveAlignment, PairAlignment, PairKind, PairProblem, PairSide, pair_id_of, problems
from perfstudio.model.pair_document import PairDocument, PairState, SideGone
from perfstudio.receiver.marks import WhatHolds

_TICK = timedelta(milliseconds=1)
"""What is changed later says so, whatever the clock was set to meanwhile."""


@dataclass(frozen=True, slots=True)
class Found:
    """What there is of one take of a pair."""

    side: PairSide | None = None
    """It lies here, accepted, and may; None: it has not come, or has gone."""
    alignment: PairAlignment | None = None
    """What it says of the two time lines."""
    rights: SideRights | None = None
    """What stands of its record; None: the record is not here, and so nothing is known to stand."""
    gone: SideGone | None = None
    """It was taken back."""


def found_with(side: PairSide, alignment: PairAlignment | None, holds: WhatHolds | None) -> Found:
    """A take that lies here, by what stands of its record; None: that is not known, and so nothing stands."""
    if holds is None:
        return Found(side=side, alignment=alignment)
    if holds.covers:
        return Found(side=side, alignment=alignment, rights=SideRights(side.take_id, holds.record, holds.standing))
    last = max((act.at for act in holds.taken_back), default=holds.record.created_at)
    return Found(gone=SideGone(take_id=side.take_id, at=last))


def pair_as_it_is(
    before: PairDocument, found: Mapping[str, Found], now: datetime, live: LiveAlignment | None = None
) -> PairDocument:
    """The pair at `now`. `found` has every take that `before` is about; `live` is where two that played live lie."""
    sides = _sides(before, found)
    here = tuple(side for side in sides if found[side.take_id].side is not None)
    gone = tuple(one.gone for one in found.values() if one.gone is not None and one.side is None)
    wrong = _wrong(before.pair_id, here)
    lines = _lines(here, found, now) if not wrong else ()
    aligned = (found[side.take_id].alignment for side in here if len(here) == 2 and not wrong)
    pair = PairDocument(
        pair_id=before.pair_id,
        kind=before.kind,
        state=_state(here, gone, wrong, lines, now),
        changed_at=before.changed_at,
        sides=sides,
        here=tuple(side.take_id for side in here),
        gone=gone,
        problems=wrong,
        lines=lines,
        alignment=next((one for one in aligned if one is not None), None),
        live_alignment=live if len(here) == 2 and not wrong else None,
    )
    if pair == before:
        return before
    return pair.model_copy(update={"changed_at": max(now, before.changed_at + _TICK)})


def _sides(before: PairDocument, found: Mapping[str, Found]) -> tuple[PairSide, ...]:
    """Every side that has come at some time, as it is now or was last; who was made into a clip comes first."""
    known = (one.side or before.side(take_id) for take_id, one in found.items())
    return tuple(sorted((side for side in known if side is not None), key=lambda side: _place(before, side)))


def _place(before: PairDocument, side: PairSide) -> tuple[bool, str]:
    answers = before.kind is PairKind.RECORDED and pair_id_of(side) == before.pair_id
    return answers, side.take_id


def _wrong(pair_id: str, here: tuple[PairSide, ...]) -> tuple[PairProblem, ...]:
    if any(side.names is not None and side.names.take_id == side.take_id for side in here):
        return (PairProblem.SAME_TAKE,)
    if len(here) > 2:
        return (PairProblem.TOO_MANY,)
    if len(here) < 2:
        return ()
    of_it = tuple(side if pair_id_of(side) == pair_id else side.model_copy(update={"names": None}) for side in here)
    return problems(*of_it)


def _lines(here: tuple[PairSide, ...], found: Mapping[str, Found], now: datetime) -> tuple[JointLine, ...]:
    rights = tuple(one for side in here if (one := found[side.take_id].rights) is not None)
    return joint_lines(rights[0], rights[1], now) if len(here) == len(rights) == 2 else ()


def _state(
    here: tuple[PairSide, ...],
    gone: tuple[SideGone, ...],
    wrong: tuple[PairProblem, ...],
    lines: tuple[JointLine, ...],
    now: datetime,
) -> PairState:
    if wrong:
        return PairState.UNFIT
    if len(here) == 2:
        return PairState.OPEN if open_uses(lines, now) else PairState.CLOSED
    return PairState.CLOSED if gone else PairState.WAITING
