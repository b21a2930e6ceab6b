"""What was given to whom, for programs: one JSON document, and a table with a row a line. Neither is translated."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain, groupby
from typing import Any

from perfstudio.model.consent import Compensation
from perfstudio.model.ruling import Ruling
from perfstudio.session.given import Given, GivenLine, GivenTake
from perfstudio.session.spreadsheet import csv_bytes, csv_text
from perfstudio.session.unread_papers import UnreadPaper

FORMAT = "perfstudio-given/1"
COLUMNS = (
    "studio_id", "studio", "pack_id", "pack_version", "pack", "take_id", "title", "number", "practice", "here",
    "record_id", "signed", "delivered", "delivered_to", "sent", "pay_basis", "pay_amount", "pay_currency",
    "use", "standing", "required", "since", "until", "taken_back",
    "use_pay_basis", "use_pay_amount", "use_pay_currency", "others", "partner",
    "decided", "decided_at", "reason", "moment_s", "take_taken_back", "told", "deleted", "unread", "pairs", "clips",
)  # fmt: skip


def document(given: Given, made: datetime) -> dict[str, Any]:
    """By studio, then pack, then take; times in UTC, ISO 8601."""
    return {
        "format": FORMAT,
        "made": made.isoformat(),
        "studios": [
            {"id": studio_id, "name": takes[0].studio_name, "packs": list(_packs(takes))}
            for studio_id, found in groupby(given.takes, key=lambda take: take.studio_id)
            for takes in (list(found),)
        ],
        "unread": [paper.to_json() for paper in given.unread],
    }


def table(given: Given) -> str:
    """CSV with a row a line, and one a take of which it cannot be read what was given."""
    lines = (_row(take, line) for take in given.takes for line in take.lines)
    return csv_text(COLUMNS, chain(lines, unknown_rows(given.unknown, COLUMNS)))


def table_bytes(given: Given) -> bytes:
    """The table as a file."""
    return csv_bytes(table(given))


def document_bytes(given: Given, made: datetime) -> bytes:
    """The document as a file."""
    return (json.dumps(document(given, made), ensure_ascii=False, indent=2) + "\n").encode()


def _packs(takes: list[GivenTake]) -> Iterator[dict[str, Any]]:
    for pack_id, found in groupby(takes, key=lambda take: take.pack_id):
        of_pack = list(found)
        yield {"id": pack_id, "title": of_pack[0].pack_title, "takes": [_take(take) for take in of_pack]}


def _take(take: GivenTake) -> dict[str, Any]:
    return {
        "take_id": take.take_id,
        "record_id": take.record_id,
        "title": take.title,
        "number": take.number,
        "pack_version": take.pack_version,
        "practice": take.practice,
        "here": take.here,
        "signed": take.signed.isoformat(),
        "delivered": _moment(take.delivered),
        "delivered_to": take.delivered_to or None,
        "sent": _moment(take.sent),
        "others": take.others.value if take.others is not None else None,
        "partner": take.partner or None,
        "ruling": ruling_document(take.ruling),
        "pairs": [told.to_json() for told in take.pairs],
        "clips": [clip.to_json() for clip in take.clips],
        "if_partner_takes_back": take.if_partner_takes_back or None,
        "taken_back": _moment(take.taken_back),
        "told": _moment(take.told),
        "deleted": _moment(take.deleted),
        "pay": take.pay.to_json(),
        "lines": [
            {
                "use": line.use.value,
                "standing": line.standing.value,
                "required": line.asked.required,
                "since": _moment(line.since),
                "until": _moment(line.until),
                "taken_back": _moment(line.taken_back),
                "pay": line.asked.compensation.to_json(),
            }
            for line in take.lines
        ],
    }


def _row(take: GivenTake, line: GivenLine) -> tuple[object, ...]:
    return (
        take.studio_id, take.studio_name, take.pack_id, take.pack_version, take.pack_title,
        take.take_id, take.title, take.number, take.practice, take.here,
        take.record_id, take.signed, take.delivered, take.delivered_to, take.sent,
        *_pay(take.pay),
        line.use.value, line.standing.value, line.asked.required, line.since, line.until, line.taken_back,
        *_pay(line.asked.compensation),
        take.others.value if take.others is not None else None, take.partner,
        *ruling_cells(take.ruling), take.taken_back, take.told, take.deleted, unread_files(take),
        pairs_cell(take), " ".join(clip.sha256 for clip in take.clips) or None,
    )  # fmt: skip


def unread_files(take: GivenTake) -> str | None:
    """Names of the papers of a take that cannot be read."""
    return " ".join(paper.file for paper in take.unread) or None


def pairs_cell(take: GivenTake) -> str | None:
    """open:01h… closed:01h…: the state of each pair and the partner's take, the one that changed last first."""
    return " ".join(f"{told.state.value}:{told.partner_take_id or ''}" for told in take.pairs) or None


def unknown_rows(unknown: Iterable[UnreadPaper], columns: Iterable[str]) -> Iterator[tuple[object, ...]]:
    """What is known of takes whose consent cannot be read, under the columns that there are."""
    for paper in unknown:
        said = {
            "studio_id": paper.studio_id, "pack_id": paper.pack_id, "take_id": paper.take_id, "title": paper.title,
            "number": paper.number or None, "unread": paper.file or paper.detail,
        }  # fmt: skip
        yield tuple(said.get(name) for name in columns)


def ruling_document(ruling: Ruling | None) -> dict[str, Any] | None:
    """What a studio decided; the signed document lies beside the take."""
    if ruling is None:
        return None
    return {
        "word": ruling.word.value,
        "reason": ruling.reason,
        "at_s": ruling.at_s,
        "ruled_at": ruling.ruled_at.isoformat(),
        "number": ruling.number,
    }


def ruling_cells(ruling: Ruling | None) -> tuple[object, ...]:
    """The same in a row: the word, when, the reason, and the moment of the take in seconds."""
    return (ruling.word.value, ruling.ruled_at, ruling.reason, ruling.at_s) if ruling is not None else (None,) * 4


def _pay(pay: Compensation) -> tuple[str | None, ...]:
    return pay.basis, pay.amount, pay.currency


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value is not None else None
