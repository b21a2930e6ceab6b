"""The cameras of this machine by stable id: USB numbers and name, never an index, which changes with every plug."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from functools import cached_property

from perfstudio.capture.devices import v4l2
from perfstudio.capture.devices.device_names import readable, slug
from perfstudio.model.device_info import CameraInfo, CameraMode, DeviceKind


@dataclass(frozen=True)
class LocalCamera:
    """One camera and how OpenCV reaches it right now."""

    id: str
    name: str
    address: str | int
    backend: str
    """"V4L2", "AVFOUNDATION" or "MSMF"."""

    @cached_property
    def modes(self) -> tuple[CameraMode, ...]:
        """What it offers; empty where the system does not say without opening it."""
        return v4l2.modes(str(self.address)) if self.backend == "V4L2" else ()

    def info(self) -> CameraInfo:
        """The camera as a value."""
        return CameraInfo(id=self.id, name=self.name, kind=DeviceKind.LOCAL, modes=self.modes)


def local_cameras() -> tuple[LocalCamera, ...]:
    """Every camera that is there now."""
    if platform.system() == "Linux":
        return tuple(LocalCamera(node.id, node.name, node.path, "V4L2") for node in v4l2.nodes())
    return _enumerated()


def find(device_id: str) -> LocalCamera | None:
    """The camera with an id (or, on Linux, a node such as /dev/video0), or None.

    A camera that had a twin when its id was noted is found without it, and the other way round.
    """
    cameras = local_cameras()
    exact = next((c for c in cameras if device_id in (c.id, c.address)), None)
    alike = [c for c in cameras if _plain(c.id) == _plain(device_id)]
    return exact or (alike[0] if len(alike) == 1 else None)


def _plain(device_id: str) -> str:
    return device_id.partition("#")[0].partition("@")[0]


def _enumerated() -> tuple[LocalCamera, ...]:
    import cv2  # noqa: PLC0415 - heavy, and not needed on Linux
    from cv2_enumerate_cameras import enumerate_cameras, supported_backends  # noqa: PLC0415

    backend = "AVFOUNDATION" if platform.system() == "Darwin" else "MSMF"
    number = getattr(cv2, f"CAP_{backend}")
    found: list[LocalCamera] = []
    for camera in enumerate_cameras(number) if number in supported_backends else []:
        usb = f"usb:{camera.vid:04x}:{camera.pid:04x}:" if camera.vid and camera.pid else f"{backend.lower()}:"
        name = readable(camera.name) or "Camera"
        base = usb + slug(name)
        twins = sum(1 for other in found if _plain(other.id) == base)
        found.append(LocalCamera(f"{base}#{twins + 1}" if twins else base, name, camera.index, backend))
    return tuple(found)
