"""A banner: a calm sentence on a tinted ground, with what can be done about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.ui.icons import pixmap
from perfstudio.ui.theme import RADIUS_CARD, Role, theme_now
from perfstudio.ui.widgets.base import rounded
from perfstudio.ui.widgets.button import Button, IconButton
from perfstudio.ui.widgets.heard import Heard
from perfstudio.ui.widgets.label import PlainLabel

_ICONS = {"good": "good", "look": "look", "info": "info", "danger": "retake"}


class ThemedIcon(QLabel):
    """An icon of the set that follows the look; decoration for readers."""

    def __init__(self, icon: str, tone: str, size: int = 20, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._tone, self._size = icon, tone, size
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._draw()

    def heard_role(self) -> Heard:
        """A picture; without a name it is not there."""
        return Heard.Graphic

    def show_icon(self, icon: str, tone: str) -> None:
        """Another icon or tone."""
        self._icon, self._tone = icon, tone
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """Repaint in the colours of a new theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._draw()

    def _draw(self) -> None:
        side = theme_now().px(self._size)
        self.setPixmap(pixmap(self._icon, theme_now().color(self._tone), side))
        self.setFixedSize(side, side)


class Banner(QWidget):
    """Tone good, look, info or danger. `action` is (words, callable); `on_close` shows a closing cross."""

    def __init__(
        self,
        sentence: str,
        tone: str = "info",
        *,
        detail: str = "",
        action: tuple[str, Callable[[], object]] | None = None,
        on_close: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.tone = tone
        self.setAccessibleName(sentence)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 12, 12)
        row.setSpacing(12)
        row.addWidget(ThemedIcon(_ICONS[tone], tone), alignment=Qt.AlignmentFlag.AlignVCenter)
        words = QVBoxLayout()
        words.setSpacing(4)
        self.sentence = PlainLabel(sentence, Role.BODY, wrap=True, selectable=True)
        words.addWidget(self.sentence)
        self.detail = PlainLabel(detail, Role.SMALL, "text2", wrap=True, selectable=True)
        words.addWidget(self.detail)
        row.addLayout(words, 1)
        self.detail.setVisible(bool(detail))  # now that it has a parent: it would be a window of its own before
        self.action = Button(action[0], on_click=action[1]) if action is not None else None
        if self.action is not None:
            row.addWidget(self.action, alignment=Qt.AlignmentFlag.AlignVCenter)
        if on_close is not None:
            row.addWidget(
                IconButton("close", _("Close this note"), on_click=on_close), alignment=Qt.AlignmentFlag.AlignVCenter
            )

    def heard_role(self) -> Heard:
        """What has to be read, with what can be done."""
        return Heard.Notification

    def say(self, sentence: str) -> None:
        """Another sentence; an empty one takes the banner away."""
        self.sentence.say(sentence)
        self.setAccessibleName(sentence)
        self.setVisible(bool(sentence))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The tinted ground with an edge in its tone."""
        now = theme_now()
        edge = now.color(self.tone)
        edge.setAlphaF(0.45)
        rounded(QPainter(self), QRectF(self.rect()), RADIUS_CARD, now.color(f"{self.tone}_soft"), edge)
