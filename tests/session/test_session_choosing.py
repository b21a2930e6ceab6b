"""The devices of a take without a window: named, remembered, usual, or none."""

from __future__ import annotations

import pytest

from perfstudio.model.device import CameraInfo, CameraRequest, DeviceKind, MicrophoneInfo, MicrophoneRequest
from perfstudio.model.errors import DeviceError, ErrorCode
from perfstudio.session.devices import with_practice
from perfstudio.session.headless import device_choice
from perfstudio.session.headless.device_choice import choose
from perfstudio.session.settings import Settings
from perfstudio.texts.errors import sentence

BRIO = CameraInfo("usb:046d:085e:brio", "Logitech BRIO", DeviceKind.LOCAL)
BUILT_IN = MicrophoneInfo("pulse:built-in", "Built-in", DeviceKind.LOCAL, "PulseAudio", 2, 48000)
YETI = MicrophoneInfo("pulse:yeti", "Blue Yeti", DeviceKind.LOCAL, "PulseAudio", 2, 48000, is_default=True)
REMEMBERED = Settings(
    camera=CameraRequest(id="usb:1:2:old", width=1920, height=1080, fps=25.0), camera_name="Old camera",
    microphone=MicrophoneRequest(id="pulse:old"), microphone_name="Old microphone",
)  # fmt: skip


@pytest.fixture(autouse=True)
def looks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is plugged in; how often somebody looked."""
    found: list[str] = []

    def look() -> object:
        found.append("looked")
        return with_practice((BRIO,), (BUILT_IN, YETI))

    monkeypatch.setattr(device_choice, "list_devices", look)
    return found


def nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device_choice, "list_devices", lambda: with_practice((), ()))


def test_what_the_window_remembers_is_taken_and_nobody_looks(looks: list[str]) -> None:
    chosen = choose(REMEMBERED, None, None, sound_only=False)
    assert (chosen.selection.camera, chosen.selection.microphone) == (REMEMBERED.camera, REMEMBERED.microphone)
    assert (chosen.camera_name, chosen.microphone_name) == ("Old camera", "Old microphone")
    assert looks == []


def test_else_what_is_usual_here() -> None:
    chosen = choose(Settings(), None, None, sound_only=False)
    assert chosen.selection.camera == CameraRequest(id=BRIO.id)
    assert chosen.selection.microphone == MicrophoneRequest(id=YETI.id)
    assert (chosen.camera_name, chosen.microphone_name) == ("Logitech BRIO", "Blue Yeti")


def test_what_is_named_wins_and_the_rest_is_filled_in(looks: list[str]) -> None:
    named = CameraRequest(id="http://me:secret@10.0.0.5/film")
    chosen = choose(REMEMBERED, named, None, sound_only=False)
    assert (chosen.selection.camera, chosen.selection.microphone) == (named, REMEMBERED.microphone)
    assert chosen.camera_name == "http://10.0.0.5/film", "no password is said"
    chosen = choose(REMEMBERED, None, MicrophoneRequest(id="practice"), sound_only=False)
    assert chosen.selection.camera == REMEMBERED.camera
    assert looks == []
    assert choose(Settings(), named, None, sound_only=False).selection.microphone.id == YETI.id


def test_sound_only_is_asked_for_or_remembered() -> None:
    assert choose(REMEMBERED, None, None, sound_only=True).selection.camera is None
    remembered = REMEMBERED.model_copy(update={"sound_only": True})
    assert choose(remembered, None, None, sound_only=False).selection.camera is None
    named = choose(remembered, CameraRequest(id="practice"), None, sound_only=False)
    assert named.selection.camera is not None, "a camera that is named is wanted"


def test_without_a_camera_or_a_microphone_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing(monkeypatch)
    with pytest.raises(DeviceError) as told:
        choose(Settings(), None, None, sound_only=False)
    assert told.value.code is ErrorCode.CAMERA_UNKNOWN
    assert sentence(told.value).startswith("There is no camera here now. Plug it in or choose another: --camera pra")
    with pytest.raises(DeviceError) as told:
        choose(Settings(), CameraRequest(id="practice"), None, sound_only=False)
    assert told.value.code is ErrorCode.MICROPHONE_UNKNOWN
    assert "--microphone practice" in sentence(told.value)
    assert choose(REMEMBERED, None, None, sound_only=False).selection.microphone == REMEMBERED.microphone
