"""The practice devices as they stand in lists, known without what paints and speaks."""

from __future__ import annotations

from perfstudio.model.device import PRACTICE, CameraInfo, CameraMode, DeviceKind, MicrophoneInfo

MODES = tuple(CameraMode(w, h, 30.0) for w, h in ((1280, 720), (1920, 1080), (640, 480), (640, 360)))
CAMERA = CameraInfo(id=PRACTICE, name="Practice camera", kind=DeviceKind.PRACTICE, modes=MODES)
MICROPHONE = MicrophoneInfo(
    id=PRACTICE, name="Practice microphone", kind=DeviceKind.PRACTICE, host_api="practice", channels=1, rate_hz=48000
)
