"""The line under a take and its partner: how well the two are known to lie on each other, and who is heard."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from perfstudio.capture.playing.play_options import WhoIsHeard
from perfstudio.language.catalogue import _
from perfstudio.texts import beside
from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets import Button, ButtonKind, PlainLabel

KEY = "H"
_NEXT = {WhoIsHeard.BOTH: WhoIsHeard.OWN, WhoIsHeard.OWN: WhoIsHeard.PARTNER, WhoIsHeard.PARTNER: WhoIsHeard.BOTH}
_LEAST_WORDS_PX = 240
"""Width at 100 % text that a sentence has beside the button; with less the button stands under it."""


class PartnerBar(QWidget):
    """`hear` gets who is to be heard; both to begin with."""

    def __init__(self, hear: Callable[[WhoIsHeard], object]) -> None:
        super().__init__()
        self._hear = hear
        self.heard = WhoIsHeard.BOTH
        self._both = False
        self.sentence = PlainLabel("", Role.SMALL, "text2", wrap=True)
        self.button = Button("", ButtonKind.SECONDARY, key=KEY, on_click=self.turn)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(4, 0, 0, 0)
        self._row.setSpacing(10)
        self._row.addWidget(self.sentence, 1)
        self._row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._say()

    def show_both(self, sentence: str) -> None:
        """Both can be heard."""
        self.sentence.say(sentence)
        self._both = True
        self.fold(False)

    def show_away(self, sentence: str) -> None:
        """Why the other side is not here."""
        self.sentence.say(sentence)
        self._both = False
        self.fold(False)

    def fold(self, folded: bool) -> None:
        """Where there is no room for it: the key works on, and what is said stands over the page too."""
        self.sentence.setVisible(not folded)
        self.button.setVisible(self._both and not folded)

    @property
    def can_turn(self) -> bool:
        """Whether there is anybody beside oneself to be heard."""
        return not self.isHidden() and self._both

    def turn(self) -> None:
        """The next one: both, oneself, the partner."""
        if self.can_turn:
            self.heard = _NEXT[self.heard]
            self._say()
            self._hear(self.heard)

    def height_at(self, width: int) -> int:
        """Height in pixels that it needs at a width."""
        self._turn_to(width)
        words = width - 4
        if not self._both:
            return self.sentence.heightForWidth(words)
        button = self.button.sizeHint()
        if self._row.direction() is QBoxLayout.Direction.LeftToRight:
            return max(button.height(), self.sentence.heightForWidth(words - button.width() - 10))
        return button.height() + 10 + self.sentence.heightForWidth(words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side where there is room."""
        super().resizeEvent(event)
        self._turn_to(self.width())

    def _turn_to(self, width: int) -> None:
        fits = width - self.button.sizeHint().width() >= theme_now().px(_LEAST_WORDS_PX)
        way = QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom
        if self._row.direction() is not way:
            self._row.setDirection(way)

    def _say(self) -> None:
        self.button.say(_(beside.HEARD[self.heard]))
        self.button.setToolTip(_("Who is heard: both, you, or your partner"))
