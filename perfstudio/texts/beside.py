"""What Review says of the other side of a take, or of another take beside it: how it lies there, who is heard, and why
it is not shown."""

from __future__ import annotations

from perfstudio.capture.playing.play_options import WhoIsHeard
from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.session.takes.other_take import LockedAt, OtherTake
from perfstudio.session.takes.side_view import OtherSide, SideAway

HEARD: Messages[dict[WhoIsHeard, str]] = {
    WhoIsHeard.BOTH: N_("Heard: both"),
    WhoIsHeard.OWN: N_("Heard: you"),
    WhoIsHeard.PARTNER: N_("Heard: your partner"),
}
HEARD_ONLY = N_("You can only hear your partner: they gave no picture.")
UNREADABLE = N_("The clip you played to can no longer be read. Your own side is complete.")
_AWAY: Messages[dict[SideAway, str]] = {
    SideAway.GONE: N_("The clip you played to is no longer here. Your own side is complete."),
    SideAway.BINNED: N_("The take you played to is in the bin. Restore it to see it beside this one."),
    SideAway.TAKEN_BACK: N_("Your partner took back their clip, and it was deleted here. Your own side is complete."),
}
_LOCKED: Messages[dict[LockedAt, str]] = {
    LockedAt.GO: "Take {number} plays beside it, both locked at “go”.",
    LockedAt.FIRST_WORD: "Take {number} plays beside it, both locked at the first word.",
}
_TO_LOCK: Messages[dict[LockedAt, str]] = {LockedAt.GO: "Lock at the first word", LockedAt.FIRST_WORD: "Lock at “go”"}
ALONE = N_("No other take beside it")


def compared(other: OtherTake) -> str:
    """Which take lies beside the one that is watched, and where both are locked."""
    return _(_LOCKED[other.locked], number=other.take.number)


def to_lock(locked: LockedAt) -> str:
    """What locks both at the other moment."""
    return _(_TO_LOCK[locked])


def heard_take(heard: WhoIsHeard, number: int) -> str:
    """Which of two takes is heard."""
    return _("Heard: this take") if heard is WhoIsHeard.OWN else _("Heard: take {number}", number=number)


def caption(side: OtherSide) -> str:
    """Who is seen there."""
    return side.called or _("Your partner")


def lies(side: OtherSide) -> str:
    """How well it is known where the two lie to each other."""
    return _("Your partner plays as you heard them, accurate to {bound} ms.", bound=f"{side.heard.bound_s * 1000:.0f}")


def away(why: SideAway) -> str:
    """Why nothing is shown of it."""
    return _(_AWAY[why])
