"""What can be done with a take as it stands: the rules behind its menu and its keys."""

from __future__ import annotations

from enum import StrEnum

from perfstudio.model.take import TakeState
from perfstudio.session.clips.offer import CLIPPED
from perfstudio.session.takes.arranging import KEPT
from perfstudio.session.takes.missing import MissingLabel
from perfstudio.session.views import TakeLine


class TakeAction(StrEnum):
    """One thing that can be done."""

    OPEN = "open"
    RESTORE = "restore"
    KEEP = "keep"
    CIRCLE = "circle"
    UNCIRCLE = "uncircle"
    SAY_MEANT = "say_meant"
    CHOOSE_USES = "choose_uses"
    SEE_SIGNED = "see_signed"
    SEND = "send"
    MAKE_CLIP = "make_clip"
    BIN = "bin"


_A = TakeAction


def actions_of(line: TakeLine) -> tuple[TakeAction, ...]:
    """In the order of a menu."""
    if line.state is TakeState.BINNED:
        return _A.OPEN, _A.RESTORE
    if line.state not in KEPT and line.state is not TakeState.UNDECIDED:
        return (_A.OPEN,)
    rules = (
        (True, _A.OPEN),
        (line.state is TakeState.UNDECIDED, _A.KEEP),
        (True, _A.UNCIRCLE if line.circled else _A.CIRCLE),
        (MissingLabel.LABEL in line.missing[:1], _A.SAY_MEANT),
        (line.state is TakeState.KEPT, _A.CHOOSE_USES),
        (line.state in KEPT and line.state is not TakeState.KEPT, _A.SEE_SIGNED),
        (line.state is TakeState.ACCEPTED and not line.sent, _A.SEND),
        (line.state in CLIPPED, _A.MAKE_CLIP),
        (True, _A.BIN),
    )
    return tuple(action for holds, action in rules if holds)


def towards_sending(line: TakeLine) -> TakeAction | None:
    """The action that brings a take nearer to its studio: what is missing first, or to send it."""
    wants = line.missing[0] if line.missing else None
    offered = actions_of(line)
    if wants is MissingLabel.LABEL and _A.SAY_MEANT in offered:
        return _A.SAY_MEANT
    if wants is MissingLabel.CONSENT:
        return next((action for action in offered if action in (_A.CHOOSE_USES, _A.SEE_SIGNED)), None)
    return _A.SEND if _A.SEND in offered else None
