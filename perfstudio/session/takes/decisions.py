"""What the performer decides about a take, done on the library's worker in the order in which it was decided.

Before its checks are done a take cannot be written to: what is decided so early is done as soon as it is sealed.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from typing import TypeVar

from perfstudio.model.checks import CheckCode
from perfstudio.model.errors import PerfstudioError
from perfstudio.model.labels import Labels
from perfstudio.model.marks import OwnMark
from perfstudio.model.played import Played
from perfstudio.session.bus import Bus
from perfstudio.session.events import StageChanged, TakeFinished, TakeSealed
from perfstudio.session.takes.takes import Takes
from perfstudio.session.views import StageState
from perfstudio.session.worker import Failed, Worker

T = TypeVar("T")
Binned = Callable[[Callable[[], None]], None]
"""Hears that a take is in the bin, with what takes it out again."""


class Decided(Enum):
    """When a decision is done."""

    NOW = auto()
    AT_SEAL = auto()


class TakeDecisions:
    """Used on the owner's thread. `failed` hears there why a decision could not be kept."""

    def __init__(self, takes: Takes, worker: Worker, bus: Bus) -> None:
        self._takes = takes
        self._worker = worker
        self._early: dict[str, list[Callable[[], None]]] = {}
        """What waits for the seal, by take; a take is here from the cut to its seal."""
        self._stuck: dict[str, PerfstudioError] = {}
        bus.subscribe(TakeFinished, lambda event: self.begin(event.manifest.take_id))
        bus.subscribe(TakeSealed, lambda event: self.sealed(event.take_id))
        bus.subscribe(StageChanged, self._stage_changed)

    def begin(self, take_id: str) -> None:
        """This take was cut and is not sealed yet."""
        self._early.setdefault(take_id, [])

    def sealed(self, take_id: str) -> None:
        """Do what has waited for it."""
        self._stuck.pop(take_id, None)
        for act in self._early.pop(take_id, ()):
            act()

    def cannot_seal(self, problem: PerfstudioError) -> None:
        """Why the takes that wait are not sealed now. What was decided about them stays, should they still be."""
        self._stuck.update(dict.fromkeys(self._early, problem))

    def stuck(self, take_id: str) -> PerfstudioError | None:
        """Why a take cannot be sealed, when that is so."""
        return self._stuck.get(take_id)

    def keep(self, take_id: str, failed: Failed) -> Decided:
        """Keep it."""
        return self._decide(take_id, lambda: self._takes.keep(take_id), failed)

    def circle(self, take_id: str, failed: Failed, *, on: bool) -> Decided:
        """Prefer it, or no longer."""
        return self._decide(take_id, lambda: self._takes.circle(take_id, on=on), failed)

    def bin(self, take_id: str, failed: Failed, binned: Binned) -> Decided:
        """Into the bin; `binned` gets the way back to what was decided before."""

        def work() -> Callable[[], None]:
            step = self._takes.bin(take_id)
            return lambda: self._worker.run(lambda: self._takes.undo.back(step), _nothing, failed)

        return self._decide(take_id, work, failed, binned)

    def restore(self, take_id: str, failed: Failed) -> Decided:
        """Out of the bin, to be decided anew."""
        return self._decide(take_id, lambda: self._takes.restore(take_id), failed)

    def label(self, take_id: str, labels: Labels, failed: Failed) -> Decided:
        """The performer's own words."""
        return self._decide(take_id, lambda: self._takes.label(take_id, labels), failed)

    def say_played(self, take_id: str, played: Played, failed: Failed) -> Decided:
        """The language, accent and age that were played."""
        return self._decide(take_id, lambda: self._takes.say_played(take_id, played), failed)

    def intend(self, take_id: str, code: CheckCode, failed: Failed, *, on: bool) -> Decided:
        """A finding is a choice, or not."""
        return self._decide(take_id, lambda: self._takes.intend(take_id, code, on=on), failed)

    def mark(self, take_id: str, where: OwnMark, failed: Failed) -> Decided:
        """A moment is marked, or no longer."""
        return self._decide(take_id, lambda: self._takes.mark(take_id, where), failed)

    def word_mark(self, take_id: str, where: OwnMark, word: str, failed: Failed) -> Decided:
        """Another word to a moment that was marked."""
        return self._decide(take_id, lambda: self._takes.word_mark(take_id, where, word), failed)

    def mark_point(self, take_id: str, which: str, at_s: float, failed: Failed) -> Decided:
        """The in point ("in_s") or the out point ("out_s") is here; marked once more at the same place it goes."""
        return self._decide(take_id, lambda: self._takes.mark_point(take_id, which, at_s), failed)

    def clear_points(self, take_id: str, failed: Failed) -> Decided:
        """No in and out points."""
        return self._decide(take_id, lambda: self._takes.trim(take_id, None, None), failed)

    def _decide(
        self, take_id: str, work: Callable[[], T], failed: Failed, done: Callable[[T], None] = lambda _: None
    ) -> Decided:
        def act() -> None:
            self._worker.run(work, done, failed)

        if take_id in self._early:
            self._early[take_id].append(act)
            return Decided.AT_SEAL
        act()
        return Decided.NOW

    def _stage_changed(self, event: StageChanged) -> None:
        view = event.view
        if view.state is StageState.FAILED and view.problem is not None:
            self.cannot_seal(view.problem)


def _nothing(_: object) -> None:
    """The bus tells of every change by itself."""
