"""What keys are called, and which one deletes: a Mac's keyboard is another one."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final, cast

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

MAC: Final = sys.platform == "darwin"
CTRL: Final = "⌘" if MAC else "Ctrl"
"""What Qt calls Control everywhere."""
DELETE: Final = "⌫" if MAC else "Del"
BACK: Final = "⌫"
BIN_KEYS: Final = frozenset({Qt.Key.Key_Delete} | ({Qt.Key.Key_Backspace} if MAC else set()))
"""Small Macs have no other."""
_K, _M = Qt.Key, Qt.KeyboardModifier
CAPS: Final[dict[str, tuple[Qt.Key, ...]]] = {
    "Space": (_K.Key_Space,),
    "Esc": (_K.Key_Escape,),
    "Tab": (_K.Key_Tab,),
    "↵": (_K.Key_Return, _K.Key_Enter),
    "←": (_K.Key_Left,),
    "→": (_K.Key_Right,),
    "↑": (_K.Key_Up,),
    "↓": (_K.Key_Down,),
    "Home": (_K.Key_Home,),
    "End": (_K.Key_End,),
    "PgUp": (_K.Key_PageUp,),
    "PgDn": (_K.Key_PageDown,),
    "Del": (_K.Key_Delete,),
    "⌫": (_K.Key_Backspace,),
    "+": (_K.Key_Plus, _K.Key_Equal),
    "−": (_K.Key_Minus,),
    "Play": (_K.Key_MediaPlay,),
    "Play/Pause": (_K.Key_MediaTogglePlayPause,),
    "Pause": (_K.Key_MediaPause,),
    "Stop": (_K.Key_MediaStop,),
    "Next": (_K.Key_MediaNext,),
    "Previous": (_K.Key_MediaPrevious,),
    "Louder": (_K.Key_VolumeUp,),
    "Softer": (_K.Key_VolumeDown,),
    "Mute": (_K.Key_VolumeMute,),
    **{str(digit): (_K(_K.Key_0 + digit),) for digit in range(10)},
}
"""What stands on a cap, and the keys that it stands for; a letter stands for itself. A pedal or a clicker is a
keyboard that sends some of these."""
_SAME: Final = {f"⇧ {CTRL} Z": f"{CTRL} Y"}
"""Other keys that many know for the same."""
_WITH: Final = {"⇧": _M.ShiftModifier, CTRL: _M.ControlModifier, "Alt": _M.AltModifier, "Meta": _M.MetaModifier}
_ALONE: Final = frozenset(
    {_K.Key_Shift, _K.Key_Control, _K.Key_Alt, _K.Key_AltGr, _K.Key_Meta, _K.Key_CapsLock, _K.Key_unknown, _K(0)}
)
"""Keys that only change others, and those without a name."""

Press = int
"""A key and what is held with it (`QKeyCombination.toCombined`)."""


def combined(key: Qt.Key, modifiers: Qt.KeyboardModifier = _M.NoModifier) -> Press:
    """A key with what is held. Shift counts where the sign is another one without it, as beside an arrow: a question
    mark is a question mark."""
    held = _M.NoModifier
    for modifier in _WITH.values():
        if modifiers & modifier and not (modifier is _M.ShiftModifier and _is_sign(key)):
            held |= modifier
    return QKeyCombination(held, key).toCombined()


def press_of(event: QKeyEvent) -> Press | None:
    """What was pressed; None where it only changes other keys, or has no name by which it could be kept."""
    key = Qt.Key(event.key())
    return None if key in _ALONE else combined(key, event.modifiers())


def presses(cap: str) -> tuple[Press, ...]:
    """What a cap stands for: ⇧ ← is one key that is held and one that is pressed."""
    *held, name = cap.split(" ")
    modifiers = _M.NoModifier
    for part in held:
        modifiers |= _WITH[part]
    keys = CAPS.get(name) or (QKeyCombination.fromCombined(kept(name) or 0).key(),)
    same = presses(_SAME[cap]) if cap in _SAME else ()
    return (*(combined(key, modifiers) for key in keys), *same)


def cap_of(press: Press) -> str:
    """What stands on the cap of a key."""
    combination = QKeyCombination.fromCombined(press)
    held = [name for name, modifier in _WITH.items() if combination.keyboardModifiers() & modifier]
    key = combination.key()
    name = next((cap for cap, keys in CAPS.items() if key in keys), "") or QKeySequence(key).toString()
    return " ".join((*held, name))


def kept_as(press: Press) -> str:
    """How settings name a key, the same in every language and on every system."""
    return QKeySequence(QKeyCombination.fromCombined(press)).toString(QKeySequence.SequenceFormat.PortableText)


def kept(text: str) -> Press | None:
    """The key that settings name; None where this names none."""
    sequence = QKeySequence.fromString(text, QKeySequence.SequenceFormat.PortableText)
    keys = [cast("Sequence[QKeyCombination]", sequence)[place] for place in range(sequence.count())]
    return keys[0].toCombined() if len(keys) == 1 and keys[0].key() not in _ALONE else None


def _is_sign(key: Qt.Key) -> bool:
    """Whether a key is named by a printed sign that is no letter."""
    return _K.Key_Space < key <= sys.maxunicode and not chr(key).isalpha()
