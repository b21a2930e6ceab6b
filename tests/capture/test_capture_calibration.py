"""Claps and flashes against hidden offsets, and everything that has to be refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from perfstudio.capture.calibration.claps import by_claps
from perfstudio.capture.calibration.consensus import agree
from perfstudio.capture.calibration.film import Film, read_film
from perfstudio.capture.calibration.flashes import RAMP_S, by_flashes
from perfstudio.capture.calibration.pairing import common_lag
from perfstudio.capture.calibration.pattern import EDGES, clicks, light_at, pattern_edges, write_pattern
from perfstudio.capture.calibration.ticks import CLAP_BAND, CLICK_BAND, find_ticks
from perfstudio.model.calibration import Measurement, Method, Refusal, Unsure
from perfstudio.model.errors import ErrorCode, MediaError
from rigs.calibration_scenes import RATE, Shoot, clap_sound, claps, pattern, talking
from rigs.shortened import every, shortened

GOOD = Shoot(
    seed=5,
    offset_ms=61.0,
    fps=30.0,
    exposure_s=1 / 60,
    noise=0.8,
    brightness=1.0,
    jitter_ms=0.3,
    echo=0.3,
    clock_ppm=400,
)


@pytest.fixture(scope="module")
def clapped() -> Film:
    """Ten claps, recorded once; what is tried of them changes the sound or the pictures."""
    return claps(replace(GOOD, seed=6))


@pytest.fixture(scope="module")
def flashed() -> Film:
    """The beginning of the pattern, recorded once."""
    return flashes()


def flashes(offset_ms: float = GOOD.offset_ms, fps: float = GOOD.fps) -> Film:
    return pattern(replace(GOOD, offset_ms=offset_ms, fps=fps), pattern_edges()[:40], RAMP_S)


def moved(film: Film, offset_ms: float) -> Film:
    """The same with another offset hidden in it: all sounds move by whole samples; what leaves one end is hiss."""
    return replace(film, sound=np.roll(film.sound, round((offset_ms - GOOD.offset_ms) * RATE / 1000)))


@pytest.mark.parametrize("offset_ms", [-80.0, 120.0])
def test_ten_claps_find_a_hidden_offset(clapped: Film, offset_ms: float) -> None:
    found = by_claps(moved(clapped, offset_ms))
    assert isinstance(found, Measurement), found
    assert abs(found.offset_ms - offset_ms) <= 5.0
    assert found.count >= 6
    assert (found.method, found.source_sure_ms) == (Method.CLAP, 0.0)


@pytest.mark.parametrize(("offset_ms", "fps"), [(-100.0, 25.0), (0.0, 24.0), (150.0, 30.0)])
def test_the_pattern_finds_a_hidden_offset_closely(flashed: Film, offset_ms: float, fps: float) -> None:
    found = by_flashes(moved(flashed, offset_ms) if fps == GOOD.fps else flashes(offset_ms, fps))
    assert isinstance(found, Measurement), found
    assert abs(found.offset_ms - offset_ms) <= 3.0
    assert found.source_sure_ms is None


def test_a_players_own_lag_is_taken_out(flashed: Film) -> None:
    plain, known = by_flashes(flashed), by_flashes(flashed, source_ms=20.0, source_sure_ms=1.0)
    assert isinstance(plain, Measurement)
    assert isinstance(known, Measurement)
    assert known.offset_ms == pytest.approx(plain.offset_ms - 20.0)
    assert (known.source_ms, known.source_sure_ms) == (20.0, 1.0)


def test_a_lamp_that_clicks_only_when_it_comes_is_a_pattern_too() -> None:
    edges = np.sort(np.concatenate([on := 1.0 + np.cumsum(np.random.default_rng(3).uniform(0.9, 1.8, 14)), on + 0.1]))
    film = pattern(replace(GOOD, fps=25.0), edges, 1e-3, refresh_hz=1000.0)
    heard = find_ticks(film.sound, RATE, 0.0, CLICK_BAND)
    assert len(heard) == 14  # the second click of each pair lies within what counts as its echo
    found = by_flashes(film)
    assert isinstance(found, Measurement), found
    assert abs(found.offset_ms - 61.0) <= 3.0


@pytest.mark.parametrize("music", [False, True])
@pytest.mark.parametrize("seed", shortened([1, 2, 3], every(3)))
def test_talk_and_music_are_refused(seed: int, music: bool) -> None:
    film = talking(replace(GOOD, seed=seed), 8.0, music=music)
    assert isinstance(by_claps(film), Refusal)
    assert isinstance(by_flashes(film), Refusal)


def test_silence_is_nothing_heard(clapped: Film) -> None:
    film = replace(clapped, sound=np.zeros_like(clapped.sound))
    for measure in (by_claps, by_flashes):
        refused = measure(film)
        assert isinstance(refused, Refusal)
        assert (refused.why, refused.heard) == (Unsure.NOTHING_HEARD, 0)


def test_claps_outside_the_picture_are_nothing_seen(clapped: Film) -> None:
    refused = by_claps(replace(clapped, grey=np.repeat(clapped.grey[:1], len(clapped.grey), axis=0)))
    assert isinstance(refused, Refusal)
    assert refused.why in (Unsure.NOTHING_SEEN, Unsure.TOO_FEW)


def test_claps_of_another_recording_are_refused(clapped: Film) -> None:
    refused = by_claps(replace(clapped, sound=claps(GOOD, pictures=False).sound))
    assert isinstance(refused, Refusal)


def test_flashes_of_another_recording_are_refused(flashed: Film) -> None:
    refused = by_flashes(replace(flashed, sound=np.ascontiguousarray(flashed.sound[::-1])))
    assert isinstance(refused, Refusal)


def test_too_few_claps_are_refused() -> None:
    refused = by_claps(claps(GOOD, count=4))
    assert isinstance(refused, Refusal)
    assert refused.heard == 4


def test_a_camera_in_step_with_the_screen_is_refused_because_nobody_can_tell() -> None:
    locked = replace(GOOD, fps=60.0, exposure_s=1 / 500, jitter_ms=0.0, clock_ppm=0.0)
    refused = by_flashes(pattern(locked, pattern_edges()[:30], RAMP_S))
    assert isinstance(refused, Refusal)
    assert refused.why is Unsure.TOO_WIDE


def test_sharp_sounds_are_found_to_half_a_millisecond_and_their_echoes_are_not() -> None:
    dice = np.random.default_rng(4)
    sound = dice.normal(0, 0.0005, 4 * RATE)
    for at in (0.5, 1.25, 2.0003):
        one = clap_sound(dice)
        sound[round(at * RATE) : round(at * RATE) + len(one)] += one
        sound[round((at + 0.06) * RATE) : round((at + 0.06) * RATE) + len(one)] += 0.6 * one
    found = find_ticks(sound.astype(np.float32), RATE, 10.0, CLAP_BAND)
    assert found == pytest.approx([10.5, 11.25, 12.0003], abs=0.0005)


def test_a_common_lag_needs_a_third_that_agree() -> None:
    sights = np.array([1.0, 2.3, 3.1, 4.7, 5.2])
    assert common_lag(sights, sights + 0.12) == pytest.approx(0.12)
    assert common_lag(sights, np.array([0.2, 9.0, 17.0, 31.0])) is None


def test_one_event_that_contradicts_the_others_is_left_out() -> None:
    lags = np.arange(-0.02, 0.0201, 0.001)
    misfit = np.stack([((lags - at) / 0.01)[:, None] ** 2 for at in (0.001, 0.002, 0.003, 0.002, 0.018)])
    found = agree(misfit, np.full(5, 6), lags)
    assert found.at_s == pytest.approx(0.002, abs=0.001)
    assert found.kept.tolist() == [True, True, True, True, False]


def test_the_pattern_never_repeats() -> None:
    edges = pattern_edges()
    steps = np.diff(edges)
    assert steps.min() > 0.4
    runs = [tuple(np.round(steps[first : first + 3], 3)) for first in range(len(steps) - 2)]
    assert len(set(runs)) == len(runs)
    assert light_at(np.array([0.0, edges[0], edges[0] + 0.2, edges[1] + 0.2])) == pytest.approx([0, 0.5, 1, 0])


@pytest.mark.parametrize("count", [8, pytest.param(EDGES, marks=pytest.mark.soak)], ids=["short", "whole"])
def test_the_pattern_s_film_holds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr("perfstudio.capture.calibration.pattern.EDGES", count)
    edges = pattern_edges()
    length_s = write_pattern(tmp_path / "pattern.mp4")
    film = read_film(tmp_path / "pattern.mp4")
    assert film.times_s[-1] == pytest.approx(length_s, abs=0.05)
    shown = film.grey.mean(axis=(1, 2)) > film.grey.mean()
    assert film.times_s[1:][np.diff(shown)] == pytest.approx(edges, abs=0.02)
    heard = find_ticks(film.sound, film.rate_hz, film.sound_s, CLICK_BAND)
    assert heard == pytest.approx(edges, abs=0.002)
    assert len(clicks()) / RATE == pytest.approx(length_s, abs=0.05)
    assert [p.name for p in tmp_path.iterdir()] == ["pattern.mp4"]


def test_files_that_cannot_be_read_are_said(tmp_path: Path) -> None:
    (tmp_path / "not.mp4").write_bytes(b"no film")
    for name, code in (("gone.mp4", ErrorCode.MEDIA_MISSING), ("not.mp4", ErrorCode.MEDIA_UNREADABLE)):
        with pytest.raises(MediaError) as raised:
            read_film(tmp_path / name)
        assert raised.value.code is code
