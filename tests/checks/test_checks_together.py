"""Picture and sound together, and one take against another."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from checks_material import RATE, measured, write_film

from perfstudio.capture.practice.picture import Picture
from perfstudio.capture.practice.script import parse_script
from perfstudio.capture.practice.voice import speech_loop
from perfstudio.checks.continuity import compare
from perfstudio.checks.faces import HaarFinder, to_grey
from perfstudio.checks.limits import house_limits
from perfstudio.checks.lips import LipScan, LipSync, judge_lips, measure_lips
from perfstudio.checks.live import LiveChecks
from perfstudio.checks.report import check_media
from perfstudio.checks.tracking import FaceTracker
from perfstudio.model.checks import CheckCode, CheckResult, Verdict

SECONDS = 14


@cache
def talking() -> tuple[np.ndarray, np.ndarray]:
    """The mouth's curve of the practice performer, whose mouth follows the practice voice."""
    script = parse_script("practice")
    assert script is not None
    picture, tracker, scan = Picture(640, 360, script), FaceTracker(HaarFinder()), LipScan()
    face = None
    for index in range(SECONDS * 30):
        at_s = index / 30
        image = picture.draw(at_s)
        if index % 10 == 0:
            face = tracker.step(image, at_s).face
        scan.push(to_grey(image), face, at_s)
    return scan.finish()


@cache
def spoken(offset_s: float = 0.0) -> np.ndarray:
    script = parse_script("practice")
    assert script is not None
    return speech_loop(script.seed)[round(offset_s * RATE) :][: SECONDS * RATE]


@pytest.mark.parametrize("late_ms", [-300, -150, 0, 120, 250])
def test_lips_and_voice_apart_are_measured_with_confidence(late_ms: int) -> None:
    lips = measure_lips(*talking(), measured(spoken()).levels, late_ms / 1000)
    assert lips is not None
    assert lips.offset_ms == pytest.approx(late_ms, abs=40)
    result = judge_lips(lips, house_limits())
    assert result is not None
    assert (result.verdict is Verdict.GOOD) == (abs(late_ms) < 100)
    if late_ms:
        assert result.facts["direction"] == ("sound_late" if late_ms > 0 else "sound_early")


def test_somebody_elses_voice_is_not_claimed_to_be_out_of_sync() -> None:
    lips = measure_lips(*talking(), measured(spoken(20.0)).levels)
    assert lips is None or judge_lips(lips, house_limits()) is None


def test_a_still_mouth_says_nothing() -> None:
    times, opening = talking()
    assert measure_lips(times, np.full_like(opening, 12.0), measured(spoken()).levels) is None
    assert judge_lips(LipSync(300.0, 0.3), house_limits()) is None


def test_a_film_with_late_sound_is_found_out(tmp_path: Path) -> None:
    script = parse_script("practice")
    assert script is not None
    picture = Picture(640, 360, script)
    late = np.concatenate([np.zeros(RATE // 4, np.float32), spoken()])[: 12 * RATE]
    film = write_film(tmp_path / "a.mp4", ((i / 30, picture.draw(i / 30)) for i in range(360)), sound=late)
    result = next(r for r in check_media(film, None, nominal_fps=30) if r.code is CheckCode.LIP_SYNC)
    assert result.value == pytest.approx(250, abs=40)


def test_a_take_that_was_seen_live_is_asked_for_its_lips_too(tmp_path: Path) -> None:
    script = parse_script("practice")
    assert script is not None
    picture, live = Picture(640, 360, script), LiveChecks()
    late = np.concatenate([np.zeros(RATE // 4, np.float32), spoken()])[: 13 * RATE]
    live.begin_take(0.0)

    def drawn() -> Iterator[tuple[float, np.ndarray]]:
        for index in range(13 * 30):
            image = picture.draw(index / 30)
            if index % 6 == 0:
                live.frame(image, index / 30, lambda image=image: image)
            yield index / 30, image

    film = write_film(tmp_path / "a.mp4", drawn(), sound=late)
    results = {r.code: r for r in check_media(film, None, nominal_fps=30, live=live.end_take()())}
    assert results[CheckCode.LIP_SYNC].value == pytest.approx(250, abs=40)
    assert results[CheckCode.LIP_SYNC].verdict is Verdict.LOOK
    assert results[CheckCode.SHAKE].verdict is Verdict.GOOD


def take(**changes: float | str) -> tuple[CheckResult, ...]:
    numbers: dict[str, float | str] = {
        "size": 0.3, "aside": 0.02, "side": "left", "eyes": 0.35, "luma": 120, "red": 0.05, "blue": -0.05,
        "speech": -24, "room": -60,
    }  # fmt: skip
    numbers |= changes
    limits = house_limits()
    return (
        limits.judge(CheckCode.FACE_SIZE, float(numbers["size"])),
        limits.judge(CheckCode.CENTRING, float(numbers["aside"]), direction=str(numbers["side"])),
        limits.judge(CheckCode.EYE_LINE, float(numbers["eyes"])),
        limits.judge(CheckCode.BRIGHTNESS, float(numbers["luma"]), where="face"),
        limits.judge(CheckCode.COLOUR_CAST, 5, red=float(numbers["red"]), blue=float(numbers["blue"])),
        limits.judge(CheckCode.SNR, 36, speech_dbfs=float(numbers["speech"])),
        limits.judge(CheckCode.NOISE_FLOOR, float(numbers["room"])),
    )


def test_the_same_set_up_has_no_finding() -> None:
    results = compare(take(), take(size=0.31, luma=125, speech=-23, aside=0.01, side="right"))
    assert len(results) == 7
    assert all(r.verdict is Verdict.GOOD for r in results)


@pytest.mark.parametrize(
    ("change", "what", "direction"),
    [
        ({"size": 0.4}, "distance", "closer"),
        ({"size": 0.2}, "distance", "further"),
        ({"aside": 0.15, "side": "right"}, "place", "right"),
        ({"eyes": 0.2}, "eye_line", "higher"),
        ({"luma": 80}, "light", "darker"),
        ({"red": 0.3, "blue": -0.3}, "colour", "warmer"),
        ({"speech": -34}, "level", "quieter"),
        ({"room": -45}, "room", "louder"),
    ],
)
def test_what_changed_is_named_first(change: dict[str, float | str], what: str, direction: str) -> None:
    first = compare(take(), take(**change))[0]
    assert first.verdict is Verdict.LOOK
    assert (first.facts["what"], first.facts["direction"]) == (what, direction)


def test_what_was_not_measured_is_not_compared() -> None:
    assert [r.facts["what"] for r in compare(take(), take()[-1:])] == ["room"]
