"""Microphones behind a real sound server: by name, at their own rate, unplugged, frozen, killed (MIC-1 to MIC-13)."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from perfstudio.capture.devices.microphone import AudioBlock
from perfstudio.capture.finishing.finish import finish
from perfstudio.capture.open_device import list_microphones, open_microphone
from perfstudio.capture.practice.plan import flashes_between, to_practice_s
from perfstudio.capture.practice.readback import find_clicks
from perfstudio.capture.recording.recorder import Recorder
from perfstudio.model.clock import host_ns
from perfstudio.model.device import DeviceSelection, MicrophoneRequest
from perfstudio.model.errors import DeviceError, ErrorCode
from rigs.devices import go_on, listen
from rigs.pulse import PulseServer, speech
from rigs.waiting import be_slow, until


def _wait_for(condition: Callable[[], object], seconds: float = 20.0) -> float:
    """How long it took."""
    begun = time.monotonic()
    until(condition, limit_s=seconds)
    return time.monotonic() - begun


def _heard(blocks: list[AudioBlock], seconds: float, rate: int = 48000) -> None:
    """Wait for so much sound."""
    until(lambda: sum(b.frames for b in blocks) > seconds * rate, f"{seconds} s of sound")


@pytest.mark.realtime
def test_what_is_heard_is_what_the_chosen_source_plays(pulse_server: PulseServer) -> None:
    pulse_server.add_source("other")
    pulse_server.play("other", "practice?signal=counter")
    with listen("pulse:other") as blocks:
        _heard(blocks, 1.0)
    numbers = np.concatenate([np.frombuffer(b.data, "<i2") for b in blocks]).astype(int)
    assert (np.diff(numbers) % 65536 == 1).mean() > 0.999, "samples are the source's own, in order"


@pytest.mark.realtime
def test_clicks_arrive_at_their_times(pulse_server: PulseServer) -> None:
    with listen("pulse:mic") as blocks:
        until(lambda: blocks)
        now_s = to_practice_s(host_ns())
        flash = next(flashes_between(1, now_s + 0.2, now_s + 5))
        _heard(blocks, flash - now_s + 0.8)
    rate, ends = 48000, np.cumsum([b.frames for b in blocks])
    start_s = min(to_practice_s(b.host_ns) - end / rate for b, end in zip(blocks, ends, strict=True))
    sound = np.concatenate([np.frombuffer(b.data, "<i2") for b in blocks]) / 32768
    clicks = find_clicks(sound, rate, start_s)
    inside = list(flashes_between(1, start_s + 0.1, start_s + len(sound) / rate - 0.2))
    late_ms = [float(np.abs(clicks - at).min()) * 1000 for at in inside]
    assert late_ms
    assert max(late_ms) < 60, "the server's buffer, not more"


@pytest.mark.realtime
def test_a_busy_moment_does_not_make_all_later_sound_late(pulse_server: PulseServer, tmp_path: Path) -> None:
    pulse_server.add_source("odd")
    pulse_server.play_file("odd", speech(tmp_path), piece_s=0.012)
    microphone = open_microphone(MicrophoneRequest(id="pulse:odd"))
    blocks: list[AudioBlock] = []

    def receive(block: AudioBlock) -> None:
        moment, before = divmod(block.first_sample, 48000)
        blocks.append(block)
        if moment and before < block.frames:  # every second, for less than the buffer holds
            be_slow(0.045 + 0.011 * (moment % 5))

    microphone.start(receive, lambda _: None)
    _wait_for(lambda: sum(b.frames for b in blocks) > 6.2 * 48000, 60)
    microphone.close()
    seconds = np.cumsum([b.frames for b in blocks]) / 48000
    late_ms = np.array([b.host_ns - blocks[0].host_ns for b in blocks]) * 1e-6 - seconds * 1e3
    lows = [late_ms[seconds // 0.5 == window].min() for window in np.unique(seconds // 0.5)]
    low, high = np.percentile(lows, [10, 90])
    assert high - low < 3, "arrivals come back to their height, or it looks as if sound was lost"


def test_mic_8_telephone_rate_is_kept_as_it_is(pulse_server: PulseServer) -> None:
    pulse_server.add_source("headset", rate=16000)
    pulse_server.play("headset", "practice?rate=16000")
    microphone = open_microphone(MicrophoneRequest(id="pulse:headset"))
    assert microphone.granted.rate_hz == 16000
    microphone.close()
    with listen("pulse:headset") as blocks:
        begun = host_ns()
        _heard(blocks, 1.0, 16000)
        took_s = (host_ns() - begun) * 1e-9
    assert took_s == pytest.approx(1.0, abs=0.4)


def test_24_bits_and_two_channels_where_the_source_has_them(pulse_server: PulseServer) -> None:
    pulse_server.add_source("studio", channels=2, sample_format="s32le")
    pulse_server.play("studio", "practice?bits=24&channels=2")
    microphone = open_microphone(MicrophoneRequest(id="pulse:studio"))
    assert (microphone.granted.sample_format, microphone.granted.channels) == ("int24", 2)
    blocks: list[AudioBlock] = []
    microphone.start(blocks.append, lambda _: None)
    _wait_for(lambda: len(blocks) > 30)
    microphone.close()
    assert len(blocks[0].data) == blocks[0].frames * 6


@pytest.mark.realtime
def test_mic_1_unplugged_microphone_is_lost_within_a_second(pulse_server: PulseServer) -> None:
    lost: list[DeviceError] = []
    with listen("pulse:mic", lost=lost) as blocks:
        _wait_for(lambda: len(blocks) > 20)
        pulse_server.remove_source("mic")
        seconds = _wait_for(lambda: lost)
        count = len(blocks)
        go_on(0.3)
    assert [e.code for e in lost] == [ErrorCode.MICROPHONE_LOST]
    assert lost[0].facts["id"] == "pulse:mic"
    assert seconds < 1.5
    assert len(blocks) == count


@pytest.mark.realtime
def test_mic_1_stream_moved_to_another_microphone_is_lost(pulse_server: PulseServer) -> None:
    pulse_server.add_source("other")
    pulse_server.play("other")
    lost: list[DeviceError] = []
    with listen("pulse:mic", lost=lost) as blocks:
        _wait_for(lambda: len(blocks) > 20)
        pulse_server.remove_source("mic")
        seconds = _wait_for(lambda: lost)
    assert [e.code for e in lost] == [ErrorCode.MICROPHONE_LOST]
    assert seconds < 3


@pytest.mark.realtime
def test_a_stream_that_somebody_moves_is_lost_although_sound_goes_on(pulse_server: PulseServer) -> None:
    """As a mixer program or a policy of the desktop does: the chosen microphone is still there."""
    pulse_server.add_source("other")
    pulse_server.play("other")
    lost: list[DeviceError] = []
    with listen("pulse:mic", lost=lost) as blocks:
        _wait_for(lambda: len(blocks) > 20)
        stream = pulse_server.control("list", "short", "source-outputs").split()[0]
        pulse_server.control("move-source-output", stream, "other")
        seconds = _wait_for(lambda: lost)
    assert [e.code for e in lost] == [ErrorCode.MICROPHONE_LOST]
    assert seconds < 3


def test_mic_9_a_source_that_comes_back_at_another_rate_is_lost_and_opens_at_that_rate(
    pulse_server: PulseServer,
) -> None:
    """As a headset does that changes from music to telephone: the old source goes, one of its name comes."""
    lost: list[DeviceError] = []
    with listen("pulse:mic", lost=lost) as blocks:
        _wait_for(lambda: len(blocks) > 20)
        pulse_server.remove_source("mic")
        pulse_server.add_source("mic", rate=16000)
        pulse_server.play("mic", "practice?rate=16000")
        _wait_for(lambda: lost)
        count = len(blocks)
        go_on(0.5)
        assert len(blocks) <= count + 20, "nothing goes on at another rate"
    assert [e.code for e in lost] == [ErrorCode.MICROPHONE_LOST]
    microphone = open_microphone(MicrophoneRequest(id="pulse:mic"))
    assert microphone.granted.rate_hz == 16000
    microphone.close()


def test_mic_13_a_take_waits_for_a_source_that_is_two_seconds_late(pulse_server: PulseServer, tmp_path: Path) -> None:
    """The monitor of an output that wakes: nothing for seconds, then sound."""
    pulse_server.control("load-module", "module-null-sink", "sink_name=late")
    pair = DeviceSelection(camera=None, microphone=MicrophoneRequest(id="pulse:late.monitor"))
    recorder = Recorder(pair, reserve_bytes=0)
    try:
        recorder.open()
        recorder.roll(tmp_path)
        until(lambda: recorder.status().samples > 48000, "a second of sound")
        recorder.cut()
    finally:
        recorder.close()
    take = finish(tmp_path)
    assert take.duration_s > 1.4
    assert take.audio is not None
    assert take.audio.gaps == ()


@pytest.mark.realtime
def test_mic_2_killed_server_is_a_lost_microphone_and_the_next_server_works(pulse_server: PulseServer) -> None:
    lost: list[DeviceError] = []
    with listen("pulse:mic", lost=lost) as blocks:
        _wait_for(lambda: len(blocks) > 20)
        pulse_server.stop()
        seconds = _wait_for(lambda: lost)
    assert [e.code for e in lost] == [ErrorCode.MICROPHONE_LOST]
    assert seconds < 1.5
    pulse_server.start()
    pulse_server.add_source("mic")
    pulse_server.play("mic")
    with listen("pulse:mic") as again:
        _wait_for(lambda: len(again) > 20)
    assert len(again) > 20


def test_mic_3_frozen_server_is_not_lost_when_it_wakes(pulse_server: PulseServer) -> None:
    with listen("pulse:mic") as blocks:
        _wait_for(lambda: len(blocks) > 20)
        pulse_server.freeze()
        go_on(2.5)
        pulse_server.thaw()
        count = len(blocks)
        _wait_for(lambda: len(blocks) > count + 50)
    assert len(blocks) > count + 50


@pytest.mark.realtime
def test_mic_10_a_source_that_came_later_is_listed_while_a_stream_runs(pulse_server: PulseServer) -> None:
    with listen("pulse:mic") as blocks:
        _wait_for(lambda: len(blocks) > 20)
        pulse_server.add_source("late")
        assert "pulse:late" in [m.id for m in list_microphones()]
        count, now = len(blocks), host_ns()
        _wait_for(lambda: len(blocks) > count + 20)
        holes = np.diff([b.host_ns for b in blocks if b.host_ns > now - 1_000_000_000]) / 1e6
    assert holes.max() < 500, "the list must not disturb the stream"


def test_mic_11_a_receiver_that_raises_does_not_end_the_stream(pulse_server: PulseServer) -> None:
    microphone = open_microphone(MicrophoneRequest(id="pulse:mic"))
    seen: list[int] = []

    def receive(block: AudioBlock) -> None:
        seen.append(block.first_sample)
        if len(seen) == 20:
            raise ValueError("broken receiver")

    microphone.start(receive, lambda _: None)
    _wait_for(lambda: len(seen) > 60)
    microphone.close()
    assert len(seen) > 60
    assert microphone.sink_errors == 1  # type: ignore[attr-defined]


def test_no_sound_system_is_said_so(pulse_server: PulseServer) -> None:
    pulse_server.stop()
    with pytest.raises(DeviceError) as told:
        open_microphone(MicrophoneRequest(id="default"))
    assert told.value.code in (ErrorCode.MICROPHONE_UNKNOWN, ErrorCode.SOUND_SYSTEM_MISSING)
    assert [m.id for m in list_microphones()] == ["practice"]
