"""What the page of takes reads: rows at once, and of the takes that are seen what lies in their folders."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from PySide6.QtGui import QImage, QPixmap

from perfstudio.library.take_row import TakeRow
from perfstudio.model.errors import PerfstudioError
from perfstudio.session.takes.arranging import Shown, characters, counted, emotions
from perfstudio.session.takes.takes import Takes, line_of
from perfstudio.session.views import TakeLine
from perfstudio.session.worker import Worker

PICTURES = 160
"""So many pictures are kept, of some 230 kB each: what is scrolled back to is there."""
FIRST = 60
"""Takes of the first reading: more than any window shows."""


@dataclass(frozen=True, slots=True)
class Store:
    """What was read at once: every row, or the newest of them (`whole` is False), and how full it is."""

    rows: tuple[TakeRow, ...]
    used: int = 0
    time_left_s: float = 0.0
    whole: bool = True
    counts: Mapping[Shown, int] = field(default_factory=dict)
    characters: tuple[str, ...] = ()
    emotions: tuple[str, ...] = ()


def read_store(takes: Takes, *, first: bool = False) -> Store:
    """The rows of the library, newest first; the newest alone are there sooner."""
    if first:
        rows = takes.rows(FIRST)
        return Store(rows, whole=len(rows) < FIRST)
    rows = takes.rows()
    return Store(
        rows, takes.storage_bytes(), takes.time_left_s(), counts=counted(rows), characters=characters(rows),
        emotions=emotions(rows),
    )  # fmt: skip


class SeenTakes:
    """Lines and pictures of takes, read on `worker` when they come into sight; `tell` hears of each on the window's
    thread."""

    def __init__(self, takes: Takes, worker: Worker, tell: Callable[[TakeLine, QPixmap], object]) -> None:
        self._takes, self._worker, self._tell = takes, worker, tell
        self._rows: dict[str, TakeRow] = {}
        self._lines: dict[str, TakeLine] = {}
        self.pictures: OrderedDict[str, QPixmap] = OrderedDict()

    def show_rows(self, rows: Iterable[TakeRow]) -> None:
        """What is there now; what was read of a take that has changed since is read again when it is seen."""
        now = {row.take_id: row for row in rows}
        self._lines = {one: line for one, line in self._lines.items() if now.get(one) == self._rows.get(one)}
        self._rows = now

    def line(self, take_id: str) -> TakeLine:
        """What is known of a take at once: as it was read, else as the index has it."""
        return self._lines.get(take_id) or line_of(self._rows[take_id])

    def read(self, take_ids: Iterable[str]) -> None:
        """Look into their folders, and tell of each."""
        asked = tuple(take_ids)
        self._worker.run(lambda: [self._read(one) for one in asked], self._have, lambda _: None)

    def _read(self, take_id: str) -> tuple[TakeLine, QImage] | None:
        try:
            line = self._takes.line(take_id)
        except PerfstudioError:
            return None  # it went meanwhile: the next reading has no row of it
        known = take_id in self.pictures or line.thumbnail is None
        return line, QImage() if known else QImage(str(line.thumbnail))

    def _have(self, found: list[tuple[TakeLine, QImage] | None]) -> None:
        for line, image in filter(None, found):
            if line.take_id in self._rows:
                self._lines[line.take_id] = line
                self._tell(line, self._picture(line.take_id, image))

    def _picture(self, take_id: str, image: QImage) -> QPixmap:
        if not image.isNull() or take_id not in self.pictures:
            self.pictures[take_id] = QPixmap.fromImage(image) if not image.isNull() else QPixmap()
        self.pictures.move_to_end(take_id)
        while len(self.pictures) > PICTURES:
            self.pictures.popitem(last=False)
        return self.pictures.get(take_id, QPixmap())
