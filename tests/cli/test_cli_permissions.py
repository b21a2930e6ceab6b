"""The verbs tell what the system does not let be used, and where that is changed; and that a camera takes long."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from perfstudio.capture import open_device
from perfstudio.capture.practice import offered
from perfstudio.capture.recording import slow_opening
from perfstudio.cli import output
from perfstudio.cli.main import run
from perfstudio.cli.verbs import devices
from perfstudio.model.device import CameraInfo, DeviceKind, MicrophoneInfo
from perfstudio.model.errors import DeviceError, ErrorCode
from perfstudio.session import doctor
from perfstudio.session.doctor import Health
from perfstudio.session.stepped_timer import SteppedTimer
from perfstudio.systems.permissions import Guarded, PermissionState
from perfstudio.texts.doctor import sentence
from rigs.permissions import PAGE, SaidPermissions, said_permissions

CAMERAS = (CameraInfo("usb:brio", "Brio", DeviceKind.LOCAL), offered.CAMERA)
MICROPHONES = (MicrophoneInfo("yeti", "Yeti", DeviceKind.LOCAL, "", 1, 48000), offered.MICROPHONE)


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> SaidPermissions:
    for module in (devices, doctor):
        monkeypatch.setattr(module, "list_cameras", lambda: CAMERAS)
        monkeypatch.setattr(module, "list_microphones", lambda: MICROPHONES)
    return said_permissions(monkeypatch)


def typed(capsys: pytest.CaptureFixture[str], home: Path, *words: str) -> tuple[int, str, str]:
    code = run([*words, "--home", str(home)])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_list_of_devices_says_it_beside_them(
    capsys: pytest.CaptureFixture[str], system: SaidPermissions, home: Path
) -> None:
    _, out, _ = typed(capsys, home, "devices")
    assert "system" not in out, "what is allowed is no news"
    system.say(Guarded.CAMERA, PermissionState.REFUSED, listed="iTerm")
    system.say(Guarded.MICROPHONE, PermissionState.UNKNOWN)
    _, out, _ = typed(capsys, home, "devices")
    said = "The system does not let iTerm, which started perfstudio, use the camera."
    assert said in out.partition("Microphones")[0]
    assert f"Their page is {PAGE}camera." in out
    assert "microphone." not in out
    _, out, _ = typed(capsys, home, "devices", "--json")
    assert json.loads(out)["permissions"] == {
        "camera": {"state": "refused", "settings": PAGE + "camera"},
        "microphone": {"state": "unknown", "settings": ""},
    }


def found(part: Any) -> tuple[Health, str]:
    made = part(None)
    return made.health, sentence(made.part, made.health, made.facts)


@pytest.mark.parametrize(
    ("state", "health", "said"),
    [
        (PermissionState.ALLOWED, Health.GOOD, "Cameras: Brio."),
        (PermissionState.UNKNOWN, Health.GOOD, "Cameras: Brio."),
        (PermissionState.REFUSED, Health.MISSING, f"Cameras: Brio. The system does not let perfstudio use the camera. "
         f"Allow it in the system's settings, under privacy and camera. Their page is {PAGE}camera."),
        (PermissionState.UNASKED, Health.LOOK, "Cameras: Brio. The system has not yet been told whether perfstudio"),
        (PermissionState.POLICY, Health.MISSING, "Cameras: Brio. A rule on this computer does not let programs"),
    ],
)  # fmt: skip
def test_the_doctor_does_not_call_good_what_may_not_be_used(
    system: SaidPermissions, state: PermissionState, health: Health, said: str
) -> None:
    system.say(Guarded.CAMERA, state)
    assert found(doctor._camera)[0] is health
    assert found(doctor._camera)[1].startswith(said)
    assert found(doctor._microphone) == (Health.GOOD, "Microphones: Yeti.")


def test_nodes_say_nothing_of_microphones_that_a_sound_server_lists(
    system: SaidPermissions, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in Guarded:
        system.say(kind, PermissionState.REFUSED, certain=False, group="video")
    system.has_pages = False
    assert found(doctor._microphone) == (Health.GOOD, "Microphones: Yeti.")
    health, said = found(doctor._camera)
    assert health is Health.MISSING
    assert "`sudo usermod -aG video $USER`" in said
    assert "page" not in said, "there is none"
    monkeypatch.setattr(doctor, "list_microphones", lambda: (offered.MICROPHONE,))
    assert found(doctor._microphone)[1].startswith("Your account may not use the microphone.")


class Watched(io.StringIO):
    """A terminal that somebody watches."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("verb", "seconds"), [("record the-letter", 2.9), ("record the-letter", 3.1), ("calibrate", 60)]
)
def test_a_take_says_that_the_camera_takes_long_and_then_why_it_was_not_recorded(
    system: SaidPermissions, home: Path, monkeypatch: pytest.MonkeyPatch, verb: str, seconds: float
) -> None:
    clock, problem = SteppedTimer(), DeviceError(ErrorCode.CAMERA_DENIED, id="Brio", switch="computer")
    screen = Watched()

    def open_camera(_: object) -> None:
        clock.step(seconds)
        assert screen.getvalue().endswith("\x1b[2KThe camera is taking a while to open …") is (seconds > 3)
        raise problem

    monkeypatch.setattr(slow_opening, "_after", clock.after)
    monkeypatch.setattr(open_device, "open_camera", open_camera)
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(output, "clears_lines", lambda: True)
    devices = ("--camera", "usb:brio", "--microphone", "practice")
    assert run([*verb.split(), *devices, "--home", str(home)]) == 1
    assert screen.getvalue().rpartition("\x1b[2K")[2] == (
        "The system does not let perfstudio use the camera “Brio”. Allow it in the system's settings, under privacy "
        f"and camera: the switch for this computer is off. Their page is {PAGE}camera.\n"
    )
