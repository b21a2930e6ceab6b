"""What the director of photography says: framing, light, motion and cadence of scenes with known faults."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
import pytest
from checks_material import Scene, SeesNobody, frames, portrait

from perfstudio.checks.faces import FaceBox, FaceFinder, HaarFinder, to_grey
from perfstudio.checks.frame_pacing import judge_cadence, measure_cadence
from perfstudio.checks.framing import measure_framing
from perfstudio.checks.limits import house_limits
from perfstudio.checks.motion import tiny_luma
from perfstudio.checks.picture import PictureScan, judge_picture
from perfstudio.checks.tracking import FaceSighting, FaceTracker
from perfstudio.model.checks import CheckCode, CheckResult, Verdict
from perfstudio.model.timing import VideoStats
from rigs.shortened import every, shortened

GOOD = Verdict.GOOD
PLAIN = Scene(width=426, height=240)


def seen(
    pictures: Iterable[tuple[float, np.ndarray]], nominal_fps: float | None = 30.0, finder: FaceFinder | None = None
) -> dict[CheckCode, CheckResult]:
    scan = PictureScan(finder or HaarFinder())
    for at_s, picture in pictures:
        grey = to_grey(picture)
        if scan.frame(tiny_luma(grey), at_s):
            scan.glimpse(picture, grey, at_s)
    return {r.code: r for r in judge_picture(scan.finish(), house_limits(), nominal_fps=nominal_fps)}


def faults(results: dict[CheckCode, CheckResult]) -> dict[CheckCode, float | None]:
    return {c: r.value for c, r in results.items() if r.verdict is not GOOD}


@pytest.mark.parametrize("size", [(426, 240), (640, 360), (1280, 720)])
@pytest.mark.parametrize("seed", shortened([0, 1], every(2)))
def test_a_well_set_scene_is_good_in_everything(size: tuple[int, int], seed: int) -> None:
    scene = Scene(width=size[0], height=size[1], seed=seed)
    assert faults(seen(frames(scene, 2.0, 10), 10.0)) == {}


@pytest.mark.parametrize("gain", [0.32, 0.5])
def test_dark_skin_in_good_light_is_not_a_fault(gain: float) -> None:
    scene = PLAIN.but(person_gain=gain, wall=150)
    results = seen(frames(scene, 2.0, 10), 10.0)
    assert results[CheckCode.FACE].verdict is GOOD
    assert results[CheckCode.BRIGHTNESS].verdict is GOOD


def test_somebody_who_moves_and_is_not_found_is_a_look_and_an_empty_room_a_retake() -> None:
    def judged(scene: Scene) -> Verdict:
        scan = PictureScan(SeesNobody())
        for at_s, picture in frames(scene, 3.0, 6):
            if scan.frame(tiny_luma(to_grey(picture)), at_s):
                scan.glimpse(picture, to_grey(picture), at_s)
        return next(r for r in judge_picture(scan.finish(), house_limits()) if r.code is CheckCode.FACE).verdict

    assert judged(PLAIN.but(sway=0.05)) is Verdict.LOOK
    assert judged(PLAIN.but(person=False)) is Verdict.RETAKE


def test_the_box_lies_on_the_face() -> None:
    (box,) = HaarFinder().find(portrait())
    truth = FaceBox(158 / 420, 62 / 400, 94 / 420, 118 / 400)
    assert box.overlap(truth) > 0.6


@pytest.mark.parametrize(
    ("change", "code", "fact"),
    [
        ({"person": False}, CheckCode.FACE, {}),
        ({"face_x": 0.22}, CheckCode.CENTRING, {"direction": "left"}),
        ({"face_x": 0.78}, CheckCode.CENTRING, {"direction": "right"}),
        ({"face_height": 0.09, "width": 1280, "height": 720}, CheckCode.FACE_SIZE, {"direction": "small"}),
        ({"face_height": 0.75, "face_y": 0.5}, CheckCode.FACE_SIZE, {"direction": "large"}),
        ({"face_y": 0.7}, CheckCode.HEADROOM, {"direction": "much"}),
        ({"face_y": 0.17}, CheckCode.HEADROOM, {"direction": "little"}),
        ({"face_y": 0.72}, CheckCode.EYE_LINE, {"direction": "low"}),
        ({"gain": 0.22}, CheckCode.BRIGHTNESS, {"direction": "dark"}),
        ({"gain": 2.6}, CheckCode.BURNT, {}),
        ({"person_gain": 0.25, "wall": 230}, CheckCode.BACKLIGHT, {}),
        ({"balance": (0.6, 1.0, 1.5)}, CheckCode.COLOUR_CAST, {"direction": "orange"}),
        ({"balance": (1.5, 1.0, 0.6)}, CheckCode.COLOUR_CAST, {"direction": "blue"}),
        ({"blur": 4.0}, CheckCode.FOCUS, {}),
        ({"shake": 0.012}, CheckCode.SHAKE, {}),
        ({"second": True, "face_x": 0.35, "face_height": 0.3}, CheckCode.OTHER_PERSON, {}),
    ],
)
def test_each_fault_is_found_and_named(change: dict[str, object], code: CheckCode, fact: dict[str, str]) -> None:
    fps = 30 if code is CheckCode.SHAKE else 3  # as often as is looked
    seconds = {CheckCode.SHAKE: 3.0, CheckCode.OTHER_PERSON: 5.0}.get(code, 2.0)
    result = seen(frames(PLAIN.but(**change), seconds, fps), fps)[code]
    assert result.verdict is not GOOD, result
    assert fact.items() <= result.facts.items()


@pytest.mark.parametrize(
    ("change", "edge"),
    [({"face_x": 0.06}, "left"), ({"face_x": 0.95}, "right"), ({"face_y": 0.12}, "top"), ({"face_y": 0.9}, "bottom")],
)
def test_a_face_that_an_edge_cuts_off_is_found_all_the_same(change: dict[str, object], edge: str) -> None:
    result = seen(frames(PLAIN.but(**change), 4.0, 3), 3.0)[CheckCode.CUT_OFF]
    assert (result.verdict, result.facts["edge"]) == (Verdict.LOOK, edge)


def test_a_face_that_moves_out_of_the_picture_is_followed_to_its_edge() -> None:
    scene = PLAIN
    leaving = ((t, scene.but(face_x=max(0.03, 0.5 - 0.25 * t)).draw(t)) for t, _ in frames(scene, 4.0, 6))
    results = seen(leaving, 6.0)
    assert results[CheckCode.FACE].value == pytest.approx(1.0, abs=0.1)
    assert results[CheckCode.CUT_OFF].facts["edge"] == "left"


def test_a_face_that_fills_the_picture_is_large_and_not_cut_off() -> None:
    tracker = FaceTracker(HaarFinder())
    close = frames(PLAIN.but(face_height=0.84, face_y=0.5, noise=4.0, seed=2), 6.0, 6)
    framing = measure_framing([tracker.step(picture, at_s) for at_s, picture in close])
    assert (framing.share, framing.cut_share) == (1.0, 0.0)


def test_the_edge_that_cuts_is_named_alike_every_time() -> None:
    above, below = (FaceSighting(0.0, FaceBox(0.4, y, 0.2, 0.3)) for y in (-0.1, 0.8))
    assert {measure_framing(pair).cut_edge for pair in ([above, below], [below, above])} == {"bottom"}


@pytest.mark.parametrize("hertz", [10.0, 5.0])
def test_flicker_is_found_with_its_frequency(hertz: float) -> None:
    scene = Scene(flicker=0.04, flicker_hz=hertz, width=320, height=180)
    result = seen(frames(scene, 5.0), finder=SeesNobody())[CheckCode.FLICKER]
    assert result.verdict is not GOOD
    assert result.facts["frequency_hz"] == pytest.approx(hertz, abs=0.5)
    assert result.value == pytest.approx(4.0, abs=1.5)


def test_leaving_the_picture_is_told_with_its_time() -> None:
    scene = PLAIN
    times = (i / 3 for i in range(30))
    away = ((t, (scene.but(person=False) if 3.0 <= t < 7.0 else scene).draw(t)) for t in times)
    result = seen(away)[CheckCode.LEFT_FRAME]
    assert result.verdict is not GOOD
    assert result.value == pytest.approx(4.0, abs=1.0)
    assert result.times[0].start_s == pytest.approx(3.0, abs=0.7)


@pytest.mark.parametrize("roll_deg", [-24.0, 18.0])
def test_a_tilted_head_is_still_somebody(roll_deg: float) -> None:
    scene = PLAIN
    tilted = ((i / 6, scene.but(roll_deg=roll_deg if 6 < i < 18 else 0).draw(i / 6)) for i in range(24))
    assert seen(tilted, 6.0)[CheckCode.FACE].value == pytest.approx(1.0, abs=0.1)


def test_black_and_frozen_pictures_with_their_times() -> None:
    scene = PLAIN
    still = scene.draw(2.0)

    def covered():
        for t, picture in frames(scene, 8.0, 15):
            yield t, still if 2 <= t < 4 else np.zeros_like(picture) if 5 <= t < 8 else picture

    results = seen(covered(), 15.0, SeesNobody())
    assert results[CheckCode.FROZEN].value == pytest.approx(2.0, abs=0.15)
    assert results[CheckCode.FROZEN].times[0].start_s == pytest.approx(2.0, abs=0.15)
    assert results[CheckCode.BLACK].verdict is Verdict.RETAKE
    assert results[CheckCode.BLACK].times[0].start_s == pytest.approx(5.0, abs=0.1)


def test_frame_rate_drops_and_sag_from_real_times() -> None:
    picture = PLAIN.draw(0)
    nobody = SeesNobody()
    slow = seen([(i / 15, picture) for i in range(60)], finder=nobody)[CheckCode.FRAME_RATE]
    assert (slow.verdict, slow.value) == (Verdict.RETAKE, pytest.approx(15.0, abs=0.1))
    holes = [(i / 30, picture) for i in range(300) if i % 10]
    assert seen(holes, finder=nobody)[CheckCode.DROPS].value == pytest.approx(10.0, abs=0.5)
    dim = np.concatenate([np.arange(0, 10, 1 / 30), np.arange(10, 16, 1 / 15), np.arange(16, 26, 1 / 30)])
    sag = seen([(float(t), picture) for t in dim], finder=nobody)[CheckCode.FRAME_RATE_SAG]
    assert sag.verdict is not GOOD
    assert sag.times[0].start_s == pytest.approx(10, abs=1.1)


_STEADY = np.arange(0, 20, 1 / 30)
_TAKEN = np.random.default_rng(7).random(len(_STEADY)) < np.where((_STEADY > 6) & (_STEADY < 14), 0.55, 0.03)
BUSY = _STEADY[~_TAKEN]
"""A computer that is busy for eight seconds, and never quite idle."""
DIM = np.concatenate([np.arange(0, 10, 1 / 30), np.arange(10, 16, 1 / 15), np.arange(16, 26, 1 / 30)])


def causes(times: np.ndarray, **counted: int) -> dict[str, str]:
    cadence = measure_cadence(times)
    assert cadence is not None
    stats = None
    if counted:
        even = dict.fromkeys(("missed", "repeated", "measured_fps", "jitter_p99_ms", "longest_hole_ms"), 0)
        stats = VideoStats(frames=len(times), **{**even, **counted})
    found = judge_cadence(cadence, house_limits(), nominal_fps=30.0, stats=stats)
    return {f.code.value: str(f.facts.get("cause", "")) for f in found if f.verdict is not GOOD}


def test_one_cause_of_a_low_rate_is_told_once() -> None:
    """Lost pictures are no dim room, and a camera that slows down in the dark is no busy computer."""
    assert causes(BUSY) == {"drops": "", "frame_rate": "drops", "frame_rate_sag": "drops"}
    assert causes(DIM) == {"drops": "frame_rate_sag", "frame_rate_sag": "", "frame_rate": "frame_rate_sag"}
    assert causes(np.arange(0, 12, 1 / 15)) == {"frame_rate": ""}, "dim from the beginning: light is what helps"
    every_other = causes(np.arange(0, 12, 1 / 15), dropped=180)
    assert every_other == {"drops": "", "frame_rate": "drops"}, "the recorder gave them up itself"


def test_a_tall_picture_is_told() -> None:
    tall = [(t, cv2.resize(p[:, 133:293], (360, 640))) for t, p in frames(PLAIN, 1.0)]
    assert seen(tall, finder=SeesNobody())[CheckCode.ORIENTATION].verdict is not GOOD


def test_a_film_rate_of_an_unknown_file_is_guessed() -> None:
    picture = PLAIN.draw(0)
    for fps in (24.0, 25.0, 30.0, 60.0):
        assert seen([(i / fps, picture) for i in range(60)], None, SeesNobody())[CheckCode.FRAME_RATE].verdict is GOOD
