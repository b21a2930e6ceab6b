"""The application object: what the system asks a running perfstudio to open, where it asks by an event (macOS)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from perfstudio.model.links import is_invitation
from perfstudio.model.opening import opened_pack


class WindowApplication(QApplication):
    """Its own events only: a filter would see every event of every widget."""

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self._opened: Callable[[str], object] | None = None
        self._waiting: list[str] = []

    def on_opened(self, opened: Callable[[str], object]) -> None:
        """Who hears of links and files; of those that came before, at once."""
        self._opened = opened
        waiting, self._waiting = self._waiting, []
        for address in waiting:
            opened(address)

    def event(self, event: QEvent) -> bool:
        """Take invitations and files; all else is Qt's."""
        if not isinstance(event, QFileOpenEvent):
            return super().event(event)
        address = event.url().toString(QUrl.ComponentFormattingOption.FullyEncoded)
        if not is_invitation(address) and opened_pack(address) is None:
            return super().event(event)
        if self._opened is None:
            self._waiting.append(address)
        else:
            self._opened(address)
        return True
