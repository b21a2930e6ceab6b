"""The microphone as another process hears it: without loss, and without the recording's noticing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from perfstudio.capture.devices.microphone import AudioBlock, to_int32
from perfstudio.capture.files.flac import read_flac
from perfstudio.capture.recording.recorder import Recorder
from perfstudio.capture.recording.sound_tap import SoundTap, SoundTapReader, SoundTapWriter, TappedSound
from perfstudio.model.device import DeviceKind, DeviceSelection, MicrophoneGranted, MicrophoneRequest
from rigs.waiting import until


def granted(rate_hz: int = 48000, channels: int = 1, sample_format: str = "int16") -> MicrophoneGranted:
    return MicrophoneGranted(
        id="m", name="M", kind=DeviceKind.PRACTICE, host_api="rig", rate_hz=rate_hz, channels=channels,
        sample_format=sample_format, block_frames=480, latency_s=0.0,
    )  # fmt: skip


@pytest.fixture
def tap() -> Iterator[SoundTap]:
    made = SoundTap()
    yield made
    made.close()


def block(first: int, frames: int, frame_bytes: int) -> AudioBlock:
    data = np.random.default_rng(first).integers(0, 256, frames * frame_bytes, np.uint8).tobytes()
    return AudioBlock(data, frames, first, first * 1000)


def everything(reader: SoundTapReader) -> list[TappedSound]:
    return list(iter(reader.read, None))


@pytest.mark.parametrize(("channels", "form", "frames"), [(1, "int16", 480), (2, "int24", 480), (2, "int24", 9000)])
def test_what_the_microphone_gave_is_read_to_the_bit(tap: SoundTap, channels: int, form: str, frames: int) -> None:
    size = channels * (2 if form == "int16" else 3)
    writer, reader = SoundTapWriter(tap.name, granted(48000, channels, form)), SoundTapReader(tap.name)
    blocks = [block(number * frames, frames, size) for number in range(5)]
    heard = []
    for one in blocks:
        writer.write(one)
        heard += everything(reader)
    assert np.array_equal(
        np.concatenate([piece.samples for piece in heard]), to_int32(b"".join(b.data for b in blocks), channels, form)
    )
    assert (heard[0].rate_hz, heard[0].host_ns, reader.left_out) == (48000, blocks[0].host_ns, 0)
    firsts = [piece.first_sample for piece in heard]
    assert firsts == list(np.cumsum([0, *[len(piece.samples) for piece in heard]])[:-1])
    writer.close()
    reader.close()


def test_a_reader_that_comes_late_goes_on_with_the_newest_and_a_new_writer_goes_on(tap: SoundTap) -> None:
    writer, reader = SoundTapWriter(tap.name, granted()), SoundTapReader(tap.name)
    for number in range(200):
        writer.write(block(number * 480, 480, 2))
    (newest,) = everything(reader)
    assert newest.first_sample == 199 * 480
    assert reader.left_out == 199
    writer.close()
    again = SoundTapWriter(tap.name, granted(44100))
    again.write(block(0, 441, 2))
    (first,) = everything(reader)
    assert (first.first_sample, first.rate_hz) == (0, 44100)
    again.write(AudioBlock(b"", 0, 0, 0))
    again.close()
    again.write(block(441, 441, 2))  # nobody is harmed by one that was let go
    assert everything(reader) == []
    reader.close()


def test_a_take_that_is_tapped_is_the_take_and_what_is_heard_is_in_it(tap: SoundTap, tmp_path: Path) -> None:
    only_sound = DeviceSelection(camera=None, microphone=MicrophoneRequest(id="practice"))
    recorder, reader = Recorder(only_sound, reserve_bytes=0), SoundTapReader(tap.name)
    heard: list[TappedSound] = []

    def long_enough() -> bool:
        heard.extend(everything(reader))
        return recorder.status().elapsed_s >= 0.6

    try:
        recorder.open()
        recorder.tap_sound(tap.name)
        recorder.roll(tmp_path, pre_roll_s=0.0)
        until(long_enough, "a take", 20)
        recorder.tap_sound(None)
        recorder.cut()
    finally:
        recorder.close()
        reader.close()
    written = np.concatenate(list(read_flac(tmp_path / "raw" / "sound.flac")))
    assert reader.left_out == 0
    inside = np.concatenate([piece.samples for piece in heard])[4800:24000]
    starts = np.flatnonzero(written[: len(written) - len(inside), 0] == inside[0, 0])
    assert any(np.array_equal(written[at : at + len(inside)], inside) for at in starts)


def test_a_block_costs_microseconds(tap: SoundTap) -> None:
    writer, one = SoundTapWriter(tap.name, granted(48000, 2, "int24")), block(0, 480, 6)
    begun = time.process_time()
    for _ in range(2000):
        writer.write(one)
    each_us = (time.process_time() - begun) / 2000 * 1e6
    print(f"a block of 10 ms, two channels of 24 bits: {each_us:.1f} µs of processor")
    writer.close()
    assert each_us < 500, "a twentieth of the block"
