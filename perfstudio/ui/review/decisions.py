"""What came of a decision, said in a toast: that it waits for the seal, that it failed, the way out of the bin."""

from __future__ import annotations

from perfstudio.language.catalogue import _
from perfstudio.model.checks import CheckCode
from perfstudio.model.errors import PerfstudioError
from perfstudio.model.labels import Labels
from perfstudio.model.marks import OwnMark
from perfstudio.model.played import Played
from perfstudio.model.take import Decision
from perfstudio.session.takes.decisions import Decided, TakeDecisions
from perfstudio.session.takes.review import TakeReview
from perfstudio.texts import errors, states
from perfstudio.ui.widgets import Toast


class ToldDecisions:
    """Hands decisions on; the library tells the page of every change by itself."""

    def __init__(self, decisions: TakeDecisions, toast: Toast) -> None:
        self._decisions, self._toast = decisions, toast

    def keep(self, take_id: str) -> None:
        """Keep it."""
        self._tell(take_id, self._decisions.keep(take_id, self.say))

    def circle(self, take_id: str, *, on: bool) -> None:
        """Prefer it, or no longer."""
        self._tell(take_id, self._decisions.circle(take_id, self.say, on=on))

    def bin_or_restore(self, review: TakeReview) -> None:
        """Into the bin, with a way back to what was decided before; out of it again."""
        line = review.line
        if review.manifest.decision is Decision.BINNED:
            self._tell(line.take_id, self._decisions.restore(line.take_id, self.say))
            return
        words = _("{title}, take {number} is in the bin.", title=line.title, number=line.number)
        decided = self._decisions.bin(line.take_id, self.say, lambda undo: self._toast.show_message(words, undo=undo))
        self._tell(line.take_id, decided)

    def intend(self, take_id: str, code: CheckCode, *, on: bool) -> None:
        """A finding is a choice, or not."""
        self._tell(take_id, self._decisions.intend(take_id, code, self.say, on=on))

    def label(self, take_id: str, labels: Labels) -> None:
        """The performer's own words; they are saved while one goes on, so nothing is said of it."""
        self._decisions.label(take_id, labels, self.say)

    def say_played(self, take_id: str, played: Played) -> None:
        """The language, accent and age that were played; nothing is said of it either."""
        self._decisions.say_played(take_id, played, self.say)

    def mark(self, take_id: str, where: OwnMark) -> None:
        """A moment is marked, or no longer."""
        self._tell(take_id, self._decisions.mark(take_id, where, self.say))

    def word_mark(self, take_id: str, where: OwnMark, word: str) -> None:
        """Another word to a moment; it is saved while one goes on, so nothing is said of it."""
        self._decisions.word_mark(take_id, where, word, self.say)

    def mark_point(self, take_id: str, which: str, at_s: float) -> None:
        """The in point ("in_s") or the out point ("out_s") is here."""
        self._tell(take_id, self._decisions.mark_point(take_id, which, at_s, self.say))

    def clear_points(self, take_id: str) -> None:
        """No in and out points."""
        self._tell(take_id, self._decisions.clear_points(take_id, self.say))

    def say(self, problem: PerfstudioError) -> None:
        """Why it was not done."""
        self._toast.show_message(errors.sentence(problem), tone="danger")

    def _tell(self, take_id: str, decided: Decided) -> None:
        if decided is Decided.AT_SEAL:
            why = self._decisions.stuck(take_id)
            self._toast.show_message(errors.sentence(why) if why is not None else _(states.NOTED))
