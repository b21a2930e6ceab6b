"""Live checks: levels now, one steady hint, silence while rolling unless the take is being lost."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from checks_material import RATE, Scene, db, tone, voice

from perfstudio.checks.hints import HintKeeper
from perfstudio.checks.limits import house_limits, limits_for
from perfstudio.checks.live import LiveChecks
from perfstudio.model.checks import CheckCode, CheckResult, StricterLimit, Verdict

SMALL = Scene(width=320, height=180)
BLOCK = 1600


class Session:
    """Feeds blocks at 30 a second and pictures at 5 a second, as the recorder does."""

    def __init__(self) -> None:
        self.checks = LiveChecks()
        self.now = 1000.0
        self.hints: list[CheckCode | None] = []

    def run(self, seconds: float, sound: np.ndarray, picture: Callable[[float], np.ndarray] | None = None) -> None:
        for index in range(round(seconds * 30)):
            start = index * BLOCK % (len(sound) - BLOCK)
            self.checks.block(sound[start : start + BLOCK, None], RATE, self.now)
            if picture is not None and index % 6 == 0:
                image = picture(self.now)
                self.checks.frame(image, self.now, lambda image=image: image)
            self.now += 1 / 30
            hint = self.checks.reading().hint
            self.hints.append(hint.code if hint else None)

    def hint(self) -> CheckCode | None:
        return self.hints[-1]


def test_levels_of_the_last_block() -> None:
    checks = LiveChecks()
    checks.block(tone(1000, -6, 0.1)[:, None], RATE, 0.0)
    reading = checks.reading()
    assert reading.peak_dbfs == pytest.approx(-6, abs=0.1)
    assert reading.rms_dbfs == pytest.approx(-9, abs=0.1)
    assert not reading.clipped


def test_a_good_set_up_gets_no_hint_and_a_face_box() -> None:
    session = Session()
    session.run(6, voice(1), SMALL.draw)
    assert set(session.hints) == {None}
    box = session.checks.reading().face_box
    assert box is not None
    assert box[0] + box[2] / 2 == pytest.approx(0.5, abs=0.05)
    assert session.checks.reading().luma == pytest.approx(125, abs=25)


def test_a_muted_microphone_is_said_within_two_seconds_and_goes_when_it_speaks_again() -> None:
    session = Session()
    session.run(1.3, np.zeros(RATE, np.float32))
    assert session.hint() is None
    session.run(1.2, np.zeros(RATE, np.float32))
    assert session.hint() is CheckCode.ZEROS
    assert session.checks.reading().zeros_s == pytest.approx(2.5, abs=0.1)
    session.run(3.0, voice(1)[RATE:])
    assert session.hint() is None


def test_clipping_latches_for_a_moment() -> None:
    session = Session()
    session.run(1.5, np.clip(tone(300, 9, 2), -1, 1))
    assert session.checks.reading().clipped
    assert session.hint() is CheckCode.CLIPPING
    session.run(6, voice(1)[RATE:])
    assert not session.checks.reading().clipped
    assert session.hint() is None


@pytest.mark.parametrize(
    ("scene", "code"),
    [
        (SMALL.but(person=False), CheckCode.FACE),
        (SMALL.but(gain=0.2), CheckCode.BRIGHTNESS),
        (SMALL.but(face_x=0.2), CheckCode.CENTRING),
        (SMALL.but(gain=0.0, noise=0.5), CheckCode.BLACK),
    ],
)
def test_what_the_picture_lacks_is_said(scene: Scene, code: CheckCode) -> None:
    session = Session()
    session.run(6, voice(1), scene.draw)
    assert session.hint() is code


def test_while_rolling_only_what_loses_the_take_is_said() -> None:
    session = Session()
    dark = SMALL.but(gain=0.2)
    session.run(4, voice(1), dark.draw)
    assert session.hint() is CheckCode.BRIGHTNESS
    session.checks.begin_take(session.now)
    session.run(4, voice(1), dark.draw)
    assert session.hint() is None
    session.run(3, voice(1), SMALL.but(gain=0.0, noise=0.5).draw)
    assert session.hint() is CheckCode.BLACK
    session.checks.end_take()()
    session.run(4, voice(1), dark.draw)
    assert session.hint() is CheckCode.BRIGHTNESS


def test_the_summary_is_in_take_time_and_crosses_processes() -> None:
    session = Session()
    session.run(3, voice(1), SMALL.draw)
    session.checks.begin_take(session.now - 1.0)  # a second of pre-roll
    session.run(4, voice(1) * db(-3), SMALL.draw)
    session.run(4, voice(1), SMALL.but(person=False).draw)
    summary = pickle.loads(pickle.dumps(session.checks.end_take()()))  # noqa: S301 - our own bytes
    assert summary.picture is not None
    away = summary.picture.framing.absent
    assert away[0].start_s == pytest.approx(5.0, abs=1.2)
    assert summary.picture.cadence is None


def test_hints_do_not_flicker() -> None:
    limits = house_limits()
    dark = limits.judge(CheckCode.BRIGHTNESS, 30)
    aside = limits.judge(CheckCode.CENTRING, 0.3)
    keeper = HintKeeper()
    said: list[CheckCode | None] = []
    for step in range(200):
        now = step * 0.1
        found: list[CheckResult] = []
        if step % 7 < 4:  # comes and goes faster than anybody could read
            found.append(dark)
        if step % 5 < 3:
            found.append(aside)
        keeper.update(found, now, "picture")
        hint = keeper.hint(now)
        said.append(hint.code if hint else None)
    changes = sum(a != b for a, b in pairwise(said))
    assert changes <= 2
    assert said[-1] is CheckCode.BRIGHTNESS


def test_the_most_serious_hint_wins_at_once() -> None:
    limits = house_limits()
    keeper = HintKeeper()
    for step in range(20):
        keeper.update([limits.judge(CheckCode.CENTRING, 0.3)], step * 0.1, "picture")
        keeper.hint(step * 0.1)
    keeper.update([limits.judge(CheckCode.ZEROS, 2.5)], 2.0, "sound")
    hint = keeper.hint(2.0)
    assert hint is not None
    assert (hint.code, hint.verdict) == (CheckCode.ZEROS, Verdict.RETAKE)


def test_a_pack_s_stricter_limit_decides_what_is_hinted() -> None:
    """A small face is fine for the house; this pack wants its faces large."""
    scene = SMALL.but(face_height=0.2)
    house = Session()
    house.run(6, voice(1), scene.draw)
    assert set(house.hints) == {None}
    asked = StricterLimit(code=CheckCode.FACE_SIZE, look_low=0.3)
    strict = Session()
    strict.checks.limits = limits_for((asked,), "Large faces")
    strict.run(6, voice(1), scene.draw)
    hint = strict.checks.reading().hint
    assert hint is not None
    assert (hint.code, hint.source, hint.facts["direction"]) == (CheckCode.FACE_SIZE, "pack: Large faces", "small")
