"""What studios decided of takes, as it lies beside them: read once, then only looked at for changes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from perfstudio.delivery.studios import Studios
from perfstudio.library.folder import RECEIPT, RULING
from perfstudio.library.library import Library
from perfstudio.library.take_row import TakeRow
from perfstudio.model.errors import PerfstudioError
from perfstudio.model.prompt import StudioInfo
from perfstudio.model.ruling import Ruling, RulingWord
from perfstudio.model.take import TakeState
from perfstudio.session.takes.missing import STUDIOS

_Seen = tuple[tuple[int, int, int] | None, ...]
"""What the ruling and the receipt beside a take were when they were read: when changed, how large, which file."""


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """A scene is to do again: which take it is about, what the studio says, and at which moment of that take."""

    take_id: str
    number: int
    reason: str
    at_s: float | None
    ruled_at: datetime
    studio_id: str


class TakeRulings:
    """Thread-safe: an entry is replaced whole."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._known: dict[str, tuple[_Seen, Ruling | None]] = {}

    def of(self, row: TakeRow) -> Ruling | None:
        """What was decided of a take that a receiver has confirmed; None where nothing was, or it cannot be read."""
        return self.of_take(row.take_id) if row.sent == "accepted" else None

    def of_take(self, take_id: str) -> Ruling | None:
        """The same of any take."""
        seen = tuple(_seen(self._library.takes / take_id / name) for name in (RULING, RECEIPT))
        if seen[0] is None:
            return None
        known = self._known.get(take_id)
        if known is None or known[0] != seen:
            known = self._known[take_id] = (seen, self._read(take_id))
        return known[1]

    def who(self, studio_id: str, asks: StudioInfo) -> str:
        """The name of the one who decided: a take of the practice room lies with whichever receiver was chosen."""
        known = Studios(self._library.takes.parent / STUDIOS).all()
        unknown = asks.name if studio_id == asks.id else studio_id
        return next((studio.name for studio in known if studio.id == studio_id), unknown)

    def _read(self, take_id: str) -> Ruling | None:
        """Only of the delivery that stands: a take that was deleted there and sent once more is a new one to them."""
        try:
            ruling, receipt = self._library.ruling(take_id), self._library.receipt(take_id)
        except PerfstudioError:  # it is asked for again, and written anew
            return None
        mine = ruling is not None and receipt is not None and receipt.receipt_id == ruling.receipt_id
        return ruling if mine else None


def _seen(file: Path) -> tuple[int, int, int] | None:
    try:
        status = os.lstat(file)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def is_rejected(ruling: Ruling | None) -> bool:
    """Whether the scene is to do again, as far as this take goes."""
    return ruling is not None and ruling.word is RulingWord.REJECTED


def asked_again(rows: list[TakeRow], rulings: TakeRulings) -> AskedAgain | None:
    """What is to be done again of a scene, by its takes: the newest rejection, unless another take has arrived that was
    not rejected."""
    found = [(row, ruling) for row in rows if (ruling := rulings.of(row)) is not None and is_rejected(ruling)]
    if not found:
        return None
    rejected = {row.take_id for row, _ in found}
    if any(row.state is TakeState.DELIVERED and row.take_id not in rejected for row in rows):
        return None
    row, ruling = max(found, key=lambda pair: pair[1].ruled_at)
    return AskedAgain(row.take_id, row.take_number, ruling.reason, ruling.at_s, ruling.ruled_at, ruling.studio_id)
