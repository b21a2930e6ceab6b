"""Where keys come into the window: the performer's own are turned into those that the page in front was designed with.

It stands at the window's handle, before the widget that has the focus, so that no page and no list in between has a
key of its own first. What is typed in a field is left alone, and so are Space and Enter on a control.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QApplication, QLineEdit, QTextEdit, QWidget

from perfstudio.ui.key_map import key_map
from perfstudio.ui.keyboard import press_of
from perfstudio.ui.widgets.base import PRESS

_FIELDS = (QLineEdit, QTextEdit, QAbstractSpinBox)
_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class KeyDoor(QObject):
    """`page` names the page in front and has its widget."""

    def __init__(self, parent: QObject, page: Callable[[], tuple[str, QWidget | None]]) -> None:
        super().__init__(parent)
        self._page = page
        self._handle: QWindow | None = None

    def stand_at(self, handle: QWindow | None) -> None:
        """The window has this handle now."""
        if handle is not None and handle is not self._handle:
            self._handle = handle
            handle.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A key is pressed: whether it was dealt with here."""
        if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        return key_map().any_changed and self._turned(event)

    def _turned(self, event: QKeyEvent) -> bool:
        name, page = self._page()
        focus = QApplication.focusWidget() or page
        if page is None or focus is None or not (focus is page or page.isAncestorOf(focus)) or _is_own(focus, event):
            return False
        press = press_of(event)
        meant = key_map().meant(name, press) if press is not None else None
        if meant is None and press is not None and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            plain = QKeyCombination(Qt.Key(event.key())).toCombined()
            meant = key_map().meant(name, plain)  # pages hear K in Shift K, too
        if meant is None:
            return False
        if meant == 0:
            if focus is not page:
                focus.event(event)  # a control may have a use of its own for it; the page has none any more
            return True
        combination = QKeyCombination.fromCombined(meant)
        presses = combination.key() in PRESS and isinstance(focus, QAbstractButton)
        modifiers, again = combination.keyboardModifiers(), event.isAutoRepeat()
        turned = QKeyEvent(QEvent.Type.KeyPress, combination.key(), modifiers, "", again)
        QApplication.sendEvent(page if presses else focus, turned)
        return True


def _is_own(focus: QWidget, event: QKeyEvent) -> bool:
    """Whether a key is for what has the focus, whatever it means on the page."""
    if getattr(focus, "hears_all_keys", False):
        return True
    if isinstance(focus, QAbstractButton) and event.key() in PRESS and not event.modifiers() & _COMMANDS:
        return True
    types = (event.text().isprintable() and event.text()) or event.key() in _EDITING
    return isinstance(focus, _FIELDS) and bool(types) and not event.modifiers() & _COMMANDS


_EDITING = frozenset(
    {
        Qt.Key.Key_Backspace, Qt.Key.Key_Delete, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End,
        Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab,
    }
)  # fmt: skip
