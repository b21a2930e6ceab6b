"""What is decided about a take goes to the library, in order; what fails is said, and nobody waits.

Before its checks are done a take cannot be written to: what is decided so early is done as soon as it is sealed.
"""

from __future__ import annotations

from collections.abc import Callable

from perfstudio.model.checks import CheckCode
from perfstudio.model.errors import PerfstudioError
from perfstudio.model.labels import Labels
from perfstudio.model.take import Decision
from perfstudio.session.takes.review import TakeReview
from perfstudio.session.takes.takes import Takes
from perfstudio.session.worker import Worker
from perfstudio.texts import errors, states
from perfstudio.ui.widgets import Toast

SAME_POINT_S = 0.15
"""Marking a point once more within this distance takes it away."""

Act = Callable[[TakeReview], object]


class Decisions:
    """Runs on `worker`; the library tells the page of every change by itself."""

    def __init__(self, takes: Takes, worker: Worker, toast: Toast) -> None:
        self._takes, self._worker, self._toast = takes, worker, toast
        self._held: dict[str, list[Act]] = {}
        self._refused: dict[str, str] = {}

    def keep(self, review: TakeReview) -> None:
        """Keep it."""
        self._once_sealed(review, lambda now: self._do(lambda: self._takes.keep(now.line.take_id)))

    def circle(self, review: TakeReview, *, on: bool) -> None:
        """Prefer it, or no longer."""
        self._once_sealed(review, lambda now: self._do(lambda: self._takes.circle(now.line.take_id, on=on)))

    def bin_or_restore(self, review: TakeReview) -> None:
        """Into the bin, with a way back to what was decided before; out of it again."""
        self._once_sealed(review, self._bin_or_restore)

    def intend(self, take_id: str, code: CheckCode, *, on: bool) -> None:
        """A finding is a choice, or not."""
        self._do(lambda: self._takes.intend(take_id, code, on=on))

    def label(self, review: TakeReview, labels: Labels) -> None:
        """The performer's own words."""
        work: Act = lambda now: self._do(lambda: self._takes.label(now.line.take_id, labels))  # noqa: E731
        self._once_sealed(review, work, quiet=True)

    def mark_point(self, review: TakeReview, which: str, at_s: float) -> None:
        """The in point ("in_s") or the out point ("out_s") is here; marked once more at the same place it goes."""
        self._once_sealed(review, lambda now: self._mark_point(now, which, at_s))

    def set_points(self, take_id: str, in_s: float | None, out_s: float | None) -> None:
        """In and out points; the files stay whole."""
        self._do(lambda: self._takes.trim(take_id, in_s, out_s))

    def awaits(self, take_id: str) -> bool:
        """Whether something was decided that waits for the seal."""
        return take_id in self._held

    def sealed(self, review: TakeReview) -> None:
        """Do what has waited for it."""
        for act in self._held.pop(review.line.take_id, ()):
            act(review)

    def never_sealed(self, take_id: str, why: str) -> None:
        """Forget what has waited; whatever is decided from now on is answered with `why`."""
        self._held.pop(take_id, None)
        self._refused[take_id] = why

    def say(self, problem: PerfstudioError) -> None:
        """Why it was not done."""
        self._toast.show_message(errors.sentence(problem), tone="danger")

    def _once_sealed(self, review: TakeReview, act: Act, *, quiet: bool = False) -> None:
        take_id = review.line.take_id
        if review.sealed:
            act(review)
            return
        if take_id not in self._refused:
            self._held.setdefault(take_id, []).append(act)
        if not quiet:
            self._toast.show_message(self._refused.get(take_id, states.NOTED))

    def _bin_or_restore(self, review: TakeReview) -> None:
        line, before = review.line, review.manifest.decision
        if before is Decision.BINNED:
            self._do(lambda: self._takes.restore(line.take_id))
            return
        self._do(lambda: self._takes.bin(line.take_id))
        self._toast.show_message(
            f"{line.title}, take {line.number} is in the bin.", undo=lambda: self._unbin(line.take_id, before)
        )

    def _mark_point(self, review: TakeReview, which: str, at_s: float) -> None:
        trim = review.manifest.trim
        points = {"in_s": trim.in_s, "out_s": trim.out_s}
        before = points[which]
        points[which] = None if before is not None and abs(before - at_s) < SAME_POINT_S else at_s
        start, end = points["in_s"], points["out_s"]
        if start is not None and end is not None and end - start < SAME_POINT_S:
            points["out_s" if which == "in_s" else "in_s"] = None  # the new point wins over the one it crosses
        self.set_points(review.line.take_id, points["in_s"], points["out_s"])

    def _unbin(self, take_id: str, before: Decision) -> None:
        def work() -> None:
            self._takes.restore(take_id)
            if before is Decision.KEPT:
                self._takes.keep(take_id)

        self._do(work)

    def _do(self, work: Callable[[], None]) -> None:
        self._worker.run(work, lambda _: None, self.say)
