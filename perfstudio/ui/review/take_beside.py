"""Two takes of a scene side by side on Review: which one lies beside, where both are locked, whose sound is heard."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from perfstudio.language.catalogue import _
from perfstudio.model.errors import PerfstudioError
from perfstudio.session.takes.other_take import LockedAt, OtherTake
from perfstudio.session.takes.review import TakeReview
from perfstudio.session.takes.same_scene import SceneTake
from perfstudio.session.takes.take_beside import to_compare
from perfstudio.session.worker import Worker
from perfstudio.texts import beside
from perfstudio.ui.playback.player import Playback
from perfstudio.ui.review.partner_beside import PartnerBeside
from perfstudio.ui.widgets import announce

Lay = Callable[[TakeReview, SceneTake, LockedAt], OtherTake]
"""Finds the films of another take on the time of this one. Raises PerfstudioError."""


class TakeBeside:
    """Takes the place of a partner while it is asked for, and gives it back. `say` hears why a take cannot be laid
    beside."""

    def __init__(
        self, page: QWidget, playback: Playback, shown: PartnerBeside, lay: Lay, worker: Worker,
        say: Callable[[PerfstudioError], object], arrange: Callable[[], object],
    ) -> None:  # fmt: skip
        self._page, self._playback, self._beside, self._lay = page, playback, shown, lay
        self._worker, self._say, self._arrange = worker, say, arrange
        shown.turn_lock = self.turn_lock
        self._review: TakeReview | None = None
        self._wanted: SceneTake | None = None
        self._locked = LockedAt.GO

    def show_review(self, review: TakeReview) -> None:
        """The take shown as it stands; another one begins alone."""
        if self._review is None or self._review.line.take_id != review.line.take_id:
            self._wanted = None
        self._review = review

    def turn(self) -> None:
        """The next take beside this one, and after the last one none."""
        if self._review is None:
            return
        takes: list[SceneTake | None] = [*to_compare(self._review), None]
        numbers = [take.take_id if take else None for take in takes]
        at = numbers.index(self._wanted.take_id) + 1 if self._wanted and self._wanted.take_id in numbers else 0
        self._wanted = takes[at]
        if self._wanted is None:
            self._alone(self._review)
        else:
            self._ask()

    def turn_lock(self) -> None:
        """Locked at "go", or at the first word."""
        if self._wanted is not None:
            self._locked = LockedAt.FIRST_WORD if self._locked is LockedAt.GO else LockedAt.GO
            self._ask()

    def _ask(self) -> None:
        review, wanted, locked = self._review, self._wanted, self._locked
        if review is not None and wanted is not None:
            self._worker.run(lambda: self._lay(review, wanted, locked), self._show, self._cannot)

    def _show(self, other: OtherTake) -> None:
        if self._wanted is None or other.take.take_id != self._wanted.take_id:
            return  # another one was asked for meanwhile
        self._locked = other.locked
        film = self._beside.show_take(other)
        self._playback.put_beside(film)
        announce(self._page, beside.compared(other))

    def _alone(self, review: TakeReview) -> None:
        self._playback.put_beside(self._beside.show_side(review.partner))
        self._arrange()
        announce(self._page, _(beside.ALONE))

    def _cannot(self, problem: PerfstudioError) -> None:
        self._wanted = None
        self._say(problem)
