"""Which cameras and microphones there are, and opening one by its id."""

from __future__ import annotations

from perfstudio.capture.devices import network_camera, opencv_camera, portaudio_microphone
from perfstudio.capture.devices.addresses import is_address
from perfstudio.capture.devices.camera import CameraSource
from perfstudio.capture.devices.microphone import MicrophoneSource
from perfstudio.capture.practice import camera as practice_camera
from perfstudio.capture.practice import microphone as practice_microphone
from perfstudio.model.device import PRACTICE, CameraInfo, CameraRequest, MicrophoneInfo, MicrophoneRequest


def list_cameras() -> tuple[CameraInfo, ...]:
    """Every camera that is there now, the practice camera last. Opens none."""
    return (*opencv_camera.list_cameras(), practice_camera.INFO)


def list_microphones() -> tuple[MicrophoneInfo, ...]:
    """Every microphone that is there now, the practice microphone last.

    The sound library keeps the list of its start; it is read anew only while none of its streams is open here.
    """
    return (*portaudio_microphone.list_microphones(), practice_microphone.INFO)


def open_camera(request: CameraRequest) -> CameraSource:
    """Open a camera: "practice" (with its script, see `practice.script`), an http or rtsp address, or a listed id.

    A camera that sends JPEG hands it on as it is (`Frame.jpeg`, no `image`).
    Raises DeviceError with CAMERA_UNKNOWN, CAMERA_BUSY, CAMERA_REFUSED or CAMERA_NO_ANSWER.
    """
    if request.id.partition("?")[0] == PRACTICE:
        return practice_camera.PracticeCamera(request)
    if is_address(request.id):
        return network_camera.NetworkCamera(request)
    known = tuple(info.id for info in list_cameras())
    return opencv_camera.open_local(request, known)


def open_microphone(request: MicrophoneRequest) -> MicrophoneSource:
    """Open a microphone: "practice", "default" (the system's choice) or a listed id.

    Raises DeviceError with MICROPHONE_UNKNOWN, MICROPHONE_BUSY, MICROPHONE_REFUSED or SOUND_SYSTEM_MISSING.
    """
    if request.id.partition("?")[0] == PRACTICE:
        return practice_microphone.PracticeMicrophone(request)
    return portaudio_microphone.open_sound(request, also_known=(PRACTICE,))
