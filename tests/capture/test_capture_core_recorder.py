"""The recorder on scripted devices in real time: every sample and every frame knows its own true time."""

from __future__ import annotations

import hashlib
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
from core_rig import (
    RATE,
    ScriptedCamera,
    ScriptedMicrophone,
    counter_values,
    first_sample,
    make_recorder,
    read_sound,
    read_times,
    sync_error_ms,
)
from core_rig import take_folder as folder_in

from perfstudio.capture.durable import Ballast
from perfstudio.capture.finish import finish, verify_sync
from perfstudio.capture.messages import (
    DeviceLost,
    DiskFull,
    PictureChanged,
    Resumed,
    Stalled,
    Stream,
    TakeEnded,
    TakeEnding,
    ZeroSound,
)
from perfstudio.capture.preview import PreviewReader, PreviewWriter
from perfstudio.capture.recorder import Recorder
from perfstudio.model.checks import LiveReading
from perfstudio.model.clock import host_ns
from perfstudio.model.errors import CaptureError, DeviceError, ErrorCode
from perfstudio.model.take import EndReason, FileRole
from perfstudio.model.timing import GapCause, MarkerName
from rigs.notices import Told


def devices(recorder: Recorder) -> tuple[ScriptedCamera, ScriptedMicrophone]:
    made = recorder.devices  # type: ignore[attr-defined]
    return made.get("camera"), made["microphone"]


def record(recorder: Recorder, folder: Path, seconds: float, before_s: float = 0.5) -> None:
    recorder.open()
    time.sleep(before_s)
    recorder.roll(folder)
    time.sleep(seconds)
    recorder.cut()
    recorder.close()


def probe(path: Path, entries: str) -> list[list[str]]:
    command = ["ffprobe", "-v", "error", "-show_entries", entries, "-of", "csv=p=0", str(path)]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [line.split(",") for line in out.split()]


@pytest.mark.parametrize(
    ("camera", "microphone"),
    [
        ({}, {"ppm": 150.0}),
        ({"jpeg": True}, {"ppm": -180.0, "sample_format": "int24", "channels": 2}),
        ({"device_stamps": True, "late_s": lambda i: 0.03 if i % 7 == 0 else 0.004}, {"ppm": 0.0}),
    ],
    ids=["image", "jpeg-int24-stereo", "driver-stamps"],
)
def test_picture_and_sound_lie_on_one_timeline(tmp_path: Path, camera: dict, microphone: dict) -> None:
    folder = folder_in(tmp_path)
    recorder = make_recorder(camera, microphone)
    record(recorder, folder, 2.5)
    take = finish(folder)
    sound = read_sound(folder / "audio.flac")
    expected = counter_values(first_sample(folder), len(sound), microphone.get("sample_format", "int16"))
    assert np.array_equal(sound, expected)
    assert np.array_equal(read_sound(folder / "take.mp4"), expected)
    error = sync_error_ms(folder, *devices(recorder))
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
    assert verify_sync(folder).audio == take.sync.audio
    assert [f.role for f in take.files] == [FileRole.PICTURE, FileRole.SOUND, FileRole.THUMBNAIL]
    for file in take.files:
        assert file.sha256 == hashlib.sha256((folder / file.name).read_bytes()).hexdigest()


def test_a_second_demuxer_sees_the_same_times(tmp_path: Path) -> None:
    folder = folder_in(tmp_path)
    record(make_recorder({}, {"ppm": 90.0}), folder, 1.5)
    finish(folder)
    movie = folder / "take.mp4"
    ours = [round(pts * 1e6) for pts, _ in read_times(movie)]
    theirs = [round(float(row[0]) * 1e6) for row in probe(movie, "packet=pts_time") if row[0]]
    rate, start_s = probe(movie, "stream=sample_rate,start_time")[1]
    packets = subprocess.run(
        ["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "packet=pts", "-of", "csv=p=0", movie],
        capture_output=True, text=True, check=True,
    ).stdout.replace(",", "").split()  # fmt: skip
    assert [int(p) for p in packets] == ours
    assert theirs
    assert (int(rate), float(start_s)) == (RATE, 0.0)


@pytest.mark.parametrize("offset_ms", [-150.0, -40.0, 0.0, 100.0])
def test_a_calibrated_offset_moves_the_picture(tmp_path: Path, offset_ms: float) -> None:
    folder = folder_in(tmp_path)
    record(make_recorder({}), folder, 1.2)
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
        ["ffprobe", "-v", "error", "-select_streams", "a", "-show_entries", "packet=pts", "-of", "csv=p=0",
         folder / "take.mp4"], capture_output=True, text=True, check=True,
    ).stdout.replace(",", "").split()  # fmt: skip
    assert packets[0] == "0"


