"""Picture and sound together, and one take against another."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.reformatter import VideoReformatter
from checks_material import RATE, Scene, SeesNobody, frames, measured, voice, write_film

from perfstudio.capture.practice.picture import PracticePicture
from perfstudio.capture.practice.script import parse_script
from perfstudio.capture.practice.voice import speech_loop
from perfstudio.checks.continuity import compare
from perfstudio.checks.faces import HaarFinder, to_grey
from perfstudio.checks.judged_together import judge_extents
from perfstudio.checks.levels import Levels
from perfstudio.checks.limits import house_limits
from perfstudio.checks.lip_sync import LipScan, LipSync, judge_lips, measure_lips
from perfstudio.checks.live import LiveChecks
from perfstudio.checks.media import Extent
from perfstudio.checks.report import check_media
from perfstudio.checks.tracking import FaceTracker
from perfstudio.model.checks import CheckCode, CheckResult, Verdict
from perfstudio.texts.checks import sentence
from rigs.shortened import every, shortened

SECONDS, FPS = 14, 15


def performer() -> PracticePicture:
    script = parse_script("practice")
    assert script is not None
    return PracticePicture(480, 270, script)


@cache
def talking() -> tuple[np.ndarray, np.ndarray]:
    """The mouth's curve of the practice performer, whose mouth follows the practice voice."""
    picture, tracker, scan = performer(), FaceTracker(HaarFinder()), LipScan()
    face = None
    for index in range(SECONDS * FPS):
        at_s = index / FPS
        image = picture.draw(at_s)
        if index % 5 == 0:
            face = tracker.step(image, at_s).face
        scan.push(to_grey(image), face, at_s)
    return scan.finish()


@cache
def spoken(offset_s: float = 0.0) -> np.ndarray:
    script = parse_script("practice")
    assert script is not None
    return speech_loop(script.seed)[round(offset_s * RATE) :][: SECONDS * RATE]


@cache
def levels() -> Levels:
    return measured(spoken()).levels


@pytest.mark.parametrize("late_ms", [-300, -150, 0, 120, 250])
def test_lips_and_voice_apart_are_measured_with_confidence(late_ms: int) -> None:
    lips = measure_lips(*talking(), levels(), late_ms / 1000)
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
    assert measure_lips(times, np.full_like(opening, 12.0), levels()) is None
    assert judge_lips(LipSync(300.0, 0.3), house_limits()) is None


@pytest.fixture(scope="module")
def late_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The practice performer, heard a quarter of a second late."""
    late = np.concatenate([np.zeros(RATE // 4, np.float32), spoken()])[: 13 * RATE]
    picture = performer()
    drawn = ((i / FPS, picture.draw(i / FPS)) for i in range(13 * FPS))
    return write_film(tmp_path_factory.mktemp("film") / "a.mp4", drawn, sound=late)


def test_a_film_with_late_sound_is_found_out(late_film: Path) -> None:
    result = next(r for r in check_media(late_film, None, nominal_fps=FPS) if r.code is CheckCode.LIP_SYNC)
    assert result.value == pytest.approx(250, abs=40)


def test_a_take_that_was_seen_live_is_asked_for_its_lips_too(late_film: Path) -> None:
    picture, live = performer(), LiveChecks()
    live.begin_take(0.0)
    for index in range(0, 13 * FPS, 5):
        image = picture.draw(index / FPS)
        live.frame(image, index / FPS, lambda image=image: image)
    results = {r.code: r for r in check_media(late_film, None, nominal_fps=FPS, live=live.end_take()())}
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


@pytest.mark.parametrize("ending", shortened([".mp4", ".mkv", ".ts"], every(3)))
@pytest.mark.parametrize(
    ("sound_s", "length_s", "apart", "value", "said"),
    [
        (0.0, 4.0, "none", 0.0, "Picture and sound begin and end together."),
        (3.0, 4.0, "begins_late_ends_late", 3.0, "The sound begins 3 s after the picture and ends 3 s after it."),
        (1.0, 2.0, "begins_late_ends_early", 1.0, "The sound begins 1 s after the picture and ends 1 s before it."),
        (1.0, 3.0, "begins_late", 1.0, "The sound begins 1 s after the picture."),
        (0.0, 2.0, "ends_early", 2.0, "The sound ends 2 s before the picture."),
        (0.0, 6.0, "ends_late", 2.0, "The sound ends 2 s after the picture."),
        (-2.0, 6.0, "begins_early", 2.0, "The sound begins 2 s before the picture."),
        (-2.0, 4.0, "begins_early_ends_early", 2.0, "The sound begins 2 s before the picture and ends 2 s before it."),
        (-1.0, 7.0, "begins_early_ends_late", 2.0, "The sound begins 1 s before the picture and ends 2 s after it."),
    ],
)
def test_where_sound_and_picture_begin_and_end(
    tmp_path: Path, *, ending: str, sound_s: float, length_s: float, apart: str, value: float, said: str
) -> None:
    path = late_sound(tmp_path / f"a{ending}", sound_s, length_s)
    found = next(r for r in check_media(path, None, finder=SeesNobody()) if r.code is CheckCode.LENGTHS)
    assert found.facts["apart"] == apart
    assert found.value == pytest.approx(value, abs=0.1)
    assert found.verdict is (Verdict.GOOD if apart == "none" else Verdict.LOOK)
    assert sentence(found) == said


def late_sound(path: Path, sound_s: float, length_s: float) -> Path:
    """Four seconds of picture, and sound from `sound_s` of the picture's time on."""
    fps, early = 5, max(0.0, -sound_s)
    with av.open(str(path), "w") as box:
        film, voices = box.add_stream("libx264", rate=fps), box.add_stream("aac", rate=RATE, layout="mono")
        film.width, film.height, film.pix_fmt = 160, 120, "yuv420p"
        film.codec_context.options = {"preset": "ultrafast", "bf": "0", "threads": "1"}
        voices.codec_context.options = {"aac_coder": "fast"}
        packets, scaler = [], VideoReformatter()
        for index, (_, picture) in enumerate(frames(Scene(width=160, height=120), 4.0, fps)):
            frame = scaler.reformat(av.VideoFrame.from_ndarray(picture, format="bgr24"), format="yuv420p")
            frame.pts, frame.time_base = round(early * fps) + index, Fraction(1, fps)
            packets += film.encode(frame)
        spoken = voice(1)[: round(length_s * RATE)]
        for start in range(0, len(spoken), 1024):
            piece = av.AudioFrame.from_ndarray(spoken[None, start : start + 1024], format="fltp", layout="mono")
            piece.sample_rate, piece.pts = RATE, round((sound_s + early) * RATE) + start
            packets += voices.encode(piece)
        for packet in [*packets, *film.encode(), *voices.encode()]:
            box.mux(packet)
    return path


def test_what_lasts_as_long_elsewhere_is_told_of_two_files_too() -> None:
    found = judge_extents(Extent(0.0, 5.0), Extent(2.0, 7.0), house_limits())
    assert (found.value, found.facts["apart"], found.verdict) == (2.0, "begins_early_ends_early", Verdict.LOOK)


def test_results_that_are_kept_from_before_still_speak() -> None:
    old = CheckResult(code=CheckCode.LENGTHS, verdict=Verdict.LOOK, value=3.0, unit="s", facts={"longer": "sound"})
    assert sentence(old) == "The sound runs 3 s longer than the picture."
