"""While rolling: nothing is said but what loses the take, one thing at a time, and it stands still."""

from __future__ import annotations

from dataclasses import replace

import pytest

from perfstudio.model.checks import CheckCode, CheckResult, LiveReading, Verdict
from perfstudio.session.stage.signal_loss import NEARLY_FULL_S, STAYS_S, Loss, LossWatch
from perfstudio.session.views import Pulse

GOOD = Pulse(
    None, LiveReading(), 10.0, 300, 1_000_000, landing=True, disk_s=7200.0, sound_age_s=0.02, picture_age_s=0.03
)


def hinted(code: CheckCode) -> Pulse:
    return replace(GOOD, reading=LiveReading(hint=CheckResult(code=code, verdict=Verdict.RETAKE)))


LOSSES = {
    Loss.NO_SOUND: replace(GOOD, sound_age_s=2.0),
    Loss.MUTED: hinted(CheckCode.ZEROS),
    Loss.NO_PICTURE: replace(GOOD, picture_age_s=3.0),
    Loss.BLACK: hinted(CheckCode.BLACK),
    Loss.STILL: hinted(CheckCode.FROZEN),
    Loss.UNWRITTEN: replace(GOOD, sound_unwritten_s=1.6, picture_unwritten_s=1.6),
    Loss.SOUND_UNWRITTEN: replace(GOOD, sound_unwritten_s=1.6),
    Loss.PICTURE_UNWRITTEN: replace(GOOD, picture_unwritten_s=1.6),
    Loss.DISK: replace(GOOD, disk_s=NEARLY_FULL_S - 1),
}


@pytest.mark.parametrize("loss", Loss)
def test_each_loss_is_told_at_once(loss: Loss) -> None:
    watch = LossWatch()
    assert watch.look(GOOD, 100.0) is None
    assert watch.look(LOSSES[loss], 100.1) is loss


@pytest.mark.parametrize(
    "code", [c for c in CheckCode if c not in (CheckCode.ZEROS, CheckCode.BLACK, CheckCode.FROZEN)]
)
def test_nothing_else_is_said(code: CheckCode) -> None:
    assert LossWatch().look(hinted(code), 100.0) is None


def test_without_a_camera_or_a_known_disk_nothing_is_missing() -> None:
    assert LossWatch().look(replace(GOOD, disk_s=None, picture_age_s=None), 0.0) is None


def test_the_graver_one_is_said_and_the_lesser_waits() -> None:
    watch = LossWatch()
    disk = LOSSES[Loss.DISK]
    assert watch.look(disk, 0.0) is Loss.DISK
    assert watch.look(replace(disk, reading=LOSSES[Loss.BLACK].reading), 0.1) is Loss.BLACK
    assert watch.look(replace(disk, sound_age_s=2.0), 0.2) is Loss.NO_SOUND
    assert watch.look(disk, 1.0) is Loss.NO_SOUND, "it stays a while"
    assert watch.look(disk, 0.3 + STAYS_S) is Loss.DISK
    assert watch.look(GOOD, 0.4 + STAYS_S) is Loss.DISK
    assert watch.look(GOOD, 0.6 + 2 * STAYS_S) is None


def test_what_comes_and_goes_changes_nothing() -> None:
    """Sound that stutters, and a disk whose forecast wavers about the limit."""
    watch = LossWatch()
    pulses = [LOSSES[Loss.NO_SOUND], GOOD] * 60
    said = {watch.look(pulse, index * 0.5) for index, pulse in enumerate(pulses)}
    assert said == {Loss.NO_SOUND}
    watch = LossWatch()
    wavers = [replace(GOOD, disk_s=NEARLY_FULL_S + (-5 if index % 20 == 0 else 20)) for index in range(100)]
    assert {watch.look(pulse, index * 1.0) for index, pulse in enumerate(wavers)} == {Loss.DISK}


def test_another_take_begins_without_the_old_word() -> None:
    watch = LossWatch()
    watch.look(LOSSES[Loss.MUTED], 0.0)
    watch.forget()
    assert watch.look(GOOD, 0.1) is None