def test_the_second_before_record_was_pressed_is_kept(tmp_path: Path) -> None:
    folder = folder_in(tmp_path)
    recorder = make_recorder({})
    recorder.open()
    camera, _ = devices(recorder)
    time.sleep(1.6)
    pressed = host_ns()
    recorder.roll(folder)
    time.sleep(0.5)
    went = host_ns()
    provisional = recorder.mark(MarkerName.GO, "now")
    time.sleep(0.5)
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
    assert [f.role for f in take.files] == [FileRole.SOUND]
    assert not (folder / "take.mp4").exists()
    assert not (folder / "raw" / "picture.mp4").exists()


def test_lost_sound_is_filled_with_exact_silence(tmp_path: Path) -> None:
    folder = folder_in(tmp_path)
    gaps = [(2.0, 0.2904), (4.0, 0.0171)]
    recorder = make_recorder({}, {"ppm": 100.0, "gaps": gaps})
    record(recorder, folder, 5.5)
    take = finish(folder)
    assert take.audio is not None
    assert [g.length_s for g in take.audio.gaps] == pytest.approx([g for _, g in gaps], abs=1e-3)
    sound, first = read_sound(folder / "audio.flac"), first_sample(folder)
    real = np.ones(len(sound), bool)
    for gap in take.audio.gaps:
        start = round(gap.start_s * RATE)
        real[start : start + round(gap.length_s * RATE)] = False
    assert (sound[~real] == 0).all()
    assert np.array_equal(sound[real], counter_values(first, int(real.sum()), "int16"))
    camera, microphone = devices(recorder)
    late = [(pts, us) for pts, us in read_times(folder / "take.mp4") if us > 5_000_000]
    taken = [((camera.started_ns + us * 1000 - microphone.started_ns) * 1e-9 * microphone.rate) for _, us in late]
    assert [pts for pts, _ in late] == pytest.approx([(n - first) / RATE for n in taken], abs=2e-3)
    assert late[-1][0] > take.duration_s - 0.1, "the picture reaches to the end of the sound"


def test_holes_of_the_camera_stay_holes(tmp_path: Path) -> None:
    folder = folder_in(tmp_path)
    recorder = make_recorder({"skip": lambda i: 40 <= i < 55})
    record(recorder, folder, 2.5)
    take = finish(folder)
    assert take.video is not None
    assert take.video.longest_hole_ms == pytest.approx(16 / 30 * 1000, abs=25)
    assert [g.cause for g in take.video.gaps if g.length_s > 0.4] == [GapCause.STALL]
    assert take.video.missed >= 13
    assert abs(sync_error_ms(folder, *devices(recorder))).max() < 2.0


def test_an_odd_picture_size_loses_one_row(tmp_path: Path) -> None:
    folder = folder_in(tmp_path)
    record(make_recorder({}, size=(321, 241)), folder, 0.5)
    assert finish(folder).video is not None
    assert probe(folder / "take.mp4", "stream=width,height")[0] == ["320", "240"]


def test_muted_microphone_is_noticed_within_two_seconds(tmp_path: Path) -> None:
    told = Told()
    recorder = make_recorder(None, {"zero_from_s": 1.0}, notify=told)
    recorder.open()
    _, microphone = devices(recorder)
    at, notice = told.wait(ZeroSound)
    assert isinstance(notice, ZeroSound)
    assert notice.now
    assert (at - microphone.started_ns) * 1e-9 - 1.0 < 2.0 + 0.5
    assert not recorder.status().nonzero
    folder = folder_in(tmp_path)
    recorder.roll(folder)
    time.sleep(0.5)
    recorder.close()
    take = finish(folder)
    assert take.audio is not None
    assert take.audio.zero_runs == 1
    assert take.ended is EndReason.APP_CLOSED


