"""A question over the page: rare, one sentence, choices that are verbs. No nested event loop, no second window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets.button import Button, ButtonKind
from perfstudio.ui.widgets.card import Card
from perfstudio.ui.widgets.flow import FlowLayout
from perfstudio.ui.widgets.label import PlainLabel
from perfstudio.ui.widgets.put_away import clear_layout
from perfstudio.ui.widgets.toast import announce

WIDTH_PX, PADDING_PX = 520, 28
"""Of the card; its width at 100 % text."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer, and what follows from it."""

    words: str
    then: Callable[[], object] = lambda: None


Ask = Callable[[str, str, tuple[Choice, ...]], object]
"""Shows a question: its heading, its sentence, its choices."""


class Question(QWidget):
    """Covers its host while it asks. The first choice is the safe one: it has the focus, and Escape means it."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self._choices: tuple[Choice, ...] = ()
        self._before: QWidget | None = None
        column = QVBoxLayout(self)
        self._card = Card(padding=PADDING_PX, spacing=8)
        self._heading = PlainLabel("", Role.HEADING, wrap=True)
        self._sentence = PlainLabel("", Role.BODY, "text2", wrap=True)
        self._card.body.addWidget(self._heading)
        self._card.body.addWidget(self._sentence)
        self._card.body.addSpacing(12)
        answers = QWidget()
        self._row = FlowLayout(answers, spacing=12, trailing=True)
        self._card.body.addWidget(answers)
        column.addWidget(self._card, alignment=Qt.AlignmentFlag.AlignCenter)
        host.installEventFilter(self)
        self.hide()

    def ask(self, heading: str, sentence: str, choices: tuple[Choice, ...]) -> None:
        """Show the question; exactly one choice's `then` is called."""
        if not self.isVisible():
            self._before = QApplication.focusWidget()
        self._choices = choices
        self._heading.say(heading)
        self._sentence.say(sentence)
        clear_layout(self._row)
        for place, choice in reversed(list(enumerate(choices))):
            button = Button(choice.words, ButtonKind.PRIMARY if place == 0 else ButtonKind.SECONDARY)
            button.clicked.connect(lambda _=False, choice=choice: self._answer(choice))
            self._row.addWidget(button)
        self._fit()
        self.show()
        self.raise_()
        button.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, f"{heading} {sentence}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape is the safe answer; nothing reaches the page below."""
        if event.key() == Qt.Key.Key_Escape and not event.isAutoRepeat():
            self._answer(self._choices[0])
        event.accept()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """The Tab key stays among the choices."""
        buttons = [b for b in self._card.findChildren(Button) if b.isVisible()]
        if not buttons:  # being hidden: Qt looks for another place for the focus
            return False
        at = next((i for i, b in enumerate(buttons) if b.hasFocus()), -1)
        buttons[(at + (1 if forward else -1)) % len(buttons)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the host."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._fit()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Dim what is behind."""
        QPainter(self).fillRect(self.rect(), QColor(0, 0, 0, 150))

    def _fit(self) -> None:
        """Wide enough for all answers in one row, where the host is."""
        wanted = max(theme_now().px(WIDTH_PX), self._row.line_width() + 2 * PADDING_PX)
        self._card.setFixedWidth(min(wanted, self._host.width() - 2 * PADDING_PX))
        self.setGeometry(self._host.rect())

    def _answer(self, choice: Choice) -> None:
        if self.isVisible():
            if self._before is not None and shiboken6.isValid(self._before):
                self._before.setFocus(Qt.FocusReason.OtherFocusReason)
            self.hide()
            choice.then()
