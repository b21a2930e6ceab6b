"""The recorder on scripted devices in real time: every sample and every frame knows its own true time."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from core_rig import (
    RATE,
    counter_values,
    devices,
    first_sample,
    go_on,
    make_recorder,
    probe,
    read_sound,
    read_times,
    record,
    sync_error_ms,
)
from core_rig import take_folder as folder_in
from raw_takes import RawTake

from perfstudio.capture.files.durable_file import Ballast
from perfstudio.capture.finishing.finish import finish, verify_sync
from perfstudio.capture.finishing.raw_take import read_raw
from perfstudio.capture.recording.messages import DiskFull, TakeEnded, TakeEnding
from perfstudio.model.clock import host_ns
from perfstudio.model.errors import CaptureError
from perfstudio.model.take import FileRole
from perfstudio.model.timing import MarkerName
from rigs.notices import Told
from rigs.systems import installed
from rigs.waiting import until

IMAGE = ("image", 1.5)
"""The take that several tests share."""
FAST = {"ppm": 150.0}


@pytest.mark.realtime
@pytest.mark.parametrize(
    ("camera", "microphone"),
    [
        ({}, FAST),
        ({"jpeg": True}, {"ppm": -180.0, "sample_format": "int24", "channels": 2}),
        ({"device_stamps": True, "late_s": lambda i: 0.03 if i % 7 == 0 else 0.004}, {"ppm": 0.0}),
    ],
    ids=["image", "jpeg-int24-stereo", "driver-stamps"],
)
def test_picture_and_sound_lie_on_one_timeline(
    raw_take: Callable[..., RawTake], request: pytest.FixtureRequest, camera: dict, microphone: dict
) -> None:
    raw = raw_take(request.node.callspec.id, IMAGE[1], camera=camera, microphone=microphone)
    folder = raw.folder
    take = finish(folder)
    sound = read_sound(folder / "audio.flac")
    expected = counter_values(first_sample(folder), len(sound), microphone.get("sample_format", "int16"))
    assert np.array_equal(sound, expected)
    assert np.array_equal(read_sound(folder / "take.mp4"), expected)
    error = sync_error_ms(folder, *raw.devices)
    assert abs(error).max() < 2.0
    assert np.ptp(error) < 1.0
    assert take.video is not None
    assert take.video.frames == len(error)
    assert take.video.dropped == 0
    assert take.audio is not None
    assert take.audio.samples == len(sound)
    assert take.audio.gaps == ()
    assert take.sync is not None
    assert take.sync.audio is not None
    assert verify_sync(read_raw(folder)).audio == take.sync.audio
    assert [f.role for f in take.files] == [FileRole.PICTURE, FileRole.SOUND, FileRole.THUMBNAIL, FileRole.TIMING]
    for file in take.files:
        assert file.sha256 == hashlib.sha256((folder / file.name).read_bytes()).hexdigest()


def test_a_second_demuxer_sees_the_same_times(raw_take: Callable[..., RawTake]) -> None:
    folder = raw_take(*IMAGE, camera={}, microphone=FAST).folder
    finish(folder)
    movie = folder / "take.mp4"
    ours = [round(pts * 1e6) for pts, _ in read_times(movie)]
    theirs = [round(float(row[0]) * 1e6) for row in probe(movie, "packet=pts_time") if row[0]]
    rate, start_s = probe(movie, "stream=sample_rate,start_time")[1]
    packets = subprocess.run(
        [installed("ffprobe"), "-v", "error", "-select_streams", "v", "-show_entries", "packet=pts", "-of",
         "csv=p=0", movie],
        capture_output=True, text=True, check=True,
    ).stdout.replace(",", "").split()  # fmt: skip
    assert [int(p) for p in packets] == ours
    assert theirs
    assert (int(rate), float(start_s)) == (RATE, 0.0)


@pytest.mark.parametrize("offset_ms", [-150.0, -40.0, 0.0, 100.0])
def test_a_calibrated_offset_moves_the_picture(raw_take: Callable[..., RawTake], offset_ms: float) -> None:
    folder = raw_take(*IMAGE, camera={}, microphone=FAST).folder
    plain = finish(folder)
    before = read_times(folder / "take.mp4")
    moved = finish(folder, offset_ms=offset_ms, calibrated=True)
    after = {us: pts for pts, us in read_times(folder / "take.mp4")}
    assert moved.duration_s == plain.duration_s
    for pts, us in before:
        shown = pts + offset_ms * 1e-3
        if shown >= moved.duration_s:
            assert us not in after  # behind the end of the sound
        elif shown >= 0:
            assert after[us] == pytest.approx(shown, abs=2e-6)
        else:
            assert after[us] < 50e-6  # one after the other at zero: the last of them is what is seen there
    assert moved.sync is not None
    assert (moved.sync.offset_ms, moved.sync.calibrated) == (offset_ms, True)
    packets = subprocess.run(
        [installed("ffprobe"), "-v", "error", "-select_streams", "a", "-show_entries", "packet=pts", "-of", "csv=p=0",
         folder / "take.mp4"], capture_output=True, text=True, check=True,
    ).stdout.replace(",", "").split()  # fmt: skip
    assert packets[0] == "0"


@pytest.mark.realtime
def test_the_second_before_record_was_pressed_is_kept(tmp_path: Path) -> None:
    folder = folder_in(tmp_path)
    recorder = make_recorder({})
    recorder.open()
    camera, _ = devices(recorder)
    go_on(recorder, 1.2)
    pressed = host_ns()
    recorder.roll(folder)
    go_on(recorder, 0.3)
    went = host_ns()
    provisional = recorder.mark(MarkerName.GO, "now")
    go_on(recorder, 0.3)
    cut = host_ns()
    recorder.cut()
    recorder.close()
    take = finish(folder)
    shown = read_times(folder / "take.mp4")
    pressed_us, went_us, cut_us = ((t - camera.started_ns) // 1000 for t in (pressed, went, cut))
    assert pressed_us - shown[0][1] > 900_000
    assert shown[-1][1] - cut_us > 350_000
    at = {m.name: m.at_s for m in take.markers}
    for name, moment_us in ((MarkerName.ROLL, pressed_us), (MarkerName.GO, went_us), (MarkerName.CUT, cut_us)):
        nearest = min(shown, key=lambda item: abs(item[1] - moment_us))
        assert abs(at[name] - (nearest[0] + (moment_us - nearest[1]) * 1e-6)) < 1 / 30
    assert provisional.at_s == pytest.approx(at[MarkerName.GO], abs=0.005)
    assert take.markers[1].note == "now"


def test_sound_only(tmp_path: Path) -> None:
    folder = folder_in(tmp_path)
    record(make_recorder(None), folder, 0.5)
    take = finish(folder)
    assert take.video is None
    assert [f.role for f in take.files] == [FileRole.SOUND, FileRole.TIMING]
    assert not (folder / "take.mp4").exists()
    assert not (folder / "raw" / "picture.mp4").exists()


def test_an_odd_picture_size_loses_one_row(tmp_path: Path) -> None:
    folder = folder_in(tmp_path)
    record(make_recorder({}, size=(321, 241)), folder, 0.5)
    assert finish(folder).video is not None
    assert probe(folder / "take.mp4", "stream=width,height")[0] == ["320", "240"]


def test_many_takes_on_the_same_devices(tmp_path: Path) -> None:
    recorder = make_recorder({})
    recorder.open()
    go_on(recorder, 0.3)
    for number in range(3):
        folder = folder_in(tmp_path, str(number))
        recorder.roll(folder, pre_roll_s=0.2)
        with pytest.raises(CaptureError):
            recorder.roll(folder)
        go_on(recorder, 0.3)
        assert recorder.status().rolling
        recorder.cut(tail_s=0.1)
        assert not recorder.status().rolling
        take = finish(folder)
        assert take.video is not None
        assert take.video.frames >= 8
    recorder.close()
    recorder.close()
    with pytest.raises(CaptureError):
        recorder.mark(MarkerName.MARK)


@pytest.mark.realtime
def test_status_is_read_back(tmp_path: Path) -> None:
    recorder = make_recorder({})
    recorder.open()
    recorder.roll(folder_in(tmp_path))
    began = host_ns()
    until(lambda: recorder.status().disk_s is not None, "what the first seconds say of the rest of the disk")
    until(lambda: recorder.status().frames > 60)
    status, elapsed_s = recorder.status(), (host_ns() - began) * 1e-9
    recorder.close()
    assert status.samples > 1.8 * RATE
    assert status.picture_bytes > 1000
    assert status.sound_bytes > 10_000
    assert status.nonzero
    assert status.elapsed_s == pytest.approx(elapsed_s, abs=0.5)
    assert status.block_age_s is not None
    assert status.block_age_s < 0.5


def test_a_slow_end_is_no_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the last pictures are still being encoded, the take is closing and nothing else may end it."""
    letting_go = Ballast.release

    def slowly(ballast: Ballast) -> bool:
        first = letting_go(ballast)
        more = microphone.made_s + 0.5
        until(lambda: microphone.made_s >= more)
        return first

    monkeypatch.setattr(Ballast, "release", slowly)
    told = Told()
    recorder = make_recorder(notify=told)
    recorder.open()
    _, microphone = devices(recorder)
    try:
        recorder.roll(folder_in(tmp_path))
        go_on(recorder, 0.5)
        recorder.cut()
    finally:
        recorder.close()
    assert not told.kinds() & {TakeEnding, TakeEnded, DiskFull}