def test_lost_microphone_ends_the_take_and_keeps_it(tmp_path: Path) -> None:
    told, folder = Told(), folder_in(tmp_path)
    recorder = make_recorder({}, {"lost_at_s": 1.5}, notify=told)
    recorder.open()
    time.sleep(0.5)
    recorder.roll(folder)
    at, _ = told.wait(DeviceLost)
    _, ending = told.wait(TakeEnding)
    told.wait(TakeEnded)
    _, microphone = devices(recorder)
    assert (at - microphone.started_ns) * 1e-9 < 1.5 + 1.0
    assert isinstance(ending, TakeEnding)
    assert ending.problem.code is ErrorCode.MICROPHONE_LOST
    with pytest.raises(DeviceError):
        recorder.roll(folder_in(tmp_path, "next"))
    recorder.close()
    take = finish(folder)
    assert take.ended is EndReason.MICROPHONE_LOST
    assert take.duration_s > 1.0
    assert take.video is not None


def test_lost_camera_ends_the_take_and_keeps_it(tmp_path: Path) -> None:
    told, folder = Told(), folder_in(tmp_path)
    recorder = make_recorder({"lost_at_s": 1.5}, notify=told)
    recorder.open()
    time.sleep(0.5)
    recorder.roll(folder)
    told.wait(TakeEnded)
    recorder.close()
    take = finish(folder)
    assert take.ended is EndReason.CAMERA_LOST
    assert take.video is not None
    assert take.video.frames > 30


def test_a_changed_picture_size_ends_the_take(tmp_path: Path) -> None:
    told, folder = Told(), folder_in(tmp_path)
    recorder = make_recorder({"resize_at_s": 1.5}, notify=told)
    recorder.open()
    time.sleep(0.5)
    recorder.roll(folder)
    _, notice = told.wait(PictureChanged)
    assert notice == PictureChanged(160, 120)
    told.wait(TakeEnded)
    recorder.close()
    take = finish(folder)
    assert take.video is not None
    assert take.video.dropped > 0
    assert abs(sync_error_ms(folder, *devices(recorder))).max() < 2.0


def test_a_stalled_camera_is_noticed_and_the_sound_goes_on(tmp_path: Path) -> None:
    told, folder = Told(), folder_in(tmp_path)
    recorder = make_recorder({}, notify=told)
    recorder.open()
    time.sleep(0.4)
    recorder.roll(folder)
    camera, _ = devices(recorder)
    time.sleep(0.5)
    camera.paused.set()
    began = host_ns()
    at, stalled = told.wait(Stalled)
    assert isinstance(stalled, Stalled)
    assert stalled.stream is Stream.PICTURE
    assert (at - began) * 1e-9 < 2.0 + 1.0
    camera.paused.clear()
    told.wait(Resumed)
    recorder.cut()
    recorder.close()
    take = finish(folder)
    assert take.ended is EndReason.CUT
    assert take.video is not None
    assert len([g for g in take.video.gaps if g.length_s > 0.4]) == 1
    assert take.audio is not None
    assert take.audio.gaps == ()


def test_many_takes_on_the_same_devices(tmp_path: Path) -> None:
    recorder = make_recorder({})
    recorder.open()
    time.sleep(0.3)
    for number in range(3):
        folder = folder_in(tmp_path, str(number))
        recorder.roll(folder, pre_roll_s=0.2)
        with pytest.raises(CaptureError):
            recorder.roll(folder)
        time.sleep(0.3)
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


def test_status_is_read_back(tmp_path: Path) -> None:
    recorder = make_recorder({})
    recorder.open()
    recorder.roll(folder_in(tmp_path))
    time.sleep(3.3)
    status = recorder.status()
    recorder.close()
    assert status.frames > 60
    assert status.samples > 2 * RATE
    assert status.picture_bytes > 1000
    assert status.sound_bytes > 10_000
    assert status.nonzero
    assert status.disk_s is not None
    assert status.elapsed_s == pytest.approx(3.3, abs=0.5)
    assert status.block_age_s is not None
    assert status.block_age_s < 0.5


