"""Cameras and microphones that are there. Plain values: the process that looks for devices is started again and again,
and loads nothing that it does not need."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class DeviceKind(StrEnum):
    """Where a device lives."""

    LOCAL = "local"  # on this computer
    NETWORK = "network"  # at an address
    PRACTICE = "practice"  # built in, and drawn: nothing real is recorded
    NONE = "none"  # not there


@dataclass(frozen=True, slots=True)
class CameraMode:
    """One mode a camera offers. `pixel_format` is a FourCC such as MJPG or YUYV, empty when the system does not say."""

    width: int
    height: int
    fps: float
    pixel_format: str = ""


@dataclass(frozen=True, slots=True)
class CameraInfo:
    """A camera that is there now. `id` is stable over restarts and replugging; it is never an index."""

    id: str
    name: str
    kind: DeviceKind
    modes: tuple[CameraMode, ...] = ()


@dataclass(frozen=True, slots=True)
class MicrophoneInfo:
    """A microphone that is there now. `id` is stable; `is_default` marks the system's choice."""

    id: str
    name: str
    kind: DeviceKind
    host_api: str
    channels: int
    rate_hz: int
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class OutputInfo:
    """Something that sound is heard from: headphones, loudspeakers. `id` is stable; `is_default` marks the system's
    choice. What it is nobody but the performer knows."""

    id: str
    name: str
    host_api: str
    is_default: bool = False
