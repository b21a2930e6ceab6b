"""Looking for devices in a process of its own: run as a program, this module prints them as JSON.

PortAudio learns of new devices only by starting anew, and that would kill the streams of the process it runs in. So the
fresh look is taken elsewhere. A sound system that hangs hangs there, and is given up.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from typing import Any

from perfstudio import frozen
from perfstudio.capture.devices.local_cameras import local_cameras
from perfstudio.capture.devices.microphones import microphones
from perfstudio.capture.devices.outputs import outputs
from perfstudio.model.device_info import CameraInfo, CameraMode, DeviceKind, MicrophoneInfo, OutputInfo
from perfstudio.model.errors import DeviceError

LIMIT_S = 15.0
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""Windows opens a black one for every program of the console."""


@dataclass(frozen=True, slots=True)
class DeviceList:
    """The real devices that are there; the practice devices always are, and are not named."""

    cameras: tuple[CameraInfo, ...] = ()
    microphones: tuple[MicrophoneInfo, ...] = ()
    outputs: tuple[OutputInfo, ...] = ()

    def ids(self) -> frozenset[str]:
        """The stable ids of all."""
        return frozenset(c.id for c in self.cameras) | frozenset(m.id for m in self.microphones)


def scan_here() -> DeviceList:
    """What this process sees. Refreshes PortAudio unless one of its streams is open here."""
    cameras = tuple(camera.info() for camera in local_cameras())
    try:
        heard = tuple(microphone.info() for microphone in microphones())
        return DeviceList(cameras, heard, tuple(output.info() for output in outputs()))
    except DeviceError:
        return DeviceList(cameras)


def scan_apart(command: tuple[str, ...] | None = None, limit_s: float = LIMIT_S) -> DeviceList | None:
    """What a fresh process (of this module, if no other `command` is given) sees; None when it did not answer."""
    words = command or frozen.command("perfstudio.capture.devices.scan")
    try:
        done = subprocess.run(
            words, capture_output=True, stdin=subprocess.DEVNULL, timeout=limit_s, check=True, creationflags=_NO_WINDOW
        )
        return _from_json(json.loads(done.stdout))
    except (OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError):
        return None


def _from_json(plain: dict[str, Any]) -> DeviceList:
    cameras = (
        CameraInfo(c["id"], c["name"], DeviceKind(c["kind"]), tuple(CameraMode(**mode) for mode in c["modes"]))
        for c in plain["cameras"]
    )
    found = (MicrophoneInfo(**(m | {"kind": DeviceKind(m["kind"])})) for m in plain["microphones"])
    return DeviceList(tuple(cameras), tuple(found), tuple(OutputInfo(**output) for output in plain.get("outputs", ())))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(scan_here())))
