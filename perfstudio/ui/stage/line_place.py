"""Where the prompt line stands: at the top, under a laptop's lens, or wherever the lens of another camera is."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize

STEP = 0.125
"""How far a key moves it, as a share of the room."""
_NEAR = 0.08
"""So near to the top and the middle it is meant to be there."""
_LEAST_PX, _SHARE = 320, 0.38
"""Its width where it does not stand at the top, in pixels and as a share of the room."""


@dataclass(frozen=True, slots=True)
class LinePlace:
    """Shares of the room that is left: 0, 0 is its upper left corner, 1, 1 the lower right one."""

    x: float = 0.5
    y: float = 0.0

    @property
    def at_top(self) -> bool:
        """Under the lens of a laptop, over the whole width."""
        return self == LinePlace()

    def moved(self, across: int, down: int) -> LinePlace:
        """A step further, within the room."""
        return _settled(self.x + across * STEP, self.y + down * STEP)

    def rect(self, room: QRect, size: QSize) -> QRect:
        """Where a line of this size stands in the room."""
        left = room.left() + round(self.x * max(0, room.width() - size.width()))
        return QRect(QPoint(left, room.top() + round(self.y * max(0, room.height() - size.height()))), size)


def width_in(room: QRect) -> int:
    """How wide the line may be beside the picture's middle."""
    return min(room.width(), max(_LEAST_PX, round(room.width() * _SHARE)))


def place_at(point: QPoint, room: QRect, size: QSize) -> LinePlace:
    """The place at which the line's middle is at this point."""
    free = max(1, room.width() - size.width()), max(1, room.height() - size.height())
    x, y = point.x() - size.width() / 2 - room.left(), point.y() - size.height() / 2 - room.top()
    place = _settled(x / free[0], y / free[1])
    return LinePlace() if place.y < _NEAR and abs(place.x - 0.5) < 2 * _NEAR else place


def _settled(x: float, y: float) -> LinePlace:
    return LinePlace(round(max(0.0, min(1.0, x)), 3), round(max(0.0, min(1.0, y)), 3))
