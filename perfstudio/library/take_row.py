"""What lists show of a take, what a list can be narrowed to, and the one state word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from perfstudio.model.checks import Verdict
from perfstudio.model.consent import ConsentRecord
from perfstudio.model.delivery import Arrival
from perfstudio.model.take import Decision, TakeManifest, TakeState

Sent = Literal["", "sent", "accepted"]
"""What the receipt says: nothing yet, every byte sent (level A), or every hash confirmed (level B)."""
NO_MANIFEST: Final = frozenset({"missing", "unreadable", "link", "not_json"})
"""Damage of a take whose take.json cannot be read at all."""
NO_FORM: Final = "invalid"
"""Damage of a take whose take.json is not as a take.json is."""


@dataclass(frozen=True, slots=True)
class OpenTake:
    """A take whose folder still ends in `.part`. `manifest` is None when its take.json cannot be read."""

    take_id: str
    folder: Path
    manifest: TakeManifest | None = None


@dataclass(frozen=True, slots=True)
class TakeRow:
    """One line of the Takes page. Texts are empty and `take_number` is 0 when a damaged take no longer tells."""

    take_id: str
    sealed: bool
    studio_id: str
    pack_id: str
    pack_version: str
    prompt_id: str
    prompt_title: str
    character: str
    take_number: int
    emotions: tuple[str, ...]
    """Asked for, in the order in which they arrive."""
    started_utc: datetime
    duration_s: float | None
    state: TakeState
    decision: Decision
    circled: bool
    practice: bool
    verdict: Verdict | None
    """The most serious finding that was not intended; None without checks."""
    meant: tuple[str, ...]
    note: str
    sent: Sent
    size_bytes: int
    """Everything in the folder, `raw/` included."""
    damage: str = ""
    """Why `state` is DAMAGED: missing, unreadable, link, not_json, invalid, newer_format, folder_of_another_take, seal,
    consent, receipt, sent, or one of the three with `_of_another_take`."""
    missing: bool = False
    """The folder was there once and is not there now (moved away, or its disk is not connected)."""


@dataclass(frozen=True, slots=True)
class TakeFilter:
    """What a list is narrowed to; the default is everything. `text` is looked for in titles, names and notes."""

    states: frozenset[TakeState] = frozenset()
    pack_id: str | None = None
    prompt_id: str | None = None
    character: str | None = None
    emotion: str | None = None
    circled: bool | None = None
    practice: bool | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """What a look at the folders found. Ids, except `foreign`: names that are no takes and were left alone."""

    takes: int
    read: int
    """Folders whose files were read anew, because they had changed or were not known."""
    unsealed: tuple[str, ...]
    damaged: tuple[str, ...]
    missing: tuple[str, ...]
    foreign: tuple[str, ...]


def derive_state(
    manifest: TakeManifest, sealed: bool, consent: ConsentRecord | None, arrival: Arrival | None
) -> TakeState:
    """The one state word of an undamaged take. What the performer did last to the whole take wins.

    The bin comes first (a binned take is shown in the bin whatever else is true), then withdrawal, then delivery. One
    that a receiver has counts as withdrawn as soon as a line that it needs was taken back. Delivered means that there
    is a receipt of the receiver, which had not to let go of it since (`receipts.is_over`); a take that was only sent
    stays accepted.
    """
    may_leave = manifest.decision is Decision.KEPT and manifest.said() is not None
    rules: tuple[tuple[bool, TakeState], ...] = (
        (not sealed, TakeState.ROLLING),
        (manifest.decision is Decision.BINNED, TakeState.BINNED),
        (consent is not None and is_withdrawn(consent), TakeState.WITHDRAWN),
        (consent is not None and arrival is not None and lost_a_needed_line(consent), TakeState.WITHDRAWN),
        (arrival is not None and arrival.state == "accepted", TakeState.DELIVERED),
        (
            may_leave and consent is not None and bool(consent.granted()) and not lost_a_needed_line(consent),
            TakeState.ACCEPTED,
        ),
        (manifest.decision is Decision.KEPT, TakeState.KEPT),
    )
    return next((state for holds, state in rules if holds), TakeState.UNDECIDED)


def is_withdrawn(consent: ConsentRecord) -> bool:
    """Whether something was given once and nothing stands any more."""
    return bool(consent.ever_given()) and not consent.granted()


def lost_a_needed_line(consent: ConsentRecord) -> bool:
    """Whether a line that a delivery needs was given and taken back: other lines may stand, and the take stays."""
    return bool(consent.lost(consent.granted()))
