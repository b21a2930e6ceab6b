"""The key beside an action: a small outlined cap, in a button or in a row of hints."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from perfstudio.language.catalogue import C_, _
from perfstudio.ui.key_map import cap_on
from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets.base import Focusable, KeptPicture, rounded
from perfstudio.ui.widgets.broken import BROKEN, Breaking, fixed_but_breaking, longest_word, words_size
from perfstudio.ui.widgets.flow import FlowLayout


def cap_font() -> QFont:
    """The font of key caps."""
    return theme_now().font_at(12, QFont.Weight.Medium)


KEYS = {
    "Esc": C_("a key", "Esc"),
    "Space": C_("a key", "Space"),
    "Enter": C_("a key", "Enter"),
    "Tab": C_("a key", "Tab"),
    "Del": C_("a key", "Del"),
    "Home": C_("a key", "Home"),
    "End": C_("a key", "End"),
    "PgUp": C_("a key", "PgUp"),
    "PgDn": C_("a key", "PgDn"),
    "Ctrl": C_("a key", "Ctrl"),
    "Play": C_("a key", "Play"),
    "Play/Pause": C_("a key", "Play/Pause"),
    "Pause": C_("a key", "Pause"),
    "Stop": C_("a key", "Stop"),
    "Next": C_("a key", "Next"),
    "Previous": C_("a key", "Previous"),
    "Louder": C_("a key", "Louder"),
    "Softer": C_("a key", "Softer"),
    "Mute": C_("a key", "Mute"),
}
"""Keys whose caps have a word on them. A sign or a letter is on the keyboard as it is here."""


def cap_words(key: str) -> str:
    """What is written on a key, or on keys that are pressed together: Ctrl ↵ is Strg ↵ on a German keyboard."""
    return " ".join(_(KEYS[part]) if part in KEYS else part for part in key.split(" "))


def cap_width(key: str) -> float:
    """Width of a cap in pixels; 0 without a key."""
    if not key:
        return 0.0
    return max(theme_now().px(22), QFontMetricsF(cap_font()).horizontalAdvance(cap_words(key)) + theme_now().px(13))


def cap_height() -> int:
    """Height of every cap in pixels."""
    return theme_now().px(19)


def paint_cap(painter: QPainter, left: float, middle: float, key: str, colour: QColor) -> None:
    """Draw a cap with its left edge at `left`, vertically centred on `middle`."""
    box = QRectF(left, middle - cap_height() / 2, cap_width(key), cap_height())
    outline = QColor(colour)
    outline.setAlphaF(0.62)
    rounded(painter, box, 5, border=outline, width=1.2)
    painter.setPen(colour)
    painter.setFont(cap_font())
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, cap_words(key))


class KeyHint(Breaking, Focusable, QAbstractButton):
    """A key and what it does, quiet; a click does the same. Colours are fixed when it lies over a picture. One that is
    checked speaks in the accent; its words say so, too."""

    GAP = 8

    def __init__(self, key: str, words: str, *, fixed: QColor | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key, self._fixed = key, fixed
        self._picture = KeptPicture()
        self.setText(words)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(fixed_but_breaking())
        self.setAccessibleName(words)
        self.setAccessibleDescription(cap_words(key))

    @property
    def cap(self) -> str:
        """What is to be pressed."""
        return cap_on(self, self._key)

    def keys_changed(self) -> None:
        """Another key does it."""
        self.setAccessibleDescription(cap_words(self.cap))
        self.updateGeometry()
        self.update()

    def say(self, words: str) -> None:
        """Change what the key does."""
        if words != self.text():
            self.setText(words)
            self.setAccessibleName(words)
            self.fit_lines()
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Cap, gap and words, at least 28 px high for the pointer."""
        words = QFontMetricsF(theme_now().font(Role.BODY)).horizontalAdvance(self.text())
        return QSize(round(cap_width(self.cap) + self.GAP + words) + 9, max(28, theme_now().px(28)))

    def minimumSizeHint(self) -> QSize:
        """Room for the cap and the longest word; the others stand below it."""
        longest = longest_word(self.text(), theme_now().font(Role.BODY))
        return QSize(round(cap_width(self.cap) + self.GAP) + longest + 9, self.sizeHint().height())

    def heightForWidth(self, width: int) -> int:
        """As high as its words are in so many pixels."""
        font = theme_now().font(Role.BODY)
        lines = words_size(self.text(), font, width - cap_width(self.cap) - self.GAP - 8).height()
        return max(self.sizeHint().height(), round(lines))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Cap and words, from a picture of them: over a moving picture this is painted thirty times a second."""
        state = (self.underMouse(), self.isEnabled(), self.isChecked(), self.shows_ring())
        self._picture.paint(self, (self.text(), self.cap, state), self._draw)

    def _draw(self, painter: QPainter) -> None:
        colour = self._fixed or theme_now().color("accent_text" if self.isChecked() else "text2")
        if self.underMouse() and self.isEnabled():
            colour = QColor("#ffffff") if self._fixed else theme_now().color("text1")
        if not self.isEnabled():
            painter.setOpacity(0.45)
        if self.shows_ring():
            rounded(painter, QRectF(self.rect()), 7, border=theme_now().color("accent_text"), width=2)
        paint_cap(painter, 4, self.height() / 2, self.cap, colour)
        painter.setFont(theme_now().font(Role.BODY))
        painter.setPen(colour)
        left = round(4 + cap_width(self.cap) + self.GAP)
        room = self.rect().adjusted(left, 0, 0, 0)
        painter.drawText(room, BROKEN, self.text())
        painter.end()


class KeyHintRow(QWidget):
    """Key hints side by side, centred, in more lines when they must. `triggered` carries the name of a clicked one."""

    triggered = Signal(str)

    def __init__(self, *, fixed: QColor | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fixed = fixed
        self._hints: dict[str, KeyHint] = {}
        self._row = FlowLayout(self, spacing=24, centred=True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add(self, name: str, key: str, words: str) -> KeyHint:
        """Add a key with what it does."""
        hint = KeyHint(key, words, fixed=self._fixed, parent=self)
        hint.clicked.connect(lambda: self.triggered.emit(name))
        self._hints[name] = hint
        self._row.addWidget(hint)
        return hint

    def hint(self, name: str) -> KeyHint:
        """The hint with this name."""
        return self._hints[name]

    def show_only(self, *names: str) -> None:
        """Show these and hide the others."""
        for name, hint in self._hints.items():
            hint.setVisible(name in names)


def key_words(sequence: QKeySequence | Qt.Key | str) -> str:
    """How a key is written on a cap in the system's own way."""
    return QKeySequence(sequence).toString(QKeySequence.SequenceFormat.NativeText)
