"""Buttons: one primary a page, secondary ones beside it, quiet ones for the rest; the key is shown on the action."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QWidget

from perfstudio.ui.icons import pixmap
from perfstudio.ui.key_map import cap_on
from perfstudio.ui.theme import RADIUS_CONTROL, theme_now
from perfstudio.ui.widgets.base import Focusable, rounded
from perfstudio.ui.widgets.broken import BROKEN, Breaking, fixed_but_breaking, longest_word, words_size
from perfstudio.ui.widgets.keycap import cap_width, cap_words, paint_cap


class ButtonKind(StrEnum):
    """How loud a button is."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    QUIET = "quiet"
    """No ground until the pointer is over it; underlined words are for links inside text, this is for actions."""


class Button(Breaking, Focusable, QPushButton):
    """A button that paints itself. `key` is the cap on it (the page owns the shortcut), `icon` a name of the set."""

    GAP = 10

    def __init__(
        self,
        text: str,
        kind: ButtonKind = ButtonKind.SECONDARY,
        *,
        key: str = "",
        icon: str = "",
        on_click: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._kind, self._key, self._icon = kind, key, icon
        self._capped = self._iconed = True
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(fixed_but_breaking())
        self.setAccessibleName(text)
        if key:
            self.setAccessibleDescription(cap_words(key))
        if on_click is not None:
            self.clicked.connect(lambda: on_click())

    def say(self, text: str, *, key: str | None = None, icon: str | None = None) -> None:
        """Change words, cap and icon."""
        self.setText(text)
        self.setAccessibleName(text)
        self._key = self._key if key is None else key
        self._icon = self._icon if icon is None else icon
        self.fit_lines()
        self.updateGeometry()
        self.update()

    @property
    def cap(self) -> str:
        """What is to be pressed; empty where no key does it."""
        return cap_on(self, self._key)

    def keys_changed(self) -> None:
        """Another key may do it."""
        if self._key:
            self.setAccessibleDescription(cap_words(self.cap))
            self.updateGeometry()
            self.update()

    def show_cap(self, shown: bool) -> None:
        """With or without the key's cap: where it is narrow the words come first."""
        if shown is not self._capped:
            self._capped = shown
            self.updateGeometry()
            self.update()

    def show_icon(self, shown: bool) -> None:
        """With or without the icon beside its words."""
        if shown is not self._iconed:
            self._iconed = shown
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """Room for icon, words and cap."""
        return QSize(round(self._content_width() + 2 * self._pad()), theme_now().px(40))

    def minimumSizeHint(self) -> QSize:
        """Room for its longest word; the others stand below it."""
        spare = self.sizeHint().width() - round(self._words_width())
        return QSize(spare + longest_word(self.text(), self._words_font()), theme_now().px(40))

    def heightForWidth(self, width: int) -> int:
        """As high as its words are in so many pixels."""
        one, lines = QFontMetricsF(self._words_font()).height(), self._words_in(width).height()
        return round(theme_now().px(40) + max(0.0, lines - one))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, focus ring, then icon, words and cap in a row."""
        painter = QPainter(self)
        if not self.isEnabled():
            painter.setOpacity(0.42)
        colour = self._paint_ground(painter)
        words = self._words_in(self.width())
        left = (self.width() - self._content_width() + self._words_width() - words.width()) / 2
        middle = self.height() / 2
        if self._shows_icon():
            size = theme_now().px(20)
            painter.drawPixmap(
                round(left), round(middle - size / 2), pixmap(self._icon, colour, size, self.devicePixelRatio())
            )
            left += size + (8 if self.text() else 0)
        painter.setFont(self._words_font())
        painter.setPen(colour)
        painter.drawText(QRectF(left, 0, words.width() + 2, self.height()), BROKEN, self.text())
        if self._key and self._capped:
            faint = QColor(colour)
            faint.setAlphaF(0.78)
            paint_cap(painter, left + words.width() + self.GAP, middle, self.cap, faint)

    def _paint_ground(self, painter: QPainter) -> QColor:
        """Paints ground and ring; returns the colour of what stands on it."""
        now = theme_now()
        box = QRectF(self.rect())
        over = self.underMouse() and self.isEnabled()
        if self._kind is ButtonKind.PRIMARY:
            rounded(painter, box, RADIUS_CONTROL, now.color("accent_hover" if over else "accent"))
            if self.shows_ring():
                rounded(painter, box.adjusted(3, 3, -3, -3), RADIUS_CONTROL - 3, border=now.color("on_accent"), width=2)
            return now.color("on_accent")
        if self._kind is ButtonKind.SECONDARY:
            rounded(painter, box, RADIUS_CONTROL, now.color("hover" if over or self.isDown() else "ground3"))
        elif over or self.isDown():
            rounded(painter, box, RADIUS_CONTROL, now.color("ground2"))
        if self.shows_ring():
            rounded(painter, box, RADIUS_CONTROL, border=now.color("accent_text"), width=2)
        return now.color("text1" if self._kind is ButtonKind.SECONDARY or over else "text2")

    def _pad(self) -> int:
        return (
            theme_now().px(18 if self.text() else 10)
            if self._kind is not ButtonKind.QUIET
            else theme_now().px(12 if self.text() else 10)
        )

    def _words_font(self) -> QFont:
        weight = QFont.Weight.DemiBold if self._kind is ButtonKind.PRIMARY else QFont.Weight.Medium
        return theme_now().font_at(15, weight)

    def _shows_icon(self) -> bool:
        return bool(self._icon) and (self._iconed or not self.text())

    def _words_width(self) -> float:
        return QFontMetricsF(self._words_font()).horizontalAdvance(self.text())

    def _words_in(self, width: int) -> QSizeF:
        spare = self._content_width() - self._words_width() + 2 * self._pad()
        return words_size(self.text(), self._words_font(), width - spare + 1)

    def _content_width(self) -> float:
        words = self._words_width()
        icon = (theme_now().px(20) + (8 if self.text() else 0)) if self._shows_icon() else 0
        cap = cap_width(self.cap) if self._capped else 0
        return words + icon + (cap + self.GAP if cap else 0)


class IconButton(Button):
    """A button that is only an icon; `name` is what readers say and what the tool tip shows."""

    def __init__(
        self, icon: str, name: str, *, on_click: Callable[[], object] | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__("", ButtonKind.QUIET, icon=icon, on_click=on_click, parent=parent)
        self.setAccessibleName(name)
        self.setToolTip(name)
