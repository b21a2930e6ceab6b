"""Devices that lose, mute, change, stall or go away: it is noticed in time, and what was recorded stays true."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from core_rig import (
    RATE,
    ScriptedCamera,
    begin,
    counter_values,
    devices,
    first_sample,
    go_on,
    luma,
    make_recorder,
    read_picture_time,
    read_sound,
    read_times,
    record,
    sync_error_ms,
)
from core_rig import take_folder as folder_in

from perfstudio.capture.finishing.finish import finish
from perfstudio.capture.finishing.raw_take import read_raw
from perfstudio.capture.recording import recorder as recording
from perfstudio.capture.recording.messages import (
    DeviceLost,
    PictureChanged,
    Resumed,
    Stalled,
    Stream,
    TakeEnded,
    TakeEnding,
    ZeroSound,
)
from perfstudio.capture.recording.recorder import PICTURE_SIZE, Recorder
from perfstudio.capture.recording.rolling_take import RollingTake
from perfstudio.model.clock import host_ns
from perfstudio.model.device import Encode
from perfstudio.model.errors import DeviceError, ErrorCode
from perfstudio.model.take import EndReason
from perfstudio.model.timing import GapCause
from rigs.notices import Told
from rigs.waiting import until


@pytest.mark.realtime
def test_lost_sound_is_filled_with_exact_silence(tmp_path: Path) -> None:
    folder = folder_in(tmp_path)
    gaps = [(1.5, 0.2904), (2.8, 0.0171)]
    recorder = make_recorder({}, {"ppm": 100.0, "gaps": gaps})
    record(recorder, folder, 3.5)
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
    late = [(pts, us) for pts, us in read_times(folder / "take.mp4") if us > 3_200_000]
    taken = [((camera.started_ns + us * 1000 - microphone.started_ns) * 1e-9 * microphone.rate) for _, us in late]
    assert [pts for pts, _ in late] == pytest.approx([(n - first) / RATE for n in taken], abs=2e-3)
    assert late[-1][0] > take.duration_s - 0.1, "the picture reaches to the end of the sound"


@pytest.mark.realtime
def test_holes_of_the_camera_stay_holes(tmp_path: Path) -> None:
    folder = folder_in(tmp_path)
    recorder = make_recorder({"skip": lambda i: 20 <= i < 35})
    record(recorder, folder, 1.5)
    take = finish(folder)
    assert take.video is not None
    assert take.video.longest_hole_ms == pytest.approx(16 / 30 * 1000, abs=25)
    assert [g.cause for g in take.video.gaps if g.length_s > 0.4] == [GapCause.STALL]
    assert take.video.missed >= 13
    assert abs(sync_error_ms(folder, *devices(recorder))).max() < 2.0


@pytest.mark.realtime
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
    go_on(recorder, 0.5)
    recorder.close()
    take = finish(folder)
    assert take.audio is not None
    assert take.audio.zero_runs == 1
    assert take.ended is EndReason.APP_CLOSED


@pytest.mark.realtime
def test_lost_microphone_ends_the_take_and_keeps_it(tmp_path: Path) -> None:
    told, folder = Told(), folder_in(tmp_path)
    recorder = make_recorder({}, {"lost_at_s": 1.5}, notify=told)
    begin(recorder, folder)
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
    begin(recorder, folder)
    told.wait(TakeEnded)
    recorder.close()
    take = finish(folder)
    assert take.ended is EndReason.CAMERA_LOST
    assert take.video is not None
    assert take.video.frames > 30


def errors_of_small_pictures_ms(folder: Path, recorder: Recorder, since_s: float) -> list[float]:
    """As `sync_error_ms`, of pictures that were half as large when they were taken."""
    camera, microphone = devices(recorder)
    found = []
    with av.open(str(folder / "take.mp4")) as film:
        for frame in film.decode(video=0):
            grey = cv2.resize(luma(frame), (160, 120), interpolation=cv2.INTER_AREA)
            taken_s = read_picture_time(grey.astype(np.uint8)) * 1e-6
            if since_s < taken_s < 60:
                sample = (camera.started_ns * 1e-9 + taken_s - microphone.started_ns * 1e-9) * microphone.rate
                found.append(1e3 * (float(frame.time or 0) - (sample - first_sample(folder)) / RATE))
    return found


@pytest.mark.parametrize("jpeg", [False, True])
@pytest.mark.parametrize("encode", Encode)
def test_a_take_goes_on_when_the_picture_changes_its_size(tmp_path: Path, encode: Encode, jpeg: bool) -> None:
    told, folder = Told(), folder_in(tmp_path)
    recorder = make_recorder({"resize_at_s": 0.8, "jpeg": jpeg}, encode=encode, notify=told)
    begin(recorder, folder)
    _, notice = told.wait(PictureChanged)
    assert notice == PictureChanged(160, 120, rolling=True)
    camera, _ = devices(recorder)
    wait_for_more(camera, 30)
    recorder.cut()
    recorder.close()
    take = finish(folder, movie=recorder.movie)
    assert take.ended is EndReason.CUT
    assert take.video is not None
    assert (take.video.dropped, take.video.damaged) == (0, 0)
    assert [e.facts for e in read_raw(folder).events if e.name == PICTURE_SIZE] == [{"width": 160, "height": 120}]
    after = errors_of_small_pictures_ms(folder, recorder, 0.8)
    assert len(after) > 30
    assert np.abs(after).max() < 2.0


def test_between_takes_the_size_that_stays_is_the_next_takes(tmp_path: Path) -> None:
    told, folder = Told(), folder_in(tmp_path)
    recorder = make_recorder({"resize_at_s": 0.5}, notify=told)
    recorder.open()
    _, notice = told.wait(PictureChanged)
    assert notice == PictureChanged(160, 120)
    recorder.roll(folder)
    wait_for_more(devices(recorder)[0], 30)
    recorder.cut()
    used = recorder.used
    recorder.close()
    finish(folder, movie=recorder.movie)
    assert used == read_raw(folder).devices
    with av.open(str(folder / "take.mp4")) as film:
        assert (film.streams.video[0].width, film.streams.video[0].height) == (160, 120)
    assert len([notice for _, notice in told.notices if isinstance(notice, PictureChanged)]) == 1


def wait_for_more(camera: ScriptedCamera, pictures: int) -> None:
    enough = camera.delivered + pictures
    until(lambda: camera.delivered >= enough, f"{pictures} more pictures")


@pytest.mark.realtime
def test_a_stalled_camera_is_noticed_and_the_sound_goes_on(tmp_path: Path) -> None:
    told, folder = Told(), folder_in(tmp_path)
    recorder = make_recorder({}, notify=told)
    recorder.open()
    go_on(recorder, 0.4)
    recorder.roll(folder)
    camera, _ = devices(recorder)
    go_on(recorder, 0.5)
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


def test_a_microphone_that_never_speaks_is_an_error(tmp_path: Path) -> None:
    recorder = make_recorder(None, {"silent": True})
    recorder.open()
    with pytest.raises(DeviceError) as caught:
        recorder.roll(folder_in(tmp_path))
    recorder.close()
    assert caught.value.code is ErrorCode.MICROPHONE_SILENT


def test_a_size_that_changes_while_the_files_are_made_is_noted_in_the_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, folder, looks = Told(), folder_in(tmp_path), []
    recorder = make_recorder({"resize_at_s": 0.8, "jpeg": True}, notify=told)
    heed = recorder._heed_size

    def heeded() -> None:
        heed()
        looks.append(True)

    def slow(*args: Any, **kwargs: Any) -> RollingTake:
        until(lambda: recorder._pictures is not None and recorder._pictures.change is not None)
        looks.clear()
        until(lambda: len(looks) > 1)
        return RollingTake(*args, **kwargs)

    monkeypatch.setattr(recorder, "_heed_size", heeded)
    monkeypatch.setattr(recording, "RollingTake", slow)
    begin(recorder, folder)
    assert told.wait(PictureChanged)[1] == PictureChanged(160, 120, rolling=True)
    recorder.cut()
    recorder.close()
    assert [e.facts for e in read_raw(folder).events if e.name == PICTURE_SIZE] == [{"width": 160, "height": 120}]
