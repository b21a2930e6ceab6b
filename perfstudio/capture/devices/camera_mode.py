"""Choosing a camera's mode: the size and rate asked for, compressed where the camera has it so."""

from __future__ import annotations

from perfstudio.model.device import CameraMode, CameraRequest

_UNKNOWN_FPS = 0.0


def choose_mode(modes: tuple[CameraMode, ...], request: CameraRequest) -> CameraMode:
    """The mode to ask a camera for; with no list, exactly what was asked for.

    Order: the rate asked for (or the best there is), then the size nearest to the one asked for, then MJPG, because
    over USB 2 the raw formats do not reach 720p at 30.
    """
    width, height, fps = request.width or 1280, request.height or 720, request.fps or 30.0
    if not modes:
        return CameraMode(width, height, fps)

    def merit(mode: CameraMode) -> tuple[float, float, bool, float]:
        slow = 0.0 if mode.fps == _UNKNOWN_FPS else max(0.0, fps - 0.5 - mode.fps)
        far = abs(mode.width - width) + abs(mode.height - height)
        return (far + 60 * slow, far, mode.pixel_format != "MJPG", mode.fps)

    best = min(modes, key=merit)
    granted_fps = fps if best.fps == _UNKNOWN_FPS or best.fps >= fps else best.fps
    return CameraMode(best.width, best.height, granted_fps, best.pixel_format)
