"""Two takes of one scene, in sentences: what may be done with both together, and why not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from perfstudio.language.catalogue import Messages, _
from perfstudio.model.joint_uses import JointLine, JointWhy
from perfstudio.model.pair import PairProblem
from perfstudio.model.pair_document import PairDocument, PairState
from perfstudio.texts import formatting
from perfstudio.texts.states import use_label
from perfstudio.texts.template import quoted, say

PROBLEMS: Messages[dict[PairProblem, str]] = {
    PairProblem.SAME_TAKE: "a take names itself as its partner",
    PairProblem.SAME_ROLE: "both play the same role",
    PairProblem.ROLE_DIFFERS: "one take says the other plays a different role than it does",
    PairProblem.OTHER_SCENE: "they are of two different scenes",
    PairProblem.OTHER_WORDS: "they are of two versions of the pack, in which the scene reads differently",
    PairProblem.SEAL_DIFFERS: "the seal by which one take names the other is not the other's",
    PairProblem.TAKE_DIFFERS: "one take names another partner",
    PairProblem.PERFORMER_DIFFERS: "one take names another performer as its partner",
    PairProblem.TOO_MANY: "more than two takes say they belong to it",
}
"""What speaks against a pair, as part of a sentence."""
_WHYS: Messages[dict[JointWhy, str]] = {
    JointWhy.NOT_GIVEN: "not allowed in {takes}",
    JointWhy.TAKEN_BACK: "taken back in {takes}",
    JointWhy.RUN_OUT: "its term is over in {takes}",
    JointWhy.OTHER_STUDIO: "given to two different studios",
    JointWhy.WORDED_OTHERWISE: "the two texts say different things about what will be done",
    JointWhy.NOBODY_NAMED_BY_BOTH: "the two texts name no recipient in common",
    JointWhy.NOWHERE_NAMED_BY_BOTH: "the two texts name no territory in common",
    JointWhy.NOTHING_NAMED_BY_BOTH: "the two texts name no data in common",
}
_LAST_YEAR = 9999


def for_studio(pair: PairDocument) -> list[str]:
    """What a studio is told of a pair that it holds, or of the half of one."""
    return [_state(pair), *(f"  {line_text(line)}" for line in pair.lines)]


def not_together(pair: PairDocument) -> str:
    """What is said where both takes are put into one thing and nothing is open to both together."""
    one, other = pair.here[:2]
    return _(
        "Takes {one} and {other} are two sides of one scene, but they allow nothing for both together. Each may be "
        "used alone, as its own consent says.",
        one=one,
        other=other,
    )


def line_text(line: JointLine) -> str:
    """Open to both: “…”, for Lab, in EU, until 3 March 2028; or closed, and why."""
    use = quoted(use_label(line.use))
    if line.open is None:
        return _("Closed: {use} ({why})", use=use, why=_why(line))
    facts = {
        "use": use,
        "who": formatting.listing(line.open.recipients),
        "where": formatting.listing(line.open.territory),
        "until": _day(line.open.until),
    }
    return say("Open to both: {use}, for {who}, in {where}[, until {until}|, with no end]", facts)


def problem_text(problems: Iterable[PairProblem]) -> str:
    """What speaks against a pair, as a list within a sentence."""
    return formatting.listing(_(PROBLEMS[problem]) for problem in problems)


def _state(pair: PairDocument) -> str:
    takes = pair.takes()
    both = formatting.listing(takes)
    match pair.state:
        case PairState.OPEN:
            return _("Takes {takes} are two sides of one scene.", takes=both)
        case PairState.WAITING:
            return _(
                "Take {take} is one side of a scene. The other has not arrived, so nothing is open to both together.",
                take=formatting.listing(pair.here),
            )
        case PairState.UNFIT:
            return _(
                "Takes {takes} are not used together: {why}. Each stands alone, as its own consent says.",
                takes=both,
                why=problem_text(pair.problems),
            )
        case PairState.CLOSED if not pair.here:
            return _("Takes {takes} are two sides of one scene, and both were taken back.", takes=both)
        case PairState.CLOSED if pair.gone:
            return _(
                "Take {gone} was taken back, so nothing is open to both sides of the scene together. Take {take} "
                "stands alone, as its own consent says.",
                gone=formatting.listing(one.take_id for one in pair.gone),
                take=formatting.listing(pair.here),
            )
        case _:
            return _(
                "Takes {takes} are two sides of one scene, but they allow nothing for both together. Each stands "
                "alone, as its own consent says.",
                takes=both,
            )


def _why(line: JointLine) -> str:
    return _(_WHYS[line.why], takes=formatting.listing(line.of)) if line.why is not None else ""


def _day(moment: datetime) -> str:
    return "" if moment.year >= _LAST_YEAR else formatting.day(formatting.here(moment))
