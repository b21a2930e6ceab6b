"""What holds of a consent record at the receiver, and the papers that say it beside the files of an accepted take."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from perfstudio.durable import remove, sync_folder, write_durably
from perfstudio.model.base import canonical_bytes
from perfstudio.model.consent import ConsentEvent, ConsentRecord, ConsentStatus, UseId
from perfstudio.model.take import FILE_NAMES, FileRole
from perfstudio.receiver.layout import read_or_none

TAKEN_BACK = "withdrawal.json"
"""The acts of withdrawal that hold, as a list."""
NOW = "consent-now.json"
"""The record with the acts that came after the take, whole: consent.json stays as it arrived, for take.json names it
by its hash."""


@dataclass(frozen=True, slots=True)
class WhatHolds:
    """What stands of a record, by its own acts and by those that arrived beside it."""

    record: ConsentRecord
    standing: frozenset[UseId]
    taken_back: tuple[ConsentEvent, ...]
    """The acts of withdrawal that hold: each took back a line that does not stand now."""

    @property
    def covers(self) -> bool:
        """Whether the take may come, or be kept: something stands, and no line that the work needs was taken back."""
        return bool(self.standing) and not self.record.lost(self.standing)


def what_holds(record: ConsentRecord, beside: Iterable[ConsentEvent]) -> WhatHolds:
    """`beside` are acts of withdrawal that arrived by themselves, in the order of their arrival.

    One that the record has by now counts at its place in the signed chain. One that it does not have is believed,
    unless the line was signed for again behind it, by its number and by its time: if in doubt, it is off.
    """
    strangers = [act for act in beside if act not in record.events]
    off = {use_id for act in strangers for use_id in act.use_ids if not _given_after(record, use_id, act)}
    standing = record.granted() - off
    acts = [act for act in record.events if act.state is ConsentStatus.WITHDRAWN]
    hold = [act for act in (*acts, *strangers) if not standing.issuperset(act.use_ids)]
    return WhatHolds(record, standing, tuple(hold))


def write_marks(folder: Path, holds: WhatHolds) -> None:
    """Bring the papers beside a take up to what holds; one that says nothing is not there. Raises OSError."""
    arrived, now = read_or_none(folder / FILE_NAMES[FileRole.CONSENT]), holds.record.canonical()
    _put(folder / NOW, None if arrived == now else now)
    _put(
        folder / TAKEN_BACK, canonical_bytes([act.to_json() for act in holds.taken_back]) if holds.taken_back else None
    )


def _put(file: Path, data: bytes | None) -> None:
    if data is not None:
        if read_or_none(file) != data:
            write_durably(file, data)
    elif file.exists():
        remove(file)
        sync_folder(file.parent)


def _given_after(record: ConsentRecord, use_id: UseId, act: ConsentEvent) -> bool:
    last = record.last_act(use_id)
    return last is not None and use_id in record.granted() and last.seq > act.seq and last.at > act.at
