"""The signing key on the Settings page: where it lies, a new one in its place, a lost one laid aside."""

from __future__ import annotations

from perfstudio.language.catalogue import _
from perfstudio.model.errors import PerfstudioError
from perfstudio.model.jws import fingerprint
from perfstudio.session.key_changing import ChangedKey
from perfstudio.session.session import Session
from perfstudio.session.views import KeyState
from perfstudio.texts import errors
from perfstudio.texts import signing_keys as words
from perfstudio.ui.main_window import MainWindow
from perfstudio.ui.settings.key_change_card import KeyChangeCard
from perfstudio.ui.settings.you_section import YouSection
from perfstudio.ui.widgets.question import Choice


class KeyFlow:
    """Puts its card into the section `you`. A keyring may make it wait: everything is asked on the worker of keys."""

    def __init__(self, window: MainWindow, session: Session, section: YouSection) -> None:
        self._window = window
        self._session = session
        self._section = section
        self.card = KeyChangeCard(self._change, self._lost, section.ensureWidgetVisible)
        section.add_card(self.card)

    def entered(self) -> None:
        """The section is in front: where is the key?"""
        home = self._session.home

        def work() -> tuple[KeyState, bool, str | None, int]:
            return *home.consents.key_place(), home.keys.own().current, home.keys.away()

        self._session.signing.run(work, self._found, self._unreadable)

    def _found(self, found: tuple[KeyState, bool, str | None, int]) -> None:
        place, made, current, away = found
        self._section.show_key(place, made=made)
        self.card.show_key(place, fingerprint(current) if current else "", words.away(away))

    def _unreadable(self, problem: PerfstudioError) -> None:
        self._section.show_key_problem(errors.sentence(problem))
        self.card.show_key(KeyState.DAMAGED, "")

    def _change(self, old: str | None, new: str | None) -> None:
        keys = self._session.home.keys
        self._session.signing.run(
            lambda: keys.change(lambda: old, lambda: new),
            self._changed,
            lambda problem: self.card.show_problem(errors.sentence(problem)),
        )

    def _changed(self, done: ChangedKey) -> None:
        self.card.close_again()
        self._window.note(" ".join(words.after(done)))
        self.entered()

    def _lost(self) -> None:
        choices = (Choice(_("Keep this key")), Choice(_("Set it aside"), self._lay_aside))
        self._window.ask(_("Set this key aside?"), "\n\n".join(words.before_laying_aside()), choices)

    def _lay_aside(self) -> None:
        keys = self._session.home.keys
        self._session.signing.run(
            keys.lay_aside,
            self._aside,
            lambda problem: self._window.note(errors.sentence(problem), "look"),
        )

    def _aside(self, key: str) -> None:
        self._window.note(words.laid_aside(key))
        self.entered()
