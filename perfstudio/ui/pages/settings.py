"""Settings: devices with their live picture and level, the look, where takes live, who signs, and all the keys."""

from __future__ import annotations

from perfstudio.ui.widgets import Page


class SettingsPage(Page):
    """What is changed here holds at once."""

    def __init__(self) -> None:
        super().__init__("Settings", "Everything here holds at once.")
