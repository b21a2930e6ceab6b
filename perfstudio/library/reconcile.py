"""Bringing the index up to the folders: at start, after another process changed something, or from nothing.

Folders that are not known are adopted, known ones that are gone are listed as missing, damaged ones are listed as
damaged. Nothing is deleted but what was proved to be a second copy, and a statement that was read aloud for a consent
of which nothing stands; a second run changes nothing. A folder is only read when the identity of its documents changed,
so 10,000 takes cost a look at 10,000 folders and no more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from perfstudio.library.folder import TakeLocation, locate, read_entry, scan, stamp
from perfstudio.library.index import Index, Known
from perfstudio.library.locks import Locks
from perfstudio.library.second_copy import let_go
from perfstudio.library.spoken import sweep_spoken
from perfstudio.library.take_row import RebuildReport

_BATCH = 100
"""Folders read in one transaction: short enough that another process is not kept waiting."""


def reconcile(index: Index, takes: Path, locks: Locks, *, anew: bool = False) -> RebuildReport:
    """Bring the index up to the folders. With `anew` every folder is read, and rows without folder go.

    Raises IndexLostError, IndexBusyError; what was done until then stays.
    """
    places, foreign = _scan(takes)
    known = index.known()
    changed = [i for i, place in places.items() if anew or i not in known or known[i].stamp != stamp(place).text]
    gone = [i for i, row in known.items() if i not in places and (anew or not row.is_missing)]
    for batch in _batches(changed + gone):
        with index.writing():
            for take_id in batch:
                refresh(index, takes, locks, take_id, forget=anew)
    return _report(index.known() if changed or gone else known, places, foreign, len(changed))


def refresh(index: Index, takes: Path, locks: Locks, take_id: str, *, forget: bool = False) -> None:
    """Let the index read one folder, inside `Index.writing`; a row without folder is marked, or removed on `forget`."""
    place = locate(takes, take_id)
    known = index.row(take_id)
    if place is not None:
        let_go(place)
        swept = sweep_spoken(place, locks)
        entry = read_entry(place, known)
        index.put(entry if swept else replace(entry, stamp=""))  # without a stamp it is read again at the next look
    elif forget:
        index.remove(take_id)
    elif known is not None:
        index.mark_missing(known)


def _scan(takes: Path) -> tuple[dict[str, TakeLocation], tuple[str, ...]]:
    try:
        return scan(takes)
    except FileNotFoundError:  # the disk of the library is not connected: nothing is recreated
        return {}, ()


def _report(
    known: dict[str, Known], places: dict[str, TakeLocation], foreign: tuple[str, ...], read: int
) -> RebuildReport:
    return RebuildReport(
        takes=len(places),
        read=read,
        unsealed=tuple(sorted(i for i, place in places.items() if not place.sealed)),
        damaged=tuple(sorted(i for i, row in known.items() if row.is_damaged and not row.is_missing)),
        missing=tuple(sorted(i for i, row in known.items() if row.is_missing)),
        foreign=foreign,
    )


def _batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _BATCH):
        yield ids[start : start + _BATCH]
