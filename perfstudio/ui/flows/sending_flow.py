"""Sending on the Settings page, and the system's word of networks that come and go."""

from __future__ import annotations

from collections.abc import Callable

from perfstudio.session.events import SendingChanged
from perfstudio.session.session import Session
from perfstudio.session.settings import Settings
from perfstudio.ui.settings.sending_section import SendingSection


class SendingFlow:
    """Owns the section. `change` puts settings in force."""

    def __init__(self, session: Session, change: Callable[..., object]) -> None:
        self._limits = session.deliveries.limits
        self.section = SendingSection(change)
        session.bus.subscribe(SendingChanged, lambda _: self._show())
        self._show()

    def entered(self) -> None:
        """The section is in front: which network is this?"""
        self._limits.look()
        self._show()

    def show_settings(self, now: Settings) -> None:
        """Something was changed."""
        self.section.show_settings(now)
        self._show()

    def _show(self) -> None:
        self.section.show_sending(self._limits.now)
