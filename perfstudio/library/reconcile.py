"""Bringing the index up to the folders: at start, after another process changed something, or from nothing.

Folders that are not known are adopted, known ones that are gone are listed as missing, damaged ones are listed as
damaged. Nothing is deleted, and a second run changes nothing. A folder is only read when the identity of its documents
changed, so 10,000 takes cost a look at 10,000 folders and no more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from perfstudio.library.folder import Place, locate, read_entry, scan, stamp
from perfstudio.library.index import Index
from perfstudio.library.rows import RebuildReport, TakeRow
from perfstudio.model.take import TakeState

_BATCH = 100
"""Folders read in one transaction: short enough that another process is not kept waiting."""


def reconcile(index: Index, takes: Path, *, anew: bool = False) -> RebuildReport:
    """Bring the index up to the folders (all rows from nothing when `anew`). Raises IndexLostError, IndexBusyError."""
    places, foreign = _scan(takes)
    known = index.known()
    if anew:
        _renew(index, takes, places, known)
        read = len(places)
    else:
        changed = [i for i, place in places.items() if i not in known or known[i][1] != stamp(place)]
        changed += [i for i, (row, _) in known.items() if i not in places and not row.missing]
        _follow(index, takes, changed, known)
        read = len(changed)
    return _report(index, places, foreign, read)


def refresh(index: Index, takes: Path, take_id: str, known: TakeRow | None, *, forget: bool = False) -> None:
    """Let the index read one folder, inside `Index.writing`; a row without folder is marked, or removed on `forget`."""
    place = locate(takes, take_id)
    if place is not None:
        index.put(read_entry(place, known))
    elif forget:
        index.remove(take_id)
    elif known is not None:
        index.mark_missing(known)


def _scan(takes: Path) -> tuple[dict[str, Place], tuple[str, ...]]:
    try:
        return scan(takes)
    except FileNotFoundError:  # the disk of the library is not connected: nothing is recreated
        return {}, ()


def _follow(index: Index, takes: Path, changed: Sequence[str], known: dict[str, tuple[TakeRow, str]]) -> None:
    for batch in _batches(changed):
        with index.writing():
            for take_id in batch:
                refresh(index, takes, take_id, known[take_id][0] if take_id in known else None)


def _renew(index: Index, takes: Path, places: dict[str, Place], known: dict[str, tuple[TakeRow, str]]) -> None:
    with index.writing():
        index.clear()
        for take_id in places:
            refresh(index, takes, take_id, known[take_id][0] if take_id in known else None)


def _report(index: Index, places: dict[str, Place], foreign: tuple[str, ...], read: int) -> RebuildReport:
    rows = [row for row, _ in index.known().values()]
    return RebuildReport(
        takes=len(places),
        read=read,
        unsealed=tuple(sorted(i for i, place in places.items() if not place.sealed)),
        damaged=tuple(sorted(row.take_id for row in rows if row.state is TakeState.DAMAGED and not row.missing)),
        missing=tuple(sorted(row.take_id for row in rows if row.missing)),
        foreign=foreign,
    )


def _batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _BATCH):
        yield ids[start : start + _BATCH]
