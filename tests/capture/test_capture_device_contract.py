"""What every camera and every microphone promises, whatever it is made of."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import pairwise

import cv2
import numpy as np
import pytest

from perfstudio.capture.devices.microphone import to_int32
from perfstudio.capture.open_device import list_cameras, list_microphones, open_camera, open_microphone
from perfstudio.model.clock import host_ns
from perfstudio.model.device import PRACTICE, CameraRequest, DeviceKind, MicrophoneRequest
from perfstudio.model.errors import DeviceError
from rigs.devices import go_on, listen, watch
from rigs.http_camera import HttpCamera
from rigs.pulse import PulseServer, speech
from rigs.waiting import until

SIZE = (640, 360)


@pytest.fixture(params=["practice", "http"])
def camera_id(request: pytest.FixtureRequest) -> Iterator[str]:
    """The id of a camera that works."""
    if request.param == "practice":
        yield PRACTICE
        return
    with HttpCamera(size=SIZE) as camera:
        yield camera.url


@pytest.fixture(params=["practice", "pulse", "pulse-default", "pulse-espeak"])
def microphone_id(request: pytest.FixtureRequest) -> str:
    """The id of a microphone that works."""
    if request.param == "practice":
        return PRACTICE
    server: PulseServer = request.getfixturevalue("pulse_server")
    if request.param == "pulse-espeak":
        server.add_source("speaker")
        server.play_file("speaker", speech(server.folder))
        return "pulse:speaker"
    return "pulse:mic" if request.param == "pulse" else "default"


@pytest.mark.realtime
def test_camera_delivers_numbered_stamped_pictures_of_the_granted_size(camera_id: str) -> None:
    before = host_ns()
    with watch(camera_id, size=SIZE) as frames:
        begun = host_ns()
        until(lambda: len(frames) >= 30)
        took_s = (host_ns() - begun) * 1e-9
    count = len(frames)
    go_on(0.1)
    assert len(frames) == count, "nothing may come after close"
    assert 0.75 < took_s < 2.0, "thirty a second"
    assert [f.index for f in frames] == list(range(count))
    stamps = [f.host_ns for f in frames]
    assert before < stamps[0]
    assert all(a < b for a, b in pairwise(stamps))
    assert stamps[-1] < host_ns()
    for frame in frames:
        assert (frame.image is None) == (frame.jpeg is not None), "either a picture or what it is made from"
        image = frame.image if frame.jpeg is None else cv2.imdecode(np.frombuffer(frame.jpeg, np.uint8), 1)
        assert image is not None
        assert image.shape == (SIZE[1], SIZE[0], 3)
        assert image.dtype == np.uint8
        assert frame.device_ns is None or abs(frame.device_ns - frame.host_ns) < 2e9
    own = {id(f.image if f.jpeg is None else f.jpeg) for f in frames}
    assert len(own) == count, "a frame is the receiver's to keep"


def test_camera_says_what_was_granted(camera_id: str) -> None:
    camera = open_camera(CameraRequest(id=camera_id, width=SIZE[0], height=SIZE[1], fps=30))
    granted = camera.granted
    assert (granted.id, granted.width, granted.height, granted.fps) == (camera_id, *SIZE, 30)
    assert granted.kind in (DeviceKind.PRACTICE, DeviceKind.NETWORK)
    assert granted.frame_clock in ("driver", "arrival")
    camera.close()


def test_camera_closes_twice_and_unstarted_and_opens_again(camera_id: str) -> None:
    for _ in range(2):
        camera = open_camera(CameraRequest(id=camera_id, width=SIZE[0], height=SIZE[1]))
        camera.close()
        camera.close()
    with watch(camera_id, size=SIZE) as frames:
        until(lambda: frames)
    assert frames


@pytest.mark.realtime
def test_camera_closes_in_time_from_its_own_thread(camera_id: str) -> None:
    camera = open_camera(CameraRequest(id=camera_id, width=SIZE[0], height=SIZE[1]))
    closed: list[float] = []

    def close_at_once(_: object) -> None:
        begun = time.monotonic()
        camera.close(1.0)
        closed.append(time.monotonic() - begun)

    camera.start(close_at_once, lambda _: None)
    until(lambda: closed)
    go_on(0.3)
    assert max(closed) < 0.9


@pytest.mark.realtime
def test_microphone_delivers_counted_stamped_blocks(microphone_id: str) -> None:
    microphone = open_microphone(MicrophoneRequest(id=microphone_id))
    granted = microphone.granted
    microphone.close()
    with listen(microphone_id) as blocks:
        begun = host_ns()
        until(lambda: sum(b.frames for b in blocks) > 1.2 * 48000)
        took_s = (host_ns() - begun) * 1e-9
    count = len(blocks)
    go_on(0.1)
    assert len(blocks) == count, "nothing may come after close"
    assert granted.rate_hz == 48000
    assert granted.channels == 1
    assert [b.first_sample for b in blocks] == [0, *np.cumsum([b.frames for b in blocks])[:-1]]
    for block in blocks:
        assert len(to_int32(block.data, granted.channels, granted.sample_format)) == block.frames
    stamps = [b.host_ns for b in blocks]
    assert stamps == sorted(stamps)
    assert stamps[-1] < host_ns()
    assert 0.8 < took_s < 2.0, "as fast as time goes"
    assert any(np.frombuffer(b.data, "<i2").any() for b in blocks)


def test_microphone_closes_twice_and_unstarted_and_opens_again(microphone_id: str) -> None:
    for _ in range(2):
        microphone = open_microphone(MicrophoneRequest(id=microphone_id))
        microphone.close()
        microphone.close()
    with listen(microphone_id) as blocks:
        until(lambda: blocks)
    assert blocks


def test_lists_name_every_device_once_and_end_with_practice(pulse_server: PulseServer) -> None:
    pulse_server.add_source("second")
    microphones, cameras = list_microphones(), list_cameras()
    ids = [m.id for m in microphones]
    assert ids[0] == "pulse:mic"
    assert "pulse:second" in ids
    assert ids[-1] == cameras[-1].id == PRACTICE
    assert len(set(ids)) == len(ids)
    assert [m.is_default for m in microphones].count(True) == 1


def test_unknown_devices_are_named_with_what_there_is(pulse_server: PulseServer) -> None:
    with pytest.raises(DeviceError) as camera:
        open_camera(CameraRequest(id="usb:dead:beef:gone"))
    assert camera.value.code == "camera_unknown"
    assert camera.value.facts["id"] == "usb:dead:beef:gone"
    assert PRACTICE in str(camera.value.facts["known"])
    with pytest.raises(DeviceError) as microphone:
        open_microphone(MicrophoneRequest(id="pulse:gone"))
    assert microphone.value.code == "microphone_unknown"
    assert "pulse:mic" in str(microphone.value.facts["known"])
    assert PRACTICE in str(microphone.value.facts["known"])
