"""The ledger for programs: one JSON document, and a table with a row for each pay of a take. Neither is translated."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import Any

from perfstudio.session.given_document import ruling_cells, ruling_document, unknown_rows, unread_files
from perfstudio.session.ledger import Ledger, LedgerLine, StudioLedger
from perfstudio.session.pay_due import Counts, PayNamed
from perfstudio.session.spreadsheet import csv_bytes, csv_text

FORMAT = "perfstudio-ledger/1"
COLUMNS = (
    "studio_id", "studio", "pack_id", "pack_version", "pack", "take_id", "title", "number", "practice", "here",
    "state", "signed", "delivered", "delivered_to", "sent", "decided", "decided_at", "reason", "moment_s",
    "taken_back", "told", "deleted",
    "pay_for", "pay_basis", "pay_amount", "pay_currency", "pay_note", "paid_per", "adds_accepted", "adds_undecided",
    "unread",
)  # fmt: skip
"""`adds_…` can be summed for each currency: what is paid once stands in one row only."""


def document(ledger: Ledger, made: datetime) -> dict[str, Any]:
    """By studio, then take; times in UTC, ISO 8601; sums as decimal text."""
    return {
        "format": FORMAT,
        "made": made.isoformat(),
        "studios": [_studio(studio) for studio in ledger.studios],
        "unread": [paper.to_json() for paper in ledger.unread],
    }


def table_bytes(ledger: Ledger) -> bytes:
    """The table as a file."""
    return csv_bytes(csv_text(COLUMNS, chain(_rows(ledger), unknown_rows(ledger.unknown, COLUMNS))))


def _studio(studio: StudioLedger) -> dict[str, Any]:
    return {
        "id": studio.studio_id,
        "name": studio.name,
        "states": {state.value: number for state, number in studio.states.items()},
        "due": [
            {"currency": due.currency, "accepted": str(due.accepted), "undecided": str(due.undecided)}
            for due in studio.sums
        ],
        "takes": [_take(line) for line in studio.lines],
    }


def _take(line: LedgerLine) -> dict[str, Any]:
    take = line.take
    return {
        "take_id": take.take_id,
        "title": take.title,
        "number": take.number,
        "pack": {"id": take.pack_id, "version": take.pack_version, "title": take.pack_title},
        "practice": take.practice,
        "here": take.here,
        "state": line.state.value,
        "signed": take.signed.isoformat(),
        "delivered": _moment(take.delivered),
        "delivered_to": take.delivered_to or None,
        "sent": _moment(take.sent),
        "ruling": ruling_document(take.ruling),
        "ruling_unread": take.ruling_unread,
        "pairs": [told.to_json() for told in take.pairs],
        "if_partner_takes_back": take.if_partner_takes_back or None,
        "receipt_unread": take.receipt_unread,
        "taken_back": _moment(take.taken_back),
        "told": _moment(take.told),
        "deleted": _moment(take.deleted),
        "pays": [_pay(named) for named in line.pays],
    }


def _pay(named: PayNamed) -> dict[str, Any]:
    return {
        "for": named.use.value if named.use is not None else "work",
        **named.pay.to_json(),
        "per": named.per.value,
        "adds": str(named.adds) if named.adds is not None else None,
    }


def _rows(ledger: Ledger) -> Iterator[tuple[object, ...]]:
    for studio in ledger.studios:
        for line in studio.lines:
            for named in line.pays:
                yield (*_told(studio, line), *_paid(line, named), unread_files(line.take))


def _told(studio: StudioLedger, line: LedgerLine) -> tuple[object, ...]:
    take = line.take
    return (
        studio.studio_id, studio.name, take.pack_id, take.pack_version, take.pack_title, take.take_id, take.title,
        take.number, take.practice, take.here, line.state.value, take.signed, take.delivered, take.delivered_to,
        take.sent, *ruling_cells(take.ruling), take.taken_back, take.told, take.deleted,
    )  # fmt: skip


def _paid(line: LedgerLine, named: PayNamed) -> tuple[object, ...]:
    pay = named.pay
    return (
        named.use.value if named.use is not None else "work", pay.basis, pay.amount, pay.currency, pay.note,
        named.per.value,
        named.adds if line.counts is Counts.ACCEPTED else None,
        named.adds if line.counts is Counts.UNDECIDED else None,
    )  # fmt: skip


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value is not None else None
