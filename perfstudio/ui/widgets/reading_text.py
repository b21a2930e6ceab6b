"""Longer text, set for reading: more air between the lines than a label gives, and never wider than the eye likes."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from perfstudio.ui.theme import theme_now

LEADING = 1.5
"""Line height as a multiple of the font size."""


def set_lines(text: str, font: QFont, width: float, most: int = 0) -> list[str]:
    """Text broken into lines of at most `width` pixels; with `most`, the last line ends in an ellipsis when cut."""
    lines: list[str] = []
    metrics = QFontMetricsF(font)
    for paragraph in text.splitlines() or [""]:
        for start, length in _broken(paragraph, font, width):
            if most and len(lines) == most - 1:
                rest = " ".join([paragraph[start:], *text.splitlines()[len(lines) + 1 :]])
                lines.append(metrics.elidedText(rest, Qt.TextElideMode.ElideRight, width))
                return lines
            lines.append(paragraph[start : start + length].rstrip())
    return lines


def _broken(paragraph: str, font: QFont, width: float) -> Iterator[tuple[int, int]]:
    layout = QTextLayout(paragraph, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(1.0, width))
        # Python slices by code points, Qt counts UTF-16 units
        before = paragraph.encode("utf-16-le")[: 2 * line.textStart()].decode("utf-16-le", "ignore")
        inside = paragraph.encode("utf-16-le")[2 * line.textStart() : 2 * (line.textStart() + line.textLength())]
        yield len(before), len(inside.decode("utf-16-le", "ignore"))
    layout.endLayout()


class ReadingText(QLabel):
    """Plain paragraphs. `size` and `measure` (the widest line; 0: as wide as there is room) in pixels at 100 % text."""

    def __init__(
        self,
        text: str = "",
        *,
        size: float = 16,
        tone: str = "text1",
        weight: QFont.Weight = QFont.Weight.Normal,
        measure: int = 680,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self._size, self._tone, self._weight, self._measure = size, tone, weight, measure
        self._lines: dict[tuple[str, int, int], list[str]] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setText(text)

    def hasHeightForWidth(self) -> bool:
        """True: lines wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height of all lines at a width, in pixels."""
        return round(len(self._set(width)) * self._pitch())

    def sizeHint(self) -> QSize:
        """The width of the measure, and the height of its lines."""
        width = theme_now().px(self._measure or 680)
        words = QFontMetricsF(self._face()).horizontalAdvance(self.text())
        width = min(width, round(words) + 2)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """A column of one long word."""
        return QSize(theme_now().px(120), round(self._pitch()))

    def changeEvent(self, event: QEvent) -> None:
        """Measures follow the look."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw each line of the layout."""
        painter = QPainter(self)
        face = self._face()
        painter.setFont(face)
        painter.setPen(theme_now().color(self._tone))
        metrics = QFontMetricsF(face)
        drop = (self._pitch() - metrics.height()) / 2 + metrics.ascent()
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        for row, line in enumerate(self._set(self.width())):
            left = self.width() - metrics.horizontalAdvance(line) if mirrored else 0
            painter.drawText(QPointF(left, row * self._pitch() + drop), line)

    def _set(self, width: int) -> list[str]:
        """The lines at a width. Layouts ask for many widths many times: each is broken once."""
        width_left = round(self._width_left(width))
        key = (self.text(), width_left, theme_now().px(self._size))
        if key not in self._lines:
            if len(self._lines) > 16:
                self._lines.clear()
            self._lines[key] = set_lines(self.text(), self._face(), width_left)
        return self._lines[key]

    def _face(self) -> QFont:
        return theme_now().font_at(self._size, self._weight)

    def _pitch(self) -> float:
        return theme_now().px(self._size) * LEADING

    def _width_left(self, width: int) -> float:
        return min(width, theme_now().px(self._measure)) if self._measure else width
