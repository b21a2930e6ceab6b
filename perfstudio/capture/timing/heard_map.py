"""When a clip was heard, on the take's clock: two sample counters, one host clock, the same hull for both.

A driver cannot ask for a sample before there is room for it, but any amount later: of (asked - n / rate) the lower hull
is the headphones' clock, as it is the microphone's of arrivals. Where the lateness rises for good, the headphones ran
dry, and what follows is heard later. What the hull cannot tell is the constant from there to the ear and back into the
take. Both drivers report their part of it; a click from headphone to microphone corrects the sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from perfstudio.capture.timing.audio_timeline import AudioTimeline
from perfstudio.capture.timing.clock import earliest
from perfstudio.capture.timing.lost_samples import LatenessStep, lasting_steps
from perfstudio.capture.timing.timing_log import DRY, BlockFlag, Log
from perfstudio.capture.timing.told_steps import told_steps
from perfstudio.model.partner import REPORTED_BOUND_S, WIRELESS_BOUND_S, LoopbackConstant, PartnerBegun
from perfstudio.model.support_line import Floats, SupportLine, support_line
from perfstudio.model.two_in_a_scene import Underrun

UNTOLD_S: Final = 0.100
"""The bound where a driver gives no times, or such as contradict one another (a starved sound server was seen to tell
279 ms and then 602 within three seconds): what it said at the opening was 40 ms from the truth."""
STEADY_S: Final = 0.010
"""Reports of which no quarter lies closer together are no measure of anything."""
_MOST_OUT_S: Final = 2.0
_LEAST_IN_S, _MOST_IN_S = -0.1, 0.5
"""A monitor is heard before the loudspeaker; nothing takes longer than half a second to arrive."""
_LEAST_BLOCKS: Final = 8
_WINDOW_S: Final = 0.5
_FEWEST_WORDS: Final = 3
"""Words in a window of this length of which the middle one counts."""
_MOST_AHEAD_S: Final = 0.7
"""More than any buffer of ours holds: so far the headphones' counter cannot run ahead of the clock within"""
_PAUSE_S: Final = 0.2
"""this time."""


@dataclass(frozen=True, slots=True)
class HeardClip:
    """Where the clip lies in the take; as in `RecordedPartner`."""

    offset_s: float
    stretch_ppm: float
    until_s: float
    bound_s: float
    constant_s: float
    underruns: tuple[Underrun, ...]


@dataclass(frozen=True, slots=True)
class _Counter:
    """The headphones' counter: nominal seconds of each block's first sample, holes counted in, and its line."""

    base_ns: int
    asked_s: Floats
    seconds: Floats
    line: SupportLine
    steps: tuple[LatenessStep, ...]
    """What follows is heard so much later for good."""

    @property
    def holes(self) -> list[tuple[int, float]]:
        """(block behind it, its length in seconds)"""
        return [(step.edge, step.height_s) for step in self.steps if step.height_s > 0]

    def at(self, seconds: Floats) -> Floats:
        """The earliest moment at which a driver could have asked for a sample, in seconds since `base_ns`."""
        return seconds + self.line.at(seconds)


