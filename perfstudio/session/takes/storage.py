"""What takes use on the disk, by the pack they are of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from perfstudio.library.take_row import TakeRow
from perfstudio.model.take import TakeState


@dataclass(frozen=True, slots=True)
class PackStorage:
    """One pack's takes: how many and how many bytes, those in the bin too, and what of it lies in the bin."""

    title: str
    takes: int
    used_bytes: int
    binned_bytes: int


def storage_by_pack(rows: Iterable[TakeRow], title_of: Callable[[str], str]) -> tuple[PackStorage, ...]:
    """The pack that uses most first. `title_of` names a pack by its id; takes whose folder is away use nothing here."""
    packs: dict[str, list[TakeRow]] = defaultdict(list)
    for row in rows:
        if not row.missing:
            packs[row.pack_id].append(row)
    found = (_of(title_of(pack_id), of) for pack_id, of in packs.items())
    return tuple(sorted(found, key=lambda pack: (-pack.used_bytes, pack.title)))


def _of(title: str, rows: list[TakeRow]) -> PackStorage:
    binned = sum(row.size_bytes for row in rows if row.state is TakeState.BINNED)
    return PackStorage(title, len(rows), sum(row.size_bytes for row in rows), binned)
