"""The steps of the set-up check, and where it is."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from perfstudio.language.catalogue import Messages, _
from perfstudio.model.room import RoomPart
from perfstudio.texts import green_room as words
from perfstudio.ui.icons import pixmap
from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets import Card, PlainLabel

STEPS: tuple[RoomPart | None, ...] = (None, *RoomPart)
"""None is the look before anything is recorded."""


class Standing(StrEnum):
    """How far a step is."""

    LATER = "later"
    NOW = "now"
    DONE = "done"


# Translators: where a step of the check stands, as it is read out.
_STANDINGS: Messages[dict[Standing, str]] = {Standing.LATER: "later", Standing.NOW: "now", Standing.DONE: "done"}


class StepSign(QWidget):
    """A ring with a number, the same in the accent, or a check."""

    SIDE = 26

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self._standing = Standing.LATER
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_standing(self, standing: Standing) -> None:
        """Show whether this step is done, runs or waits."""
        self._standing = standing
        self.update()

    def sizeHint(self) -> QSize:
        """As high as its words."""
        return QSize(theme_now().px(self.SIDE), theme_now().px(self.SIDE))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the sign of the standing."""
        now, painter = theme_now(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._standing is Standing.DONE:
            side = self.width()
            painter.drawPixmap(0, 0, pixmap("good", now.color("good"), side, self.devicePixelRatio()))
            return
        here = self._standing is Standing.NOW
        painter.setPen(QPen(now.color("accent_line" if here else "line"), 1.6))
        painter.setBrush(now.color("accent_soft") if here else Qt.BrushStyle.NoBrush)
        radius = self.width() / 2 - 1.5
        painter.drawEllipse(QPointF(self.rect().center()) + QPointF(0.5, 0.5), radius, radius)
        painter.setFont(now.font(Role.MICRO, tabular=True))
        painter.setPen(now.color("accent_text" if here else "text2"))
        painter.drawText(QRectF(self.rect()), int(Qt.AlignmentFlag.AlignCenter), str(self._number))


class StepLine(QWidget):
    """One step: sign, name, what it is."""

    def __init__(self, number: int, name: str, detail: str) -> None:
        super().__init__()
        self.name = name
        self.standing = Standing.LATER
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        self._sign = StepSign(number)
        row.addWidget(self._sign, alignment=Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(1)
        self._name = PlainLabel(name, Role.STRONG, wrap=True)
        column.addWidget(self._name)
        column.addWidget(PlainLabel(detail, Role.SMALL, "text2", wrap=True))
        row.addLayout(column, 1)
        self.show_standing(Standing.LATER)

    def show_standing(self, standing: Standing) -> None:
        """Where the check is."""
        self.standing = standing
        self._sign.show_standing(standing)
        self._name.say(self.name, "text2" if standing is Standing.LATER else "text1")
        self.setAccessibleName(_("{name}: {state}", name=self.name, state=_(_STANDINGS[standing])))


class StepsCard(Card):
    """All steps; `show_part` says which one is now."""

    def __init__(self) -> None:
        super().__init__(_("The check"), padding=20, spacing=16)
        self.lines: dict[RoomPart | None, StepLine] = {}
        for number, step in enumerate(STEPS, start=1):
            name, detail, _headline = words.LOOK if step is None else words.PARTS[step]
            self.lines[step] = StepLine(number, _(name), _(detail))
            self.body.addWidget(self.lines[step])

    def show_part(self, part: RoomPart | None, *, all_done: bool = False) -> None:
        """What lies before `part` is done; None is the look before."""
        at = len(STEPS) if all_done else STEPS.index(part)
        for place, line in enumerate(self.lines.values()):
            standing = Standing.DONE if place < at else Standing.NOW if place == at else Standing.LATER
            if standing is not line.standing:
                line.show_standing(standing)
