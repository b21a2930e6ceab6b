"""One of several: a radio button with a name, a quiet second line and chips at the right."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QRadioButton, QSizePolicy, QWidget

from perfstudio.ui.theme import RADIUS_CONTROL, Role, theme_now
from perfstudio.ui.widgets.base import Focusable, rounded
from perfstudio.ui.widgets.chip import chip_size, paint_chip


@dataclass(frozen=True, slots=True)
class RowChoice:
    """What a row says. `chips` are (words, tone)."""

    id: str
    name: str
    detail: str = ""
    chips: tuple[tuple[str, str], ...] = ()
    away: bool = False
    """Chosen once and not here now: shown quieter, never left out."""


class ChoiceRow(Focusable, QRadioButton):
    """Rows with one parent exclude each other; arrow keys walk through them. A long name ends in an ellipsis."""

    GAP = 10

    def __init__(self, choice: RowChoice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.choice = choice
        self.say(choice)

    def say(self, choice: RowChoice) -> None:
        """Say something else about the same thing."""
        self.choice = choice
        words = [choice.detail, *(chip for chip, _ in choice.chips)]
        self.setAccessibleName(choice.name)
        self.setAccessibleDescription(", ".join(part for part in words if part))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Two lines high where there are two."""
        return QSize(theme_now().px(200), theme_now().px(50 if self.choice.detail else 40))

    def minimumSizeHint(self) -> QSize:
        """Narrow rows cut the name, never the chips."""
        chips = sum(chip_size(words).width() + 6 for words, _ in self.choice.chips)
        return QSize(theme_now().px(80) + chips, self.sizeHint().height())

    def hitButton(self, pos: object) -> bool:
        """The whole row takes the click."""
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground under the pointer and when chosen, dot, words, chips."""
        now, painter = theme_now(), QPainter(self)
        box = QRectF(self.rect())
        if not self.isEnabled():
            painter.setOpacity(0.5)
        if self.isChecked() or (self.underMouse() and self.isEnabled()):
            rounded(painter, box, RADIUS_CONTROL, now.color("ground2"))
        if self.shows_ring():
            rounded(painter, box, RADIUS_CONTROL, border=now.color("accent_text"), width=2)
        self._paint_dot(painter)
        right = self._paint_chips(painter)
        self._paint_words(painter, right)

    def _paint_dot(self, painter: QPainter) -> None:
        now = theme_now()
        radius = now.px(8)
        centre = QPointF(now.px(12) + radius, self.height() / 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(now.color("accent_line" if self.isChecked() else "edge"), now.px(1.6) or 1))
        painter.drawEllipse(centre, radius, radius)
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(now.color("accent_line"))
            painter.drawEllipse(centre, now.px(4), now.px(4))

    def _paint_chips(self, painter: QPainter) -> float:
        """From the right edge inwards; returns where they begin."""
        left = float(self.width() - self.GAP)
        for words, tone in reversed(self.choice.chips):
            size = chip_size(words)
            left -= size.width()
            paint_chip(painter, left, (self.height() - size.height()) / 2, words, tone)
            left -= 6
        return left

    def _paint_words(self, painter: QPainter, right: float) -> None:
        now = theme_now()
        left = now.px(12 + 16 + 12)
        width_left = max(0.0, right - left - 4)
        lines = [(Role.BODY, self.choice.name, "text2" if self.choice.away else "text1")]
        if self.choice.detail:
            lines.append((Role.SMALL, self.choice.detail, "text2"))
        heights = [QFontMetricsF(now.font(role)).height() for role, _, _ in lines]
        top = (self.height() - sum(heights)) / 2
        for (role, words, tone), height in zip(lines, heights, strict=True):
            painter.setFont(now.font(role))
            painter.setPen(now.color(tone))
            shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(width_left))
            painter.drawText(QRectF(left, top, width_left, height), int(Qt.AlignmentFlag.AlignVCenter), shown)
            if role is Role.BODY:
                tip = words if shown != words else ""
                if tip != self.toolTip():
                    self.setToolTip(tip)
            top += height
