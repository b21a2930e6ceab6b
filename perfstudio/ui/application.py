"""The application object: what the system asks a running perfstudio to open, where it asks by an event (macOS)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from perfstudio.model.links import is_invitation


class WindowApplication(QApplication):
    """Its own events only: a filter would see every event of every widget."""

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self._opened: Callable[[str], object] | None = None
        self._waiting = ""

    def on_invitation(self, opened: Callable[[str], object]) -> None:
        """Who hears of an invitation; of one that came before, at once."""
        self._opened = opened
        link, self._waiting = self._waiting, ""
        if link:
            opened(link)

    def event(self, event: QEvent) -> bool:
        """Take what is an invitation; all else is Qt's."""
        if not isinstance(event, QFileOpenEvent):
            return super().event(event)
        link = event.url().toString(QUrl.ComponentFormattingOption.FullyEncoded)
        if not is_invitation(link):
            return super().event(event)
        if self._opened is None:
            self._waiting = link
        else:
            self._opened(link)
        return True
