"""Which takes went into which export (a data set, a film): noted by the studio, named when a take is deleted."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from perfstudio.durable import write_durably
from perfstudio.model.base import Document
from perfstudio.model.clock import utc_now
from perfstudio.model.dates import Moment
from perfstudio.model.deletion import ExportHeld
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.model.ids import is_take_id
from perfstudio.model.reading import read_document
from perfstudio.model.strict_json import JsonProblemError
from perfstudio.receiver.layout import ReceiverLayout, read_or_none
from perfstudio.receiver.locking import held

LONGEST_NAME = 80
_MOST_BYTES = 64 << 20


class ExportNote(Document):
    """One take in one export."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    take_id: str
    noted_at: Moment


class _ExportFile(Document):
    format: Literal["perfstudio-exports/1"] = "perfstudio-exports/1"
    notes: tuple[ExportNote, ...] = Field(default=(), max_length=100_000)


class Exports:
    """The list below one receiver's folder; changed beside a running receiver, which reads it anew each time."""

    def __init__(self, layout: ReceiverLayout) -> None:
        self._layout = layout

    def notes(self) -> tuple[ExportNote, ...]:
        """Every note, oldest first. Raises DeliveryError(EXPORT_LIST_UNREADABLE)."""
        data = read_or_none(self._layout.exports)
        if data is None:
            return ()
        try:
            return read_document(data, _ExportFile, limit=_MOST_BYTES, max_items=1_000_000).notes
        except JsonProblemError as problem:
            facts = {"file": str(self._layout.exports), "where": problem.where}
            raise DeliveryError(ErrorCode.EXPORT_LIST_UNREADABLE, **facts) from None

    def add(self, name: str, take_ids: tuple[str, ...]) -> tuple[ExportNote, ...]:
        """Note that these takes are in the export `name`; returns what stands of it now, read back.

        Raises DeliveryError: EXPORT_NAME_WRONG, EXPORT_TAKE_UNKNOWN (no accepted take of this id lies here; nothing is
        noted then), EXPORT_LIST_UNREADABLE.
        """
        if " ".join(name.split()) != name or not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
            raise DeliveryError(ErrorCode.EXPORT_NAME_WRONG, id=" ".join(name.split())[:LONGEST_NAME])
        for take_id in take_ids:
            if not is_take_id(take_id) or not self._layout.receipt(take_id).is_file():
                raise DeliveryError(ErrorCode.EXPORT_TAKE_UNKNOWN, take=take_id[:LONGEST_NAME])
        with held(self._layout.acts_lock):
            notes = self.notes()
            known = {note.take_id for note in notes if note.name == name}
            now = utc_now()
            new = tuple(
                ExportNote(name=name, take_id=take_id, noted_at=now)
                for take_id in dict.fromkeys(take_ids)
                if take_id not in known
            )
            if new:
                write_durably(self._layout.exports, _ExportFile(notes=(*notes, *new)).canonical())
        return tuple(note for note in self.notes() if note.name == name)

    def of(self, take_id: str) -> tuple[ExportHeld, ...]:
        """What held this take. Raises DeliveryError(EXPORT_LIST_UNREADABLE)."""
        return tuple(
            ExportHeld(name=note.name, noted_at=note.noted_at) for note in self.notes() if note.take_id == take_id
        )