def map_heard(
    played: Log, begun: PartnerBegun, timeline: AudioTimeline, arrivals: tuple[Log, int], end_s: float
) -> HeardClip | None:
    """Where the clip was heard in a take of `end_s` seconds; None where none of it was.

    `timeline` is the take's; `arrivals` are the blocks that it was made of, and the count of its first sample.
    """
    played = _followed(played, begun.rate_hz)
    inside = np.flatnonzero(played["clip_sample"] >= 0)
    if not len(inside) or len(played) < _LEAST_BLOCKS:
        return None
    counter = _counter(played, begun.rate_hz)
    first, last = int(inside[0]), int(inside[-1])
    out_s, out_spread_s = _told_out(counter, played, begun.latency_s)
    in_s, in_spread_s = _told_in(timeline, *arrivals)
    constant_s = out_s + in_s + (begun.loopback.correction_s if begun.loopback else 0.0)
    spread_s = max(out_spread_s, in_spread_s)
    untold_s = _untold(counter, _words(counter, played), first, last)
    ear = _Ear(counter, timeline, constant_s)
    zero_s = float(counter.seconds[first]) - float(played["clip_sample"][first]) / begun.rate_hz
    begin_s, stretch = ear.heard(zero_s), ear.heard(zero_s + 1.0) - ear.heard(zero_s)
    holes = [hole for hole in counter.holes if first < hole[0] <= last + 1]
    whole_s = begin_s + begun.clip_samples / begun.rate_hz * stretch + sum(length for _, length in holes)
    given_s = ear.heard(float(counter.seconds[last]) + float(played["frames"][last]) / begun.rate_hz)
    until_s = min(whole_s, given_s, end_s)
    return HeardClip(
        offset_s=round(begin_s - begun.from_s * stretch, 6),
        stretch_ppm=round((stretch - 1.0) * 1e6, 3),
        until_s=round(max(until_s, begin_s), 4),
        bound_s=round(max(_bound(begun.loopback, spread_s, wireless=begun.wireless), untold_s), 4),
        constant_s=round(constant_s, 6),
        underruns=(*ear.underruns(holes), *_gone(given_s, min(whole_s, end_s))),
    )


def _gone(given_s: float, wanted_s: float) -> tuple[Underrun, ...]:
    """The end of the clip, where the headphones asked for no more of it."""
    missing_s = wanted_s - given_s
    return (Underrun(at_s=round(given_s, 4), length_s=round(missing_s, 4)),) if missing_s > _GONE_S else ()


@dataclass(frozen=True, slots=True)
class _Ear:
    """From the headphones' counter to take time."""

    counter: _Counter
    timeline: AudioTimeline
    constant_s: float

    def heard(self, seconds: float) -> float:
        """Take time at which a sample was heard, by its nominal seconds."""
        at_s = float(self.counter.at(np.array(seconds))) + self.constant_s
        return float(self.timeline.seconds_at(self.counter.base_ns + round(at_s * 1e9)))

    def underruns(self, holes: list[tuple[int, float]]) -> list[Underrun]:
        """Holes, each before a block, as what was not heard."""
        starts = ((float(self.counter.seconds[edge]) - length, length) for edge, length in holes)
        return [Underrun(at_s=round(self.heard(start), 4), length_s=round(length, 4)) for start, length in starts]


_GONE_S: Final = 0.5
"""The stream asks ahead: what is missing behind it is a hole when it is longer than any buffer."""


def _followed(played: Log, rate_hz: int) -> Log:
    """The blocks up to where the driver asks for far more than can have been heard: starved for too long, some ask
    again and again without a pause and drop what they get. From there on nobody knows what was heard.
    """
    late = (played["host_ns"] - played["host_ns"][:1]) * 1e-9 - played["first_sample"] / rate_hz
    before = np.minimum.accumulate(late)
    behind = np.searchsorted(played["host_ns"], played["host_ns"] - round(_PAUSE_S * 1e9))
    ran_away = np.flatnonzero((behind > 0) & (late < before[np.maximum(behind - 1, 0)] - _MOST_AHEAD_S))
    return played[: int(ran_away[0])] if len(ran_away) else played


def _counter(played: Log, rate_hz: int) -> _Counter:
    base_ns = int(played["host_ns"][0])
    asked_s = (played["host_ns"] - base_ns).astype(np.float64) * 1e-9
    seconds = played["first_sample"].astype(np.float64) / rate_hz
    late = lasting_steps(seconds, asked_s - seconds)
    by_lateness = _with_steps(base_ns, asked_s, seconds, late, rate_hz)
    words = _words(by_lateness, played) + by_lateness.seconds - seconds
    steps = told_steps(words, asked_s, (played["flags"] & DRY) != 0, late)
    return by_lateness if steps == late else _with_steps(base_ns, asked_s, seconds, steps, rate_hz)


def _with_steps(base_ns: int, asked_s: Floats, nominal: Floats, steps: list[LatenessStep], rate_hz: int) -> _Counter:
    seconds = nominal.copy()
    for step in steps:
        seconds[step.edge :] += step.height_s
    late = asked_s - seconds
    use = earliest(seconds * rate_hz, late, rate_hz)
    return _Counter(base_ns, asked_s, seconds, support_line(seconds[use], late[use]), tuple(steps))


