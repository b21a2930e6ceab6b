"""What a kept take still waits for before it can go, in the order in which it is given."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from perfstudio.delivery.studios import Studios
from perfstudio.library.take_row import lost_a_needed_line
from perfstudio.model.take import TakeState

if TYPE_CHECKING:
    from perfstudio.library.library import Library
    from perfstudio.library.take_row import TakeRow

STUDIOS = "studios"
"""The folder of the home in which connected studios are kept."""
BUNDLED_STUDIO = "practice"
"""Takes of the bundled pack are signed for the performer's own choice of receiver, and may go to any."""


class MissingLabel(StrEnum):
    """One thing that is missing."""

    OWN_DEVICES = "own_devices"  # made with a practice device for a studio that does not just try things out
    LABEL = "label"
    CONSENT = "consent"


def missing(library: Library, row: TakeRow) -> tuple[MissingLabel, ...]:
    """What keeps a kept take here. Nothing for one that can go, that has gone, or that is still to be decided."""
    if row.state not in (TakeState.KEPT, TakeState.ACCEPTED) or row.sent:
        return ()
    if row.practice and row.studio_id != BUNDLED_STUDIO and not _tried_out(library, row.studio_id):
        return (MissingLabel.OWN_DEVICES,)
    if row.state is TakeState.ACCEPTED:
        return ()
    consent = library.consent(row.take_id)
    if consent is not None and consent.granted() and not lost_a_needed_line(consent):
        return (MissingLabel.LABEL,)  # signed and not accepted: it can be nothing else
    return (MissingLabel.CONSENT,) if row.meant else (MissingLabel.LABEL, MissingLabel.CONSENT)


def _tried_out(library: Library, studio_id: str) -> bool:
    """Whether the studio that is connected says that its receiver is for practice."""
    known = Studios(library.takes.parent / STUDIOS).all()
    return any(studio.practice for studio in known if studio.id == studio_id)
