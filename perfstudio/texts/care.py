"""A word for the performer between two takes."""

from __future__ import annotations

from perfstudio.language.catalogue import N_, _
from perfstudio.session.care import CareDue, CareKind
from perfstudio.texts import formatting
from perfstudio.texts.template import sentences

_OUT = N_("That was a heavy scene, and it is over.")
_HOW = N_("Stand up, shake out your hands, look around the room, and say your own name.")
_REST = N_("A short break does voice and body good: drink something, look out of the window.")


DISCARD = N_("Discard this take now")
DELETE = N_("Delete it now")
TRACES = N_(
    "Only deleting is promised: a flash disk may keep traces until it needs the room, and backups are not reached."
)


def sentence(due: CareDue) -> str:
    """What is said; it asks for nothing."""
    if due.kind is CareKind.COOL_DOWN:
        return sentences(_(_OUT), _(_HOW))
    length = formatting.span(due.minutes * 60)
    return sentences(_("You have been on the stage for {length}.", length=length), _(_REST))
