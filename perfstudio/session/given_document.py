"""What was given to whom, for programs: one JSON document, and a table with a row a line. Neither is translated."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from perfstudio.model.consent import Compensation
from perfstudio.session.given import Given, GivenLine, GivenTake

FORMAT = "perfstudio-given/1"
COLUMNS = (
    "studio_id", "studio", "pack_id", "pack_version", "pack", "take_id", "title", "number", "practice", "here",
    "record_id", "signed", "delivered", "delivered_to", "sent", "pay_basis", "pay_amount", "pay_currency",
    "use", "standing", "required", "since", "until", "taken_back",
    "use_pay_basis", "use_pay_amount", "use_pay_currency", "others", "partner",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would reckon out."""


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
        "unread": [{"take_id": take_id, "code": problem.code.value} for take_id, problem in given.unread],
    }


def table(given: Given) -> str:
    """CSV (RFC 4180) with a heading; a text that a spreadsheet would take for a formula begins with an apostrophe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for take in given.takes:
        for line in take.lines:
            writer.writerow([_cell(value) for value in _row(take, line)])
    return out.getvalue()


def table_bytes(given: Given) -> bytes:
    """The table as a file: UTF-8 with the mark by which spreadsheets know it."""
    return table(given).encode("utf-8-sig")


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
    )  # fmt: skip


def _pay(pay: Compensation) -> tuple[str | None, ...]:
    return pay.basis, pay.amount, pay.currency


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.isoformat()
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value is not None else None
