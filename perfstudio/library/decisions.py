"""What the performer decides about a take, as pure functions from manifest to manifest (living part only)."""

from __future__ import annotations

from collections.abc import Callable

from perfstudio.model.checks import CheckCode
from perfstudio.model.labels import Labels
from perfstudio.model.played import Played
from perfstudio.model.take import Decision, LedgerEntry, TakeManifest, Trim

Change = Callable[[TakeManifest], TakeManifest]


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
