"""Cameras and microphones: what exists, what is asked for, what was granted."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pydantic import Field

from perfstudio.model.base import Document

PRACTICE = "practice"
"""The id of the built-in practice camera and practice microphone."""
NO_CAMERA = "none"
"""The camera id that means: sound only."""


class DeviceKind(StrEnum):
    """Where a device lives."""

    LOCAL = "local"
    NETWORK = "network"
    PRACTICE = "practice"
    NONE = "none"


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


class Encode(StrEnum):
    """When the film is made of the pictures of a camera that sends JPEG; every other camera's is made live."""

    LIVE = "live"
    """While rolling, as far as the computer keeps up."""
    AFTER = "after"
    """After the cut: while rolling its pictures are kept as sent, for a few per cent of the work."""


ANY_CERTIFICATE = "any"
"""The `trust` that means: whatever certificate a camera shows."""


class CameraRequest(Document):
    """What is asked of a camera. Zero width, height or fps means: the best up to 1280x720 at 30.

    `trust` says what the certificate of a camera at an https or rtsps address is checked against: empty for the
    system's certificates, ANY_CERTIFICATE for none, else a file of certificates by its path. It never gets into a take.
    """

    id: str
    width: int = 1280
    height: int = 720
    fps: float = 30.0
    encode: Encode = Encode.LIVE
    trust: str = Field(default="", exclude_if=lambda trust: not trust)


class CameraGranted(Document):
    """What the camera really gives, read back after opening. `frame_clock`: driver stamps or arrival stamps."""

    id: str
    name: str
    kind: DeviceKind
    backend: str
    width: int
    height: int
    fps: float
    pixel_format: str
    frame_clock: str = "arrival"


class MicrophoneRequest(Document):
    """What is asked of a microphone. `channels` 0 means: one or two, as the device has them."""

    id: str
    rate_hz: int = 48000
    channels: int = 0


class MicrophoneGranted(Document):
    """What the microphone really gives. `sample_format` is int16 or int24; flags are "on", "off" or "unknown".

    `block_frames` is 0 where blocks have the length of whatever is there.
    """

    id: str
    name: str
    kind: DeviceKind
    host_api: str
    rate_hz: int
    channels: int
    sample_format: str
    block_frames: int
    latency_s: float
    auto_gain: str = "unknown"
    noise_suppression: str = "unknown"


class DeviceSelection(Document):
    """The pair that a session records with. `camera` None means sound only."""

    camera: CameraRequest | None
    microphone: MicrophoneRequest


class DevicesUsed(Document):
    """In the manifest: what was asked for beside what was granted."""

    asked: DeviceSelection
    camera: CameraGranted | None
    microphone: MicrophoneGranted | None

    @property
    def practice(self) -> bool:
        """Whether any of them is a practice device."""
        used = (self.camera, self.microphone)
        return any(device is not None and device.kind is DeviceKind.PRACTICE for device in used)
