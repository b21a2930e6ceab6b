"""What the device pickers offer: what is here, what was chosen and is away, practice, a network camera, sound only."""

from __future__ import annotations

from perfstudio.model.device import (
    NO_CAMERA,
    PRACTICE,
    CameraInfo,
    CameraMode,
    CameraRequest,
    DeviceKind,
    MicrophoneInfo,
)
from perfstudio.session.settings import Settings
from perfstudio.words import numbers

NETWORK = "network"
"""The entry that unfolds the field for an address."""
NONE_YET = ""
BEST = CameraRequest(id=PRACTICE)
USUAL = (CameraMode(1280, 720, 30.0), CameraMode(1920, 1080, 30.0), CameraMode(640, 480, 30.0))
"""Offered when a camera does not say what it can do."""
MOST_MODES = 10


def is_address(camera_id: str) -> bool:
    """Whether a camera is named by where it is in the network."""
    return camera_id.partition("://")[0].lower() in ("http", "https", "rtsp", "rtsps")


def camera_entries(cameras: tuple[CameraInfo, ...], now: Settings) -> tuple[list[tuple[str, str]], str]:
    """(value, words) of every camera, and the value that is chosen now."""
    entries = [(camera.id, camera.name) for camera in cameras if camera.kind is DeviceKind.LOCAL]
    entries += [(camera.id, camera.name) for camera in cameras if camera.kind is DeviceKind.PRACTICE]
    entries += [(NETWORK, "A camera in the network …"), (NO_CAMERA, "No camera, sound only")]
    chosen = now.camera.id if now.camera is not None else NONE_YET
    if now.sound_only:
        chosen = NO_CAMERA
    elif is_address(chosen):
        chosen = NETWORK
    elif chosen and chosen not in [value for value, _ in entries]:
        entries.insert(0, (chosen, f"{now.camera_name or 'Your camera'} · unplugged"))
    if chosen == NONE_YET:
        entries.insert(0, (NONE_YET, "Choose a camera"))
    return entries, chosen


def microphone_entries(microphones: tuple[MicrophoneInfo, ...], now: Settings) -> tuple[list[tuple[str, str]], str]:
    """(value, words) of every microphone, and the value that is chosen now."""
    entries = [
        (m.id, f"{m.name} · the system's choice" if m.is_default else m.name)
        for m in sorted(microphones, key=lambda m: m.kind is DeviceKind.PRACTICE)
    ]
    chosen = now.microphone.id if now.microphone is not None else NONE_YET
    if chosen == NONE_YET:
        entries.insert(0, (NONE_YET, "Choose a microphone"))
    elif chosen not in [value for value, _ in entries]:
        away = (
            "The system's choice" if chosen == "default" else f"{now.microphone_name or 'Your microphone'} · unplugged"
        )
        entries.insert(0, (chosen, away))
    return entries, chosen


def mode_value(width: int, height: int, fps: float) -> str:
    """1280x720@30 as the value of an entry."""
    return f"{width}x{height}@{fps:g}"


def read_mode(value: str) -> tuple[int, int, float]:
    """The inverse of `mode_value`."""
    size, _, fps = value.partition("@")
    width, _, height = size.partition("x")
    return int(width), int(height), float(fps)


def mode_entries(camera: CameraInfo | None, now: CameraRequest | None) -> tuple[list[tuple[str, str]], str]:
    """Sizes and rates: what the camera says it can do, the usual ones where it says nothing."""
    offered = camera.modes if camera is not None and camera.modes else USUAL
    modes = {(m.width, m.height, round(m.fps, 2)) for m in offered if m.width >= 640 and m.fps >= 15}
    request = now or BEST
    modes.add((request.width, request.height, request.fps))
    best = sorted(modes, key=lambda m: (m[:2] != (1280, 720), -m[0] * m[1], -m[2]))[:MOST_MODES]
    if (request.width, request.height, request.fps) not in best:
        best.append((request.width, request.height, request.fps))
    entries = [(mode_value(*m), f"{m[0]} × {m[1]}, {numbers.number(m[2], 2)} pictures a second") for m in best]
    return entries, mode_value(request.width, request.height, request.fps)
