"""On a brief: the studio asks for the scene again, in its own words, with the way to the take that it speaks of."""

from __future__ import annotations

from collections.abc import Callable

from perfstudio.language.catalogue import _
from perfstudio.session.takes.rulings import AskedAgain
from perfstudio.texts import rulings
from perfstudio.ui.widgets import Banner


def asked_again(asked: AskedAgain, studio: str, watch: Callable[[str], object]) -> Banner:
    """The note; `watch` gets the take's id."""
    head, about = rulings.again(asked, studio)
    note = Banner(head, "look", detail=about, action=(_("Watch that take"), lambda: watch(asked.take_id)))
    note.setAccessibleName(f"{head}. {about}")
    return note
