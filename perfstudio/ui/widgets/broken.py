"""Words of a control that break into lines where it is narrower than they are: never cut, and never shortened."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

if TYPE_CHECKING:
    _Base = QWidget
else:
    _Base = object  # a widget has one Qt base only; the mixin comes before it

BROKEN = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap)
"""Flags to draw them with."""


def words_size(words: str, font: QFont, most: float) -> QSizeF:
    """Width and height of words in at most so many pixels: one line, or as many as it takes."""
    metrics = QFontMetricsF(font)
    if (width := metrics.horizontalAdvance(words)) <= most:
        return QSizeF(width, metrics.height())
    taken = metrics.boundingRect(QRectF(0, 0, max(1.0, most), 1e6), BROKEN, words)
    return QSizeF(ceil(taken.width()), ceil(taken.height()))


def longest_word(words: str, font: QFont) -> int:
    """Width of the longest of them: less room cuts it."""
    metrics = QFontMetricsF(font)
    return ceil(max((metrics.horizontalAdvance(word) for word in words.split()), default=0.0))


def fixed_but_breaking() -> QSizePolicy:
    """As large as it asks to be, and higher where it is narrower."""
    policy = QSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    policy.setHeightForWidth(True)
    return policy


class Breaking(_Base):
    """Mixin: a control with a fixed size, which is let be higher where it is narrower than its words. `fit_lines` after
    other words; `heightForWidth` says how high."""

    def fit_lines(self) -> None:
        """Qt keeps what has a fixed size at its hint, unless it is told another one."""
        most = max(self.sizeHint().height(), self.heightForWidth(self.width()))
        if most != self.maximumHeight():
            self.setMaximumHeight(most)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There is more room, or less."""
        super().resizeEvent(event)
        self.fit_lines()

    def changeEvent(self, event: QEvent) -> None:
        """Another size of text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.fit_lines()
