"""Consent records that lie aside in a take's folder, because a newer one took their place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from perfstudio.consent.reading import MAX_RECORD_BYTES, read_record
from perfstudio.durable import read_plain
from perfstudio.model.consent import ConsentRecord
from perfstudio.model.errors import ConsentError

EARLIER: Final = re.compile(r"consent-([0-9a-f]{16})\.json")
"""The name of one, with the first digits of its hash."""


def earlier_records(folder: Path) -> list[ConsentRecord]:
    """Those that are what their name says."""
    read = (_read(folder, name) for name in _names(folder))
    return [record for record in read if record is not None]


def no_earlier_records(folder: Path, take_id: str) -> Iterator[str]:
    """The names of those that are not, or are of another take."""
    for name in _names(folder):
        record = _read(folder, name)
        if record is None or record.take.take_id != take_id:
            yield name


def _names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.glob("consent-*.json") if EARLIER.fullmatch(file.name))


def _read(folder: Path, name: str) -> ConsentRecord | None:
    try:
        record = read_record(read_plain(folder / name, MAX_RECORD_BYTES))
    except (OSError, ConsentError):
        return None
    named = EARLIER.fullmatch(name)
    return record if named is not None and record.digest().startswith(named[1]) else None
