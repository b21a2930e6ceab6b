"""Network cameras that misbehave: never answer, stall, reset, send halves or another size (CAM-1 to CAM-9)."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from perfstudio.capture.devices.addresses import public_address
from perfstudio.capture.devices.camera import Frame
from perfstudio.capture.devices.jpeg import size_of
from perfstudio.capture.devices.local_cameras import LocalCamera
from perfstudio.capture.devices.opencv_camera import OpencvCamera
from perfstudio.capture.finishing.finish import finish, picture_shift_us
from perfstudio.capture.finishing.finished_take import FinishedTake
from perfstudio.capture.finishing.raw_take import read_raw
from perfstudio.capture.open_device import open_camera
from perfstudio.capture.recording.recorder import Recorder
from perfstudio.capture.timing.timing_log import FrameFate
from perfstudio.model.device import PRACTICE, CameraRequest, DeviceSelection, MicrophoneRequest
from perfstudio.model.errors import DeviceError, ErrorCode
from perfstudio.model.timing import GapCause
from rigs.devices import go_on, watch
from rigs.http_camera import HttpCamera
from rigs.waiting import until

SMALL = (320, 180)
"""Of pictures whose times alone are looked at."""


def test_cam_3_address_that_never_answers_gives_up_in_time() -> None:
    with HttpCamera("never_answers") as server:
        begun = time.monotonic()
        with pytest.raises(DeviceError) as told:
            open_camera(CameraRequest(id=server.url))
    assert time.monotonic() - begun < 7
    assert told.value.code == ErrorCode.CAMERA_NO_ANSWER
    assert told.value.facts == {"address": server.url, "seconds": 5}


def test_nobody_at_the_address() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(DeviceError) as told:
        open_camera(CameraRequest(id=f"http://127.0.0.1:{port}/x"))
    assert told.value.code == ErrorCode.CAMERA_NOT_LISTENING


@pytest.mark.parametrize(
    ("mode", "code"), [("not_found", ErrorCode.CAMERA_NO_SUCH_PATH), ("garbage", ErrorCode.CAMERA_OTHER_ANSWER)]
)
def test_address_that_sends_no_pictures(mode: str, code: ErrorCode) -> None:
    with HttpCamera(mode, after=0) as server, pytest.raises(DeviceError) as told:
        open_camera(CameraRequest(id=server.url))
    assert told.value.code == code


def test_address_of_no_known_kind() -> None:
    with pytest.raises(DeviceError) as told:
        open_camera(CameraRequest(id="ftp://127.0.0.1/x"))
    assert told.value.code == ErrorCode.CAMERA_ADDRESS


def test_name_and_password_are_never_repeated() -> None:
    assert public_address("rtsp://anna:secret@cam.local:554/live?token=abc") == "rtsp://cam.local:554/live"
    with pytest.raises(DeviceError) as told:
        open_camera(CameraRequest(id="http://anna:secret@127.0.0.1:9/x"))
    assert "secret" not in str(told.value.facts)


def test_name_and_password_never_get_into_a_take(tmp_path: Path) -> None:
    with HttpCamera() as server:
        secret = server.url.replace("http://", "http://anna:secret@") + "?token=abc"
        pair = DeviceSelection(camera=CameraRequest(id=secret), microphone=MicrophoneRequest(id=PRACTICE))
        recorder = Recorder(pair, notify=lambda _: None)
        try:
            used = recorder.open()
            recorder.roll(tmp_path)
            recorder.cut()
        finally:
            recorder.close()
    assert used.asked.camera is not None
    assert used.asked.camera.id == server.url
    written = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert len(written) > 1000
    assert b"secret" not in written
    assert b"abc" not in (tmp_path / "raw" / "capture.json").read_bytes()


def test_cam_2_reset_line_is_opened_again() -> None:
    lost: list[DeviceError] = []
    with HttpCamera("reset_once", after=20) as server, watch(server.url, lost=lost) as frames:
        until(lambda: len(frames) > 60)
        assert server.mode == "ok"
    assert not lost
    assert len(frames) > 60
    assert [f.index for f in frames] == list(range(len(frames)))


def test_cam_2_line_that_stays_away_is_lost_once_and_frames_before_it_stay() -> None:
    lost: list[DeviceError] = []
    with HttpCamera("close", after=20) as server, watch(server.url, lost=lost) as frames:
        until(lambda: server.mode == "close")
        server.stop()
        until(lambda: lost)
        go_on(0.3)
    assert [e.code for e in lost] == [ErrorCode.CAMERA_LINE_LOST]
    assert lost[0].facts == {"address": server.url, "detail": "was_ended"}
    assert len(frames) >= 10


def test_cam_1_stall_ends_and_goes_on() -> None:
    with HttpCamera("burst", after=20, hold_s=1.5) as server, watch(server.url) as frames:
        until(lambda: len(frames) > 80)
    holes = np.diff([f.host_ns for f in frames]) / 1e9
    assert holes.max() > 1.2
    assert len(frames) > 80


def test_cam_6_half_pictures_have_no_picture_and_are_counted() -> None:
    with HttpCamera("truncated", after=20) as server, watch(server.url) as frames:
        until(lambda: sum(f.jpeg == b"" for f in frames) > 10)
    assert 0 < sum(bool(f.jpeg) for f in frames) <= 21, "a busy machine looks at fewer"
    assert [f.index for f in frames] == list(range(len(frames)))


@pytest.mark.realtime
def test_cam_6_damaged_pictures_are_told_with_the_take(tmp_path: Path) -> None:
    with HttpCamera(size=SMALL) as server:

        def spoil(_: Recorder) -> None:
            server.mode = "truncated"
            until(lambda: server.halves >= 15, "half pictures")
            server.mode = "ok"

        taken = _take(server, tmp_path, spoil, seconds=1.0)
    video = taken.video
    assert video is not None
    assert video.damaged == server.halves, "each of them came"
    fates = read_raw(tmp_path).frames["fate"]
    assert video.dropped == (fates != FrameFate.WRITTEN).sum(), "a busy machine may give up others"
    assert {gap.cause for gap in video.gaps} <= {GapCause.STALL, GapCause.BACKLOG}
    assert max(gap.length_s for gap in video.gaps) > server.halves / 30 * 0.5


@pytest.mark.realtime
def test_cam_9_a_burst_after_a_pause_is_laid_out_in_the_finished_take(tmp_path: Path) -> None:
    with HttpCamera(size=SMALL, hold_s=1.2) as server:

        def hold(_: Recorder) -> None:
            server.mode = "burst"

        taken = _take(server, tmp_path, hold, seconds=2.2)
    raw = read_raw(tmp_path)
    assert np.diff(raw.frames["host_ns"]).max() > 1.0e9, "nothing came for a second"
    video = taken.video
    assert video is not None
    assert not video.gaps
    assert video.longest_hole_ms < 50
    assert picture_shift_us(read_raw(tmp_path), 0.0) == 0


def roll_on(recorder: Recorder, seconds: float) -> None:
    """Until the take is so much longer."""
    end_s = recorder.status().elapsed_s + seconds
    until(lambda: recorder.status().elapsed_s >= end_s, "a longer take")


def _take(server: HttpCamera, folder: Path, happen: Callable[[Recorder], object], seconds: float) -> FinishedTake:
    """A take from the camera; a second after its beginning something happens."""
    pair = DeviceSelection(camera=CameraRequest(id=server.url), microphone=MicrophoneRequest(id=PRACTICE))
    recorder = Recorder(pair, notify=lambda _: None)
    try:
        recorder.open()
        go_on(0.5)
        recorder.roll(folder)
        roll_on(recorder, 1.0)
        happen(recorder)
        roll_on(recorder, seconds)
        recorder.cut()
    finally:
        recorder.close()
    return finish(folder, movie=recorder.movie)


def test_cam_7_pictures_of_another_size_are_handed_on_and_the_camera_stays() -> None:
    lost: list[DeviceError] = []
    with HttpCamera("resize", after=20) as server, watch(server.url, lost=lost) as frames:
        until(lambda: len(frames) > 30)
    assert not lost
    assert {size_of(f.jpeg) for f in frames if f.jpeg is not None} == {(640, 360), (320, 240)}


@pytest.mark.realtime
def test_cam_8_a_falling_rate_shows_in_the_stamps() -> None:
    with HttpCamera("slow", after=20) as server, watch(server.url) as frames:
        until(lambda: len(frames) > 32)
    assert np.median(np.diff([f.host_ns for f in frames[-8:]])) / 1e6 == pytest.approx(133, abs=25)


def test_pictures_are_handed_on_as_they_were_sent() -> None:
    with HttpCamera() as server, watch(server.url) as frames:
        until(lambda: len(frames) > 5)
    assert all(f.jpeg is not None and f.jpeg.startswith(b"\xff\xd8") and f.image is None for f in frames)


@pytest.mark.realtime
def test_cam_12_a_driver_that_hangs_is_left_behind() -> None:
    """A camera of the local kind waits for ever in its driver (here: FFmpeg on a line that gives nothing more)."""
    with HttpCamera(after=0) as server:
        camera = OpencvCamera(LocalCamera("line", "Line", server.url, "FFMPEG"), CameraRequest(id="line"))
        frames: list[Frame] = []
        camera.start(frames.append, lambda _: None)
        until(lambda: len(frames) > 5)
        server.mode = "stall"
        go_on(0.5)
        begun = time.monotonic()
        camera.close(0.5)
        took = time.monotonic() - begun
        count = len(frames)
        assert 0.4 < took < 5
    go_on(0.2)
    assert len(frames) == count
