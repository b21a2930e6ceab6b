"""What can be done with one take: words, keys, and the menu of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from perfstudio.language.catalogue import N_, _
from perfstudio.session.takes.take_actions import TakeAction, actions_of, towards_sending
from perfstudio.session.views import TakeLine
from perfstudio.texts import clips, states
from perfstudio.ui.key_map import cap_on
from perfstudio.ui.keyboard import DELETE
from perfstudio.ui.widgets.keycap import cap_words
from perfstudio.ui.widgets.take_tile import TakeTile, name_of

DELETE_KEYS = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
_WORDS: dict[TakeAction, tuple[str, str, tuple[Qt.Key, ...]]] = {
    TakeAction.OPEN: (N_("Open"), "Enter", ()),
    TakeAction.RESTORE: (N_("Restore"), DELETE, DELETE_KEYS),
    TakeAction.KEEP: (N_("Keep"), "K", (Qt.Key.Key_K,)),
    TakeAction.CIRCLE: (N_("Circle"), "C", (Qt.Key.Key_C,)),
    TakeAction.UNCIRCLE: (N_("No longer circled"), "C", (Qt.Key.Key_C,)),
    TakeAction.SAY_MEANT: (states.SAY_MEANT, "L", (Qt.Key.Key_L,)),
    TakeAction.CHOOSE_USES: (N_("Choose its uses"), "U", (Qt.Key.Key_U,)),
    TakeAction.SEE_SIGNED: (N_("What you signed"), "U", (Qt.Key.Key_U,)),
    TakeAction.SEND: (N_("Send"), "S", ()),
    TakeAction.MAKE_CLIP: (clips.MAKE, "P", (Qt.Key.Key_P,)),
    TakeAction.BIN: (N_("Bin"), DELETE, DELETE_KEYS),
}
"""Words, the cap beside them, and the keys; S leads towards sending, whatever is missing."""


@dataclass(frozen=True, slots=True)
class _Action:
    """One thing that can be done: words, the cap, the keys, the deed."""

    words: str
    key: str
    keys: tuple[Qt.Key, ...]
    act: Callable[[], object]


Acts = Mapping[TakeAction, Callable[[TakeLine], object]]


def press(line: TakeLine, key: int, acts: Acts) -> bool:
    """Do what a key does with a take; False where it does nothing."""
    for action in _actions(line, acts):
        if key in action.keys:
            action.act()
            return True
    return False


def take_menu(page: QWidget, tile: TakeTile, acts: Acts, more: Mapping[str, Callable[[], object]]) -> QMenu:
    """What can be done with a take, with its keys, beside its tile; then `more`, which has none."""
    menu = QMenu(page)
    menu.setAccessibleName(_("Actions for {take}", take=name_of(tile.line)))
    for action in _actions(tile.line, acts):
        _entry(menu, f"{action.words}\t{cap_words(cap_on(page, action.key))}", action.act)
    menu.addSeparator()
    for words, act in more.items():
        _entry(menu, words, act)
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(tile.mapToGlobal(QPoint(tile.width() - 24, tile.height() - 8)))
    return menu


def _entry(menu: QMenu, words: str, act: Callable[[], object]) -> None:
    entry = QAction(words, menu)
    entry.triggered.connect(lambda _=False: act())
    menu.addAction(entry)


def _actions(line: TakeLine, acts: Acts) -> list[_Action]:
    leads = towards_sending(line)
    return [_action(action, line, acts[action], leads=action is leads) for action in actions_of(line)]


def _action(action: TakeAction, line: TakeLine, act: Callable[[TakeLine], object], *, leads: bool) -> _Action:
    words, key, keys = _WORDS[action]
    return _Action(_(words), key, (*keys, Qt.Key.Key_S) if leads else keys, lambda: act(line))
