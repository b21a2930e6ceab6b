"""The moments of a take in words: on the timeline, in its legend, and in the list beside it."""

from __future__ import annotations

from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.session.takes.moments import MomentKind, TakeMoment
from perfstudio.texts import formatting

HEADING = N_("Moments")
MARK, BROKE = N_("Mark this moment"), N_("Broke character")
WORD = N_("Your word")
LOUDNESS = N_("loudness")
FACE = N_("face in the picture")
_KINDS: Messages[dict[MomentKind, str]] = {
    MomentKind.MARKED: "marked",
    MomentKind.BROKE: "broke character",
    MomentKind.TOO_LOUD: "too loud",
    MomentKind.LOST_PICTURES: "frames lost",
    MomentKind.LOST_SOUND: "sound lost",
    MomentKind.AWAY: "face not in the picture",
}


def kind(value: MomentKind) -> str:
    """The word for a kind of moments, as short as a legend."""
    return _(_KINDS[value])


def line(moment: TakeMoment) -> str:
    """What a moment is: the performer's word, or its kind with how long it was."""
    length = moment.until_s - moment.at_s
    if length > 0:
        return _("{kind}, {length}", kind=kind(moment.kind), length=formatting.span(length))
    return moment.note or kind(moment.kind)


def spoken(moment: TakeMoment) -> str:
    """0:04 · too loud, 0.4 s."""
    return formatting.dotted([formatting.duration(moment.at_s), line(moment)])


def loudest(at_s: float, lufs: float) -> str:
    """Where it is loudest over three seconds."""
    time, number = formatting.duration(at_s), formatting.number(lufs)
    return _("Loudest around {time}: {number} LUFS over 3 s.", time=time, number=number)
