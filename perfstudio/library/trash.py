"""Emptying the bin: the only code that deletes a recording, and only one that the performer binned.

A deletion is decided by one rename into `trash/`; what lies there is removed now, or at the next start after a crash.
Copies may survive outside our reach (backups, a flash disk's spare blocks), and nothing here claims otherwise.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

from perfstudio.durable import private_folder, read_plain, remove_tree, rename_durably, write_durably
from perfstudio.library.folder import (
    CLIPS,
    DOCUMENT_LIMIT,
    MANIFEST,
    PAIRS,
    RECEIPT,
    RULING,
    SENT,
    SPOKEN,
    TakeLocation,
    locate,
    read_arrival,
    read_consent,
    read_manifest,
)
from perfstudio.library.locks import Locks
from perfstudio.library.sealing import has_links
from perfstudio.library.spoken import sweep_spoken
from perfstudio.model.errors import LibraryError
from perfstudio.model.ids import is_take_id
from perfstudio.model.spoken import MOST_BYTES
from perfstudio.model.take import Decision

_TRASH, _RECORDS = "trash", "records"
_PAPERS = (SPOKEN, RECEIPT, SENT, RULING, PAIRS, CLIPS)


@dataclass(frozen=True, slots=True)
class EmptyReport:
    """What emptying the bin did. `left` pairs a take id with why it stays: not_binned, busy, promised, damaged, link,
    not_removed (its bytes could not all be removed; the next start tries again)."""

    deleted: tuple[str, ...]
    left: tuple[tuple[str, str], ...]


def decide(root: Path, locks: Locks, take_ids: list[str], busy: frozenset[str]) -> EmptyReport:
    """Move binned takes to the trash and their papers to the records. Raises OSError, LibraryError."""
    deleted: list[str] = []
    left: list[tuple[str, str]] = []
    for take_id in take_ids:
        with locks.hold("take", take_id):
            place = locate(root / "takes", take_id)
            if place is None:
                continue
            reason = "busy" if take_id in busy else _why_not(place)
            if reason:
                left.append((take_id, reason))
                continue
            _keep_papers(place, root / _RECORDS)
            rename_durably(place.folder, private_folder(root / _TRASH) / take_id)
            deleted.append(take_id)
    return EmptyReport(tuple(deleted), tuple(left))


def finish(root: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Remove what lies in the trash. Returns (take ids that are gone, take ids of which something is left)."""
    gone: list[str] = []
    stuck: list[str] = []
    trash = root / _TRASH
    if trash.is_symlink() or not trash.is_dir():
        return (), ()
    with os.scandir(trash) as names:
        found = [n.name for n in names if is_take_id(n.name) and n.is_dir(follow_symlinks=False)]
    for take_id in found:
        (gone if remove_tree(trash / take_id) else stuck).append(take_id)
    return tuple(gone), tuple(stuck)


def record_of(root: Path, take_id: str) -> TakeLocation | None:
    """Where the papers of a deleted take lie, if it had any."""
    folder = root / _RECORDS / take_id
    return TakeLocation(take_id, folder, sealed=True) if folder.is_dir() and not folder.is_symlink() else None


def with_papers(root: Path) -> tuple[str, ...]:
    """Deleted takes whose papers were kept, oldest first."""
    records = root / _RECORDS
    if records.is_symlink() or not records.is_dir():
        return ()
    with os.scandir(records) as names:
        return tuple(sorted(n.name for n in names if is_take_id(n.name) and n.is_dir(follow_symlinks=False)))


def sweep_papers(root: Path, locks: Locks) -> None:
    """What was read aloud for a consent of which nothing stands goes from the papers, too. Never raises."""
    with contextlib.suppress(OSError):
        for place in filter(None, (record_of(root, take_id) for take_id in with_papers(root))):
            sweep_spoken(place, locks)


def _why_not(place: TakeLocation) -> str:
    if has_links(place.folder):
        return "link"
    try:
        manifest, consent, arrival = read_manifest(place), read_consent(place), read_arrival(place)
    except LibraryError:
        return "damaged"
    if manifest.decision is not Decision.BINNED or not place.sealed:
        return "not_binned"
    if consent is not None and consent.granted() and arrival is None:
        return "promised"
    return ""


def _keep_papers(place: TakeLocation, records: Path) -> None:
    """Copy the papers of a take that was signed, or of which a clip went out, with what was read aloud: the performer's
    own evidence."""
    papers = list(place.folder.glob("consent*.json"))
    papers += [place.folder / name for name in _PAPERS if (place.folder / name).exists()]
    if not papers:
        return
    folder = private_folder(records / place.take_id)
    for paper in (*papers, place.folder / MANIFEST):
        with contextlib.suppress(FileNotFoundError):
            most = MOST_BYTES if paper.name == SPOKEN else DOCUMENT_LIMIT
            write_durably(folder / paper.name, read_plain(paper, most))
