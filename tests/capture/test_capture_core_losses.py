"""Devices that lose, mute, change, stall or go away: it is noticed in time, and what was recorded stays true."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from core_rig import (
    RATE,
    begin,
    counter_values,
    devices,
    first_sample,
    make_recorder,
    read_sound,
    read_times,
    record,
    sync_error_ms,
)
from core_rig import take_folder as folder_in

from perfstudio.capture.finish import finish
from perfstudio.capture.messages import (
    DeviceLost,
    PictureChanged,
    Resumed,
    Stalled,
    Stream,
    TakeEnded,
    TakeEnding,
    ZeroSound,
)
from perfstudio.model.clock import host_ns
from perfstudio.model.errors import DeviceError, ErrorCode
from perfstudio.model.take import EndReason
from perfstudio.model.timing import GapCause
from rigs.notices import Told


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


def test_a_changed_picture_size_ends_the_take(tmp_path: Path) -> None:
    told, folder = Told(), folder_in(tmp_path)
    recorder = make_recorder({"resize_at_s": 1.5}, notify=told)
    begin(recorder, folder)
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
