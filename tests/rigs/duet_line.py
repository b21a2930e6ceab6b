"""A line between two machines as it is simulated: delay, jitter, asymmetry and loss, and two clocks that run apart.

Truth is a third clock; each side's own is an offset and a skew away from it. What comes out are the stamps that the two
sides would have written down.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from perfstudio.model.duet_pings import STAMPS, PingEvent, Stamps

AROUND_S = 3.0
"""Before and after the take pings go ten a second; while it rolls two."""


@dataclass
class SimulatedClock:
    """One side's clock: `at` gives its nanoseconds at true seconds. `jump_s` from `jumps_at_s` on: it slept, or was
    set."""

    offset_s: float = 0.0
    ppm: float = 0.0
    jumps_at_s: float = np.inf
    jump_s: float = 0.0

    def at(self, true_s: NDArray[np.float64]) -> NDArray[np.int64]:
        jumped = np.where(true_s >= self.jumps_at_s, self.jump_s, 0.0)
        return np.round((true_s * (1.0 + self.ppm * 1e-6) + self.offset_s + jumped) * 1e9).astype(np.int64)


@dataclass
class SimulatedLine:
    """`delay_s` each way, `asymmetry_s` more from A to B, exponential jitter of mean `jitter_s` on top."""

    delay_s: float = 0.04
    jitter_s: float = 0.02
    asymmetry_s: float = 0.0
    loss: float = 0.03
    seed: int = 1
    a: SimulatedClock = field(default_factory=SimulatedClock)
    b: SimulatedClock = field(default_factory=SimulatedClock)

    def play(self, seconds: float, *, ends_s: float | None = None) -> tuple[Stamps, Stamps]:
        """The stamps of both sides of a take from 0 to `seconds`; the line is down from `ends_s` on."""
        rng = np.random.default_rng(self.seed)
        around = np.arange(0, AROUND_S, 0.1)
        sent_s = np.concatenate((around - AROUND_S, np.arange(0, seconds, 0.5), seconds + around))
        if ends_s is not None:
            sent_s = sent_s[sent_s < ends_s]
        first: list[tuple[PingEvent, NDArray[np.float64]]] = []
        second: list[tuple[PingEvent, NDArray[np.float64]]] = []
        for turn, (mine, theirs) in enumerate(((first, second), (second, first))):
            at_s = sent_s + rng.uniform(0, 0.02, len(sent_s))
            heard_s = self._crossed(rng, at_s, out=turn == 0)
            answered_s = heard_s + rng.uniform(0.0001, 0.001, len(at_s))
            back_s = self._crossed(rng, answered_s, out=turn == 1)
            for notes, event, when in (
                (mine, PingEvent.PING_SENT, at_s), (theirs, PingEvent.PING_HEARD, heard_s),
                (theirs, PingEvent.ANSWER_SENT, answered_s), (mine, PingEvent.ANSWER_HEARD, back_s),
            ):  # fmt: skip
                notes.append((event, when))
        return self._stamps(self.a, first), self._stamps(self.b, second)

    def _crossed(self, rng: np.random.Generator, sent_s: NDArray[np.float64], *, out: bool) -> NDArray[np.float64]:
        """When each message is heard; NaN: it is lost."""
        late = self.delay_s + (self.asymmetry_s if out else 0.0) + rng.exponential(self.jitter_s, len(sent_s))
        return np.where(rng.random(len(sent_s)) < self.loss, np.nan, sent_s + late)

    def _stamps(self, clock: SimulatedClock, notes: list[tuple[PingEvent, NDArray[np.float64]]]) -> Stamps:
        parts = []
        for event, when in notes:
            numbers = np.flatnonzero(~np.isnan(when))
            part = np.zeros(len(numbers), STAMPS)
            part["host_ns"], part["sequence"], part["what"] = clock.at(when[numbers]), numbers, event
            parts.append(part)
        made = np.concatenate(parts)
        return made[np.argsort(made["host_ns"], kind="stable")]