class ListeningTaps:
    """Remembers what it was given; fails once to show that the recording does not care."""

    def __init__(self) -> None:
        self.samples = 0
        self.heard: list[np.ndarray] = []
        self.frames: list[tuple[tuple[int, ...], tuple[int, int], tuple[int, ...]]] = []

    def block(self, samples: np.ndarray, rate_hz: int, at_s: float) -> None:
        assert samples.dtype == np.float32
        assert rate_hz == RATE
        assert at_s > 0
        self.samples += len(samples)
        if self.samples < 1000:
            raise ValueError("a check that fails")

    def written(self, samples: np.ndarray, rate_hz: int) -> None:
        assert rate_hz == RATE
        self.heard.append(samples)

    def frame(self, bgr_small: np.ndarray, at_s: float, full_size: tuple[int, int], bgr_full: np.ndarray) -> None:
        self.frames.append((bgr_small.shape, full_size, bgr_full.shape))

    def reading(self) -> LiveReading:
        return LiveReading(peak_dbfs=-3.0)


@pytest.mark.parametrize(
    ("jpeg", "size", "shown"),
    [(False, (1280, 720), (720, 1280, 4)), (True, (1280, 720), (720, 1280, 4)), (True, (1920, 1080), (540, 960, 4))],
)
def test_taps_and_preview_see_the_latest(jpeg: bool, size: tuple[int, int], shown: tuple[int, int, int]) -> None:
    reader = PreviewReader()
    taps = ListeningTaps()
    recorder = make_recorder({"jpeg": jpeg}, size=size, taps=taps, preview=PreviewWriter(reader.name))
    recorder.open()
    time.sleep(2.0)
    picture = reader.picture()
    reading, status = reader.facts()
    recorder.close()
    assert picture is not None
    assert picture.pixels.shape in {shown, (720, 1280, 4)}  # a frame that is due for the taps is whole
    assert reader.picture() is None or picture.number > 5
    assert reading == LiveReading(peak_dbfs=-3.0)
    assert status.block_age_s is not None
    assert taps.samples > RATE
    assert 3 <= len(taps.frames) <= 11
    assert taps.frames[-1] == ((180, 320, 3), size, (size[1], size[0], 3))
    reader.close()
    reader.close()


def test_while_rolling_every_second_picture_is_shown(tmp_path: Path) -> None:
    """The machine belongs to the recording."""
    reader = PreviewReader()
    recorder = make_recorder({}, preview=PreviewWriter(reader.name))
    recorder.open()
    recorder.roll(folder_in(tmp_path))
    time.sleep(0.3)
    before, frames = reader.picture(), recorder.status().frames
    time.sleep(2.0)
    after, frames = reader.picture(), recorder.status().frames - frames
    recorder.close()
    reader.close()
    assert before is not None
    assert after is not None
    assert 0.3 * frames < after.number - before.number < 0.7 * frames


@pytest.mark.parametrize("turn", [1, 2])
def test_the_taps_hear_exactly_what_was_written(tmp_path: Path, turn: int) -> None:
    taps = ListeningTaps()
    recorder = make_recorder(None, taps=taps)
    recorder.open()
    time.sleep(1.5)
    for take in range(turn):
        taps.heard.clear()
        folder = folder_in(tmp_path / str(take))
        recorder.roll(folder)
        time.sleep(0.7)
        recorder.cut(tail_s=0.2)
    written, rate = soundfile.read(folder / "raw" / "sound.flac", dtype="float32", always_2d=True)
    recorder.close()
    assert rate == RATE
    assert len(written) > 1.5 * RATE
    assert np.array_equal(np.concatenate(taps.heard), written)


def test_a_microphone_that_never_speaks_is_an_error(tmp_path: Path) -> None:
    recorder = make_recorder(None)
    recorder.open()
    _, microphone = devices(recorder)
    microphone.paused.set()
    recorder._sound.live._clock = None  # type: ignore[union-attr]
    with pytest.raises(DeviceError) as caught:
        recorder.roll(folder_in(tmp_path))
    recorder.close()
    assert caught.value.code is ErrorCode.MICROPHONE_SILENT


def test_a_slow_end_is_no_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the last pictures are still being encoded, the take is closing and nothing else may end it."""
    letting_go = Ballast.release

    def slowly(ballast: Ballast) -> bool:
        first = letting_go(ballast)
        time.sleep(0.5)
        return first

    monkeypatch.setattr(Ballast, "release", slowly)
    told = Told()
    recorder = make_recorder(notify=told)
    recorder.open()
    try:
        recorder.roll(folder_in(tmp_path))
        time.sleep(0.5)
        recorder.cut()
    finally:
        recorder.close()
    assert not told.kinds() & {TakeEnding, TakeEnded, DiskFull}
