"""Chips: a short fact in a full-round shape, painted alone or inside other widgets; and the chip that can be chosen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from perfstudio.ui.icons import pixmap
from perfstudio.ui.key_map import cap_on
from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets.base import Focusable, rounded
from perfstudio.ui.widgets.broken import BROKEN, Breaking, fixed_but_breaking, longest_word, words_size
from perfstudio.ui.widgets.heard import Heard
from perfstudio.ui.widgets.keycap import cap_width, cap_words, paint_cap

_TONES = {
    "plain": ("text2", "ground3"),
    "accent": ("accent_text", "accent_soft"),
    "good": ("good", "good_soft"),
    "look": ("look", "look_soft"),
    "info": ("info", "info_soft"),
    "danger": ("danger", "danger_soft"),
}


LEAST_PX = 22
"""Words that have less room than this say nothing any more."""


def chip_size(text: str, icon: str = "") -> QSize:
    """Size of a chip in pixels."""
    words = QFontMetricsF(theme_now().font(Role.SMALL)).horizontalAdvance(text)
    return QSize(round(words) + _around(icon), theme_now().px(25))


def _around(icon: str) -> int:
    """What is beside the words: the ends, and an icon."""
    return theme_now().px(20) + (theme_now().px(18) if icon else 0)


def shortened(text: str, most: float, icon: str = "") -> str:
    """The words of a chip that may be `most` pixels wide, with an ellipsis where they are cut; empty where not even a
    few letters have room."""
    over = chip_size(text, icon).width() - most
    if over <= 0:
        return text
    metrics = QFontMetricsF(theme_now().font(Role.SMALL))
    room = metrics.horizontalAdvance(text) - over - 1  # a pixel, for sizes are whole
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, room) if room > theme_now().px(LEAST_PX) else ""


def paint_chip(
    painter: QPainter,
    left: float,
    top: float,
    text: str,
    tone: str = "plain",
    *,
    icon: str = "",
    over: bool = False,
    most: float | None = None,
    size: QSize | None = None,
    inset: float = 0,
) -> float:
    """Draw a chip, at most `most` pixels wide, and return the x of its right edge; that is `left` where it has no room.
    In a `size` of its own it breaks its words into lines. `inset`: air before the words, in pixels.

    `tone` is plain, accent, good, look, info or danger.
    """
    text = text if most is None else shortened(text, most, icon)
    if not text:
        return left
    words, ground = (theme_now().color(name) for name in _TONES[tone])
    size = size or chip_size(text, icon)
    box = QRectF(left, top, size.width(), size.height())
    rounded(painter, box, theme_now().px(25) / 2, theme_now().color("hover") if over and tone == "plain" else ground)
    inner = box.adjusted(theme_now().px(10) + inset, 0, 0, 0)
    if icon:
        side = theme_now().px(14)
        painter.drawPixmap(round(inner.left()), round(box.center().y() - side / 2), pixmap(icon, words, side))
        inner.adjust(theme_now().px(18), 0, 0, 0)
    painter.setPen(QColor(words))
    painter.setFont(theme_now().font(Role.SMALL))
    painter.drawText(inner, BROKEN if size.height() > theme_now().px(26) else int(Qt.AlignmentFlag.AlignVCenter), text)
    return box.right()


class Chip(Breaking, Focusable, QAbstractButton):
    """A chip as a widget. Not chosen and not clickable unless `checkable` or `on_click` says so. `one_of`: of its row
    only one is chosen at a time. `key` is the cap on it (the page owns the shortcut)."""

    _live = _one_of = False  # a reader may ask while the chip is made

    def __init__(
        self,
        text: str,
        tone: str = "plain",
        *,
        icon: str = "",
        key: str = "",
        checkable: bool = False,
        one_of: bool = False,
        on_click: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tone, self._icon, self._key = tone, icon, key
        self.setText(text)
        self.setAccessibleName(text)
        self.keys_changed()
        self.setCheckable(checkable)
        self.setSizePolicy(fixed_but_breaking())
        self._live, self._one_of = checkable or on_click is not None, one_of
        if self._live:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        if on_click is not None:
            self.clicked.connect(lambda: on_click())

    def say(self, text: str, tone: str | None = None) -> None:
        """Change words and tone."""
        self.setText(text)
        self.setAccessibleName(text)
        self._tone = tone or self._tone
        self.fit_lines()
        self.updateGeometry()
        self.update()

    def heard_role(self) -> Heard:
        """A word, a button, or a choice."""
        if not self.isCheckable():
            return Heard.Button if self._live else Heard.StaticText
        return Heard.RadioButton if self._one_of else Heard.CheckBox

    def keys_changed(self) -> None:
        """Another key does it."""
        self.setAccessibleDescription(cap_words(cap_on(self, self._key)) if self._key else "")
        self.updateGeometry()
        self.update()

    def _inset(self) -> int:
        """What its cap takes from the words."""
        return round(cap_width(cap_on(self, self._key))) if self._key else 0

    def sizeHint(self) -> QSize:
        """As long as its words."""
        return chip_size(self.text(), self._icon) + QSize(self._inset(), 0)

    def minimumSizeHint(self) -> QSize:
        """Room for its longest word, where nothing gives it more (`FlowLayout`). A row of a layout never breaks it."""
        wanted = self.sizeHint()
        longest = longest_word(self.text(), theme_now().font(Role.SMALL)) + _around(self._icon) + self._inset()
        return QSize(min(wanted.width(), longest), wanted.height())

    def heightForWidth(self, width: int) -> int:
        """As high as its words are in so many pixels."""
        font = theme_now().font(Role.SMALL)
        lines = words_size(self.text(), font, width - _around(self._icon) - self._inset() + 1).height()
        return round(self.sizeHint().height() + max(0.0, lines - QFontMetricsF(font).height()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys belong to the row the chip stands in."""
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The chip, its ring when focused by key; chosen chips speak in the accent."""
        painter = QPainter(self)
        if not self.isEnabled():
            painter.setOpacity(0.42)
        tone = "accent" if self.isCheckable() and self.isChecked() else self._tone
        over = self._live and self.underMouse()
        inset = self._inset()
        paint_chip(painter, 0, 0, self.text(), tone, icon=self._icon, over=over, size=self.size(), inset=inset)
        if inset:
            colour = theme_now().color(_TONES[tone][0])
            paint_cap(painter, theme_now().px(6), self.height() / 2, cap_on(self, self._key), colour)
        if self.isCheckable() and self.isChecked():
            edge = theme_now().color("accent_line")
            rounded(painter, QRectF(self.rect()), theme_now().px(25) / 2, border=edge, width=theme_now().px(1.5))
        if self.shows_ring():
            rounded(
                painter, QRectF(self.rect()), theme_now().px(25) / 2, border=theme_now().color("accent_text"), width=2
            )
