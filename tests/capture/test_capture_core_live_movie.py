"""The film that grows while a take rolls: the same as one that is made afterwards, or nothing."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Callable
from itertools import zip_longest
from pathlib import Path

import av
import numpy as np
import pytest
from core_rig import holds_all_of, make_recorder, probe, read_sound, record, sync_error_ms, take_folder
from raw_takes import RawTake

from perfstudio.capture.files.live_mp4 import LiveMp4, length_prefixed
from perfstudio.capture.files.mp4_index import Mp4Track, index
from perfstudio.capture.files.raw_segments import packets_of, pieces_of
from perfstudio.capture.finishing.finish import finish, picture_shift_us
from perfstudio.capture.finishing.movie_out import write_movie
from perfstudio.capture.finishing.raw_take import read_raw
from perfstudio.model.device import Encode
from perfstudio.model.take import FileRole
from rigs.shortened import shortened
from rigs.systems import installed

Rolled = Callable[..., RawTake]

STEREO = {"sample_format": "int24", "channels": 2}


@pytest.fixture
def rolled(raw_take: Callable[..., RawTake]) -> Rolled:
    """A take of two and a half seconds with the film that grew beside it."""

    def take(**microphone: object) -> RawTake:
        raw = raw_take("stereo" if microphone else "mono", 2.5, camera={}, microphone={"ppm": 150.0, **microphone})
        assert raw.movie is not None
        assert not raw.movie.given_up
        return raw

    return take


def seen_by_ffmpeg(movie: Path) -> list[str]:
    """Every packet's times, size and flags, and every decoded picture and piece of sound, by another program; in which
    order it tells of picture and sound depends on how busy the machine is."""
    packets = probe(movie, "packet=stream_index,pts_time,dts_time,duration_time,size,flags")
    own_times = ["-fps_mode", "passthrough", "-enc_time_base", "-1"]  # and not those of a rate that is guessed
    words = [installed("ffmpeg"), "-v", "error", "-i", movie, *own_times, "-f", "framemd5", "-"]
    decoded = subprocess.run(words, capture_output=True, check=True)
    assert decoded.stderr == b""
    return [*map(",".join, sorted(packets)), *sorted(decoded.stdout.decode().splitlines())]


CASES = [("mono", 0.0), ("mono", 42.0), ("stereo", -90.0), ("mono", -90.0), ("stereo", 0.0), ("stereo", 42.0)]


@pytest.mark.parametrize("case", shortened(CASES, lambda number, _: number < 3), ids=lambda case: f"{case[0]}{case[1]}")
def test_it_is_the_film_that_would_be_made_afterwards(rolled: Rolled, case: tuple[str, float]) -> None:
    microphone, offset_ms = case
    raw = rolled(**(STEREO if microphone == "stereo" else {}))
    folder = raw.folder
    take = finish(folder, offset_ms=offset_ms, movie=raw.movie)
    movie = folder / "take.mp4"
    grown, digest = seen_by_ffmpeg(movie), hashlib.sha256(movie.read_bytes()).hexdigest()
    assert take.files[0].sha256 == digest
    assert take.files[0].size == movie.stat().st_size
    error = sync_error_ms(folder, *raw.devices)
    assert np.ptp(error[6:]) < 1.0  # pictures moved to before zero follow one another at zero
    assert picture_shift_us(read_raw(folder), offset_ms) == 0
    assert not list(folder.glob("*.tmp"))
    afterwards = finish(folder, offset_ms=offset_ms)
    assert [pair for pair in zip_longest(grown, seen_by_ffmpeg(movie)) if pair[0] != pair[1]] == []
    assert hashlib.sha256(movie.read_bytes()).hexdigest() != digest, "the second one was not written anew"
    assert (afterwards.video, afterwards.sync, afterwards.audio) == (take.video, take.sync, take.audio)


def test_pictures_behind_the_end_do_not_tell_how_long_the_last_one_is_shown(rolled: Rolled) -> None:
    """A busy camera: the last picture of the film was followed late, and those behind it came at another pace."""
    raw = rolled()
    piece, sound = pieces_of(raw.folder / "raw")[0], raw.folder / "raw" / "sound.flac"
    count = len(piece.packets.times)
    times = np.cumsum(np.where(np.arange(count) < count // 3, 30_000, 60_000)).astype(np.int64)
    end_us = int(times[count // 3 - 1]) + 50_000
    samples = len(read_sound(sound))
    assert raw.movie is not None
    assert raw.movie.complete(piece, sound, samples=samples, times=times, end_us=end_us, rate_hz=48000)
    afterwards = raw.folder / "afterwards.mp4"
    write_movie([piece], sound, afterwards, times, end_us, fps=30.0)
    grown, made = (probe(movie, "packet=pts_time,duration_time") for movie in (raw.folder / "take.mp4", afterwards))
    assert sorted(grown) == sorted(made)


def test_it_can_be_sought_and_begins_where_its_first_picture_was(rolled: Rolled) -> None:
    made = rolled()
    folder = made.folder
    take = finish(folder, movie=made.movie)
    raw = pieces_of(folder / "raw")[0]
    assert take.video is not None
    with av.open(str(folder / "take.mp4")) as movie:
        stream = movie.streams.video[0]
        assert stream.frames == take.video.frames
        assert holds_all_of(take, raw.packets.times)
        keys = [p.pts for p in movie.demux(stream) if p.is_keyframe and p.size]
        assert len(keys) >= 3
        movie.seek(keys[2] + 100_000, stream=stream)
        first = next(movie.decode(stream))
        assert first.pts == keys[2]


def test_one_that_does_not_hold_what_the_raw_files_hold_is_thrown_away(rolled: Rolled) -> None:
    raw = rolled()
    folder, movie = raw.folder, raw.movie
    assert movie is not None
    movie._picture.sizes[7] += 1
    take = finish(folder, movie=movie)
    assert movie.given_up
    assert take.files[0].sha256 == hashlib.sha256((folder / "take.mp4").read_bytes()).hexdigest()
    assert picture_shift_us(read_raw(folder), 0.0) == 0


def test_one_that_was_damaged_on_the_disk_is_not_believed(rolled: Rolled) -> None:
    """Its index is read back from the file."""
    raw = rolled()
    folder, movie = raw.folder, raw.movie
    assert movie is not None
    with next(folder.glob("*.tmp")).open("r+b") as file:
        file.write(bytes(16))
    take = finish(folder, movie=movie)
    assert movie.given_up
    assert take.files[0].sha256 == hashlib.sha256((folder / "take.mp4").read_bytes()).hexdigest()
    assert len(read_sound(folder / "take.mp4")) == round(take.duration_s * 48000)


def test_it_makes_room_on_a_full_disk(tmp_path: Path) -> None:
    movie = LiveMp4(tmp_path / "take.mp4")
    movie.sound(b"something", 4608)
    movie.picture(b"\0\0\1half a second later", 600_000, True)
    assert movie.size() > 0
    assert movie.give_up()
    assert not movie.give_up(), "only once"
    assert list(tmp_path.iterdir()) == []
    movie.picture(b"\0\0\1more", 0, True)
    movie.close()
    assert movie.size() == 0


def test_without_a_place_it_comes_to_nothing(tmp_path: Path) -> None:
    movie = LiveMp4(tmp_path / "gone" / "take.mp4")
    assert movie.given_up
    movie.picture(b"\0\0\1more", 0, True)
    movie.sync()
    movie.close()


def test_pictures_kept_as_sent_have_none(tmp_path: Path) -> None:
    folder = take_folder(tmp_path)
    recorder = make_recorder({"jpeg": True}, {}, encode=Encode.AFTER)
    record(recorder, folder, 0.5)
    assert recorder.movie is None
    assert finish(folder).files[0].role is FileRole.PICTURE


def test_what_a_kill_left_of_it_goes_with_the_next_film(rolled: Rolled) -> None:
    folder = rolled().folder
    assert list(folder.glob("*.tmp"))
    finish(folder)
    assert not list(folder.glob("*.tmp"))


def test_two_hours_fit_into_the_index(rolled: Rolled, tmp_path: Path) -> None:
    """More microseconds than 32 bits hold."""
    folder = rolled().folder
    raw = pieces_of(folder / "raw")[0]
    frames, rate = 2 * 3600 * 30, 48000
    times = np.arange(frames, dtype=np.int64) * 100_000 // 3 + 41_000
    sizes = np.full(frames, 10, np.int64)
    durations = np.diff(np.append(times, times[-1] + 33_333))
    picture = Mp4Track(
        41_000, durations, 1_000_000, sizes, np.array([1000]), np.array([frames]), np.arange(0, frames, 30)
    )
    pieces = 2 * 3600 * rate // 4608
    heard = Mp4Track(
        0, np.full(pieces, 4608), rate, np.full(pieces, 5), np.array([1000 + 10 * frames]), np.array([pieces])
    )  # fmt: skip
    movie = tmp_path / "long.mp4"
    media = bytes(10 * frames + 5 * pieces)
    head = bytes.fromhex("00000014") + b"ftypisom\0\0\2\0isom"
    filling = (1000 - 8 - len(head)).to_bytes(4) + b"free" + bytes(1000 - 8 - len(head) - 8)
    with movie.open("wb") as file:
        file.write(head + filling + (len(media) + 8).to_bytes(4) + b"mdat" + media)
        file.write(index(raw.path, folder / "raw" / "sound.flac", (picture, heard)))
    assert np.array_equal(packets_of(movie).times, times)
    seconds = [float(row[0]) for row in probe(movie, "stream=duration") if row[0]]
    assert seconds[0] == pytest.approx(7200, abs=0.1)
    assert seconds[1] == pytest.approx(7200, abs=0.1)


def test_units_are_measured_instead_of_marked() -> None:
    packet = b"\0\0\0\1\x67ab\0\0\1\x65\0\0\3cd"
    assert length_prefixed(packet) == b"\0\0\0\3\x67ab\0\0\0\6\x65\0\0\3cd"


def test_finishing_does_not_wait_for_the_length_of_a_take(rolled: Rolled) -> None:
    """Nothing of the media is copied or hashed after the cut: the file is the one that was written while rolling."""
    raw = rolled()
    folder = raw.folder
    before = next(folder.glob("*.tmp")).stat()
    finish(folder, movie=raw.movie)
    after = (folder / "take.mp4").stat()
    assert after.st_ino == before.st_ino
    assert after.st_size > before.st_size
