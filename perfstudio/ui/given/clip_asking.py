"""Letting a clip wait at a studio, from the page of what was given: what of it, then the sentence, then the act."""

from __future__ import annotations

from collections.abc import Callable

from perfstudio.language.catalogue import _, language
from perfstudio.model.clip_waiting import ClipSent
from perfstudio.model.errors import PerfstudioError
from perfstudio.session.clips.clip_room import ClipRoom, LeaveOffer
from perfstudio.session.worker import Worker
from perfstudio.texts import clips, clips_waiting, errors
from perfstudio.ui.widgets import Toast
from perfstudio.ui.widgets.question import Ask, Choice


class ClipAsking:
    """`ask` shows one question; `secret` is the passphrase of the key, as far as one was typed; `done` hears that
    something has changed."""

    def __init__(self, room: ClipRoom, worker: Worker, toast: Toast, ask: Ask, done: Callable[[], object]) -> None:
        self.room = room
        self._worker, self._toast, self._ask, self._done = worker, toast, ask, done

    def leave(self, take_id: str, secret: Callable[[], str | None]) -> None:
        """Ask what of it, in which words, and let it wait."""
        self._worker.run(lambda: self.room.offered(take_id), lambda offered: self._what(offered, secret), self._failed)

    def take_back(self, paper: ClipSent) -> None:
        """It waits no longer; that is asked once."""
        title = paper.left.clip.scene.title
        self._ask(
            _("Take the clip of “{title}” back?", title=title),
            _(clips_waiting.BACK),
            (Choice(_("Leave it")), Choice(_("Take it back"), lambda: self._go_back(paper))),
        )

    def _what(self, offered: LeaveOffer, secret: Callable[[], str | None]) -> None:
        choices = [Choice(_("Not now")), Choice(_("Sound only"), lambda: self._agree(offered, secret, picture=False))]
        if offered.clip.has_picture:
            choices.append(Choice(_("Sound and picture"), lambda: self._agree(offered, secret, picture=True)))
        self._ask(
            _("Let a clip wait for your partner?"),
            clips.what(offered.clip, picture=offered.clip.has_picture),
            tuple(choices),
        )

    def _agree(self, offered: LeaveOffer, secret: Callable[[], str | None], *, picture: bool) -> None:
        text = clips_waiting.agreement(offered.clip, offered.studio.name, offered.until, picture=picture)

        def go() -> None:
            typed = secret()
            self._worker.run(
                lambda: self.room.leave(offered, (text, language()), typed, picture=picture),
                lambda paper: self._said(clips_waiting.stands(paper, offered.studio.name)),
                self._failed,
            )

        self._ask(_("Do you agree?"), text, (Choice(_("Not now")), Choice(_("I agree: let it wait"), go)))

    def _go_back(self, paper: ClipSent) -> None:
        self._worker.run(
            lambda: self.room.take_back(paper), lambda _now: self._said(_("It is taken back.")), self._failed
        )

    def _said(self, words: str) -> None:
        self._toast.show_message(words)
        self._done()

    def _failed(self, problem: PerfstudioError) -> None:
        self._toast.show_message(errors.sentence(problem), tone="danger")
        self._done()
