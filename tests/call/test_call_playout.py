"""A partner's voice out of a line that delays, shuffles and loses, against a simulated clock."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field

import numpy as np
import pytest

from perfstudio.call import mending
from perfstudio.call.arrival_spread import FRAME_NS, MOST_NS, ArrivalSpread
from perfstudio.call.heard_frames import HeardFrames
from perfstudio.call.mending import FRAME, PAST, RATE_HZ
from perfstudio.call.playout import LOST_NS, MOST_HELD, Playout

PULL = 480
"""Samples that the headphones ask for at once."""


def voice(seconds: float, hz: float = 150.0) -> np.ndarray:
    """Words of 1.2 s with pauses of 0.4 s between them: a tone with overtones, 16 bit."""
    at = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    tone = sum(np.sin(2 * np.pi * hz * over * at) / over for over in (1, 2, 3))
    return np.round(tone * 6000 * ((at % 1.6) < 1.2)).astype(np.int16)


SAID = voice(60.0)


def frame_of(data: bytes) -> np.ndarray:
    """In the place of a codec: the frame of this number."""
    first = int.from_bytes(data, "big") * FRAME % (len(SAID) - FRAME)
    return SAID[first : first + FRAME]


@dataclass
class Line:
    """`delay_s` with jitter of mean `jitter_s` that is exponential, and a loss; `ppm`: the sender's clock is fast."""

    delay_s: float = 0.05
    jitter_s: float = 0.02
    loss: float = 0.03
    ppm: float = 0.0
    stops: tuple[tuple[float, float], ...] = ()
    """Nothing passes from .. to, and then all of it at once."""
    seed: int = 3
    delays_ns: list[int] = field(default_factory=list)
    most_held: int = 0
    sound: list[np.ndarray] = field(default_factory=list)

    def plays(self, seconds: float, playout: Playout) -> HeardFrames:
        """Both ends for so long; each packet has the frame before its own as well."""
        rng = np.random.default_rng(self.seed)
        events: list[tuple[int, int]] = [(round(at * 1e7), -1) for at in range(round(seconds * 100))]
        for number in range(round(seconds * 50)):
            if rng.random() >= self.loss:
                at_s = number * 0.02 / (1 + self.ppm * 1e-6) + self.delay_s + rng.exponential(self.jitter_s)
                at_s = next((until for since, until in self.stops if since <= at_s < until), at_s)
                events.append((round(at_s * 1e9), number))
        heapq.heapify(events)
        while events:
            now, number = heapq.heappop(events)
            if number < 0:
                self.sound.append(playout.take(PULL, now))
                self.delays_ns.append(playout.heard.delay_ns)
            else:
                playout.put(number, number.to_bytes(4, "big"), now)
                if number:
                    playout.put(number - 1, (number - 1).to_bytes(4, "big"), now, again=True)
            self.most_held = max(self.most_held, len(playout._frames))
        return playout.heard

    @property
    def added_ms(self) -> float:
        """How far behind the quickest way sound was played, from the third second on."""
        return float(np.mean(self.delays_ns[300:])) / 1e6


@pytest.mark.parametrize("delay_s", [0.02, 0.15])
def test_of_a_bad_line_nearly_all_is_heard_and_soon(delay_s: float) -> None:
    line = Line(delay_s)
    heard = line.plays(20.0, Playout(frame_of))
    print(f"{delay_s * 1e3:.0f} ms, jitter 20, loss 3 %: {heard}, {line.added_ms:.0f} ms added")
    assert heard.played + heard.left_out >= 0.97 * 1000
    assert heard.filled <= 0.06 * 1000
    assert line.added_ms < 95
    assert line.most_held <= MOST_HELD


def test_a_good_line_adds_little_and_changes_nothing() -> None:
    line = Line(jitter_s=0.001, loss=0.0)
    heard = line.plays(10.0, Playout(frame_of))
    print(f"a good line: {heard}, {line.added_ms:.0f} ms added")
    assert (heard.filled, heard.late) == (0, 0)
    assert heard.left_out + heard.doubled <= 2
    assert line.added_ms < 40
    sound, first = np.concatenate(line.sound), 0
    first = int(np.flatnonzero(sound)[0]) - int(np.flatnonzero(SAID)[0])
    assert np.array_equal(sound[first : first + 4 * RATE_HZ], SAID[: 4 * RATE_HZ]), "to the sample"


