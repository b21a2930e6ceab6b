"""Deleting a partner's clip that is here: asked once, with what depends on it."""

from __future__ import annotations

from collections.abc import Callable

from perfstudio.language.catalogue import _
from perfstudio.session.clips.clip_here import ClipHere
from perfstudio.session.clips.clip_room import ClipRoom
from perfstudio.session.worker import Worker
from perfstudio.texts import clips_here, errors
from perfstudio.ui.widgets import Toast
from perfstudio.ui.widgets.question import Ask, Choice


class ClipDeleting:
    """`ask` shows one question."""

    def __init__(self, room: ClipRoom, worker: Worker, toast: Toast, ask: Ask) -> None:
        self._room, self._worker, self._toast, self._ask = room, worker, toast, ask

    def delete(self, clip: ClipHere, done: Callable[[], object]) -> None:
        """Ask, and delete; `done` hears that it is gone, or that it could not be deleted."""

        def said(words: str, tone: str) -> None:
            self._toast.show_message(words, tone=tone)
            done()

        def go() -> None:
            self._worker.run(
                lambda: self._room.delete(clip),
                lambda _none: said(_(clips_here.DELETED), "good"),
                lambda problem: said(errors.sentence(problem), "danger"),
            )

        self._ask(
            clips_here.question(clip),
            clips_here.consequences(clip),
            (Choice(_("Leave it")), Choice(_(clips_here.DELETE), go)),
        )
