"""Take numbers: 1, 2, 3 … per pack and prompt, never given twice, not even after a take is deleted.

The highest number given is kept in `counters.json` beside the takes, because folders forget what was deleted and the
index may be lost. When the file is lost or garbled, the folders still say enough to go on (`raise_to`).
"""

from __future__ import annotations

import json
from pathlib import Path

from perfstudio.durable import read_plain, write_durably
from perfstudio.library.locks import Locks
from perfstudio.model.strict_json import read_leniently

_LIMIT = 4_000_000


class TakeNumbers:
    """The counters of one library. Every change is made under one lock shared by all processes."""

    def __init__(self, path: Path, locks: Locks) -> None:
        self._path = path
        self._locks = locks

    def next(self, pack_id: str, prompt_id: str) -> int:
        """The number that the next take of this prompt would get."""
        return self._read().get(f"{pack_id}/{prompt_id}", 0) + 1

    def give(self, pack_id: str, prompt_id: str, wanted: int) -> int:
        """Reserve `wanted`, or the next free number when it was given already. Raises OSError."""
        key = f"{pack_id}/{prompt_id}"
        with self._locks.hold("numbers", "all"):
            counters = self._read()
            counters[key] = max(wanted, counters.get(key, 0) + 1)
            self._write(counters)
        return counters[key]

    def give_back(self, pack_id: str, prompt_id: str, number: int) -> None:
        """Free the number of a take that never came to be, when it was the last one given. Raises OSError."""
        key = f"{pack_id}/{prompt_id}"
        with self._locks.hold("numbers", "all"):
            counters = self._read()
            if counters.get(key) == number:
                self._write(counters | {key: number - 1})

    def raise_to(self, seen: dict[tuple[str, str], int]) -> None:
        """Never go back below the numbers found on takes. Writes only when something is higher. Raises OSError."""
        found = {f"{pack}/{prompt}": number for (pack, prompt), number in seen.items()}
        if not _higher(found, self._read()):
            return
        with self._locks.hold("numbers", "all"):
            counters = self._read()
            self._write(counters | _higher(found, counters))

    def _read(self) -> dict[str, int]:
        try:
            found = read_leniently(read_plain(self._path, _LIMIT))
        except (OSError, ValueError):
            return {}
        if not isinstance(found, dict):
            return {}
        return {key: number for key, number in found.items() if type(number) is int and 0 < number < 2**31}

    def _write(self, counters: dict[str, int]) -> None:
        write_durably(self._path, json.dumps(counters, indent=0, sort_keys=True).encode())


def _higher(found: dict[str, int], counters: dict[str, int]) -> dict[str, int]:
    return {key: number for key, number in found.items() if number > counters.get(key, 0)}