@pytest.mark.parametrize("ppm", [-200.0, 200.0])
def test_clocks_that_run_apart_move_sound_in_pauses_and_no_delay_grows(ppm: float) -> None:
    line = Line(jitter_s=0.002, loss=0.0, ppm=ppm)
    playout = Playout(frame_of)
    heard = line.plays(300.0, playout)
    moved = heard.left_out if ppm > 0 else heard.doubled
    assert 2 <= moved <= 6, "60 ms in five minutes"
    assert heard.filled <= 2
    assert max(line.delays_ns[300:]) / 1e6 < 70
    assert line.most_held < 8


def test_after_a_stop_of_the_network_sound_catches_up() -> None:
    line = Line(jitter_s=0.002, loss=0.0, stops=((5.0, 5.2), (8.0, 10.0)))
    heard = line.plays(16.0, Playout(frame_of))
    assert max(line.delays_ns) <= LOST_NS + MOST_NS + 30_000_000
    assert float(np.mean(line.delays_ns[-300:])) / 1e6 < 60
    assert heard.left_out + heard.late >= 80, "two seconds that nobody waits for"
    held = np.concatenate(line.sound)[round(8.4 * RATE_HZ) : round(9.9 * RATE_HZ)]
    assert not held.any(), "and nothing is heard in them"


def test_whatever_comes_little_is_held() -> None:
    def refuses(_: bytes) -> np.ndarray:
        raise ValueError

    playout = Playout(refuses)
    assert not playout.take(PULL, 0).any()
    rng = np.random.default_rng(1)
    for now, number in enumerate(rng.integers(0, 2**32, 2000).tolist()):
        playout.put(number, b"x" * 100, now * 1000)
        playout.put(number + now % 70, b"", now * 1000, again=bool(now % 2))
        assert not playout.take(PULL, now * FRAME_NS).any()
    assert len(playout._frames) <= MOST_HELD
    unasked = Playout(refuses)
    for number in range(0, 1000, 3):
        unasked.put(number, b"x", number * FRAME_NS)
    assert 1 <= len(unasked._frames) <= MOST_HELD, "headphones that ask for nothing"
    assert ArrivalSpread().wait_ns <= MOST_NS


def test_a_side_that_counts_anew_is_heard_again_within_a_second() -> None:
    playout = Playout(frame_of)
    for number in [*range(10**9, 10**9 + 20), *range(1, 60)]:
        playout.put(number, number.to_bytes(4, "big"), number * FRAME_NS)
        sound = playout.take(FRAME, number * FRAME_NS)
    assert sound.any()


def test_a_hole_is_filled_with_the_voice_and_fades() -> None:
    past = SAID[:PAST]
    assert abs(mending.period(past) - RATE_HZ / 150) <= 4
    truth, made = SAID[PAST : PAST + FRAME].astype(float), mending.filled(past, 0).astype(float)
    assert np.corrcoef(truth, made)[0, 1] > 0.9
    louds = [mending.loudness(mending.filled(past, nth)) for nth in range(4)]
    assert louds == sorted(louds, reverse=True)
    assert louds[-1] == 0.0


def test_a_frame_is_shorter_or_longer_by_one_period_without_a_step() -> None:
    past, frame = SAID[:PAST], SAID[PAST : PAST + FRAME]
    steepest = np.abs(np.diff(SAID[:RATE_HZ].astype(int))).max()
    for made, sign in ((mending.shorter(past, frame), -1), (mending.longer(past, frame), 1)):
        assert abs(len(made) - FRAME - sign * RATE_HZ / 150) <= 4
        whole = np.concatenate((past, made)).astype(int)
        assert np.abs(np.diff(whole)).max() < 1.5 * steepest
