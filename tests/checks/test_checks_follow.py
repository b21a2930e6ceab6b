"""What the live pass heard of a take counts for the closed file when, and only when, it holds the same samples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from checks_material import RATE, db, measured, room, voice, write_sound

from perfstudio.checks.live import LiveChecks, LiveSummary
from perfstudio.checks.report import measure_media
from perfstudio.checks.sound import SoundMeasures, SoundScan
from rigs.shortened import every, shortened


def pieces(samples: np.ndarray, seed: int) -> Iterator[np.ndarray]:
    """Samples in uneven blocks, some empty, some of seconds."""
    rng, at = np.random.default_rng(seed), 0
    while at < len(samples):
        size = int(rng.choice([0, 1, 441, 1600, 4800, 130_000]))
        yield samples[at : at + size]
        at += size


def followed(samples: np.ndarray, seed: int = 3) -> LiveSummary:
    """As the recorder tells it: everything is heard, what is written is heard as written."""
    live = LiveChecks()
    live.begin_take(0.0)
    for piece in pieces(samples, seed):
        live.written(piece, RATE)
    return live.end_take()()


@cache
def stereo(bits: int) -> np.ndarray:
    """Six and some seconds of voice in a noisy room, as a converter of so many bits gives it."""
    spoken = voice(2, 6.3)
    whole = np.stack([spoken + room(4, len(spoken), -50), spoken * 0.5], axis=1)
    whole[200_000:200_480] = 0.0
    return (np.round(whole * 2 ** (bits - 1)).astype(np.int32) / 2 ** (bits - 1)).astype(np.float32)


def same(one: SoundMeasures, other: SoundMeasures) -> bool:
    """Equal in every number."""

    def equal(a: object, b: object) -> bool:
        if hasattr(a, "__dataclass_fields__"):
            return all(equal(getattr(a, f.name), getattr(b, f.name)) for f in fields(a))  # type: ignore[arg-type]
        return bool(np.array_equal(a, b)) if isinstance(a, np.ndarray) else a == b

    return equal(one, other)


def test_measurements_do_not_know_how_the_sound_was_cut() -> None:
    samples = stereo(16)
    scan = SoundScan(RATE, 2)
    for piece in pieces(samples, 5):
        scan.push(piece)
    assert same(scan.finish(), measured(samples, block=9600))
    assert not same(measured(samples), measured(samples * np.float32(0.999)))


@pytest.mark.parametrize("bits", [16, 24])
def test_a_closed_file_that_holds_what_was_heard_is_not_measured_again(tmp_path: Path, bits: int) -> None:
    samples = stereo(bits)
    live = followed(samples)
    file = write_sound(tmp_path / "audio.flac", samples, subtype=f"PCM_{bits}")
    assert live.sound is not None
    assert live.sound.samples == len(samples)
    again = measure_media(None, file, live=live).sound
    assert again is live.sound.measures
    fresh = measure_media(None, file).sound
    assert fresh is not None
    assert same(fresh, again)


def one_sample_changed(samples: np.ndarray) -> np.ndarray:
    changed = samples.copy()
    changed[123_456, 1] += np.float32(2**-15)
    return changed


@pytest.mark.parametrize(
    "change",
    shortened(
        [
            one_sample_changed,
            lambda samples: samples[:-1],
            lambda samples: np.concatenate([samples, samples[:1]]),
            lambda samples: samples[:, ::-1],
            lambda samples: np.insert(samples, 5 * RATE, np.zeros((480, 2), np.float32), axis=0),
            lambda samples: samples[:, 0],
        ],
        every(2),
    ),
)
def test_any_other_file_is_measured_itself(tmp_path: Path, change: object) -> None:
    samples = stereo(16)
    live = followed(samples)
    other = change(samples)  # type: ignore[operator]
    file = write_sound(tmp_path / "audio.flac", other, subtype="PCM_16")
    assert live.sound is not None
    again = measure_media(None, file, live=live).sound
    assert again is not None
    assert again is not live.sound.measures
    assert same(again, measured(other))


def test_a_new_take_is_heard_from_its_own_first_sample() -> None:
    live = LiveChecks()
    quiet, loud = np.full((RATE, 1), 0.001, np.float32), np.full((RATE, 1), 0.5, np.float32)
    live.written(loud, RATE)
    live.begin_take(0.0)
    live.written(quiet, RATE)
    first = live.end_take()().sound
    live.written(loud, RATE)
    live.begin_take(0.0)
    live.written(quiet, RATE)
    second = live.end_take()().sound
    assert first is not None
    assert second is not None
    assert first.fingerprint == second.fingerprint
    assert second.measures.levels.peak(0) == pytest.approx(db(-60))


def test_a_take_that_changed_its_format_has_no_live_sound() -> None:
    live = LiveChecks()
    live.begin_take(0.0)
    live.written(np.zeros((480, 1), np.float32), RATE)
    live.written(np.zeros((480, 2), np.float32), RATE)
    assert live.end_take()().sound is None
