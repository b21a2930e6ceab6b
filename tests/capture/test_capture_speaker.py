"""The loudspeaker: what is heard of a run and when, and a sound library that refuses, loses or hangs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from perfstudio.capture.devices import portaudio, speaker
from perfstudio.capture.devices.sound_run import SoundRun, believed_delay_s
from perfstudio.capture.devices.speaker import Speaker, SpeakerState
from perfstudio.model.errors import DeviceError, ErrorCode
from rigs.waiting import until

RATE, FRAME, BLOCK = 48000, 8, 480
"""Blocks of ten milliseconds."""
MS = 1_000_000


def asked(run: SoundRun, at_ms: float, delay_s: float = 0.05, frames: int = BLOCK) -> bytes:
    """The loudspeaker asks for a block."""
    out = bytearray(frames * FRAME)
    run.fill(out, frames, delay_s, round(at_ms * MS))
    return bytes(out)


def test_what_fills_an_empty_buffer_is_heard_when_the_sound_begins_to_flow() -> None:
    run = SoundRun(RATE, FRAME)
    run.put(b"\1" * (RATE * FRAME))
    for _ in range(5):
        asked(run, 0.1)
    assert run.heard_s(30 * MS) is None, "a burst tells nothing"
    asked(run, 70.0)
    assert run.heard_s(70 * MS) == pytest.approx(0.0, abs=1e-6)
    assert run.heard_s(90 * MS) == pytest.approx(0.02)
    assert run.heard_s(900 * MS) == pytest.approx(0.06), "never more than was given"
    assert run.waiting_s == pytest.approx(0.94)


def test_late_callbacks_do_not_shake_the_clock_and_a_stop_moves_it() -> None:
    run = SoundRun(RATE, FRAME)
    run.put(bytes(RATE * FRAME))
    for number in range(20):
        asked(run, 10.0 * number, delay_s=0.05 + (0.003 if number % 5 == 0 else 0.0))
    assert run.heard_s(200 * MS) == pytest.approx(0.15, abs=0.001)
    asked(run, 500.0)
    assert run.heard_s(600 * MS) == pytest.approx(0.21, abs=0.001), "it stood still for 300 ms"


def test_what_is_not_there_in_time_is_silence_and_no_time() -> None:
    run = SoundRun(RATE, FRAME)
    run.put(b"\1" * (BLOCK // 2 * FRAME))
    heard = asked(run, 0.0)
    assert heard == b"\1" * (BLOCK // 2 * FRAME) + bytes(BLOCK // 2 * FRAME)
    assert asked(run, 10.0) == bytes(BLOCK * FRAME)
    run.put(b"\2" * (BLOCK * FRAME))
    asked(run, 20.0)
    assert run.heard_s(75 * MS) == pytest.approx(0.01, abs=0.001)


@pytest.mark.parametrize(("told", "latency", "believed"), [(0.2, 0.1, 0.2), (0, 0.1, 0.1), (-5, 0.1, 0.1), (9e9, 9, 2)])
def test_a_delay_that_cannot_be_is_not_believed(told: float, latency: float, believed: float) -> None:
    assert believed_delay_s(told, latency) == believed


class FakeStream:
    """What sounddevice gives; `refuses` names the calls that fail."""

    latency = 0.1

    def __init__(self, library: FakeLibrary, options: dict[str, Any]) -> None:
        self.library, self.options, self.calls = library, options, []
        library.streams.append(self)

    def __getattr__(self, name: str) -> Any:
        def call() -> None:
            self.calls.append(name)
            if name in self.library.refuses:
                raise self.library.PortAudioError(name)

        return call


class FakeLibrary:
    """PortAudio with one output that takes only some rates."""

    class PortAudioError(Exception):
        pass

    def __init__(self, rates: tuple[int, ...] = (48000,), refuses: tuple[str, ...] = ()) -> None:
        self.rates, self.refuses = rates, refuses
        self.streams: list[FakeStream] = []

    def RawOutputStream(self, **options: Any) -> FakeStream:  # noqa: N802 - its name
        if options["samplerate"] not in self.rates:
            raise self.PortAudioError("Invalid sample rate")
        return FakeStream(self, options)

    def query_hostapis(self) -> tuple[dict[str, Any], ...]:
        return (
            {"name": "MME", "default_output_device": 0},
            {"name": "Windows WASAPI", "default_output_device": 2},
            {"name": "ALSA", "default_output_device": -1},
        )

    def query_devices(self) -> list[dict[str, Any]]:
        kinds = (("Old", 0, 2, 44100.0), ("In", 0, 0, 48000.0), ("New", 1, 2, 44100.0), ("pulse", 2, 32, 44100.0))
        return [
            {"name": name, "hostapi": api, "max_output_channels": outs, "default_samplerate": rate}
            for name, api, outs, rate in kinds
        ]

    def _terminate(self) -> None: ...

    def _initialize(self) -> None: ...


@pytest.fixture
def told() -> list[SpeakerState]:
    return []


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A speaker on a library."""
    made: list[Speaker] = []

    def open_on(library: FakeLibrary | None) -> Speaker:
        def loaded() -> Any:
            if library is None:
                raise DeviceError(ErrorCode.SOUND_SYSTEM_MISSING, detail="none")
            return library

        monkeypatch.setattr(portaudio, "library", loaded)
        made.append(Speaker(48000, threading.Event().set))
        until(lambda: made[-1].state is not SpeakerState.OPENING)
        return made[-1]

    yield open_on
    for one in made:
        one.close()
        one._thread.join(30)
        assert not one._thread.is_alive()
    assert not portaudio._open_streams


