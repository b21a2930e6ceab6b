"""Two machines, one time line: where the other side's clock stood at a moment of one's own, and within which bound.

A message is never heard before it was sent, but any amount later. So whatever came from here says how far ahead the
other clock can be at most, and whatever came from there, at least; two machines' clocks differ by one straight line
(an offset and a skew), which lies below all of the first and above all of the second. Of all such lines the highest
and the lowest at a moment are how far the truth can be from their middle: the bound. Nothing better can be known, for
nobody sees how the time of a round trip is shared between its two ways. Pure; the hull is that of `support_line`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from perfstudio.model.duet_pings import PingEvent, Stamps
from perfstudio.model.pair import ClocksProblem
from perfstudio.model.support_line import MAX_SLOPE, Floats, lower_hull

LEAST_MESSAGES: Final = 8
"""Heard each way; fewer say too little."""
_MOST_VERTICES: Final = 64
"""Of a hull. Honest delays have some twenty; of more, every so manieth is looked at, which can but widen the bound."""
_EXACT_S: Final = 1e-9
"""Stamps are whole nanoseconds."""
_WAYS: Final = ((PingEvent.PING_SENT, PingEvent.PING_HEARD), (PingEvent.ANSWER_SENT, PingEvent.ANSWER_HEARD))


class ClocksError(Exception):
    """The two clocks cannot be laid on each other."""

    def __init__(self, problem: ClocksProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class ClockOffset:
    """Where the other clock stands against one's own: other = own + `offset_ns` + `skew` * (own - `base_ns`)."""

    base_ns: int
    offset_ns: int
    skew: float
    """How much faster (+) the other clock runs: 1e-6 is one millionth."""
    bound_s: float
    """Within the stretch that was asked for, the truth lies no further away than this."""
    round_trip_s: float
    """The least that a message took there and back."""
    sent: int
    """Messages on their way, either way."""
    lost: int
    """Those of them that were not heard."""

    def other_at(self, own_ns: int) -> int:
        """The other clock at a moment of one's own."""
        return own_ns + self.offset_ns + round(self.skew * (own_ns - self.base_ns))


@dataclass(frozen=True, slots=True)
class _Messages:
    """What was heard of one side by the other, and how many were sent."""

    sent_ns: NDArray[np.int64]
    heard_ns: NDArray[np.int64]
    sent: int


@dataclass(frozen=True, slots=True)
class _Lines:
    """Straight lines that fit: each a skew, with the lowest and the highest height at zero that go with it."""

    skew: Floats
    low: Floats
    high: Floats

    def at(self, seconds: float) -> tuple[float, float]:
        """The lowest and the highest of them at a moment."""
        return float((self.low + self.skew * seconds).min()), float((self.high + self.skew * seconds).max())


def lay_on(own: Stamps, other: Stamps, begin_ns: int, end_ns: int) -> ClockOffset:
    """The other clock against one's own from `begin_ns` to `end_ns` of one's own. Raises ClocksError.

    `own` and `other` are the stamps that each side wrote down itself, in any order; what only one of them has was lost.
    """
    there, back = _messages(own, other), _messages(other, own)
    if min(len(there.sent_ns), len(back.sent_ns)) < LEAST_MESSAGES:
        raise ClocksError(ClocksProblem.TOO_FEW)
    base_ns, far_ns = begin_ns, int(there.heard_ns[0] - there.sent_ns[0])
    most = _hull(there.sent_ns - base_ns, there.heard_ns - there.sent_ns - far_ns)
    least = _hull(back.heard_ns - base_ns, back.heard_ns - back.sent_ns + far_ns)
    lines = _lines(most, (least[0], -least[1]))
    span_s = max((end_ns - begin_ns) * 1e-9, 1e-3)
    (low_0, high_0), (low_1, high_1) = lines.at(0.0), lines.at(span_s)
    begin_s, end_s = (low_0 + high_0) / 2, (low_1 + high_1) / 2
    skew = (end_s - begin_s) / span_s
    trip_s = float((most[1] - skew * most[0]).min() + (least[1] + skew * least[0]).min())
    return ClockOffset(
        base_ns=base_ns,
        offset_ns=far_ns + round(begin_s * 1e9),
        skew=skew,
        # The highest line is convex in time and the lowest concave: nowhere between are they further from a straight
        # line than at one of its ends.
        bound_s=max(high_0 - low_0, high_1 - low_1) / 2,
        round_trip_s=max(trip_s, 0.0),
        sent=there.sent + back.sent,
        lost=there.sent + back.sent - len(there.sent_ns) - len(back.sent_ns),
    )


def _messages(sender: Stamps, hearer: Stamps) -> _Messages:
    """Pings and answers from one side that the other heard; of one that came twice, the first."""
    sent_ns, heard_ns, sent = [], [], 0
    for sending, hearing in _WAYS:
        numbers, left = _first(sender, sending)
        heard, came = _first(hearer, hearing)
        _, here, there = np.intersect1d(numbers, heard, assume_unique=True, return_indices=True)
        sent_ns.append(left[here])
        heard_ns.append(came[there])
        sent += len(numbers)
    return _Messages(np.concatenate(sent_ns), np.concatenate(heard_ns), sent)


def _first(stamps: Stamps, event: PingEvent) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    chosen = stamps[stamps["what"] == event]
    numbers, first = np.unique(chosen["sequence"], return_index=True)
    return numbers, chosen["host_ns"][first]


def _hull(at_ns: NDArray[np.int64], late_ns: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """The lower hull of delays, in seconds."""
    order = np.lexsort((late_ns, at_ns))
    at_ns, first = np.unique(at_ns[order], return_index=True)
    seconds, late_s = (whole.astype(np.float64) * np.float64(1e-9) for whole in (at_ns, late_ns[order][first]))
    keep = lower_hull(seconds, late_s)
    if len(keep) > _MOST_VERTICES:
        keep = keep[np.linspace(0, len(keep) - 1, _MOST_VERTICES).round().astype(np.intp)]
    return seconds[keep], late_s[keep]


def _lines(most: tuple[Floats, Floats], least: tuple[Floats, Floats]) -> _Lines:
    """All straight lines below `most` and above `least` that can be highest or lowest anywhere: those through two of
    their corners. Raises ClocksError."""
    across = np.subtract.outer(most[0], least[0]).ravel()
    rise = np.subtract.outer(most[1], least[1]).ravel()
    apart = np.abs(across) > _EXACT_S
    edges = [np.diff(y) / np.diff(x) for x, y in (most, least)]
    skew = np.concatenate([*edges, rise[apart] / across[apart], [0.0, -MAX_SLOPE, MAX_SLOPE]])
    skew = skew[np.abs(skew) <= MAX_SLOPE]
    high = (most[1] - np.multiply.outer(skew, most[0])).min(axis=1)
    low = (least[1] - np.multiply.outer(skew, least[0])).max(axis=1)
    fits = high >= low - _EXACT_S
    if not fits.any():
        raise ClocksError(ClocksProblem.JUMPED)
    return _Lines(skew[fits], low[fits], high[fits])
