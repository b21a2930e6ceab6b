"""Cameras and microphones: what exists, what is asked for, what was granted."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from perfstudio.model.base import Document
from perfstudio.model.device_info import CameraInfo, CameraMode, DeviceKind, MicrophoneInfo

__all__ = ["CameraInfo", "CameraMode", "DeviceKind", "MicrophoneInfo"]
"""What is there, beside what is asked for."""

PRACTICE = "practice"
"""The id of the built-in practice camera and practice microphone."""
NO_CAMERA = "none"
"""The camera id that means: sound only."""


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
    """The camera that was asked for."""
    width: int = 1280
    """Width in pixels; 0: the best up to 1280."""
    height: int = 720
    """Height in pixels; 0: the best up to 720."""
    fps: float = 30.0
    """Pictures a second; 0: the best up to 30."""
    encode: Encode = Encode.LIVE
    """When the film is made."""
    trust: str = Field(default="", exclude_if=lambda trust: not trust)
    """Never in a take: what the certificate of a network camera is checked against."""


class CameraGranted(Document):
    """What the camera really gives, read back after opening. `frame_clock`: driver stamps or arrival stamps."""

    id: str
    """The camera, by an id that stays over restarts and replugging; of a network camera its address without user,
    password or token."""
    name: str
    """Its name, as the system or the performer gives it."""
    kind: DeviceKind
    """Where it lives."""
    backend: str
    """What it was opened through."""
    width: int
    """Width of its pictures in pixels."""
    height: int
    """Height of its pictures in pixels."""
    fps: float
    """Pictures a second that it promised."""
    pixel_format: str
    """The form of its pictures, as a FourCC; empty where the system does not say."""
    frame_clock: str = "arrival"
    """What stamps its pictures: "driver" or "arrival"."""


class MicrophoneRequest(Document):
    """What is asked of a microphone. `channels` 0 means: one or two, as the device has them."""

    id: str
    """The microphone that was asked for."""
    rate_hz: int = 48000
    """Samples a second, in Hz."""
    channels: int = 0
    """Channels; 0: one or two, as the device has them."""


class MicrophoneGranted(Document):
    """What the microphone really gives. `sample_format` is int16 or int24; flags are "on", "off" or "unknown".

    `block_frames` is 0 where blocks have the length of whatever is there.
    """

    id: str
    """The microphone, by an id that stays."""
    name: str
    """Its name, as the system gives it."""
    kind: DeviceKind
    """Where it lives."""
    host_api: str
    """The sound system it was opened through."""
    rate_hz: int
    """Samples a second, in Hz: never converted."""
    channels: int
    """Number of channels."""
    sample_format: str
    """Bits of a sample: int16 or int24."""
    block_frames: int
    """Samples per channel in a block; 0 where blocks are as long as what is there."""
    latency_s: float
    """The latency that the driver reports, in seconds; not used."""
    auto_gain: str = "unknown"
    """Whether the system turns the level up and down by itself: "on", "off" or "unknown"."""
    noise_suppression: str = "unknown"
    """Whether the system takes noise away: "on", "off" or "unknown"."""


class DeviceSelection(Document):
    """The pair that a session records with. `camera` None means sound only."""

    camera: CameraRequest | None
    """The camera; null for sound alone."""
    microphone: MicrophoneRequest
    """The microphone."""


class DevicesUsed(Document):
    """In the manifest: what was asked for beside what was granted."""

    asked: DeviceSelection
    """What was asked for."""
    camera: CameraGranted | None
    """What the camera really gave; null for sound alone."""
    microphone: MicrophoneGranted | None
    """What the microphone really gave."""

    @property
    def practice(self) -> bool:
        """Whether any of them is a practice device."""
        used = (self.camera, self.microphone)
        return any(device is not None and device.kind is DeviceKind.PRACTICE for device in used)
