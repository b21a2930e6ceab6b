"""Opening a source for a moment and keeping what it delivered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from perfstudio.capture.devices.camera import Frame
from perfstudio.capture.devices.microphone import AudioBlock
from perfstudio.capture.open_device import open_camera, open_microphone
from perfstudio.model.device import PRACTICE, CameraRequest, MicrophoneRequest
from perfstudio.model.errors import DeviceError
from rigs.waiting import until


@contextmanager
def watch(
    device_id: str, *, size: tuple[int, int] = (1280, 720), fps: float = 30.0, lost: list[DeviceError] | None = None
) -> Iterator[list[Frame]]:
    """The frames of a camera while the block runs; a loss goes into `lost`."""
    camera = open_camera(CameraRequest(id=device_id, width=size[0], height=size[1], fps=fps))
    frames: list[Frame] = []
    camera.start(frames.append, lost.append if lost is not None else _unexpected)
    try:
        yield frames
    finally:
        camera.close()


@contextmanager
def listen(device_id: str, *, rate: int = 48000, lost: list[DeviceError] | None = None) -> Iterator[list[AudioBlock]]:
    """The blocks of a microphone while the block runs; a loss goes into `lost`."""
    microphone = open_microphone(MicrophoneRequest(id=device_id, rate_hz=rate))
    blocks: list[AudioBlock] = []
    microphone.start(blocks.append, lost.append if lost is not None else _unexpected)
    try:
        yield blocks
    finally:
        microphone.close()


def go_on(seconds: float) -> None:
    """Until another microphone, that is well, has heard so much: what another one does or leaves meanwhile is tried."""
    with listen(PRACTICE) as blocks:
        until(lambda: sum(b.frames for b in blocks) >= seconds * 48000, f"{seconds} s of sound")


def _unexpected(problem: DeviceError) -> None:
    raise AssertionError(f"lost without being asked: {problem}")
