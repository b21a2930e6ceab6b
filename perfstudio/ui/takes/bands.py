"""Where each heading and each row of takes lies, reckoned without making a widget for any."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect

GAP_PX = 16


@dataclass(frozen=True, slots=True)
class FieldSizes:
    """In pixels: the width of the field, the least width of a tile, and the heights of a tile and of a heading."""

    width: int
    least: int
    tile: int
    head: int

    @property
    def columns(self) -> int:
        """How many tiles stand beside each other."""
        return max(1, (self.width + GAP_PX) // (self.least + GAP_PX))

    def column(self, at: int, *, mirrored: bool) -> tuple[int, int]:
        """The left edge of a column, and its width."""
        wide = (self.width - (self.columns - 1) * GAP_PX) / self.columns
        place = self.columns - 1 - at if mirrored else at
        left, right = round(place * (wide + GAP_PX)), round(place * (wide + GAP_PX) + wide)
        return left, right - left


@dataclass(frozen=True, slots=True)
class Group:
    """Takes by their ids, under a heading; empty where there is none."""

    heading: str
    take_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """A heading, or a row of takes. `top` and `height` are pixels of the field."""

    top: int
    height: int
    heading: str = ""
    take_ids: tuple[str, ...] = ()


class Bands:
    """All bands of some groups, in order."""

    def __init__(self, groups: Sequence[Group], measures: FieldSizes) -> None:
        self.measures = measures
        self.all = tuple(_bands(groups, measures))
        self._tops = [band.top for band in self.all]
        self._at = {take_id: place for place, band in enumerate(self.all) for take_id in band.take_ids}
        self.height = self.all[-1].top + self.all[-1].height if self.all else 0

    def between(self, top: int, bottom: int) -> tuple[Band, ...]:
        """Those of which something lies in these pixels."""
        first, last = max(0, bisect_right(self._tops, top) - 1), bisect_right(self._tops, bottom)
        return self.all[first:last]

    def place(self, take_id: str, *, mirrored: bool = False) -> QRect:
        """Where its tile lies."""
        band = self.all[self._at[take_id]]
        left, width = self.measures.column(band.take_ids.index(take_id), mirrored=mirrored)
        return QRect(left, band.top, width, band.height)

    def beside(self, take_id: str, rows: int) -> str:
        """The take so many rows below, or above where it is less than 0, in the same column or the last one there; the
        take itself where there is no such row."""
        places = [place for place, band in enumerate(self.all) if band.take_ids]
        here = places.index(self._at[take_id])
        goal = self.all[places[here + rows]] if 0 <= here + rows < len(places) else None
        if goal is None:
            return take_id
        column = self.all[self._at[take_id]].take_ids.index(take_id)
        return goal.take_ids[min(column, len(goal.take_ids) - 1)]


def _bands(groups: Sequence[Group], measures: FieldSizes) -> Iterator[Band]:
    top, columns = 0, measures.columns
    for group in groups:
        if group.heading:
            yield Band(top, measures.head, group.heading)
            top += measures.head + GAP_PX // 2
        for first in range(0, len(group.take_ids), columns):
            yield Band(top, measures.tile, take_ids=group.take_ids[first : first + columns])
            top += measures.tile + GAP_PX
