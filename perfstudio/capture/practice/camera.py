"""The practice camera: draws each picture ahead of its time and delivers it when its time has come."""

from __future__ import annotations

import math
import random

import numpy as np

from perfstudio.capture.devices.camera import Frame, FrameSink, Image, LostCall
from perfstudio.capture.devices.threaded_camera import ThreadedCamera
from perfstudio.capture.practice.offered import CAMERA, MODES
from perfstudio.capture.practice.picture import PracticePicture
from perfstudio.capture.practice.plan import to_host_ns, to_practice_s
from perfstudio.capture.practice.script import PracticeScript, inside, parse_script
from perfstudio.model.clock import host_ns
from perfstudio.model.device import PRACTICE, CameraGranted, CameraRequest, DeviceKind
from perfstudio.model.errors import DeviceError, ErrorCode

_BUFFERS = 4
"""Like a driver's queue: a busy machine gets late frames up to this many, then loses them."""


class PracticeCamera(ThreadedCamera):
    """A camera source with a known picture at a known time (see `script`, `plan`).

    In one of its `MODES`, at up to 60 frames a second. Frame times are multiples of 1 / fps in practice time.
    """

    def __init__(self, request: CameraRequest) -> None:
        script = parse_script(request.id)
        if script is None:
            raise DeviceError(ErrorCode.CAMERA_UNKNOWN, id=request.id, known=PRACTICE)
        _refuse(script, request.id)
        width, height = _nearest_mode(request.width, request.height)
        self._script = script
        self._fps = min(60.0, max(1.0, request.fps or 30.0))
        self._picture = PracticePicture(width, height, script)
        self._picture.draw(0.0)
        super().__init__("practice-camera")
        self._granted = CameraGranted(
            id=request.id,
            name=CAMERA.name,
            kind=DeviceKind.PRACTICE,
            backend="practice",
            width=width,
            height=height,
            fps=self._fps,
            pixel_format="BGR3",
            frame_clock="driver" if script.stamps == "driver" else "arrival",
        )

    def close(self, deadline_s: float = 2.0) -> None:
        """Stop; the thread ends after the frame in hand."""
        self._thread.stop(deadline_s)

    def _run(self, sink: FrameSink, lost: LostCall) -> None:
        script = self._script
        dice = random.Random(f"camera {script.seed}")  # noqa: S311 - faults, not secrets
        step = 1 / (self._fps * (1 + script.drift_ppm * 1e-6))
        started = to_practice_s(host_ns())
        number, index = math.ceil(started / step) + 1, 0
        last: Image | None = None
        while not self._stop.is_set():
            at = number * step
            since = at - started
            if script.lost_s is not None and since >= script.lost_s:
                lost(DeviceError(ErrorCode.CAMERA_LOST, id=self._granted.id))
                return
            number += 1
            if self._is_missing(since, dice) or to_practice_s(host_ns()) > at + _BUFFERS * step:
                continue
            last = self._image(at, since, last)
            if self._wait_until(at + self._delay(since, dice)):
                return
            stamp = to_host_ns(at) if script.stamps == "driver" else None
            sink(Frame(index, host_ns(), stamp, last))
            index += 1

    def _is_missing(self, since: float, dice: random.Random) -> bool:
        script = self._script
        dropped = script.drop_share > 0 and dice.random() < script.drop_share
        return dropped or since < script.late_s or inside(since, script.gaps) is not None

    def _image(self, at: float, since: float, last: Image | None) -> Image:
        if last is not None and inside(since, self._script.freezes):
            return last
        if inside(since, self._script.zeros):
            return np.zeros((self._granted.height, self._granted.width, 3), np.uint8)
        return self._picture.draw(at)

    def _delay(self, since: float, dice: random.Random) -> float:
        jitter = dice.expovariate(1000 / self._script.jitter_ms) if self._script.jitter_ms > 0 else 0.0
        stall = inside(since, self._script.stalls)
        return max(jitter, stall[0] + stall[1] - since) if stall else jitter

    def _wait_until(self, practice_s: float) -> bool:
        """Sleep; True when the camera was closed meanwhile."""
        return self._stop.wait(max(0.0, practice_s - to_practice_s(host_ns())))


def _refuse(script: PracticeScript, device_id: str) -> None:
    if script.fail == "busy":
        raise DeviceError(ErrorCode.CAMERA_BUSY, id=device_id)
    if script.fail == "refused":
        raise DeviceError(ErrorCode.CAMERA_REFUSED, id=device_id)
    if script.fail == "no_answer":
        raise DeviceError(ErrorCode.CAMERA_NO_ANSWER, address=device_id, seconds=5)


def _nearest_mode(width: int, height: int) -> tuple[int, int]:
    """The offered size next to the one asked for; nothing asked is 1280x720."""
    if not width or not height:
        return MODES[0].width, MODES[0].height
    best = min(MODES, key=lambda mode: (abs(mode.width - width) + abs(mode.height - height), mode.width))
    return best.width, best.height
