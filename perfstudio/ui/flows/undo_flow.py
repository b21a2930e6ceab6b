"""Undo and redo by key, for every decision on any page; what was undone is said, with the way back."""

from __future__ import annotations

from collections.abc import Callable

from perfstudio.language.catalogue import N_, _
from perfstudio.model.errors import PerfstudioError
from perfstudio.session.session import Session
from perfstudio.session.undo import Turned
from perfstudio.texts import errors, undoing
from perfstudio.ui.keyboard import CTRL
from perfstudio.ui.main_window import MainWindow

BACK, AGAIN = f"{CTRL} Z", f"⇧ {CTRL} Z"


class UndoFlow:
    """Owns the two keys. A field in which somebody types has them for itself; while a take is made they rest."""

    def __init__(self, window: MainWindow, session: Session) -> None:
        self._window, self._session, self._stack = window, session, session.home.undo
        window.on_key(BACK, self.undo)
        window.on_key(AGAIN, self.redo)
        session.bus.subscribe(Turned, self._turned)

    def undo(self) -> None:
        """The last decision, on the worker: in order with what is still being decided."""
        self._turn(self._stack.back, undoing.NOTHING_BACK)

    def redo(self) -> None:
        """What was undone last."""
        self._turn(self._stack.again, undoing.NOTHING_AGAIN)

    def _turn(self, act: Callable[[], Turned | None], nothing: str) -> None:
        if not self._session.director.recording:
            self._session.worker.run(act, lambda turned: self._say_nothing(turned, nothing), self._failed)

    def _turned(self, turned: Turned) -> None:
        toast, step = self._window.toast, turned.step
        act = (lambda: self._stack.again(step)) if turned.back else (lambda: self._stack.back(step))
        words = N_("Redo") if turned.back else N_("Undo")
        back = lambda: self._turn(act, undoing.NOTHING_BACK)  # noqa: E731 - the toast's way back
        toast.show_message(
            undoing.sentence(turned),
            undo=back if turned.changed else None,
            undo_words=words,
            tone="good" if turned.changed else "look",
        )

    def _say_nothing(self, turned: Turned | None, nothing: str) -> None:
        if turned is None:
            self._window.toast.show_message(_(nothing), tone="look")

    def _failed(self, problem: PerfstudioError) -> None:
        self._window.toast.show_message(errors.sentence(problem), tone="danger")
