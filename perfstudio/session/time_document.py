"""The performer's time as a table for spreadsheets: a row for each day and scene, seconds by work. Not translated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from perfstudio.session.spreadsheet import csv_bytes, csv_text
from perfstudio.session.time_spent import SceneWork, Work

COLUMNS = ("day", "pack_id", "prompt_id", "title", *(f"{work.value}_s" for work in Work), "total_s")


def time_table(spent: Iterable[SceneWork]) -> bytes:
    """The table as a file."""
    found: dict[tuple[str, str, str, str], dict[Work, float]] = defaultdict(dict)
    for one in spent:
        found[one.day, one.pack_id, one.prompt_id, one.title][one.work] = one.seconds
    rows = (
        (*scene, *(works.get(work) for work in Work), round(sum(works.values()), 3)) for scene, works in found.items()
    )
    return csv_bytes(csv_text(COLUMNS, rows))
