"""Every notice of the recorder has its sentence."""

from __future__ import annotations

from typing import get_args

import pytest
from texts_manners import assert_calm

from perfstudio.capture.recording import messages as m
from perfstudio.model.errors import CaptureError, DeviceError, ErrorCode
from perfstudio.model.take import EndReason
from perfstudio.texts.notices import sentence

FULL = CaptureError(ErrorCode.DISK_FULL, folder="takes", free_mb=0, needed_mb=1)
BROKEN = CaptureError(ErrorCode.DISK_WRITE, file="sound.flac", detail="EIO")
LOST = DeviceError(ErrorCode.MICROPHONE_LOST, id="Webcam C")

CASES: list[tuple[m.Notice, str]] = [
    (m.DeviceLost(m.Stream.SOUND, LOST), "The microphone “Webcam C” went away. Nothing that was recorded is lost."),
    (m.Stalled(m.Stream.PICTURE, 2.0), "Nothing has come from the camera for 2 s."),
    (m.Resumed(m.Stream.SOUND, 3.4), "The microphone is back after 3.4 s."),
    (m.ZeroSound(2.0), "The microphone has sent only silence for 2 s. It is muted or unplugged."),
    (m.ZeroSound(5.0, now=False), "The microphone is heard again."),
    (m.StillPicture(3.0), "The camera has shown the same picture for 3 s."),
    (m.StillPicture(3.0, now=False), "The picture moves again."),
    (m.BlackPicture(2.0), "The picture has been black for 2 s."),
    (m.BlackPicture(2.0, now=False), "The picture is no longer black."),
    (m.PictureChanged(640, 480), "changed its picture to 640 by 480. The next take has that size."),
    (m.PictureChanged(640, 480, rolling=True), "The take goes on in the size it began with"),
    (m.Backlog(1.5, "ultrafast", 0), "Nothing is lost."),
    (m.Backlog(1.5, "ultrafast", 3), "3 pictures could not be kept up with"),
    (m.NotGrowing(m.Stream.SOUND, 4.0), "For 4 s no sound has reached the disk."),
    (m.DiskLow(480.0), "Room for about 8 min of recording is left on the disk."),
    (m.BatteryLow(0.12), "The battery is down to 12 %. Plug the computer in"),
    (m.DiskFull(FULL), "The disk is full. What was recorded is safe."),
    (m.DiskFull(BROKEN), "What was written before is safe."),
    (m.TakeEnding(EndReason.DISK_FAILED, BROKEN), "Check the disk or choose another folder."),
    (m.TakeEnding(EndReason.DISK_FULL, FULL), "The disk is full. What was recorded is safe."),
    (m.TakeEnded(EndReason.CAMERA_LOST), "The take is closed and kept."),
]


@pytest.mark.parametrize(("notice", "said"), CASES)
def test_notices_say_what_happened(notice: m.Notice, said: str) -> None:
    text = sentence(notice)
    assert_calm(text)
    assert said in text


def test_no_notice_is_left_out() -> None:
    assert {type(notice) for notice, _ in CASES} == set(get_args(m.Notice))
