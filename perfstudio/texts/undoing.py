"""What was undone, and what was done again, in words."""

from __future__ import annotations

from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.session.undo import Turned, UndoKind
from perfstudio.texts import formatting

NOTHING_BACK = N_("Nothing to undo.")
NOTHING_AGAIN = N_("Nothing to redo.")
_BACK, _AGAIN = N_("Undone: {decision} ({what})."), N_("Done again: {decision} ({what}).")
_SINCE = N_("You have decided otherwise since, so nothing was changed: {decision} ({what}).")
_DECISIONS: Messages[dict[UndoKind, str]] = {
    UndoKind.KEEP: "Keep",
    UndoKind.CIRCLE: "Circle",
    UndoKind.UNCIRCLE: "No longer circled",
    UndoKind.BIN: "Bin",
    UndoKind.RESTORE: "Restore",
    UndoKind.LABEL: "Label",
    UndoKind.PLAYED: "How it was played",
    UndoKind.NOTE: "Note",
    UndoKind.INTEND: "Intended",
    UndoKind.MARK: "Mark",
    UndoKind.TRIM: "In and out points",
    UndoKind.SKIP: "Skip this scene",
    UndoKind.TAKE_UP: "Play it after all",
}


def sentence(turned: Turned) -> str:
    """Undone: Keep (The letter, take 2)."""
    template = _SINCE if not turned.changed else _BACK if turned.back else _AGAIN
    return _(template, decision=_(_DECISIONS[turned.step.kind]), what=_what(turned))


def _what(turned: Turned) -> str:
    """The letter, take 2; 3 takes, of which as many are named as changed; the letter."""
    subject = turned.step.subject
    if subject.count > 1:
        return formatting.count(min(turned.changed or subject.count, subject.count), "take")
    if subject.number:
        return _("{title}, take {number}", title=subject.title or _("A take"), number=subject.number)
    return subject.title or _("A take")
