"""How soon it is noticed that a device is gone, mute or elsewhere: real OpenCV, real sound server (`-m bench -s`).

Every figure is the worst of BENCH_TURNS takes, from the moment of the fault to the recorder's word.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from perfstudio.capture.devices.camera import CameraSource
from perfstudio.capture.devices.local_cameras import LocalCamera
from perfstudio.capture.devices.network_camera import NetworkCamera
from perfstudio.capture.devices.opencv_camera import OpencvCamera
from perfstudio.capture.finishing.finish import finish
from perfstudio.capture.recording.messages import DeviceLost, Notice, Stalled, Stream, TakeEnded, ZeroSound
from perfstudio.capture.recording.recorder import Recorder
from perfstudio.model.clock import host_ns
from perfstudio.model.device import CameraRequest, DeviceSelection, MicrophoneRequest
from perfstudio.model.take import EndReason
from rigs.http_camera import HttpCamera
from rigs.notices import Told
from rigs.pulse import PulseServer
from rigs.waiting import until

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]
TURNS = int(os.environ.get("BENCH_TURNS", "3"))
GOALS_S = {
    "camera lost": 0.5, "network camera lost": 0.5, "microphone lost": 1.0, "stream moved": 1.0, "only zeros": 2.0,
    "camera stalled": 2.0,
}  # fmt: skip


class Room:
    """A take that rolls on a Pulse source and a camera of the local kind (its driver is a line that can be cut), or
    one at an address of the network."""

    def __init__(self, folder: Path, *, network: bool = False) -> None:
        folder.mkdir(parents=True)
        self.network = network
        self.folder = folder
        self.told = Told()
        self.camera = HttpCamera(after=0)
        self.server = PulseServer()

    @contextmanager
    def rolling(self) -> Iterator[Room]:
        with self.camera, self.server, self.server.chosen():
            for name in ("mic", "other"):
                self.server.add_source(name)
                self.server.play(name)
            camera = CameraRequest(id=self.camera.url)
            pair = DeviceSelection(camera=camera, microphone=MicrophoneRequest(id="pulse:mic"))
            recorder = Recorder(pair, notify=self.told, open_camera=self._open, reserve_bytes=0)
            recorder.open()
            try:
                recorder.roll(self.folder)
                until(lambda: recorder.status().elapsed_s > 1.0)
                yield self
            finally:
                recorder.close()

    def _open(self, request: CameraRequest) -> CameraSource:
        if self.network:
            return NetworkCamera(request)
        return OpencvCamera(LocalCamera(request.id, "Line", self.camera.url, "FFMPEG"), request)


def cut_the_line(room: Room) -> None:
    room.camera.mode = "reset"


def unplug(room: Room) -> None:
    room.server.remove_source("mic")


def move(room: Room) -> None:
    stream = room.server.control("list", "short", "source-outputs").split()[0]
    room.server.control("move-source-output", stream, "other")


def mute(room: Room) -> None:
    room.server.control("set-source-mute", "mic", "1")


def hold_the_line(room: Room) -> None:
    room.camera.mode = "stall"


def is_loss(stream: Stream) -> Callable[[Notice], bool]:
    return lambda notice: isinstance(notice, DeviceLost) and notice.stream is stream


FAULTS: dict[str, tuple[Callable[[Room], None], Callable[[Notice], bool], EndReason]] = {
    "camera lost": (cut_the_line, is_loss(Stream.PICTURE), EndReason.CAMERA_LOST),
    "network camera lost": (cut_the_line, is_loss(Stream.PICTURE), EndReason.CAMERA_LOST),
    "microphone lost": (unplug, is_loss(Stream.SOUND), EndReason.MICROPHONE_LOST),
    "stream moved": (move, is_loss(Stream.SOUND), EndReason.MICROPHONE_LOST),
    "only zeros": (mute, lambda n: isinstance(n, ZeroSound) and n.now, EndReason.APP_CLOSED),
    "camera stalled": (hold_the_line, lambda n: isinstance(n, Stalled), EndReason.APP_CLOSED),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_it_is_noticed_in_time(fault: str, tmp_path: Path) -> None:
    bring_about, is_it, ended = FAULTS[fault]
    figures = []
    for turn in range(TURNS):
        folder = tmp_path / f"{turn}.part"
        with Room(folder, network=fault.startswith("network")).rolling() as room:
            bring_about(room)
            began = host_ns()
            at, _ = room.told.until(is_it)
            if ended is not EndReason.APP_CLOSED:
                room.told.wait(TakeEnded)
        figures.append((at - began) * 1e-9)
        take = finish(folder)
        assert take.ended is ended
        assert take.duration_s > 1.0
    worst = max(figures)
    print(f"\n{fault}: noticed after {worst:.2f} s at most, of {TURNS} (goal {GOALS_S[fault]:g} s)")
    assert worst <= GOALS_S[fault]
