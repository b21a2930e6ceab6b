"""PortAudio's lists as other systems give them: whose choice the default is, and names in any bytes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from perfstudio.capture.devices import microphones, portaudio, pulseaudio
from perfstudio.capture.devices.microphones import DEFAULT, find
from perfstudio.model.device import MicrophoneInfo
from perfstudio.session.devices import usual_microphone

Api = tuple[str, str | None, tuple[str | bytes, ...]]
"""Name of a host API, the input it calls the default, its inputs; one that begins with ">" is an output."""


class FakePortAudio:
    """What the sound library answers, in the order and with the numbers that PortAudio gives."""

    def __init__(self, *apis: Api) -> None:
        self._devices: list[dict[str, Any]] = []
        self._raw: list[bytes] = []
        self._apis = []
        for number, (name, default, entries) in enumerate(apis):
            first = len(self._devices)
            for entry in entries:
                raw = entry if isinstance(entry, bytes) else entry.removeprefix(">").encode()
                into = isinstance(entry, bytes) or not entry.startswith(">")
                self._raw.append(raw)
                self._devices.append({"hostapi": number, "max_input_channels": 2 * into, "default_samplerate": 48000.0})
            plain = [entry.removeprefix(">") if isinstance(entry, str) else entry for entry in entries]
            chosen = first + plain.index(default) if default is not None else -1
            self._apis.append({"name": name, "default_input_device": chosen})
        self._lib = SimpleNamespace(Pa_GetDeviceCount=lambda: len(self._raw), Pa_GetDeviceInfo=self._info)
        self._ffi = SimpleNamespace(string=lambda raw: raw)

    def query_hostapis(self) -> tuple[dict[str, Any], ...]:
        return tuple(self._apis)

    def query_devices(self, number: int | None = None) -> Any:
        if number is None:
            return [self.query_devices(each) for each in range(len(self._raw))]
        return self._devices[number] | {"name": self._raw[number].decode("utf-8")}

    def _info(self, number: int) -> SimpleNamespace:
        device = self._devices[number]
        return SimpleNamespace(
            name=self._raw[number],
            hostApi=device["hostapi"],
            maxInputChannels=device["max_input_channels"],
            maxOutputChannels=2 - device["max_input_channels"],
            defaultSampleRate=device["default_samplerate"],
        )

    def _terminate(self) -> None: ...

    def _initialize(self) -> None: ...


@pytest.fixture
def plug(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Has PortAudio answer with these host APIs; returns the microphones that are listed."""

    def answer(*apis: Api) -> list[MicrophoneInfo]:
        fake = FakePortAudio(*apis)
        monkeypatch.setattr(portaudio, "library", lambda: fake)
        return [microphone.info() for microphone in microphones.microphones()]

    monkeypatch.setattr(pulseaudio, "sources", lambda: ())
    return answer


MIX, ARRAY, HEADSET = "Stereo Mix (Realtek(R) Audio)", "Microphone Array (Realtek(R) Audio)", "Headset (WH-1000XM4)"
INPUTS = (MIX, ARRAY, HEADSET)
CUT_SHORT = tuple(name[:31] for name in INPUTS)
MAPPER = "Microsoft Sound Mapper - Input"


def windows(mme: str | None, wasapi: str | None) -> tuple[Api, ...]:
    return (
        ("MME", mme, (MAPPER, *CUT_SHORT, ">Speakers (Realtek(R) Audio)")),
        ("Windows DirectSound", "Primary Sound Capture Driver", ("Primary Sound Capture Driver", *INPUTS)),
        ("Windows WASAPI", wasapi, (">Speakers (Realtek(R) Audio)", *INPUTS)),
        ("Windows WDM-KS", MIX, INPUTS),
    )


