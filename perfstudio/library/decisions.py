"""What the performer decides about a take, as pure functions from manifest to manifest (living part only)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from perfstudio.model.checks import CheckCode
from perfstudio.model.errors import ErrorCode, LibraryError
from perfstudio.model.labels import Labels
from perfstudio.model.marks import MOST_MARKS, OwnMark, marked, worded
from perfstudio.model.played import Played
from perfstudio.model.take import Decision, LedgerEntry, TakeManifest, Trim

Change = Callable[[TakeManifest], TakeManifest]
DECIDED = ("decision", "circled", "labels", "note", "trim", "intended", "played", "marks")
"""Fields of take.json that a performer decides about, and can have back as they were."""
Changed = Mapping[str, tuple[Any, Any]]
"""Of such fields: as they were, and as they became."""


def changed(before: TakeManifest, after: TakeManifest) -> Changed:
    """What a decision changed."""
    pairs = {name: (getattr(before, name, None), getattr(after, name, None)) for name in DECIDED}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def turned(pairs: Changed) -> Change:
    """With each field as the first of its pair, where it is still as the second."""

    def change(manifest: TakeManifest) -> TakeManifest:
        due = {name: was for name, (was, became) in pairs.items() if getattr(manifest, name) == became}
        return manifest.model_copy(update=due)

    return change


def keep(manifest: TakeManifest) -> TakeManifest:
    """Kept: this take may leave the machine once it is labelled and signed."""
    return manifest.model_copy(update={"decision": Decision.KEPT})


def unkeep(manifest: TakeManifest) -> TakeManifest:
    """Back to undecided; a circle goes with it."""
    return manifest.model_copy(update={"decision": Decision.UNDECIDED, "circled": False})


def circle(manifest: TakeManifest) -> TakeManifest:
    """The take the performer prefers: kept and circled."""
    return manifest.model_copy(update={"decision": Decision.KEPT, "circled": True})


def uncircle(manifest: TakeManifest) -> TakeManifest:
    """No longer the preferred one; the decision stays."""
    return manifest.model_copy(update={"circled": False})


def bin_take(manifest: TakeManifest) -> TakeManifest:
    """Into the bin, where it rests until the bin is emptied."""
    return manifest.model_copy(update={"decision": Decision.BINNED, "circled": False})


def restore(manifest: TakeManifest) -> TakeManifest:
    """Out of the bin, undecided. A take that is not in the bin stays as it is."""
    if manifest.decision is not Decision.BINNED:
        return manifest
    return manifest.model_copy(update={"decision": Decision.UNDECIDED})


def labelled(labels: Labels) -> Change:
    """With the performer's own words about it."""
    return lambda manifest: manifest.labelled(labels)


def played(how: Played) -> Change:
    """With how it was played."""
    return lambda manifest: manifest.with_played(how)


def mark(where: OwnMark) -> Change:
    """With one more moment marked, or without it; see `model.marks`. Raises MARKS_NO_PLACE, MARKS_TOO_MANY."""

    def change(manifest: TakeManifest) -> TakeManifest:
        marks = marked(manifest.own_marks() or (), where)
        if len(marks) > MOST_MARKS:
            raise LibraryError(ErrorCode.MARKS_TOO_MANY, take=manifest.take_id, most=MOST_MARKS)
        return manifest.with_own_marks(marks)

    return change


def word_mark(where: OwnMark, word: str) -> Change:
    """With another word to a moment that was marked."""
    return lambda manifest: manifest.with_own_marks(worded(manifest.own_marks() or (), where, word))


def noted(note: str) -> Change:
    """With a free line of text."""
    return lambda manifest: manifest.model_copy(update={"note": note})


def trimmed(trim: Trim) -> Change:
    """With in and out points; no file changes."""
    return lambda manifest: manifest.model_copy(update={"trim": trim})


def intended(code: CheckCode, is_meant: bool) -> Change:
    """With one finding marked as a choice, or no longer."""

    def change(manifest: TakeManifest) -> TakeManifest:
        codes = [c for c in manifest.intended if c is not code]
        return manifest.model_copy(update={"intended": tuple([*codes, code] if is_meant else codes)})

    return change


def bound_for_sending(manifest: TakeManifest) -> TakeManifest:
    """With what is judged bound by hash as it is now."""
    return manifest.bound_for_sending()


def spent(entry: LedgerEntry) -> Change:
    """With some more time in the ledger."""
    return lambda manifest: manifest.model_copy(update={"ledger": (*manifest.ledger, entry)})
