"""Encoders, logs and formats, each against a reader that is not the writer."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from core_rig import RATE, counter_samples, read_times, time_picture

from perfstudio.capture.devices.jpeg import JpegDecoder, brightness, size_of
from perfstudio.capture.devices.microphone import to_int32
from perfstudio.capture.devices.picture import Picture
from perfstudio.capture.devices.yuv420 import luma, to_planar
from perfstudio.capture.files.durable_file import DurableFile, write_saved
from perfstudio.capture.files.flac import FlacWriter, read_flac
from perfstudio.capture.files.hashed_file import HashedFile
from perfstudio.capture.files.raw_segments import packets_of
from perfstudio.capture.files.video_encoder import SPEEDS, new_encoder
from perfstudio.capture.finishing.sound_out import closed_length, with_silence
from perfstudio.capture.recording.video_writer import VideoWriter
from perfstudio.capture.timing.audio_timeline import LostSound
from perfstudio.capture.timing.timing_log import BLOCKS, FRAMES, NO_STAMP, FrameFate, LogWriter, frame_stamps, read_log
from perfstudio.model.errors import MediaError
from rigs.systems import installed, mode_of, private


def test_all_speeds_have_the_same_headers() -> None:
    """Else a file could not go on at another speed."""
    headers = {bytes(new_encoder(1280, 720, 30.0, speed).extradata or b"") for speed in range(len(SPEEDS))}
    assert len(headers) == 1
    assert headers.pop()


def picture(index: int, width: int = 320, height: int = 240) -> Picture:
    at_us = index * 33_333
    return Picture(
        index, at_us * 1000, None, at_us * 1000, width, height, check=index,
        planar=to_planar(time_picture(at_us, width, height)),
    )  # fmt: skip


def new_writer(folder: Path) -> VideoWriter:
    return VideoWriter(
        folder, (320, 240), 30.0, 0, speed=0, grace_s=0.0, relief=lambda: False, notify=lambda _: None
    )  # fmt: skip


def test_a_slow_encoder_steps_down_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perfstudio.capture.recording.video_writer.SETTLE_S", 0.0)
    monkeypatch.setattr("perfstudio.capture.recording.video_writer.TIGHT_BYTES", 2_000_000)
    told = []
    writer = VideoWriter(
        tmp_path, (320, 240), 30.0, 0, speed=0, grace_s=0.0, relief=lambda: False, notify=told.append
    )  # fmt: skip
    for index in range(150):
        writer.offer(picture(index))
    writer.close()
    shown = read_times(tmp_path / "picture.mp4")
    assert [us for _, us in shown] == [index * 33_333 for index in range(150)]
    assert [round(pts * 1e6) for pts, _ in shown] == [us for _, us in shown]
    assert packets_of(tmp_path / "picture.mp4").times.tolist() == [us for _, us in shown]
    assert [notice.preset for notice in told] == ["ultrafast"]
    log = read_log(tmp_path / "frames.bin", FRAMES)
    assert log["speed"][-1] == 1
    assert (log["fate"] == FrameFate.WRITTEN).all()


def test_frames_beyond_the_bound_are_counted_and_logged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perfstudio.capture.recording.video_writer.FULL_BYTES", 500_000)
    writer = new_writer(tmp_path)
    for index in range(60):
        writer.offer(picture(index))
    writer.close()
    log = read_log(tmp_path / "frames.bin", FRAMES)
    assert len(log) == 60
    assert writer.dropped == (log["fate"] == FrameFate.BACKLOG).sum() > 0
    assert writer.frames == (log["fate"] == FrameFate.WRITTEN).sum() == len(read_times(tmp_path / "picture.mp4"))


def test_damaged_and_late_frames_are_refused_with_their_reason_and_another_size_is_fitted_in(tmp_path: Path) -> None:
    writer = new_writer(tmp_path)
    writer.offer(picture(0))
    writer.offer(picture(5))
    writer.offer(picture(4))
    broken = Picture(6, 6 * 33_333_000, None, 6 * 33_333_000, 320, 240, check=1, jpeg=b"\xff\xd8 not a picture")
    writer.offer(broken)
    writer.offer(picture(7, 640, 480))
    writer.offer(picture(8))
    writer.close()
    fates = [FrameFate(f) for f in read_log(tmp_path / "frames.bin", FRAMES)["fate"]]
    good = FrameFate.WRITTEN
    assert fates == [good, good, FrameFate.CLOCK, FrameFate.DAMAGED, good, good]
    assert len(read_times(tmp_path / "picture.mp4")) == 4


def test_a_writer_without_frames_closes(tmp_path: Path) -> None:
    writer = new_writer(tmp_path)
    writer.close()
    assert len(packets_of(tmp_path / "picture.mp4").times) == 0


@pytest.mark.parametrize(("sample_format", "channels"), [("int16", 1), ("int16", 2), ("int24", 1), ("int24", 2)])
def test_flac_is_exact_and_reads_with_another_program(tmp_path: Path, sample_format: str, channels: int) -> None:
    path = tmp_path / "x.flac"
    flac = FlacWriter(DurableFile(path), RATE, channels, sample_format)
    data = counter_samples(0, 20_011, sample_format, channels)
    samples = to_int32(data, channels, sample_format)
    for start in range(0, len(samples), 480):
        flac.write(samples[start : start + 480])
    flac.close()
    assert np.array_equal(np.concatenate(list(read_flac(path))), samples)
    assert closed_length(path) == 20_011
    wide = "s16le" if sample_format == "int16" else "s24le"
    decoded = subprocess.run(
        [installed("ffmpeg"), "-v", "error", "-i", path, "-f", wide, "-"], capture_output=True, check=True
    )
    assert decoded.stdout == data


@pytest.mark.parametrize("cut_off", [1, 100, 9_000, 20_000])
def test_flac_that_was_cut_off_reads_to_its_last_whole_frame(tmp_path: Path, cut_off: int) -> None:
    path = tmp_path / "x.flac"
    file = DurableFile(path)
    flac = FlacWriter(file, RATE, 1, "int16")
    noise = np.random.default_rng(0).integers(-30_000, 30_000, (48_000, 1), np.int32) << 16
    flac.write(noise)
    file.close()  # without closing the writer: a kill
    path.write_bytes(path.read_bytes()[:-cut_off])
    assert closed_length(path) is None
    read = np.concatenate(list(read_flac(path)))
    assert np.array_equal(read, noise[: len(read)])
    # Ten frames of 4608 samples had been written; noise does not compress, so a frame has 9 kB and a little.
    assert len(read) // 4608 == 10 - -(-cut_off // 9_220)
    assert len(read) % 4608 == 0


def test_a_file_that_is_no_flac_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "x.flac").write_bytes(b"nothing of the kind")
    with pytest.raises(MediaError):
        list(read_flac(tmp_path / "x.flac"))


def test_silence_goes_where_samples_are_missing() -> None:
    pieces = [np.arange(10, dtype=np.int32).reshape(-1, 1), np.arange(10, 20, dtype=np.int32).reshape(-1, 1)]
    lost = [LostSound(0, 3, 2), LostSound(0, 10, 1), LostSound(0, 99, 5)]
    out = np.concatenate(list(with_silence(pieces, lost, 1)))[:, 0]
    assert out.tolist() == [0, 1, 2, 0, 0, *range(3, 10), 0, *range(10, 20)]


def test_a_log_with_a_broken_tail_or_more_fields_reads(tmp_path: Path) -> None:
    path = tmp_path / "x.bin"
    log = LogWriter(path, BLOCKS)
    for index in range(5):
        log.add((index, index * 10, 0.0, 0.0, 480, 1))
    log.close()
    path.write_bytes(path.read_bytes()[:-3])
    assert read_log(path, BLOCKS)["first_sample"].tolist() == [0, 1, 2, 3]
    fewer = np.dtype([("host_ns", "<i8")])
    assert read_log(path, fewer)["host_ns"].tolist() == [0, 10, 20, 30]
    path.write_bytes(b"garbage\n" + b"\0" * 100)
    assert len(read_log(path, BLOCKS)) == 0
    assert len(read_log(tmp_path / "missing", BLOCKS)) == 0


def test_a_missing_driver_stamp_is_filled_from_arrival() -> None:
    frames = np.zeros(5, FRAMES)
    frames["host_ns"] = np.arange(5) * 100 + 7
    frames["device_ns"] = np.arange(5) * 100
    frames["device_ns"][2] = NO_STAMP
    assert frame_stamps(frames, "driver").tolist() == [0, 100, 200, 300, 400]
    assert frame_stamps(frames, "arrival").tolist() == [7, 107, 207, 307, 407]


def test_a_waiting_picture_packed_small_comes_back() -> None:
    before = picture(7)
    packed = before.tightened()
    assert packed.held_bytes < before.held_bytes / 3
    after = packed.as_planar(JpegDecoder())
    assert after is not None
    assert before.planar is not None
    assert np.abs(after.astype(int) - before.planar).mean() < 2


def test_jpeg_facts_without_decoding() -> None:
    image = np.full((48, 64, 3), 128, np.uint8)
    data = cv2.imencode(".jpg", image)[1].tobytes()
    assert size_of(data) == (64, 48)
    assert size_of(b"\xff\xd8\xff") is None
    assert brightness(data) == pytest.approx(luma(to_planar(image)), abs=2)
    assert brightness(b"nothing") is None


def test_saving_replaces_whole(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    write_saved(path, b"one")
    write_saved(path, b"two")
    assert path.read_bytes() == b"two"
    assert [p.name for p in tmp_path.iterdir()] == ["x.json"]
    assert mode_of(path) == private(0o600)


def test_the_raw_picture_tells_its_colours(tmp_path: Path) -> None:
    writer = new_writer(tmp_path)
    writer.offer(picture(0))
    writer.close()
    with av.open(str(tmp_path / "picture.mp4")) as container:
        codec = container.streams.video[0].codec_context
        assert (codec.colorspace, codec.color_range, codec.color_primaries) == (6, 1, 1)


def write_like_a_muxer(file: HashedFile, size: int, parts: list[bytes]) -> bytes:
    """Head with an open size, media, back to the size, index behind; returns what the file must hold."""
    head = b"\0\0\0\x10ftypisomisom" + b"\0\0\0\0mdat"
    for part in (head, *parts):
        file.write(part)
    end = file.tell()
    file.seek(len(head) - 8)
    file.write(size.to_bytes(4))
    file.seek(end)
    file.write(b"index")
    file.close()
    return head[:-8] + size.to_bytes(4) + b"mdat" + b"".join(parts) + b"index"


def test_the_hash_of_a_movie_is_there_when_it_is_written(tmp_path: Path) -> None:
    parts = [bytes([n]) * 100_000 for n in range(40)]
    file = HashedFile(tmp_path / "x.mp4", 4_000_000)
    whole = write_like_a_muxer(file, 4_000_008, parts)
    assert (tmp_path / "x.mp4").read_bytes() == whole
    assert file.digest() == hashlib.sha256(whole).hexdigest()


@pytest.mark.parametrize("foretold", [0, 3_999_999, 5 * 2**30])
def test_what_was_foretold_wrongly_has_no_hash(tmp_path: Path, foretold: int) -> None:
    file = HashedFile(tmp_path / "x.mp4", foretold)
    write_like_a_muxer(file, 4_000_008, [bytes(4_000_000)])
    assert file.digest() is None


def test_a_size_that_never_came_is_no_hash(tmp_path: Path) -> None:
    file = HashedFile(tmp_path / "x.mp4", 5)
    file.write(b"\0\0\0\0mdat")
    file.write(b"12345")
    file.close()
    assert file.digest() is None


def test_a_file_that_is_no_movie_is_hashed_as_it_comes(tmp_path: Path) -> None:
    file = HashedFile(tmp_path / "x", 0)
    file.write(b"one")
    file.write(b"two")
    file.close()
    assert file.digest() == hashlib.sha256(b"onetwo").hexdigest()
