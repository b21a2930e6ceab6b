"""Where the window stood and how large it was: it opens there again."""

from __future__ import annotations

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QWidget

from perfstudio.session.settings import SettingsStore


def bring_back(window: QWidget, settings: SettingsStore) -> None:
    """As it was left; Qt keeps it on a screen that is there. What Qt does not know again is left aside."""
    if place := settings.now.window_place:
        window.restoreGeometry(QByteArray.fromBase64(place.encode("ascii", "ignore")))


def keep(window: QWidget, settings: SettingsStore) -> None:
    """For the next time, where it has changed."""
    place = bytes(window.saveGeometry().toBase64().data()).decode("ascii")
    if place != settings.now.window_place:
        settings.change(window_place=place)
