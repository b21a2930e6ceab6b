"""The devices of a take that is made without a window: those that were named, remembered, or are usual here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from perfstudio.capture.devices.addresses import is_address, public_address
from perfstudio.model.device import (
    NO_CAMERA,
    PRACTICE,
    CameraInfo,
    CameraRequest,
    DeviceKind,
    DeviceSelection,
    MicrophoneInfo,
    MicrophoneRequest,
)
from perfstudio.model.errors import DeviceError, ErrorCode
from perfstudio.session.devices import Devices, list_devices, usual_microphone
from perfstudio.session.settings import Settings


@dataclass(frozen=True, slots=True)
class ChosenDevices:
    """The devices to open, and what they are called where that is known."""

    selection: DeviceSelection
    camera_name: str
    microphone_name: str


def choose(
    settings: Settings, camera: CameraRequest | None, microphone: MicrophoneRequest | None, *, sound_only: bool
) -> ChosenDevices:
    """Fill in what was not named; `sound_only` was asked for. Looks for devices only where nothing is remembered.

    Raises DeviceError(CAMERA_UNKNOWN or MICROPHONE_UNKNOWN) without an id where there is nothing to choose.
    """
    pictured = camera is not None or not (sound_only or settings.sound_only)
    camera = camera or (settings.camera if pictured else None)
    microphone = microphone or settings.microphone
    there: Devices = ((), ())
    if microphone is None or (pictured and camera is None):
        there = list_devices()
        camera = camera or (_usual_camera(there) if pictured else None)
        microphone = microphone or _usual_microphone(there)
    return ChosenDevices(
        DeviceSelection(camera=camera, microphone=microphone),
        _name(camera, there[0], settings.camera, settings.camera_name),
        _name(microphone, there[1], settings.microphone, settings.microphone_name),
    )


def _usual_camera(there: Devices) -> CameraRequest:
    found = next((camera for camera in there[0] if camera.kind is DeviceKind.LOCAL), None)
    if found is None:
        raise DeviceError(ErrorCode.CAMERA_UNKNOWN, known=f"--camera {PRACTICE}, --camera {NO_CAMERA}")
    return CameraRequest(id=found.id)


def _usual_microphone(there: Devices) -> MicrophoneRequest:
    found = usual_microphone(there[1])
    if found is None:
        raise DeviceError(ErrorCode.MICROPHONE_UNKNOWN, known=f"--microphone {PRACTICE}")
    return MicrophoneRequest(id=found.id)


def _name(
    used: CameraRequest | MicrophoneRequest | None,
    there: Sequence[CameraInfo] | Sequence[MicrophoneInfo],
    remembered: CameraRequest | MicrophoneRequest | None,
    remembered_name: str,
) -> str:
    if used is None:
        return ""
    if is_address(used.id):
        return public_address(used.id)
    seen = next((info.name for info in there if info.id == used.id), "")
    return seen or (remembered_name if remembered is not None and remembered.id == used.id else "")
