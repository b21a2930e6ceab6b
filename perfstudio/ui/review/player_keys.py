"""The keys that play a take on Review: where it stands, how fast, how loud, and the takes beside it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from perfstudio.ui.playback.player import Playback
from perfstudio.ui.review.player_bar import PlayerBar

SECOND_S, LEAP_S = 1.0, 5.0


class PlayerKeys:
    """Asked key by key while a take is shown."""

    def __init__(self, playback: Playback, bar: PlayerBar) -> None:
        self._playback = playback
        self._held: dict[Qt.Key, Callable[[], object]] = {
            Qt.Key.Key_Comma: lambda: playback.step(-1),
            Qt.Key.Key_Period: lambda: playback.step(1),
            Qt.Key.Key_Home: lambda: playback.seek(0.0),
            Qt.Key.Key_End: lambda: playback.seek(playback.duration_s),
            Qt.Key.Key_Minus: lambda: bar.change_volume(-1),
            Qt.Key.Key_Plus: lambda: bar.change_volume(1),
            Qt.Key.Key_Equal: lambda: bar.change_volume(1),  # + without Shift
            Qt.Key.Key_Less: lambda: bar.change_speed(-1),
            Qt.Key.Key_Greater: lambda: bar.change_speed(1),
        }
        self.once: dict[Qt.Key, Callable[[], object]] = {
            Qt.Key.Key_Space: playback.toggle,
            Qt.Key.Key_L: bar.turn_loop,
            Qt.Key.Key_P: bar.show_earlier,
            Qt.Key.Key_N: bar.show_later,
        }
        """What a key does once, however long it is held."""

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        """Do what a key does that may be held; whether it is one."""
        leap = LEAP_S if modifiers & Qt.KeyboardModifier.ShiftModifier else SECOND_S
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._playback.seek(self._playback.position_s + (leap if key is Qt.Key.Key_Right else -leap))
            return True
        act = self._held.get(key)
        if act is not None:
            act()
        return act is not None
