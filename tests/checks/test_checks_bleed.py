"""A partner clip in the take: found with its level, not claimed when it is not there."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from checks_material import RATE, db, measured, room, voice, write_sound

from perfstudio.capture.practice.voice import speech_loop
from perfstudio.checks.bleed import NOT_HEARD_DB, Bleed, PartnerClip, at_rate, judge_bleed, measure_bleed, read_wave
from perfstudio.checks.limits import house_limits
from perfstudio.checks.report import check_media
from perfstudio.model.checks import CheckCode, Verdict
from perfstudio.model.errors import MediaError
from perfstudio.model.timing import Span
from rigs.shortened import every, shortened

SECONDS = 24
START_S, LATE_S = 2.0, 0.18


@cache
def mine(seed: int) -> np.ndarray:
    """A voice that listens every other three seconds."""
    spoken = voice(seed, SECONDS).astype(np.float64)
    return np.where(np.arange(len(spoken)) / RATE % 6 < 3, spoken, 0.0) + room(seed + 9, len(spoken), -62)


@cache
def clip(seed: int) -> np.ndarray:
    return speech_loop((seed + 1) % 3)[seed * RATE : (seed + SECONDS - 6) * RATE].astype(np.float64)


@cache
def clip_at_rate(seed: int) -> np.ndarray:
    return at_rate(clip(seed).astype(np.float32), RATE)


def take(seed: int, level_db: float | None, drift_ppm: float = 60) -> tuple[np.ndarray, float]:
    """(microphone, active level of the voice), with the clip `level_db` under it through a furnished room."""
    own, level = mine(seed), own_level(seed)
    if level_db is None:
        return own, level
    wet = played(seed, drift_ppm)
    mixed, at = own.copy(), round((START_S + LATE_S) * RATE)
    mixed[at : at + len(wet)] += wet / wet.std() * db(level + level_db)
    return mixed, level


@cache
def own_level(seed: int) -> float:
    level = measured(mine(seed)).voice.speech_dbfs
    assert level is not None
    return level


@cache
def played(seed: int, drift_ppm: float) -> np.ndarray:
    """The clip by a player whose clock runs apart, through a furnished room."""
    sent = clip(seed)
    apart = np.interp(np.arange(len(sent)) * (1 + drift_ppm * 1e-6), np.arange(len(sent)), sent)
    time = np.arange(int(0.35 * RATE)) / RATE
    echo = np.random.default_rng(seed).standard_normal(len(time)) * 10 ** (-3 * time / 0.35) * 0.05
    echo[0] = 1.0
    size = -(-(len(apart) + len(echo)) // RATE) * RATE  # a round number of samples is a quick transform
    return np.fft.irfft(np.fft.rfft(apart, size) * np.fft.rfft(echo, size), size)[: len(apart)]


def bleed(seed: int, level_db: float | None, drift_ppm: float = 60) -> Bleed:
    heard, level = take(seed, level_db, drift_ppm)
    found = measure_bleed(at_rate(heard.astype(np.float32), RATE), clip_at_rate(seed), START_S, level)
    assert found is not None
    return found


@pytest.mark.parametrize("seed", shortened([1, 2, 3, 4], every(2)))
@pytest.mark.parametrize("level_db", [-8, -16, -24])
def test_the_level_of_the_partner_is_found_within_two_decibels(seed: int, level_db: float) -> None:
    found = bleed(seed, level_db)
    assert found.level_db == pytest.approx(level_db, abs=2.0)
    assert found.delay_s == pytest.approx(LATE_S, abs=0.01)
    assert judge_bleed(found, house_limits()).verdict is (Verdict.RETAKE if level_db > -20 else Verdict.LOOK)


def test_a_player_whose_clock_runs_apart_is_followed() -> None:
    assert bleed(1, -15, 100).level_db == pytest.approx(-15, abs=2.0)


@pytest.mark.parametrize("seed", shortened([1, 2, 3, 4], every(2)))
def test_a_partner_in_closed_headphones_is_not_claimed(seed: int) -> None:
    result = judge_bleed(bleed(seed, None), house_limits())
    assert (result.verdict, result.value, result.times) == (Verdict.GOOD, NOT_HEARD_DB, ())


def test_the_report_names_the_moment_in_take_time(tmp_path: Path) -> None:
    sound = write_sound(tmp_path / "audio.flac", take(1, -12)[0], subtype="PCM_24")
    played = write_sound(tmp_path / "partner.wav", clip_at_rate(1), 8000)
    results = {r.code: r for r in check_media(sound, None, partner=PartnerClip(played, START_S))}
    found = results[CheckCode.BLEED]
    assert (found.verdict, found.source) == (Verdict.RETAKE, house_limits()[CheckCode.BLEED].source)
    assert found.times[0].start_s == pytest.approx(START_S, abs=0.01)
    assert CheckCode.BLEED not in {r.code for r in check_media(sound, None)}


def test_a_clip_that_cannot_be_read_or_hardly_played(tmp_path: Path) -> None:
    bad = tmp_path / "partner.wav"
    bad.write_bytes(b"nothing")
    with pytest.raises(MediaError):
        read_wave(bad)
    waves = [at_rate(mine(1).astype(np.float32), RATE), clip_at_rate(1)]
    assert measure_bleed(*waves, SECONDS - 1.0, -24.0) is None
    assert measure_bleed(waves[0], np.zeros_like(waves[1]), START_S, -24.0) == Bleed(
        NOT_HEARD_DB, 0.0, Span(start_s=2.0, end_s=20.0)
    )
