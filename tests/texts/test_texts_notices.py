"""Whatever the judge says of a rolling take has its sentence: one table for the stage and for the verb."""

from __future__ import annotations

from itertools import combinations
from typing import get_args

import pytest
from texts_manners import assert_calm

from perfstudio.capture.recording import messages as m
from perfstudio.capture.recording.messages import RecorderStatus, Stream
from perfstudio.model.errors import CaptureError, DeviceError, ErrorCode
from perfstudio.model.take import EndReason
from perfstudio.session.stage.take_loss_judge import TakeLossJudge
from perfstudio.session.take_safety import SERIOUSNESS, UNWRITTEN, LossKind, Seriousness, TakeLoss, TakeSafety
from perfstudio.texts import notices

FULL = CaptureError(ErrorCode.DISK_FULL, folder="takes", free_mb=0, needed_mb=1)
BROKEN = CaptureError(ErrorCode.DISK_WRITE, file="sound.flac", detail="EIO")
LOST = DeviceError(ErrorCode.MICROPHONE_LOST, id="Webcam C")
ROLLING = RecorderStatus(rolling=True, frames=3214, picture_bytes=41_000_000, frame_age_s=0.02, read_ns=1)

CASES: list[tuple[m.Notice, str]] = [
    (m.DeviceLost(Stream.SOUND, LOST), "The microphone “Webcam C” went away. Everything recorded so far is safe."),
    (m.Stalled(Stream.PICTURE, 2.0), "Nothing comes from the camera. Check its plug"),
    (m.Stalled(Stream.SOUND, 2.0), "Nothing comes from the microphone. Check its plug."),
    (m.ZeroSound(2.0), "The microphone sends only silence. It is muted or unplugged."),
    (m.StillPicture(3.0), "The picture has frozen."),
    (m.BlackPicture(2.0), "The picture is black. Open the lens cover"),
    (m.PictureChanged(640, 480), "changed its picture to 640 by 480. The next take will have that size."),
    (m.PictureChanged(640, 480, rolling=True), "The take keeps the size it began with"),
    (m.Backlog(1.5, "ultrafast", 0), "The computer was 1.5 s behind with the picture and now works faster. Nothing"),
    (m.Backlog(1.5, "ultrafast", 3), "3 frames were lost"),
    (m.DiskLow(480.0), "The disk has room for about 8 min more of recording."),
    (m.DiskLow(100.0), "The disk is nearly full. The take will end by itself, and all of it is kept."),
    (m.BatteryLow(0.12), "The battery is down to 12 %. Plug the computer in"),
    (m.DiskFull(FULL), "The disk is full. What was recorded is safe."),
    (m.DiskFull(BROKEN), "What was written before is safe."),
    (m.TakeEnding(EndReason.DISK_FAILED, BROKEN), "Check the disk or choose another folder."),
    (m.TakeEnding(EndReason.DISK_FULL, FULL), "The disk is full. What was recorded is safe."),
    (m.TakeEnded(EndReason.CAMERA_LOST), "The take is closed and kept."),
]
OVER: list[tuple[m.Notice, m.Notice, str]] = [
    (m.Stalled(Stream.SOUND, 2.0), m.Resumed(Stream.SOUND, 3.4), "The microphone is back. The gap is marked"),
    (m.Stalled(Stream.PICTURE, 2.0), m.Resumed(Stream.PICTURE, 3.4), "The camera is back. The gap is marked"),
    (m.ZeroSound(2.0), m.ZeroSound(5.0, now=False), "The microphone is heard again."),
    (m.StillPicture(3.0), m.StillPicture(5.0, now=False), "The picture moves again."),
    (m.BlackPicture(2.0), m.BlackPicture(5.0, now=False), "The picture is no longer black."),
]


def heard(judge: TakeLossJudge, notice: m.Notice) -> TakeLoss:
    """What becomes of a notice."""
    once = judge.hear(notice, 100.0)
    return once if once is not None else judge.look(ROLLING, None, 100.0).losses[0]


@pytest.mark.parametrize(("notice", "said"), CASES)
def test_a_notice_says_what_happens(notice: m.Notice, said: str) -> None:
    text = notices.sentence(heard(TakeLossJudge(), notice))
    assert_calm(text)
    assert said in text


@pytest.mark.parametrize(("begins", "ends", "said"), OVER)
def test_it_is_said_that_it_is_over(begins: m.Notice, ends: m.Notice, said: str) -> None:
    judge = TakeLossJudge()
    loss = heard(judge, begins)
    assert judge.hear(ends, 101.0) is None
    text = notices.over(loss, TakeSafety())
    assert_calm(text)
    assert said in text


def test_no_notice_is_left_out() -> None:
    assert {type(notice) for notice, _ in CASES} | {type(end) for _, end, _ in OVER} == set(get_args(m.Notice))


def test_every_loss_has_a_sentence_of_its_own_and_every_one_that_passes_an_end() -> None:
    lost = [kind for kind in LossKind if SERIOUSNESS[kind] is Seriousness.LOST]
    said = {kind: notices.sentence(TakeLoss(kind, 0.0)) for kind in lost}
    assert len(set(said.values())) == len(lost)
    for kind in lost:
        assert_calm(said[kind])
        assert_calm(notices.over(TakeLoss(kind, 0.0), TakeSafety()))


def test_what_goes_on_under_another_name_is_not_over() -> None:
    for one, other in combinations(UNWRITTEN, 2):
        assert notices.over(TakeLoss(one, 0.0), TakeSafety(losses=(TakeLoss(other, 0.0),))) == ""
        assert notices.over(TakeLoss(one, 0.0), TakeSafety(losses=(TakeLoss(LossKind.MUTED, 0.0),))) != ""


def test_on_disk_is_said_only_of_what_was_read_back() -> None:
    words, green = notices.on_disk(ROLLING, TakeSafety(written=True))
    assert (words, green) == ("3\N{NARROW NO-BREAK SPACE}214 frames · 41 MB on disk", True)
    for safety in (TakeSafety(heard=False), TakeSafety(missing=frozenset({Stream.SOUND})), TakeSafety(behind=True)):
        words, green = notices.on_disk(ROLLING, safety)
        assert not green
        assert "on disk" not in words
