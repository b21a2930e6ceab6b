"""How large words are that are read from two metres, where a performer stands.

40 px in a window of 1280 by 800 are capitals of 7 mm on a laptop of 14 inches, and from two metres 12 minutes of arc;
an eye that reads the 20/20 line makes out 5. A larger window has larger words, a smaller one three quarters of them at
least, and text that was made larger by hand is never smaller here than elsewhere.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize

from perfstudio.ui.theme import theme_now
from perfstudio.ui.widgets import PlainLabel

FAR_PX = 40
DESIGNED = QSize(1280, 800)
LEAST_PX = 20
"""Where there is no room for more: still larger than anything else in the window."""
_STEP_PX = 2


def share(area: QRect) -> float:
    """How much larger a window is than the designed one."""
    return min(area.width() / DESIGNED.width(), area.height() / DESIGNED.height())


def far_px(area: QRect, wanted: float = FAR_PX) -> float:
    """The size in pixels of what is read from afar in such a window, as a label takes it (at 100 % text)."""
    return max(LEAST_PX, wanted * max(0.75, share(area)) / theme_now().scale)


def size_to_fit(labels: tuple[PlainLabel, ...], wanted: float, width: int, high: int, least: float) -> None:
    """Give labels that wrap below each other the largest size, at most `wanted`, in which they are no higher than
    `high` pixels together and no word is wider than `width`."""
    size = wanted
    while True:
        for label in labels:
            label.set_size(size)
        if size <= least or (_height(labels, width) <= high and _widest(labels) <= width):
            return
        size = max(least, size - _STEP_PX)


def _height(labels: tuple[PlainLabel, ...], width: int) -> int:
    return sum(label.heightForWidth(width) for label in labels if label.text())


def _widest(labels: tuple[PlainLabel, ...]) -> int:
    words = ((label, word) for label in labels for word in label.text().split())
    return max((label.fontMetrics().horizontalAdvance(word) for label, word in words), default=0)
