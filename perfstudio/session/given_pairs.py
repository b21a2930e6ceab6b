"""What a studio told of a take and its partner's, as it is now: what was taken back here since counts at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from perfstudio.model.consent import UseId
from perfstudio.model.joint_uses import JointLine, JointWhy
from perfstudio.model.pair_document import PairState, PairTold


def pairs_now(pairs: Iterable[PairTold], standing: Collection[UseId]) -> tuple[PairTold, ...]:
    """`standing` are the lines of the performer's own record that stand. The studio has not signed these words."""
    return tuple(_now(told, standing) for told in pairs)


def _now(told: PairTold, standing: Collection[UseId]) -> PairTold:
    lines = tuple(_line(line, told.take_id, standing) for line in told.lines)
    if lines == told.lines:
        return told
    some = any(line.open is not None for line in lines)
    state = PairState.CLOSED if told.state is PairState.OPEN and not some else told.state
    return told.model_copy(update={"lines": lines, "state": state, "signature": None, "public_key": None})


def _line(line: JointLine, take_id: str, standing: Collection[UseId]) -> JointLine:
    if line.open is None or line.use in standing:
        return line
    return JointLine(use=line.use, why=JointWhy.TAKEN_BACK, of=(take_id,))