def _words(counter: _Counter, played: Log) -> Floats:
    """From the line to the ear by the driver's word of each block, in seconds; NaN where it gives no times."""
    delay_s = played["dac_s"] - played["current_s"]
    told = (delay_s >= 0) & (delay_s < _MOST_OUT_S) & (played["dac_s"] > 0)
    return np.where(told, counter.asked_s + delay_s - counter.at(counter.seconds), np.nan)


def _untold(counter: _Counter, words: Floats, first: int, last: int) -> float:
    """How far what is said of the clip's blocks lies from one constant, in seconds: its words change in a way that no
    hole explains, or some of the sound was dropped. 0 where they do not."""
    dropped_s = max((-step.height_s for step in counter.steps if first < step.edge <= last), default=0.0)
    window = np.floor(counter.asked_s[first : last + 1] / _WINDOW_S).astype(np.int64)
    inside = words[first : last + 1]
    told = [inside[(window == number) & np.isfinite(inside)] for number in np.unique(window)]
    levels = [float(np.median(one)) for one in told if len(one) >= _FEWEST_WORDS]
    apart_s = max(levels) - min(levels) if levels else 0.0
    return max(dropped_s, apart_s if apart_s > STEADY_S else 0.0)


def _told_out(counter: _Counter, played: Log, latency_s: float) -> tuple[float, float]:
    """From the line to the ear by the driver's word, and how widely its words spread; what it said at the opening
    where it gives no times."""
    told = _steady(_words(counter, played))
    return told if told is not None else (max(0.0, min(latency_s, _MOST_OUT_S)), UNTOLD_S)


def _told_in(timeline: AudioTimeline, blocks: Log, first_sample: int) -> tuple[float, float]:
    """From the microphone to the take's own line by its driver's word, and how widely its words spread: nothing where
    that is taken out already, or where the driver does not say.

    Arrivals behind a loss are left out, for the line counts what is lost; and so are crumbs, of which a sound server
    says nothing but zero.
    """
    if timeline.delivery_s is not None:
        return 0.0, 0.0
    before = blocks[: timeline.lost[0].after_block] if timeline.lost else blocks
    ends = before["first_sample"] + before["frames"] - first_sample
    line_s = ends * timeline.clock.ns_per_sample * 1e-9  # since the clock's zero
    arrived_s = (before["host_ns"] - timeline.clock.zero_ns).astype(np.float64) * 1e-9
    inside = (before["adc_s"] > 0) & ((before["flags"] & BlockFlag.WRITTEN) != 0)
    inside &= 2 * before["frames"] > np.percentile(before["frames"], 90)
    captured_s = arrived_s + before["adc_s"] - before["current_s"] + before["frames"] / timeline.rate_hz
    words = (line_s - captured_s)[inside]
    told = _steady(words)
    if told is None or not _LEAST_IN_S <= told[0] <= _MOST_IN_S:
        return 0.0, UNTOLD_S if len(words) else 0.0
    return told


def _steady(told_s: Floats) -> tuple[float, float] | None:
    """What a driver says most closely together: the middle of the shortest stretch that holds a quarter of its words,
    and how long that is; None where it is too long. Words while a device wakes up or a computer is busy lie outside.
    """
    told_s = np.sort(told_s[np.isfinite(told_s)])
    share = len(told_s) // 4
    if len(told_s) < _LEAST_BLOCKS:
        return None
    spans = told_s[share:] - told_s[: len(told_s) - share]
    first = int(np.argmin(spans))
    spread_s = float(spans[first])
    return (float(np.median(told_s[first : first + share + 1])), spread_s) if spread_s <= STEADY_S else None


def _bound(loopback: LoopbackConstant | None, spread_s: float, *, wireless: bool) -> float:
    if loopback is not None:
        return loopback.bound_s + spread_s / 2
    return max(WIRELESS_BOUND_S if wireless else REPORTED_BOUND_S, spread_s)