def test_the_best_way_to_the_systems_choice_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    library = FakeLibrary()
    monkeypatch.setattr(portaudio, "library", lambda: library)
    assert [output.index for output in portaudio.outputs()] == [3, 2, 0]


def test_it_opens_at_a_rate_that_the_device_takes_plays_and_is_silent_at_once(opened: Any) -> None:
    library = FakeLibrary(rates=(44100,))
    loud = opened(library)
    assert (loud.state, loud.rate_hz) == (SpeakerState.READY, 44100)
    (stream,) = library.streams
    first, second = SoundRun(44100, FRAME), SoundRun(44100, FRAME)
    loud.play(first)
    until(lambda: "start" in stream.calls)
    first.put(b"\1" * (10 * FRAME))
    out = bytearray(10 * FRAME)
    stream.options["callback"](out, 10, SimpleNamespace(outputBufferDacTime=1.0, currentTime=0.9), None)
    assert bytes(out) == b"\1" * (10 * FRAME)
    loud.play(second)
    until(lambda: stream.calls == ["start", "abort", "start"])
    loud.hush()
    until(lambda: stream.calls[-1] == "abort" and loud._run is None)
    stream.options["callback"](out, 10, SimpleNamespace(outputBufferDacTime=1.0, currentTime=0.9), None)
    assert bytes(out) == bytes(10 * FRAME)
    loud.close()
    until(lambda: "close" in stream.calls)


@pytest.mark.parametrize("library", [None, FakeLibrary(rates=())], ids=["no sound system", "no output"])
def test_without_an_output_there_is_none(opened: Any, library: FakeLibrary | None) -> None:
    assert opened(library).state is SpeakerState.NONE


def test_one_that_will_not_begin_is_lost_and_may_come_back(opened: Any) -> None:
    library = FakeLibrary(refuses=("start",))
    loud, run = opened(library), SoundRun(48000, FRAME)
    loud.play(run)
    until(lambda: run.lost)
    assert loud.state is SpeakerState.NONE
    library.refuses = ()
    loud.try_again()
    until(lambda: loud.state is SpeakerState.READY)
    again = SoundRun(48000, FRAME)
    loud.play(again)
    until(lambda: "start" in library.streams[-1].calls)
    assert not again.lost


@pytest.mark.parametrize("how", ["it ends", "it asks for nothing"])
def test_one_that_goes_away_is_lost(opened: Any, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speaker, "_WATCH_S", 0.01)
    if how == "it asks for nothing":
        monkeypatch.setattr(speaker, "_DEAD_S", 0.05)
    library = FakeLibrary()
    loud, run = opened(library), SoundRun(48000, FRAME)
    loud.play(run)
    until(lambda: "start" in library.streams[0].calls)
    if how == "it ends":
        library.streams[0].options["finished_callback"]()
    until(lambda: run.lost)
    assert "close" in library.streams[0].calls
