"""Cameras that speak rtsp, against a real server, over TCP. Long form only: the server is one of the system's."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from perfstudio.capture.devices.camera import Frame
from perfstudio.capture.finishing.finish import finish
from perfstudio.capture.open_device import open_camera
from perfstudio.capture.recording.messages import TakeEnded
from perfstudio.capture.recording.recorder import Recorder
from perfstudio.model.device import ANY_CERTIFICATE, PRACTICE, CameraRequest, DeviceSelection, MicrophoneRequest
from perfstudio.model.errors import DeviceError, ErrorCode
from perfstudio.model.take import EndReason
from rigs.devices import watch
from rigs.notices import Told
from rigs.odd_camera import OddCamera, certificate
from rigs.rtsp_server import RtspServer
from rigs.waiting import until

pytestmark = pytest.mark.soak


def told(address: str, **asked: str) -> ErrorCode:
    with pytest.raises(DeviceError) as found:
        open_camera(CameraRequest(id=address, **asked))
    assert "secret" not in str(found.value.facts)
    return found.value.code


def test_a_stream_over_tcp_arrives_evenly() -> None:
    with RtspServer() as server, watch(server.url) as frames:
        until(lambda: len(frames) > 90)
    steps = np.diff([frame.host_ns for frame in frames[10:]]) * 1e-6
    print(f"steps {np.median(steps):.1f} ms, 95 % below {np.percentile(steps, 95):.1f} ms")
    assert np.median(steps) == pytest.approx(1000 / 30, abs=2)
    assert {frame.image.shape for frame in frames if frame.image is not None} == {(240, 320, 3)}


def test_a_take_is_recorded_and_ends_with_its_cause_when_the_server_goes_away(tmp_path: Path) -> None:
    heard = Told()
    with RtspServer(user="anna", password="secret") as server:
        pair = DeviceSelection(camera=CameraRequest(id=server.url), microphone=MicrophoneRequest(id=PRACTICE))
        recorder = Recorder(pair, notify=heard)
        try:
            recorder.open()
            recorder.roll(tmp_path)
            until(lambda: recorder.status().frames > 60)
            server.stop()
            _, ended = heard.wait(TakeEnded, 20.0)
        finally:
            recorder.close()
    assert ended == TakeEnded(EndReason.CAMERA_LOST)
    taken = finish(tmp_path, movie=recorder.movie)
    assert taken.video is not None
    with av.open(str(tmp_path / "take.mp4")) as film:
        assert sum(1 for _ in film.decode(video=0)) > 60
    written = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert b"secret" not in written


def test_what_is_wrong_with_an_address_is_told() -> None:
    with RtspServer(user="anna", password="secret") as server:
        assert told(server.at("/other")) is ErrorCode.CAMERA_NO_SUCH_PATH
        assert told(server.at("/live", "")) is ErrorCode.CAMERA_LOGIN_NEEDED
        assert told(server.at("/live", "anna:secrets@")) is ErrorCode.CAMERA_LOGIN_WRONG
    assert told(server.url) is ErrorCode.CAMERA_NOT_LISTENING
    assert told("rtsp://no-such-camera.invalid/live") is ErrorCode.CAMERA_NAME_UNKNOWN
    with OddCamera(lambda line, _: line.sendall(b"SSH-2.0-x\r\n\r\n")) as other:
        assert told(f"rtsp://{other.netloc}/live") is ErrorCode.CAMERA_OTHER_ANSWER


def test_an_encrypted_camera_is_checked(tmp_path: Path) -> None:
    _, file = certificate(tmp_path)
    both = tmp_path / "both.pem"
    both.write_bytes(file.read_bytes() + file.with_suffix(".key").read_bytes())
    with RtspServer(pem=both) as server:
        assert told(server.url) is ErrorCode.CAMERA_UNTRUSTED
        for trust in (str(file), ANY_CERTIFICATE):
            source = open_camera(CameraRequest(id=server.url, trust=trust))
            frames: list[Frame] = []
            source.start(frames.append, lambda problem: pytest.fail(str(problem)))
            until(lambda: len(frames) > 10)  # noqa: B023 - of this round
            source.close()