@pytest.mark.parametrize(
    ("apis", "default"),
    [
        (windows(CUT_SHORT[2], HEADSET), HEADSET),
        (windows(CUT_SHORT[0], ARRAY), ARRAY),
        (windows(MAPPER, HEADSET), HEADSET),
        (windows(CUT_SHORT[1], None), ARRAY),
        (windows(None, None), MIX),
        (windows(None, "Speakers (Realtek(R) Audio)"), MIX),
        (windows(CUT_SHORT[2], HEADSET)[:2], HEADSET[:31]),
        ((("Core Audio", "USB Mic", ("MacBook Air Microphone", "USB Mic", ">MacBook Air Speakers")),), "USB Mic"),
        ((("Core Audio", None, ("MacBook Air Microphone", "USB Mic")),), "MacBook Air Microphone"),
        (
            (
                ("ALSA", "default", ("HDA Intel: ALC (hw:0,0)", "USB Mic: USB (hw:1,0)", "sysdefault", "default")),
                ("JACK Audio Connection Kit", "system", ("system",)),
            ),
            "default",
        ),
        (
            (
                ("ALSA", None, ("HDA Intel: ALC (hw:0,0)",)),
                ("JACK Audio Connection Kit", "system", ("system",)),
            ),
            "system",
        ),
        (
            (
                ("ALSA", "default", ("HDA Intel: ALC (hw:0,0)", "pulse", "default")),
                ("JACK Audio Connection Kit", "system", ("system",)),
            ),
            "pulse",
        ),
    ],
    ids=[
        "windows", "windows-other", "windows-mapper", "windows-only-mme-tells", "windows-no-default",
        "windows-output-as-default", "windows-without-wasapi", "macos", "macos-no-default", "alsa-and-jack",
        "only-jack", "a-server-that-does-not-answer",
    ],
)  # fmt: skip
def test_the_default_is_the_systems_choice_among_what_is_listed(
    plug: Any, apis: tuple[Api, ...], default: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = plug(*apis)
    assert listed
    assert [m.is_default for m in listed].count(True) <= 1
    assert (usual_microphone(listed) or listed[-1]).name == default
    found = find(DEFAULT, microphones.microphones())
    assert found is not None
    assert found.name == default


def test_on_windows_each_microphone_is_listed_once(plug: Any) -> None:
    listed = plug(*windows(CUT_SHORT[2], HEADSET))
    assert sorted(m.name for m in listed) == sorted(INPUTS)
    assert {m.host_api for m in listed} == {"Windows WASAPI"}
    assert [m.name for m in listed if m.is_default] == [HEADSET]


def test_nothing_to_record_with_is_an_empty_list(plug: Any) -> None:
    assert plug() == []
    assert plug(("Core Audio", None, (">Speakers",))) == []
    assert usual_microphone([]) is None
    assert find(DEFAULT, ()) is None


NAMES = ("Größe", "日本語マイク", "ميكروفون", "🎤 Röde", "two\nlines\tand\x07a bell")


@pytest.mark.parametrize("api", ["MME", "Windows WASAPI", "Core Audio"])
def test_names_in_any_script_stay_and_are_told_apart(plug: Any, api: str) -> None:
    listed = plug((api, NAMES[0], NAMES))
    assert [m.name for m in listed] == [*NAMES[:4], "two lines and a bell"]
    ids = [m.id for m in listed]
    assert len(set(ids)) == len(ids)
    assert all(i.isascii() and i.isprintable() and "#" not in i for i in ids)
    again = plug((api, NAMES[0], tuple(reversed(NAMES))))
    assert {m.id: m.name for m in again} == {m.id: m.name for m in listed}, "an id does not depend on the order"


@pytest.mark.parametrize("api", ["MME", "Windows DirectSound", "Windows WASAPI", "ALSA"])
def test_names_in_another_code_page_hide_no_microphone(plug: Any, api: str) -> None:
    broken = "Größe (hw:0,0)".encode("cp1252")
    listed = plug((api, None, (broken, "Mikrofon (hw:1,0)", b"\xff\xfe", b"")))
    assert "Mikrofon (hw:1,0)" in [m.name for m in listed]
    assert next(m.name for m in listed if m.name.startswith("Gr")).endswith("e (hw:0,0)")
    for microphone in listed:
        microphone.name.encode("utf-8")
        assert microphone.name


def test_a_rate_that_is_none_is_unknown(plug: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakePortAudio(("Core Audio", "a", ("a", "b", "c")))
    for device, rate in zip(fake._devices, (float("nan"), -1.0, float("inf")), strict=True):
        device["default_samplerate"] = rate
    monkeypatch.setattr(portaudio, "library", lambda: fake)
    assert [m.rate_hz for m in microphones.microphones()] == [0, 0, 0]
