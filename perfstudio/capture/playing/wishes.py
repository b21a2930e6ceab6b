"""What whoever watches wishes of a film, gathered until the film's thread takes it up; the newest wish counts."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Wishes:
    """None, 0: nothing is wished. `steps` are pictures on (or back) from where it stands after `goal_s`. `number` is
    that of the newest wish so far, these and earlier ones."""

    goal_s: float | None = None
    steps: int = 0
    plays: bool | None = None
    number: int = 0

    @property
    def any(self) -> bool:
        """Whether something is wished."""
        return self.goal_s is not None or bool(self.steps) or self.plays is not None


class WishBox:
    """Filled by any thread, emptied by one, which waits here for the next wish or for a time. Every wish has a number
    of its own, which is higher than those of earlier ones."""

    def __init__(self) -> None:
        self._wake = threading.Condition()
        self._wishes = Wishes()
        self._stirred = False

    def goal(self, seconds: float) -> int:
        """A moment; steps that were asked for before it are of no interest any more."""
        return self._add(goal_s=seconds, steps=0)

    def step(self, count: int) -> int:
        """Stand, so many pictures on, or back."""
        with self._wake:
            return self._change(steps=self._wishes.steps + count, plays=False)

    def play(self, plays: bool) -> int:
        """Whether it shall play."""
        return self._add(plays=plays)

    def stir(self) -> None:
        """Something else is other than it was."""
        with self._wake:
            self._stirred = True
            self._wake.notify()

    def has_goal(self) -> bool:
        """Whether a newer moment is wished."""
        return self._wishes.goal_s is not None

    def take(self) -> Wishes:
        """All wishes so far."""
        with self._wake:
            taken, self._stirred = self._wishes, False
            self._wishes = Wishes(number=taken.number)
            return taken

    def wait(self, seconds: float | None) -> None:
        """For the next wish, at most so long; None is without end."""
        with self._wake:
            if not self._stirred:
                self._wake.wait(seconds)

    def _add(self, **what: object) -> int:
        with self._wake:
            return self._change(**what)

    def _change(self, **what: object) -> int:
        self._wishes = replace(self._wishes, number=self._wishes.number + 1, **what)  # type: ignore[arg-type]
        self._stirred = True
        self._wake.notify()
        return self._wishes.number
