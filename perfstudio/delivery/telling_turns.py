"""Whose turn it is among the studios that have still to hear what was taken back, or given again."""

from __future__ import annotations

import random
from collections.abc import Iterable

from perfstudio.delivery.outbox import Paper
from perfstudio.delivery.policy import Pace

_Key = tuple[str, int, str]
PATIENT = 4
"""A studio that has heard gets some time for deleting before it is asked: as after so many failures."""


class TellingTurns:
    """A studio that did not answer waits longer each time, and the others go first; of one studio's messages the one
    goes first that was tried longest ago. Not thread-safe; times are of the monotonic clock.
    """

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._due_s: dict[str, float] = {}
        self._failures: dict[str, int] = {}
        self._studio_tried_s: dict[str, float] = {}
        self._tried_s: dict[_Key, float] = {}
        self._asked: dict[_Key, int] = {}
        self._ask_s: dict[_Key, float] = {}

    def next(self, pending: Iterable[Paper], now_s: float) -> Paper | None:
        """Who is told now, or None."""
        due = [
            one for one in pending if max(self._due_s.get(one.studio_id, 0.0), self._ask_s.get(one.key, 0.0)) <= now_s
        ]
        return min(due, key=self._waited_since, default=None)

    def begins(self, pending: Paper, now_s: float) -> None:
        """It is being told."""
        self._studio_tried_s[pending.studio_id] = self._tried_s[pending.key] = now_s

    def told(self, pending: Paper) -> None:
        """The studio has answered: what else it has to hear need not wait."""
        self._tried_s.pop(pending.key, None)
        self._failures.pop(pending.studio_id, None)
        self._due_s.pop(pending.studio_id, None)

    def unsigned(self, pending: Paper, now_s: float) -> None:
        """It has heard, and not signed that it deleted the take, or what it is to hear cannot be read: once more later,
        and longer each time.
        """
        asked = self._asked[pending.key] = self._asked.get(pending.key, 0) + 1
        self._ask_s[pending.key] = now_s + self._pace.back_off(asked + PATIENT, 1.0)

    def failed(self, studio_id: str, now_s: float) -> float:
        """It has not. Returns how long it is left alone, in seconds."""
        failures = self._failures[studio_id] = self._failures.get(studio_id, 0) + 1
        wait_s = self._pace.back_off(failures, random.uniform(0.5, 1.0))  # noqa: S311 - spreads load, guards nothing
        self.later(studio_id, now_s + wait_s)
        return wait_s

    def later(self, studio_id: str, due_s: float) -> None:
        """It is left alone until then."""
        self._due_s[studio_id] = due_s

    def at_once(self) -> None:
        """The network or a token has changed: nobody waits any longer."""
        self._due_s.clear()
        self._ask_s.clear()
        self._failures.clear()
        self._asked.clear()

    def dues(self) -> Iterable[float]:
        """When somebody's turn comes."""
        return (*self._due_s.values(), *self._ask_s.values())

    def _waited_since(self, pending: Paper) -> tuple[float, float]:
        return self._studio_tried_s.get(pending.studio_id, 0.0), self._tried_s.get(pending.key, 0.0)
