"""Preview and checks beside the recording: they see the latest, hear what is written, and disturb nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
import pytest
import soundfile
from core_rig import RATE, devices, go_on, make_recorder
from core_rig import take_folder as folder_in

from perfstudio.capture.recording.preview import PreviewReader, PreviewWriter
from perfstudio.model.checks import LiveReading
from rigs.systems import posix_only
from rigs.waiting import until

pytestmark = pytest.mark.realtime


class ListeningTaps:
    """Remembers what it was given; fails once to show that the recording does not care."""

    def __init__(self) -> None:
        self.samples = 0
        self.heard: list[np.ndarray] = []
        self.frames: list[tuple[tuple[int, ...], tuple[int, ...]]] = []

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

    def frame(self, bgr_small: np.ndarray, at_s: float, whole: Callable[[], np.ndarray]) -> None:
        self.frames.append((bgr_small.shape, whole().shape))

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
    until(lambda: taps.samples > RATE and len(taps.frames) >= 3, "a second of sound and three pictures")
    live_s = devices(recorder)[1].made_s
    picture = reader.picture()
    reading, status = reader.facts()
    recorder.close()
    assert picture is not None
    assert picture.pixels.shape in {shown, (720, 1280, 4)}  # a frame that is due for the taps is whole
    assert reader.picture() is None or picture.number > 5
    assert reading == LiveReading(peak_dbfs=-3.0)
    assert status.block_age_s is not None
    assert len(taps.frames) <= 5.5 * live_s + 2, "five a second"
    assert taps.frames[-1] == ((180, 320, 3), (size[1], size[0], 3))
    reader.close()
    reader.close()


@posix_only("shared memory is no file that a process could be asked for")
def test_a_picture_that_is_looked_at_outlives_its_block() -> None:
    """A recorder is replaced while its last picture is still on the screen; nothing of it is left behind that."""
    reader = PreviewReader()
    writer = PreviewWriter(reader.name)
    writer.picture(np.full((1080, 1280), 128, np.uint8), 5)
    picture = reader.picture()
    assert picture is not None
    before = bytes(picture.pixels)
    writer.close()
    reader.close()
    assert bytes(picture.pixels) == before
    assert len(before) == 1280 * 720 * 4
    assert any(reader.name.strip("/") in mapped.path for mapped in psutil.Process().memory_maps())
    del picture
    another = PreviewReader()
    another.close()
    assert not any(reader.name.strip("/") in mapped.path for mapped in psutil.Process().memory_maps())


def test_while_rolling_every_second_picture_is_shown(tmp_path: Path) -> None:
    """The machine belongs to the recording."""
    reader = PreviewReader()
    recorder = make_recorder({}, preview=PreviewWriter(reader.name))
    recorder.open()
    recorder.roll(folder_in(tmp_path))
    go_on(recorder, 0.3)
    before, frames = reader.picture(), recorder.status().frames
    go_on(recorder, 1.2)
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
    go_on(recorder, 0.8)
    for take in range(turn):
        taps.heard.clear()
        folder = folder_in(tmp_path / str(take))
        recorder.roll(folder)
        go_on(recorder, 0.6)
        recorder.cut(tail_s=0.2)
    written, rate = soundfile.read(folder / "raw" / "sound.flac", dtype="float32", always_2d=True)
    recorder.close()
    assert rate == RATE
    assert len(written) > 1.2 * RATE
    assert np.array_equal(np.concatenate(taps.heard), written)
