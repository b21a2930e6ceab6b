"""The Help page: opened at what fits the page in front, and left to where one was."""

from __future__ import annotations

from perfstudio.session.session import Session
from perfstudio.ui.flows.ways import Ways
from perfstudio.ui.main_window import PAGES, MainWindow
from perfstudio.ui.pages.help import HelpPage

TOPICS = {
    "scenes": "first-take",
    "brief": "first-take",
    "stage": "first-take",
    "green_room": "room",
    "takes": "takes",
    "review": "labels",
    "consent": "consent",
    "given": "consent",
    "deliveries": "deliveries",
    "ledger": "deliveries",
    "settings": "room",
}
"""By page of the window, and by section of the settings where that says more: the page of the guide."""
SECTIONS = {
    "look": "keys",
    "keys": "keys",
    "limits": "first-take",
    "storage": "takes",
    "you": "consent",
    "sending": "deliveries",
    "checks": "trouble",
    "help": "first-take",
}


class HelpFlow:
    """Owns the page."""

    def __init__(self, window: MainWindow, session: Session, ways: Ways) -> None:
        self._window, self._session, self._ways = window, session, ways
        self._from = "scenes"
        self.page = HelpPage(lead=ways.to_area, leave=self.leave)
        window.add_page("help", self.page, area="settings")

    def entered(self) -> None:
        """F1 was pressed on another page, or on this one."""
        if self._window.before != "help":
            self._from = self._window.before
            self.page.show_topic(self._topic())
            if self._from == "stage":
                self._ways.keep_devices_open()

    def leave(self) -> None:
        """Where one was."""
        card = self._session.director.view.card
        if self._from == "stage" and card is not None:
            self._ways.to_stage(card)
        elif self._from in PAGES:
            self._ways.to_area(self._from)
        else:
            self._window.go(self._from)

    def _topic(self) -> str:
        section = self._ways.section() if self._from == "settings" else ""
        return SECTIONS.get(section) or TOPICS.get(self._from, "first-take")
