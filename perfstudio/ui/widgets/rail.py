"""The slim rail at the left: the rooms of the app, the last one at the foot."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.ui.icons import pixmap
from perfstudio.ui.theme import RADIUS_CONTROL, Role, theme_now
from perfstudio.ui.widgets.base import Focusable, rounded
from perfstudio.ui.widgets.heard import Heard


class RailButton(Focusable, QAbstractButton):
    """Icon over a word."""

    def __init__(self, icon: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self._count = 0
        self.setText(words)
        self.setAccessibleName(words)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def heard_role(self) -> Heard:
        """One of the rooms, of which one is in front."""
        return Heard.PageTab

    def show_count(self, count: int, words: str = "") -> None:
        """A small number at the icon for what waits; `words` for readers."""
        self._count = count
        self.setAccessibleDescription(words)
        self.update()

    def sizeHint(self) -> QSize:
        """Icon over name."""
        words = self.fontMetrics().horizontalAdvance(self.text()) * 12 // 15
        return QSize(max(theme_now().px(68), words + 12), theme_now().px(64))

    def minimumSizeHint(self) -> QSize:
        """The name alone: in a low window large text comes first, and the icon goes."""
        least = QFontMetrics(theme_now().font(Role.MICRO)).height() + 8
        return QSize(self.sizeHint().width(), min(least, self.sizeHint().height()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down belong to the rail: they move the focus and open nothing."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground when chosen, icon, word, number."""
        now, painter = theme_now(), QPainter(self)
        box = QRectF(self.rect())
        chosen = self.isChecked()
        if chosen:
            rounded(painter, box, RADIUS_CONTROL, now.color("accent_soft"))
            bar = QRectF(2, box.height() * 0.28, 3, box.height() * 0.44)
            rounded(painter, bar, 1.5, now.color("accent_line"))
        elif self.underMouse():
            rounded(painter, box, RADIUS_CONTROL, now.color("ground2"))
        if self.shows_ring():
            rounded(painter, box, RADIUS_CONTROL, border=now.color("accent_text"), width=2)
        colour = now.color("accent_text" if chosen else "text2")
        painter.setFont(now.font(Role.MICRO))
        side = now.px(24)
        rest = self.height() - side - painter.fontMetrics().height()
        top = min(now.px(10), max(2, rest // 3))  # large text in a low window
        left = (self.width() - side) // 2
        if rest < 4:  # no room for it
            side = top = 0
        else:
            painter.drawPixmap(left, top, pixmap(self._icon, colour, side, self.devicePixelRatio()))
        painter.setPen(colour)
        words = self.rect().adjusted(0, top + side, 0, -min(top, now.px(6)))
        painter.drawText(words, int(Qt.AlignmentFlag.AlignCenter), self.text())
        if self._count:
            self._paint_count(painter, left + side, top)

    def _paint_count(self, painter: QPainter, right: int, top: int) -> None:
        now = theme_now()
        words = str(self._count) if self._count < 100 else "99+"
        painter.setFont(now.font(Role.MICRO, tabular=True))
        width = max(now.px(17), painter.fontMetrics().horizontalAdvance(words) + now.px(9))
        badge = QRectF(right - now.px(5), top - now.px(4), width, now.px(17))
        rounded(painter, badge, badge.height() / 2, now.color("info_soft"), now.color("rail"), 1)
        painter.setPen(now.color("info"))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, words)


class Rail(QWidget):
    """The rooms. `chosen` carries the name of the room; up and down move inside the rail."""

    chosen = Signal(str)

    def __init__(self, rooms: dict[str, tuple[str, str]], foot: str, parent: QWidget | None = None) -> None:
        """`rooms` maps names to (icon, words); the room named `foot` sits at the bottom."""
        super().__init__(parent)
        self.setAccessibleName(_("Rooms"))
        self._buttons: dict[str, RailButton] = {}
        group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 18, 9, 18)
        column.setSpacing(6)
        for name, (icon, words) in rooms.items():
            if name == foot:
                column.addStretch(1)
            button = RailButton(icon, _(words), self)
            button.clicked.connect(lambda _=False, name=name: self.chosen.emit(name))
            group.addButton(button)
            self._buttons[name] = button
            column.addWidget(button)  # all as wide as the longest word
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def heard_role(self) -> Heard:
        """The list of the rooms."""
        return Heard.PageTabList

    def button(self, name: str) -> RailButton:
        """The button of a room."""
        return self._buttons[name]

    def mark(self, name: str) -> None:
        """Show where we are."""
        self._buttons[name].setChecked(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down move to the next button."""
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        step = steps.get(Qt.Key(event.key()))
        focused = next((i for i, b in enumerate(self._buttons.values()) if b.hasFocus()), None)
        if step is None or focused is None:
            super().keyPressEvent(event)
            return
        buttons = list(self._buttons.values())
        buttons[(focused + step) % len(buttons)].setFocus(Qt.FocusReason.TabFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground and the hairline at the right."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme_now().color("rail"))
        painter.fillRect(self.width() - 1, 0, 1, self.height(), theme_now().color("line"))
