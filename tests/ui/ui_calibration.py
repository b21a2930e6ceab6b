"""Views of the calibration, and what it found."""

from __future__ import annotations

from typing import Any

from perfstudio.model.calibration import Measurement, Method
from perfstudio.model.device import CameraGranted, DeviceKind, DeviceSelection, DevicesUsed, MicrophoneRequest
from perfstudio.session.calibration.wizard import CalibrationState, CalibrationView

S = CalibrationState
FOUND = Measurement(offset_ms=42.0, sure_ms=2.6, spread_ms=3.0, count=10, method=Method.CLAP, source_sure_ms=0.0)
CAMERA = CameraGranted(
    id="c", name="C", kind=DeviceKind.LOCAL, backend="v4l2", width=1280, height=720, fps=30, pixel_format="MJPG"
)
DEVICES = DevicesUsed(
    asked=DeviceSelection(camera=None, microphone=MicrophoneRequest(id="m")), camera=CAMERA, microphone=None
)


def view(state: S, **more: Any) -> CalibrationView:
    return CalibrationView(state, Method.CLAP, DEVICES, None, **more)
