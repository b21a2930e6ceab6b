"""Cameras and microphones as choices: what there is, what was chosen, and whether the chosen ones are there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from perfstudio.capture.devices.addresses import is_address, parted
from perfstudio.model.device import (
    PRACTICE,
    CameraInfo,
    CameraMode,
    CameraRequest,
    DeviceKind,
    DeviceSelection,
    MicrophoneInfo,
    MicrophoneRequest,
)
from perfstudio.session.settings import Settings

Devices = tuple[tuple[CameraInfo, ...], tuple[MicrophoneInfo, ...]]
Info = TypeVar("Info", CameraInfo, MicrophoneInfo)

PRACTICE_PAIR = DeviceSelection(camera=CameraRequest(id=PRACTICE), microphone=MicrophoneRequest(id=PRACTICE))
PRACTICE_CAMERA = CameraInfo(
    PRACTICE, "Practice camera", DeviceKind.PRACTICE, (CameraMode(1280, 720, 30.0), CameraMode(1920, 1080, 30.0))
)
PRACTICE_MICROPHONE = MicrophoneInfo(PRACTICE, "Practice microphone", DeviceKind.PRACTICE, "practice", 1, 48000)
SYSTEM_MICROPHONE = "default"
"""The id that means: whichever microphone the system has chosen."""


def list_devices() -> Devices:
    """What there is now, the practice pair last. Slow (a second or so): never on the window's thread.

    The look is taken by a process of its own. When that one hangs or dies, a look here would hang or die as well; then
    the cameras are listed, which ask no sound system, and the system's microphone by its role.
    """
    from perfstudio.capture.devices.local_cameras import local_cameras  # noqa: PLC0415 - device code loads late
    from perfstudio.capture.devices.scan import scan_apart  # noqa: PLC0415 - as above

    found = scan_apart()
    if found is not None:
        return with_practice(found.cameras, found.microphones)
    unseen = MicrophoneInfo(SYSTEM_MICROPHONE, "The system's microphone", DeviceKind.LOCAL, "", 0, 0, is_default=True)
    return with_practice(tuple(camera.info() for camera in local_cameras()), (unseen,))


def is_broken_off(devices: Devices) -> bool:
    """Whether the look for them was given up, so that of the microphones the system's own stands for all."""
    return any(microphone.id == SYSTEM_MICROPHONE for microphone in devices[1])


def with_practice(cameras: Sequence[CameraInfo], microphones: Sequence[MicrophoneInfo]) -> Devices:
    """The real devices and, last, the practice pair."""
    return (*cameras, PRACTICE_CAMERA), (*microphones, PRACTICE_MICROPHONE)


def usual(devices: Devices) -> DeviceSelection | None:
    """The pair most performers want: first real camera, the system's microphone; None when one is missing."""
    camera = next((c for c in devices[0] if c.kind is DeviceKind.LOCAL), None)
    microphone = usual_microphone(devices[1])
    if camera is None or microphone is None:
        return None
    return DeviceSelection(camera=CameraRequest(id=camera.id), microphone=MicrophoneRequest(id=microphone.id))


def usual_microphone(microphones: Sequence[MicrophoneInfo]) -> MicrophoneInfo | None:
    """The system's microphone, else the first real one."""
    real = [m for m in microphones if m.kind is DeviceKind.LOCAL]
    return next((m for m in real if m.is_default), real[0] if real else None)


def matching(device_id: str, among: Sequence[Info]) -> Info | None:
    """The device an id means now. A camera that had a twin when it was chosen is found without it, and the other way
    round; practice scripts mean the practice device; "default" means the system's microphone."""
    exact = next((info for info in among if info.id == device_id.partition("?")[0]), None)
    if exact is None and device_id == SYSTEM_MICROPHONE:
        return next((info for info in among if getattr(info, "is_default", False)), None)
    alike = [info for info in among if _plain(info.id) == _plain(device_id)]
    return exact or (alike[0] if len(alike) == 1 else None)


def are_here(selection: DeviceSelection, devices: Devices) -> bool:
    """Whether all chosen devices can be opened now, as far as a list can tell; a network camera always may."""
    camera = selection.camera
    seen = camera is None or is_address(camera.id) or matching(camera.id, devices[0]) is not None
    return seen and matching(selection.microphone.id, devices[1]) is not None


def away(settings: Settings, devices: Devices) -> tuple[str, str] | None:
    """(id, name) of the first chosen device that is not here; the name may be empty. None when nothing is missing."""
    camera, microphone = settings.camera, settings.microphone
    listed = camera is not None and not settings.sound_only and not is_address(camera.id)
    if camera is not None and listed and matching(camera.id, devices[0]) is None:
        return camera.id, settings.camera_name
    if microphone is not None and matching(microphone.id, devices[1]) is None:
        return microphone.id, settings.microphone_name
    return None


def is_good_address(text: str) -> bool:
    """Whether something typed is an address a camera can be reached at: http or rtsp, with a host."""
    return parted(text) is not None


def chosen(selection: DeviceSelection, devices: Devices) -> dict[str, Any]:
    """What to change in the settings for this selection; names are kept for the days on which a device is away."""
    changes: dict[str, Any] = {"microphone": selection.microphone}
    changes["sound_only"] = selection.camera is None
    if selection.camera is not None:
        changes["camera"] = selection.camera
    return changes | names(selection.camera, selection.microphone, devices)


def names(camera: CameraRequest | None, microphone: MicrophoneRequest | None, devices: Devices) -> dict[str, str]:
    """The names of the chosen devices, of those that are here now."""
    seen_camera = matching(camera.id, devices[0]) if camera else None
    seen_microphone = matching(microphone.id, devices[1]) if microphone else None
    found = {"camera_name": seen_camera, "microphone_name": seen_microphone}
    return {field: info.name for field, info in found.items() if info is not None}


def completed(settings: Settings, devices: Devices) -> dict[str, Any]:
    """What is missing and obvious: the usual pair at first, the system's microphone beside a camera, the practice
    microphone beside the practice camera where there is no other. Empty when nothing is to be added."""
    usual_pair = usual(devices)
    if settings.camera is None and settings.microphone is None and not settings.sound_only:
        return chosen(usual_pair, devices) if usual_pair else {}
    if settings.microphone is not None:
        return {}
    found = usual_microphone(devices[1])
    if found is None and settings.camera is not None and settings.camera.id == PRACTICE and not settings.sound_only:
        found = PRACTICE_MICROPHONE
    if found is None:
        return {}
    return {"microphone": MicrophoneRequest(id=found.id), "microphone_name": found.name}


def _plain(device_id: str) -> str:
    """The id without what tells twins apart."""
    return device_id if device_id.startswith("pulse:") else device_id.partition("#")[0].partition("@")[0]
