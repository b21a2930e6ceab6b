"""A toast: what was just done, with the chance to undo it. It floats over the page, above its row of actions, and goes
by itself."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from perfstudio.language.catalogue import N_, _
from perfstudio.ui.theme import RADIUS_CONTROL, theme_now
from perfstudio.ui.widgets.banner import ThemedIcon
from perfstudio.ui.widgets.base import rounded
from perfstudio.ui.widgets.button import Button, ButtonKind
from perfstudio.ui.widgets.label import PlainLabel

_OVER_FOOT, _OVER_EDGE = 12, 28
PLAIN_S, UNDO_S = 6, 12
"""How long a toast stays; at least ten seconds when something can be undone."""


def announce(widget: QWidget, words: str) -> None:
    """Say words to a screen reader, politely."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, words))


class Toast(QWidget):
    """One at a time per parent. It waits while the pointer or the focus is on it. `foot` is the height in pixels
    that it leaves free at the foot of its parent."""

    def __init__(self, parent: QWidget, foot: Callable[[], int] = lambda: 0) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        self._host, self._foot = parent, foot
        self._undo: Callable[[], object] | None = None
        row = self._row = QHBoxLayout(self)
        row.setSpacing(12)
        self._mark = ThemedIcon("check", "good")
        row.addWidget(self._mark)
        self._words = PlainLabel("", wrap=False)
        row.addWidget(self._words)
        self._button = Button(_("Undo"), ButtonKind.QUIET, on_click=self._undone)
        row.addWidget(self._button)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)
        self._laid_out = QTimer(self, singleShot=True, interval=0)
        self._laid_out.timeout.connect(self._place)
        parent.installEventFilter(self)
        self.hide()

    def show_message(
        self,
        sentence: str,
        *,
        undo: Callable[[], object] | None = None,
        undo_words: str = N_("Undo"),
        tone: str = "good",
    ) -> None:
        """Say what was done; `undo` takes it back."""
        self._undo = undo
        self._words.say(sentence)
        self._mark.show_icon({"good": "check", "look": "look", "info": "info", "danger": "retake"}[tone], tone)
        self._button.setVisible(undo is not None)
        self._row.setContentsMargins(16, 8, 8 if undo else 16, 8)
        self._button.say(_(undo_words))
        self._timer.start((UNDO_S if undo else PLAIN_S) * 1000)
        self.show()
        self._place()
        self.settle()
        self.raise_()
        announce(self, sentence)

    def settle(self) -> None:
        """Find the place again, once the page has found its own."""
        if self.isVisible():
            self._laid_out.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay where the page ends."""
        if event.type() == QEvent.Type.Resize:
            self.settle()
        return False

    def enterEvent(self, event: QEnterEvent) -> None:
        """Being looked at: wait."""
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Count down again when the pointer leaves."""
        self._timer.start((UNDO_S if self._undo else PLAIN_S) * 500)
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the raised ground."""
        now = theme_now()
        rounded(QPainter(self), QRectF(self.rect()), RADIUS_CONTROL + 2, now.color("ground3"), now.color("line"))

    def _undone(self) -> None:
        undo, self._undo = self._undo, None
        self.hide()
        if undo is not None:
            undo()

    def _place(self) -> None:
        host = self._host
        space = host.width() - 64
        self._words.setWordWrap(False)
        if self.sizeHint().width() > space:
            self._words.setWordWrap(True)
            self.setFixedWidth(space)
        else:
            self.setFixedWidth(self.sizeHint().width())
        self.adjustSize()
        foot = self._foot()
        gap = _OVER_FOOT if foot else _OVER_EDGE
        self.move((host.width() - self.width()) // 2, host.height() - foot - gap - self.height())
