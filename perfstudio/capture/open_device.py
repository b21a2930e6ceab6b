"""Which cameras and microphones there are, and opening one by its id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfstudio.capture.devices.addresses import is_address
from perfstudio.capture.devices.local_cameras import local_cameras
from perfstudio.capture.devices.microphones import microphones
from perfstudio.capture.practice import offered
from perfstudio.model.device import PRACTICE, CameraInfo, CameraRequest, MicrophoneInfo, MicrophoneRequest
from perfstudio.model.errors import DeviceError

if TYPE_CHECKING:
    from perfstudio.capture.devices.camera import CameraSource
    from perfstudio.capture.devices.microphone import MicrophoneSource
    from perfstudio.model.device_info import OutputInfo


def list_cameras() -> tuple[CameraInfo, ...]:
    """Every camera that is there now, the practice camera last. Opens none."""
    return (*(camera.info() for camera in local_cameras()), offered.CAMERA)


def list_microphones() -> tuple[MicrophoneInfo, ...]:
    """Every microphone that is there now, the practice microphone last; it alone where there is no sound system.

    The sound library keeps the list of its start; it is read anew only while none of its streams is open here.
    """
    try:
        return (*(microphone.info() for microphone in microphones()), offered.MICROPHONE)
    except DeviceError:
        return (offered.MICROPHONE,)


def open_camera(request: CameraRequest) -> CameraSource:
    """Open a camera: "practice" (with its script, see `practice.script`), an http or rtsp address, or a listed id.

    A camera that sends JPEG hands it on as it is (`Frame.jpeg`, no `image`).
    Raises DeviceError with CAMERA_UNKNOWN, CAMERA_BUSY, CAMERA_REFUSED or CAMERA_NO_ANSWER.
    """
    if request.id.partition("?")[0] == PRACTICE:
        from perfstudio.capture.practice.camera import PracticeCamera  # noqa: PLC0415 - a list waits for no library

        return PracticeCamera(request)
    if is_address(request.id):
        from perfstudio.capture.devices.network_camera import NetworkCamera  # noqa: PLC0415 - as above

        return NetworkCamera(request)
    from perfstudio.capture.devices.opencv_camera import open_local  # noqa: PLC0415 - as above

    return open_local(request, tuple(info.id for info in list_cameras()))


def list_outputs() -> tuple[OutputInfo, ...]:
    """Everything that sound can be heard from, the system's choice first; nothing where there is no sound system."""
    from perfstudio.capture.devices.outputs import outputs  # noqa: PLC0415 - only who plays needs them

    try:
        return tuple(output.info() for output in outputs())
    except DeviceError:
        return ()


def open_microphone(request: MicrophoneRequest) -> MicrophoneSource:
    """Open a microphone: "practice", "default" (the system's choice) or a listed id.

    Raises DeviceError with MICROPHONE_UNKNOWN, MICROPHONE_BUSY, MICROPHONE_REFUSED or SOUND_SYSTEM_MISSING.
    """
    if request.id.partition("?")[0] == PRACTICE:
        from perfstudio.capture.practice.microphone import PracticeMicrophone  # noqa: PLC0415 - as above

        return PracticeMicrophone(request)
    from perfstudio.capture.devices.portaudio_microphone import open_sound  # noqa: PLC0415 - as above

    return open_sound(request, also_known=(PRACTICE,))
