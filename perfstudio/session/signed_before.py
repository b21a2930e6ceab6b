"""What was signed for other takes: the newest of the same studio to compare with, and the last answer to repeat."""

from __future__ import annotations

from collections.abc import Iterator

from perfstudio.library.library import Library
from perfstudio.library.take_row import TakeRow
from perfstudio.model.consent import SEPARATE_USES, ConsentRecord
from perfstudio.model.prompt import PackHead, Terms
from perfstudio.model.take import TakeState
from perfstudio.session.views import LastAnswer, SignedBefore


def newest(library: Library, take_id: str, pack: PackHead) -> SignedBefore | None:
    """The record of another take that was signed last with this studio: of this pack before any other pack."""
    signed = [
        (
            row.pack_id == pack.id,
            record.events[0].at,
            row.take_id,
            SignedBefore(row.prompt_title, row.take_number, record),
        )
        for row, record in _others(library, take_id, pack)
        if record.events
    ]
    return max(signed, key=lambda one: one[:3])[3] if signed else None


def last_answer(library: Library, take_id: str, pack: PackHead, terms: Terms) -> LastAnswer | None:
    """What stands for the newest accepted take, of the lines that are asked word for word as they were then.

    What stands apart is signed by an act of its own each time, so it is never part of an answer to repeat.
    """
    for row, record in _others(library, take_id, pack):
        if row.state not in (TakeState.ACCEPTED, TakeState.DELIVERED) or record.notice.sha256 != terms.digest():
            continue
        same = frozenset(use.id for use in pack.uses if record.use(use.id) == use)
        if again := (record.granted() & same) - SEPARATE_USES:
            return LastAnswer(row.prompt_title, row.take_number, again)
    return None


def _others(library: Library, take_id: str, pack: PackHead) -> Iterator[tuple[TakeRow, ConsentRecord]]:
    """Every other take with a record of this studio, newest first."""
    for row in library.list():
        record = library.consent(row.take_id) if row.take_id != take_id else None
        if record is not None and any(party.id == pack.studio.id for party in record.parties):
            yield row, record
