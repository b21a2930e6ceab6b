"""Microphones behind PipeWire: the one that was chosen is the one that is recorded, by whichever plug-in of ALSA."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from perfstudio.capture.devices import microphones, pulseaudio
from perfstudio.capture.devices.portaudio import PortAudioInput
from rigs import pipewire


def entry(name: str) -> PortAudioInput:
    return PortAudioInput(id=name, index=0, name=name, host_api="ALSA", channels=64, rate_hz=48000, is_default=False)


def test_the_way_that_keeps_to_a_source_is_taken_where_there_are_two() -> None:
    """PortAudio lists PipeWire's own plug-in first, which connects to the system's choice whatever it is told."""
    chosen = microphones._server(tuple(entry(name) for name in ("pipewire", "pulse", "default")))
    assert chosen is not None
    assert chosen.name == "pulse"
    only = microphones._server((entry("pipewire"), entry("default")))
    assert only is not None
    assert only.name == "pipewire"
    assert microphones._server((entry("default"),)) is None


def test_whose_a_stream_is_may_stand_with_its_client_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """As PipeWire tells it of its plug-in for ALSA; a stream that names its process is believed."""
    clients = [SimpleNamespace(index=94, owner="7"), SimpleNamespace(index=95, owner="8")]
    streams = [
        SimpleNamespace(index=1, source=45, client=94, owner=""),
        SimpleNamespace(index=2, source=46, client=95, owner=""),
        SimpleNamespace(index=3, source=47, client=95, owner="7"),
        SimpleNamespace(index=4, source=48, client=94, owner="8"),
    ]

    class Line:
        def clients(self, made: Callable[[Any], Any]) -> list[Any]:
            return [made(one) for one in clients]

        def recordings(self, made: Callable[[Any], Any]) -> list[Any]:
            return [made(one) for one in streams]

    monkeypatch.setattr(pulseaudio, "_asked", lambda ask: ask(Line()))
    monkeypatch.setattr(pulseaudio, "_property", lambda told, key: told.owner)
    assert pulseaudio.streams_of(7) == {1: 45, 3: 47}


@pytest.mark.soak
@pytest.mark.parametrize("way", ["pulse", "pipewire"])
def test_the_chosen_microphone_is_recorded_and_missed_at_once_under_pipewire(tmp_path: Path, way: str) -> None:
    missing = [part for part in pipewire.PARTS if shutil.which(part) is None]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}")
    told = pipewire.heard(tmp_path, way)
    print(f"\n{way}: {told}")
    assert told["on"] == ["one"], "the system's choice is another"
    assert told["lost_s"] < 2.0
