"""Links, packs and clips on the Settings page: the system is asked, and asked again after every change."""

from __future__ import annotations

from perfstudio.model.errors import PerfstudioError
from perfstudio.session.session import Session
from perfstudio.session.system_links.registration import system_links, turned
from perfstudio.session.system_links.states import LinksState
from perfstudio.texts import errors, links
from perfstudio.ui.main_window import MainWindow
from perfstudio.ui.settings.links_card import LinksCard


class LinksFlow:
    """Programs of the system are asked in the background."""

    def __init__(self, window: MainWindow, session: Session, card: LinksCard) -> None:
        self._window, self._session, self._card = window, session, card
        card.turned = self._turn

    def entered(self) -> None:
        """The section is in front: what does the system say?"""
        self._session.background.run(self._look, self._card.show_state, self._failed)

    def _look(self) -> LinksState:
        return system_links(self._session.home.paths.home).look()

    def _turn(self, on: bool) -> None:
        home = self._session.home.paths.home
        self._session.background.run(lambda: turned(system_links(home), on=on), self._done, self._refused)

    def _done(self, now: LinksState) -> None:
        self._card.show_state(now)
        self._window.toast.show_message(links.opened_by(now))

    def _refused(self, problem: PerfstudioError) -> None:
        """Why not; and what holds now."""
        self._window.note(errors.sentence(problem), "look")
        self.entered()

    def _failed(self, problem: PerfstudioError) -> None:
        self._card.show_problem(errors.sentence(problem))
