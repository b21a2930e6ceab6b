"""The one button that leads to the system's settings, where they are what keeps a device from being opened."""

from __future__ import annotations

from collections.abc import Callable

from perfstudio.language.catalogue import _
from perfstudio.model.errors import PerfstudioError
from perfstudio.session.device_access import settings_page
from perfstudio.ui.widgets import Button

OpenSystem = Callable[[PerfstudioError], object]
"""Opens the system's page for a problem (`system_access.open_settings_page`)."""


class SystemButton(Button):
    """Hidden until `show_problem` gets one for which the system has a page. `key` is the cap on it."""

    def __init__(self, open_system: OpenSystem, *, key: str = "") -> None:
        super().__init__(_("Open the system's settings"), icon="" if key else "lock", key=key, on_click=self.lead)
        self._open = open_system
        self._problem: PerfstudioError | None = None
        self.hide()

    def show_problem(self, problem: PerfstudioError | None) -> None:
        """What keeps a device from being opened, or None."""
        self._problem = problem if settings_page(problem) else None
        self.setVisible(self.leads)

    @property
    def leads(self) -> bool:
        """Whether it has a page to open."""
        return self._problem is not None

    def lead(self) -> None:
        """Open the page; nothing where the button is hidden."""
        if self._problem is not None:
            self._open(self._problem)
