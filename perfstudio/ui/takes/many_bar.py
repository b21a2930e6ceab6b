"""What can be done with all that is chosen, at the foot of the page while something is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from perfstudio.language.catalogue import Messages, Plural, _
from perfstudio.library.take_row import TakeRow
from perfstudio.session.takes.many_actions import ManyAction, many_actions
from perfstudio.texts import formatting
from perfstudio.ui.keyboard import DELETE
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Button, ButtonKind, FlowLayout, PlainLabel
from perfstudio.ui.widgets.page import Page

_CHOSEN = Plural("{number} take chosen", "{number} takes chosen")
_WORDS: Messages[dict[ManyAction, str]] = {
    ManyAction.KEEP: "Keep",
    ManyAction.LABELS_AGAIN: "Label as the last time",
    ManyAction.USES_AGAIN: "Uses as the last time",
    ManyAction.SEND: "Send",
    ManyAction.RESTORE: "Restore",
    ManyAction.BIN: "Bin",
    ManyAction.DELETE: "Delete for good",
    ManyAction.SHOW: "Show in folder",
}
KEYS: dict[ManyAction, str] = {
    ManyAction.KEEP: "K",
    ManyAction.LABELS_AGAIN: "L",
    ManyAction.USES_AGAIN: "U",
    ManyAction.SEND: "S",
    ManyAction.RESTORE: DELETE,
    ManyAction.BIN: DELETE,
}
_ICONS: dict[ManyAction, str] = {
    ManyAction.KEEP: "keep",
    ManyAction.LABELS_AGAIN: "pen",
    ManyAction.USES_AGAIN: "check",
    ManyAction.SEND: "deliveries",
    ManyAction.RESTORE: "undo",
    ManyAction.BIN: "bin",
    ManyAction.DELETE: "bin",
    ManyAction.SHOW: "folder",
}


class ManyBar(QWidget):
    """`act` is called with what was pressed and the takes it can be done to; `clear` chooses nothing."""

    def __init__(self, act: Callable[[ManyAction, tuple[str, ...]], object], clear: Callable[[], object]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(Page.MARGIN, 8, Page.MARGIN, 14)
        column.setSpacing(4)
        self.words = PlainLabel("", Role.STRONG, tabular=True, wrap=True)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(self.words, 1)
        head.addWidget(Button(_("Choose none"), ButtonKind.QUIET, key="Esc", on_click=clear))
        column.addLayout(head)
        buttons = QWidget()
        column.addWidget(buttons)
        row = self._row = FlowLayout(buttons, spacing=10)
        self._offered: Mapping[ManyAction, tuple[str, ...]] = {}
        self._act = act
        self.buttons = {action: self._button(action, _(words)) for action, words in _WORDS.items()}
        for button in self.buttons.values():
            row.addWidget(button)

    def show_chosen(self, rows: Sequence[TakeRow]) -> None:
        """What is chosen; what can be done with none of it is not there, and with some of it says with how many."""
        self._offered = many_actions(rows)
        chosen = _CHOSEN.of(len(rows), number=formatting.number(len(rows)))
        self.words.say(formatting.dotted((chosen, formatting.size(sum(row.size_bytes for row in rows)))))
        for action, button in self.buttons.items():
            takes = len(self._offered.get(action, ()))
            words = _(_WORDS[action])
            some = _("{action} ({number})", action=words, number=formatting.number(takes))
            button.say(words if takes == len(rows) else some)
            button.setVisible(takes > 0)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There is more room, or less."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where they do not fit into one line the caps go first, then the icons: the page below has the room."""
        room = self.width() - 2 * Page.MARGIN
        for caps, icons in ((True, True), (False, True), (False, False)):
            for button in self.buttons.values():
                button.show_cap(caps)
                button.show_icon(icons)
            if self._row.line_width() <= room:
                break

    def press(self, action: ManyAction) -> bool:
        """Do it to the chosen takes that it can be done to; False where there are none."""
        take_ids = self._offered.get(action, ())
        if take_ids:
            self._act(action, take_ids)
        return bool(take_ids)

    def _button(self, action: ManyAction, words: str) -> Button:
        return Button(words, key=KEYS.get(action, ""), icon=_ICONS[action], on_click=lambda: self.press(action))
