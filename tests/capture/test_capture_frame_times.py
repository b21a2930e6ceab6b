"""Frames with nothing but their arrival: put back on the camera's period, or left alone where it has none (CAM-9)."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from perfstudio.capture.finishing.finish import _video_stats
from perfstudio.capture.finishing.stream_stats import video_stats
from perfstudio.capture.timing.frame_times import steadied
from perfstudio.capture.timing.timing_log import FRAMES, NO_STAMP, FrameFate, frame_stamps
from perfstudio.model.timing import GapCause
from rigs.shortened import every, shortened

START_NS = 10**15


def arrivals(taken_s: np.ndarray, seed: int = 0, jitter_s: float = 0.004, held: tuple[float, float] = (0, 0)):
    """Host times of frames taken at `taken_s`, jittered; those of a stretch come all at once at its end."""
    late = np.random.default_rng(seed).exponential(jitter_s, len(taken_s))
    arrived = np.maximum.accumulate(taken_s + late)
    waiting = (arrived > held[0]) & (arrived < held[1])
    arrived[waiting] = held[1] + np.arange(waiting.sum()) * 1e-4
    return START_NS + np.round(np.maximum.accumulate(arrived) * 1e9).astype(np.int64)


def error_ms(found, taken_s: np.ndarray) -> np.ndarray:
    return (found.host_ns - START_NS) * 1e-6 - taken_s * 1e3


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(("fps", "ppm"), [(30.0, 150.0), (24.0, -200.0), (59.94, 0.0)])
def test_jitter_of_the_way_is_taken_out(seed: int, fps: float, ppm: float) -> None:
    index = np.arange(round(40 * fps))
    taken = index / (fps * (1 + ppm * 1e-6))
    host = arrivals(taken, seed)
    found = steadied(index, host)
    assert found is not None
    off = error_ms(found, taken)
    assert np.abs(off).max() < 1.0
    assert np.abs(off).max() < 0.2 * np.abs((host - START_NS) * 1e-6 - taken * 1e3).max()
    assert found.residual_s < 0.002
    assert (found.host_ns <= host).all()


def test_a_burst_after_a_pause_is_laid_out_again() -> None:
    index = np.arange(30 * 30)
    taken = index / 30.0
    found = steadied(index, arrivals(taken, held=(10.0, 13.0)))
    assert found is not None
    assert np.abs(error_ms(found, taken)).max() < 1.5
    assert np.diff(found.host_ns).min() > 30e6


@pytest.mark.parametrize("seed", range(20))
def test_a_burst_in_a_short_take_on_a_busy_computer_is_laid_out_too(seed: int) -> None:
    index = np.arange(30 * 8)
    taken = index / 30.0
    found = steadied(index, arrivals(taken, seed, jitter_s=0.012, held=(1.5, 2.7)))
    assert found is not None
    assert np.abs(error_ms(found, taken)).max() < 10
    assert np.diff(found.host_ns).min() > 30e6
    assert found.residual_s < 0.005


def test_pictures_that_never_came_stay_holes_counted_or_not() -> None:
    index = np.arange(900)
    keep = np.delete(index, [200, 201, 202, 500])
    taken = keep / 30.0
    for known in (keep, np.arange(len(keep))):
        found = steadied(known, arrivals(taken, 3))
        assert found is not None
        assert np.abs(error_ms(found, taken)).max() < 1.5


@pytest.mark.parametrize("kind", ["rate falls", "rate wanders", "too short", "any time"])
def test_a_camera_without_a_period_is_left_alone(kind: str) -> None:
    steps = {
        "rate falls": np.concatenate([np.full(300, 1 / 30), np.full(150, 1 / 7)]),
        "rate wanders": 1 / 30 * (1 + 0.3 * np.sin(np.arange(600) / 40)),
        "too short": np.full(60, 1 / 30),
        "any time": np.random.default_rng(2).exponential(1 / 30, 600),
    }[kind]
    taken = np.cumsum(steps)
    assert steadied(np.arange(len(taken)), arrivals(taken, jitter_s=0.001)) is None


@pytest.mark.parametrize("seed", shortened(range(300), every(5)))
def test_a_camera_that_changes_its_rate_is_left_alone_or_was_near_its_period_all_the_time(seed: int) -> None:
    """Phones do in poor light: for a moment or for good, anywhere in the take, to whole fractions of their rate too."""
    chance = np.random.default_rng([77, seed])
    steps, length_s = [np.full(round(chance.uniform(0.3, 8) * 30), 1 / 30)], chance.uniform(4, 60)
    while np.concatenate(steps).sum() < length_s and chance.random() > 0.15:
        fps = chance.choice([30, 30, 30, 29, 28, 25, 24, 20, 15, 10, 7.5])
        steps.append(np.full(round(chance.uniform(0.3, 8) * fps), 1 / fps))
    taken = np.cumsum(np.concatenate(steps))
    jitter_s = float(chance.choice([0.001, 0.004, 0.01]))
    found = steadied(np.arange(len(taken)), arrivals(taken, seed, jitter_s))
    assert found is None or np.abs(error_ms(found, taken)).max() < 110, "one picture, at most"


def test_only_what_comes_over_a_network_is_steadied() -> None:
    """A local driver without stamps hands its pictures on at once; and where there are stamps they count."""
    frames = np.zeros(600, FRAMES)
    frames["index"] = np.arange(600)
    frames["host_ns"] = arrivals(np.arange(600) / 30.0, held=(5.0, 7.0))
    frames["device_ns"] = NO_STAMP
    assert np.diff(frame_stamps(frames, "arrival", network=True)).min() > 30e6
    assert np.array_equal(frame_stamps(frames, "arrival"), frames["host_ns"])
    mixed = np.random.default_rng(3).permutation(frames)  # what was given up is noted before what still waited
    assert np.array_equal(
        np.sort(frame_stamps(mixed, "arrival", network=True)), frame_stamps(frames, "arrival", network=True)
    )
    frames["device_ns"] = START_NS + np.arange(600) * 33_000_000
    assert np.array_equal(frame_stamps(frames, "driver", network=True), frames["device_ns"])


@pytest.mark.parametrize("before_zero", [0, 1, 12])
def test_every_picture_of_a_long_film_is_counted(before_zero: int) -> None:
    """Those from before zero stand a microsecond apart at its beginning; behind them no time is too early to count."""
    times = np.round((np.arange(2 * 3600 * 30) - before_zero) * 1e6 / 30).astype(np.int64)
    order = np.arange(len(times))
    shown = np.maximum.accumulate(np.maximum(times, order) - order) + order
    raw = SimpleNamespace(frames=np.zeros(0, FRAMES), devices=SimpleNamespace(camera=None))
    told = _video_stats(raw, shown, int(times[-3]))
    assert told is not None
    assert told.frames == len(times) - 3, "but what lies at or behind the end of the sound"
    assert (told.measured_fps, told.longest_hole_ms, told.gaps) == (30.0, 33.334, ())


def test_what_came_damaged_is_no_picture_that_did_not_come() -> None:
    """CAM-6: half pictures for half a second, of a camera that otherwise keeps its pace."""
    frames = np.zeros(120, FRAMES)
    frames["index"] = frames["check"] = np.arange(120)
    frames["fate"][40:56] = FrameFate.DAMAGED
    told = video_stats(np.flatnonzero(frames["fate"] == FrameFate.WRITTEN) / 30, frames, 30.0)
    assert (told.damaged, told.dropped, told.missed) == (16, 16, 0)
    (gap,) = told.gaps
    assert (gap.cause, gap.length_s) == (GapCause.STALL, pytest.approx(17 / 30, abs=1e-5))
