"""What was deleted here, and when: written before the first byte goes, closed when nothing is left.

A kill between the two leaves an open entry; whoever goes on adds what is still there and loses nothing of what was.
"""

from __future__ import annotations

import logging
import os
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from perfstudio.durable import rename_durably, write_durably
from perfstudio.model.base import Document
from perfstudio.model.clock import utc_now
from perfstudio.model.dates import Moment
from perfstudio.model.deletion import DeletedFile, ExportHeld
from perfstudio.model.delivery import Announcement, Receipt, Uuid
from perfstudio.model.ids import is_take_id
from perfstudio.model.take import FILE_NAMES, FileRole
from perfstudio.receiver.layout import ReceiverLayout, read_or_none
from perfstudio.receiver.parsing import read_or_drop

log = logging.getLogger(__name__)


class DeletionEntry(Document):
    """One take that went because of one record."""

    record_id: Uuid
    files: tuple[DeletedFile, ...]
    exports: tuple[ExportHeld, ...] = ()
    deleted_at: Moment | None = None
    """When nothing was left; absent while it is being deleted."""


class _TakeLedger(Document):
    format: Literal["perfstudio-deletions/1"] = "perfstudio-deletions/1"
    entries: Annotated[tuple[DeletionEntry, ...], Field(max_length=1000)] = ()


class DeletionLedger:
    """One small file a take. Its owner holds a lock."""

    def __init__(self, layout: ReceiverLayout) -> None:
        self._layout = layout

    def entry(self, take_id: str, record_id: str) -> DeletionEntry | None:
        """What is known of this deletion, or None."""
        return next((entry for entry in self._entries(take_id) if entry.record_id == record_id), None)

    def gone_at(self, take_id: str) -> datetime | None:
        """When nothing was left of a take, last; None: it was never deleted here."""
        return max((entry.deleted_at for entry in self._entries(take_id) if entry.deleted_at is not None), default=None)

    def takes_of(self, record_id: str) -> tuple[str, ...]:
        """Takes that went, or are going, because of a record."""
        names = sorted(file.stem for file in self._layout.deletions.glob("*.json"))
        return tuple(name for name in names if is_take_id(name) and self.entry(name, record_id) is not None)

    def begin(
        self, take_id: str, record_id: str, files: tuple[DeletedFile, ...], exports: tuple[ExportHeld, ...]
    ) -> None:
        """These will go. What an earlier try had found and a kill left open stays in the list."""
        before = self.entry(take_id, record_id)
        if before is not None and before.deleted_at is not None:  # it came again since
            before = None
        known = before.files if before is not None else ()
        held = before.exports if before is not None else ()
        names = {file.name for file in known}
        more = tuple(file for file in files if file.name not in names)
        exported = tuple(dict.fromkeys((*held, *exports)))
        self._write(take_id, DeletionEntry(record_id=record_id, files=(*known, *more), exports=exported))

    def close(self, take_id: str, record_id: str) -> DeletionEntry:
        """Nothing is left of it."""
        entry = self.entry(take_id, record_id) or DeletionEntry(record_id=record_id, files=())
        if entry.deleted_at is None:
            entry = entry.model_copy(update={"deleted_at": utc_now()})
            self._write(take_id, entry)
        return entry

    def set_damaged_aside(self) -> tuple[Path, ...]:
        """Lay what cannot be read beside the others, which stand, and say where it lies now. Raises OSError."""
        files = sorted(file for file in self._layout.deletions.glob("*.json") if is_take_id(file.stem))
        return tuple(_laid_aside(file) for file in files if _is_damaged(file))

    def _entries(self, take_id: str) -> tuple[DeletionEntry, ...]:
        ledger = read_or_drop(read_or_none(self._layout.deletion(take_id)), _TakeLedger)
        return ledger.entries if ledger is not None else ()

    def _write(self, take_id: str, entry: DeletionEntry) -> None:
        others = tuple(other for other in self._entries(take_id) if other.record_id != entry.record_id)
        file = self._layout.deletion(take_id)
        if _is_damaged(file):  # since the start
            log.error("what was deleted of take %s cannot be read, and was set aside: %s", take_id, _laid_aside(file))
        write_durably(file, _TakeLedger(entries=(*others, entry)).canonical())


def _is_damaged(file: Path) -> bool:
    if file.is_dir():
        return True
    data = read_or_none(file)
    return data is not None and read_or_drop(data, _TakeLedger) is None


def _laid_aside(file: Path) -> Path:
    """The file under a name that nothing has: <take id>.unreadable.json, .unreadable-2.json and so on."""
    number, kept = 1, file.with_suffix(".unreadable.json")
    while os.path.lexists(kept):
        number += 1
        kept = file.with_suffix(f".unreadable-{number}.json")
    rename_durably(file, kept)
    return kept


def lying_here(
    layout: ReceiverLayout, take_id: str, receipt: Receipt | None, announcement: Announcement | None
) -> tuple[DeletedFile, ...]:
    """The files of a take that lie at the receiver, with the hashes that it reckoned itself where they came whole."""
    found: dict[str, DeletedFile] = {}
    for file in receipt.files if receipt is not None else ():
        if (layout.accepted(take_id) / file.name).is_file():
            found[file.name] = DeletedFile(role=file.role, name=file.name, size=file.size, sha256=file.sha256)
    for coming in announcement.files if announcement is not None else ():
        part = layout.coming(take_id) / f"{coming.file_id}.part"
        if (layout.verified(take_id) / coming.filename).is_file():
            whole = DeletedFile(role=coming.role, name=coming.filename, size=coming.size, sha256=coming.sha256)
            found.setdefault(coming.filename, whole)
        elif part.is_file():
            begun = DeletedFile(role=coming.role, name=coming.filename, size=part.stat().st_size)
            found.setdefault(coming.filename, begun)
    paper = layout.verified(take_id) / FILE_NAMES[FileRole.CONSENT]
    if paper.is_file():
        size = paper.stat().st_size
        found.setdefault(paper.name, DeletedFile(role=FileRole.CONSENT, name=paper.name, size=size))
    return tuple(found.values())
