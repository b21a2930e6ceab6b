"""The line under a take and its partner, or another take: how the two lie on each other, and who is heard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from perfstudio.capture.playing.play_options import WhoIsHeard
from perfstudio.language.catalogue import _
from perfstudio.session.takes.other_take import OtherTake
from perfstudio.texts import beside
from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets import Button, ButtonKind, FlowLayout, PlainLabel

KEY = "H"
LOCK_KEY = "G"
_PARTNER: Final[tuple[WhoIsHeard, ...]] = (WhoIsHeard.BOTH, WhoIsHeard.OWN, WhoIsHeard.PARTNER)
_TAKE: Final[tuple[WhoIsHeard, ...]] = (WhoIsHeard.OWN, WhoIsHeard.PARTNER)
"""Of two takes one at a time."""
_LEAST_WORDS_PX = 240
"""Width at 100 % text that a sentence has beside the button; with less the button stands under it."""


class PartnerBar(QWidget):
    """`hear` gets who is to be heard; with a partner both to begin with. `lock` asks for the other moment at which two
    takes are locked."""

    def __init__(self, hear: Callable[[WhoIsHeard], object], lock: Callable[[], object]) -> None:
        super().__init__()
        self._hear = hear
        self._choice, self._number = _PARTNER, 0
        self.heard = WhoIsHeard.BOTH
        self._both = False
        self.sentence = PlainLabel("", Role.SMALL, "text2", wrap=True)
        self.button = Button("", ButtonKind.SECONDARY, key=KEY, on_click=self.turn)
        self.lock = Button("", ButtonKind.SECONDARY, key=LOCK_KEY, on_click=lock)
        self._buttons = QWidget()
        buttons = FlowLayout(self._buttons, spacing=10)
        buttons.addWidget(self.button)
        buttons.addWidget(self.lock)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(4, 0, 0, 0)
        self._row.setSpacing(10)
        self._row.addWidget(self.sentence, 1)
        self._row.addWidget(self._buttons, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._say()

    def show_both(self, sentence: str) -> None:
        """Both can be heard."""
        self._show(sentence, _PARTNER)

    def show_take(self, other: OtherTake) -> None:
        """Another take of the scene; one of the two is heard."""
        self._number = other.take.number
        self.lock.say(beside.to_lock(other.locked))
        self._show(beside.compared(other), _TAKE, lock=other.other_lock)

    def show_away(self, sentence: str) -> None:
        """Why the other side is not here."""
        self.sentence.say(sentence)
        self._both = False
        self.fold(False)

    def fold(self, folded: bool) -> None:
        """Where there is no room for it: the key works on, and what is said stands over the page too."""
        self.sentence.setVisible(not folded)
        for part in (self._buttons, self.button):
            part.setVisible(self._both and not folded)

    @property
    def can_turn(self) -> bool:
        """Whether there is anybody beside oneself to be heard."""
        return not self.isHidden() and self._both

    def turn(self) -> None:
        """The next one: both, oneself, the partner; of two takes the other one."""
        if self.can_turn:
            self._choose(self._choice[(self._choice.index(self.heard) + 1) % len(self._choice)])

    def height_at(self, width: int) -> int:
        """Height in pixels that it needs at a width."""
        self._turn_to(width)
        words = width - 4
        if not self._both:
            return self.sentence.heightForWidth(words)
        button = self._room(words)
        if self._row.direction() is QBoxLayout.Direction.LeftToRight:
            return max(button.height(), self.sentence.heightForWidth(words - button.width() - 10))
        return button.height() + 10 + self.sentence.heightForWidth(words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side where there is room."""
        super().resizeEvent(event)
        self._turn_to(self.width())

    def _turn_to(self, width: int) -> None:
        fits = width - self._room(width).width() >= theme_now().px(_LEAST_WORDS_PX)
        self._buttons.setFixedSize(self._room(width - 4))
        way = QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom
        if self._row.direction() is not way:
            self._row.setDirection(way)

    def said(self) -> str:
        """Who is heard, in words."""
        if self._choice is _TAKE:
            return beside.heard_take(self.heard, self._number)
        return _(beside.HEARD[self.heard])

    def _show(self, sentence: str, choice: tuple[WhoIsHeard, ...], *, lock: bool = False) -> None:
        self.sentence.say(sentence)
        self._both = True
        self.lock.setVisible(lock)
        changed, self._choice = choice is not self._choice, choice
        if changed:
            self._choose(choice[0])
        self._say()
        self.fold(False)

    def _choose(self, heard: WhoIsHeard) -> None:
        self.heard = heard
        self._say()
        self._hear(heard)

    def _room(self, most: int) -> QSize:
        """What the buttons need: side by side, where that is not more than there is."""
        shown = [self.button.sizeHint(), *([] if self.lock.isHidden() else [self.lock.sizeHint()])]
        wide = sum(size.width() for size in shown) + 10 * (len(shown) - 1)
        high = max(size.height() for size in shown)
        return QSize(wide, high) if wide <= most else QSize(most, len(shown) * (high + 8) - 8)

    def _say(self) -> None:
        self.button.say(self.said())
        partner = self._choice is _PARTNER
        self.button.setToolTip(_("Who is heard: both, you, or your partner") if partner else _("Which take is heard"))
