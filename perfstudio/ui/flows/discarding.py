"""A take that shall be gone at once: into the bin and out of it in one step, asked first, and told as read back."""

from __future__ import annotations

from perfstudio.language.catalogue import _
from perfstudio.library.trash import EmptyReport
from perfstudio.model.errors import PerfstudioError
from perfstudio.session.events import TakeMoving
from perfstudio.session.session import Session
from perfstudio.texts import care, errors, many_takes
from perfstudio.texts.template import sentences
from perfstudio.ui.main_window import MainWindow
from perfstudio.ui.widgets.question import Choice


class Discarding:
    """`ask` with the id of a take."""

    def __init__(self, window: MainWindow, session: Session) -> None:
        self._window, self._session = window, session

    def ask(self, take_id: str) -> None:
        """How large it is, and whether it shall go."""
        library = self._session.home.library
        self._session.worker.run(
            lambda: library.row(take_id).size_bytes, lambda size: self._question(take_id, size), self._failed
        )

    def _question(self, take_id: str, size: int) -> None:
        heading, words = many_takes.delete_question(1, size)
        choices = Choice(_("Keep it")), Choice(_(care.DELETE), lambda: self._delete(take_id))
        self._window.ask(heading, sentences(words, _(care.TRACES)), choices)

    def _delete(self, take_id: str) -> None:
        """Pages that show it let go first, and read it once more in the bin before it is gone."""
        session, takes = self._session, self._session.home.takes

        def empty(_: object) -> None:
            busy = session.deliveries.busy
            session.worker.run(lambda: takes.empty_bin(busy(), {take_id}), self._done, self._failed)

        self._window.page_chosen.emit("takes")
        session.bus.publish(TakeMoving(take_id))
        session.bus.post(lambda: session.worker.run(lambda: takes.bin(take_id), empty, self._failed))

    def _done(self, report: EmptyReport) -> None:
        tone = "look" if report.left else "good"
        self._window.toast.show_message(many_takes.deleted(report), tone=tone)

    def _failed(self, problem: PerfstudioError) -> None:
        self._window.toast.show_message(errors.sentence(problem), tone="danger")
