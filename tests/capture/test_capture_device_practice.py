"""The practice devices: known picture and sound at known times, and every fault of their scripts."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from perfstudio.capture.devices.microphone import AudioBlock, to_int32
from perfstudio.capture.open_device import open_camera, open_microphone
from perfstudio.capture.practice import camera as practice_camera
from perfstudio.capture.practice.picture import PracticePicture
from perfstudio.capture.practice.plan import (
    EXPOSURE_S,
    FLASH_GRID_S,
    FLASH_S,
    flash_times,
    flashes_between,
    lit_share,
    to_practice_s,
)
from perfstudio.capture.practice.readback import find_clicks, measure_sync
from perfstudio.capture.practice.script import PracticeScript, parse_script
from perfstudio.capture.practice.stamp_strip import read_strip, write_strip
from perfstudio.model.clock import host_ns
from perfstudio.model.device import CameraRequest, MicrophoneRequest
from perfstudio.model.errors import DeviceError, ErrorCode
from rigs.devices import go_on, listen, watch
from rigs.practice_clip import write_clip
from rigs.waiting import until

SMALL = (640, 360)
SECONDS = 7
"""Of a clip that is read back: three flashes and more."""


def heard_s(blocks: list[AudioBlock]) -> float:
    """Seconds of sound at the usual rate."""
    return sum(block.frames for block in blocks) / 48000


@pytest.mark.parametrize(
    ("device_id", "script"),
    [
        ("practice", PracticeScript()),
        ("practice?drift=-150.5&offset=40&seed=7", PracticeScript(seed=7, drift_ppm=-150.5, offset_ms=40)),
        ("practice?gap=3:0.3,5:0.05&lost=9", PracticeScript(gaps=((3.0, 0.3), (5.0, 0.05)), lost_s=9.0)),
        ("practice?nonsense=1", None),
        ("practice?drift=nan", None),
        ("practice?drop=1.5", None),
        ("practice?gap=3", None),
        ("practice?=", None),
        ("practices", None),
    ],
)
def test_script_in_an_id(device_id: str, script: PracticeScript | None) -> None:
    assert parse_script(device_id) == script


def test_flashes_are_irregular_known_and_on_the_frame_grid() -> None:
    times = flash_times(1, 120)
    steps = np.diff(times)
    assert steps.min() > 0.9
    assert steps.max() < 3.1
    assert len(set(np.round(steps, 3))) > 5
    assert np.allclose(np.array(times) / FLASH_GRID_S, np.rint(np.array(times) / FLASH_GRID_S))
    assert flash_times(2, 120) != times


def test_the_lamp_lights_a_picture_by_the_share_of_its_exposure_that_saw_it() -> None:
    flash = flash_times(1, 120)[3]
    shares = [lit_share(1, flash + at * EXPOSURE_S) for at in (-0.6, -0.25, 0.0, 0.25, 0.6)]
    assert np.allclose(shares, [0.0, 0.25, 0.5, 0.75, 1.0])
    assert lit_share(1, flash + FLASH_S) == pytest.approx(0.5)


@pytest.mark.parametrize("every", [2, pytest.param(1, marks=pytest.mark.soak)], ids=["some", "all"])
def test_a_face_is_found_in_every_picture_through_sway_blinks_and_speech(every: int) -> None:
    finder = cv2.CascadeClassifier(cv2.data.haarcascades + "haarcascade_frontalface_default.xml")
    picture = PracticePicture(*SMALL, PracticeScript())
    for step in range(0, 24, every):
        grey = cv2.cvtColor(picture.draw(step * 0.71), cv2.COLOR_BGR2GRAY)
        faces = finder.detectMultiScale(grey, 1.1, 5, minSize=(60, 60))
        assert len(faces) == 1, step


def test_the_lamp_is_bright_bounded_and_on_with_the_flash() -> None:
    picture = PracticePicture(*SMALL, PracticeScript())
    flash = flash_times(1, 10)[1]
    off, lit = (cv2.cvtColor(picture.draw(at), cv2.COLOR_BGR2GRAY).astype(int) for at in (flash - 0.02, flash + 0.02))
    changed = np.argwhere(np.abs(lit - off)[:-10] > 60)  # the strip below shows the time
    assert len(changed) > 200
    high, wide = changed.max(axis=0) - changed.min(axis=0)
    assert max(high, wide) < 120
    assert lit.max() > 245


def test_pictures_of_one_size_share_what_is_painted_and_none_spoils_it() -> None:
    flash = flash_times(1, 10)[1]
    moments = (0.5, flash + 0.02, 2.3)
    first = [PracticePicture(*SMALL, PracticeScript()).draw(at) for at in moments]
    for at in moments:
        PracticePicture(*SMALL, PracticeScript(flash="frame", seed=2)).draw(at)
    again = PracticePicture(*SMALL, PracticeScript())
    assert all(np.array_equal(again.draw(at), picture) for at, picture in zip(moments, first, strict=True))


@pytest.mark.parametrize("number", [0, 1, 123_456_789, 0xFFFFFFFF])
@pytest.mark.parametrize("height", [360, 720])
def test_strip_survives_compression(number: int, height: int) -> None:
    image = np.random.default_rng(number).integers(0, 255, (height, height * 16 // 9, 3), np.uint8)
    image = cv2.GaussianBlur(image, (0, 0), 3)
    write_strip(image, number)
    jpeg = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 60])[1]
    assert read_strip(cv2.imdecode(jpeg, cv2.IMREAD_GRAYSCALE)) == number
    image[-4:, :40] = 128
    image[-12:, :40] = 128
    assert read_strip(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)) is None


@pytest.mark.parametrize(("offset", "drift", "codec"), [(0.0, 0.0, "flac"), (40.0, 0.0, "aac"), (-73.3, 500.0, "flac")])
def test_readback_measures_what_the_script_put_in(tmp_path: Path, offset: float, drift: float, codec: str) -> None:
    clip, lost = tmp_path / "clip.mp4", frozenset({36, 37, 101})
    script = PracticeScript(offset_ms=offset, drift_ppm=drift)
    write_clip(clip, SECONDS, script, audio_codec=codec, without=lost, size=(320, 180))
    found = measure_sync(clip)
    assert len(found.at_s) >= 3
    for at, measured, by_lamp in zip(found.at_s, found.offsets_ms, found.lamp_offsets_ms, strict=True):
        true = offset + drift * 1e-3 * at
        assert measured == pytest.approx(true, abs=0.15)
        assert by_lamp == pytest.approx(true, abs=34)
    assert found.slope_ppm == pytest.approx(drift, abs=20)
    assert (found.missing, found.repeated) == (3, 0)
    assert found.frames == found.numbered == SECONDS * 30 - 3


@pytest.mark.realtime
def test_sound_and_picture_come_at_their_times() -> None:
    with watch("practice", size=SMALL) as frames, listen("practice?offset=25") as blocks:
        until(lambda: blocks)
        now_s = to_practice_s(host_ns())
        flash = next(flashes_between(1, now_s + 0.2, now_s + 5))
        until(lambda: heard_s(blocks) > flash - now_s + 0.5 and len(frames) > 20)
    seen = {read_strip(cv2.cvtColor(f.image, cv2.COLOR_BGR2GRAY)) for f in frames if f.image is not None}
    assert None not in seen
    for frame in frames:
        assert frame.device_ns is not None
        assert frame.host_ns >= frame.device_ns
    sound = np.concatenate([np.frombuffer(b.data, "<i2") for b in blocks]) / 32768
    assert blocks[0].adc_s is not None
    start = to_practice_s(round(blocks[0].adc_s * 1e9))
    clicks = find_clicks(sound, 48000, start)
    wanted = [at + 0.025 for at in flashes_between(1, start + 0.025, start + heard_s(blocks) - 0.125)]
    assert len(wanted) >= 1
    for at in wanted:
        assert np.abs(clicks - at).min() < 0.0002


def test_drift_is_in_the_pace_of_delivery() -> None:
    with listen("practice?drift=20000&signal=counter") as blocks:
        until(lambda: heard_s(blocks) > 1.5)
    samples = blocks[-1].first_sample + blocks[-1].frames - blocks[0].frames
    captured = ((blocks[-1].adc_s or 0) - (blocks[0].adc_s or 0)) + 480 / 48960 - blocks[0].frames / 48960
    assert samples / captured == pytest.approx(48960, rel=1e-4)


def test_counter_shows_a_gap_and_the_running_count_does_not() -> None:
    with listen("practice?signal=counter&gap=0.5:0.0213") as blocks:
        until(lambda: heard_s(blocks) > 0.7)
    numbers = np.concatenate([np.frombuffer(b.data, "<i2") for b in blocks]).astype(int)
    steps = np.diff(numbers) % 65536
    jumps = np.flatnonzero(steps != 1)
    assert list(jumps) == [round(0.5 * 48000) - 1]
    assert steps[jumps[0]] == round(0.5213 * 48000) - round(0.5 * 48000) + 1
    assert [b.first_sample for b in blocks] == [0, *np.cumsum([b.frames for b in blocks])[:-1]]


def test_zeros_are_exact_and_only_where_scripted() -> None:
    with listen("practice?zero=0.4:0.25") as blocks:
        until(lambda: heard_s(blocks) > 0.85)
    sound = np.concatenate([np.frombuffer(b.data, "<i2") for b in blocks])
    silent = sound[round(0.4 * 48000) : round(0.65 * 48000)]
    assert not silent.any()
    assert np.count_nonzero(sound[: round(0.4 * 48000)]) > 15000
    assert np.count_nonzero(sound[round(0.65 * 48000) : round(0.8 * 48000)]) > 5000


@pytest.mark.parametrize(("bits", "channels"), [(16, 1), (16, 2), (24, 1), (24, 2)])
def test_sample_formats_hold_the_same_sound(bits: int, channels: int) -> None:
    with listen(f"practice?bits={bits}&channels={channels}&signal=counter") as blocks:
        until(lambda: len(blocks) > 5)
    block = blocks[3]
    wide = to_int32(block.data, channels, "int24" if bits == 24 else "int16")
    assert wide.shape == (480, channels)
    assert (np.diff(wide[:, 0] >> 16) == 1).all()
    assert (wide[:, 0] == wide[:, -1]).all()


@pytest.mark.realtime
def test_stall_then_burst_loses_nothing() -> None:
    with watch("practice?stall=0.4:0.5", size=SMALL) as frames:
        until(lambda: len(frames) > 36)
    late = [(f.host_ns - (f.device_ns or 0)) / 1e6 for f in frames]
    assert max(late) > 350
    assert [f.index for f in frames] == list(range(len(frames)))


@pytest.mark.realtime
def test_black_frozen_and_dropped_pictures() -> None:
    with watch("practice?zero=0.3:0.2&freeze=0.7:0.2&gap=1.0:0.3", size=SMALL) as frames:
        until(lambda: len(frames) > 35)
    start = (frames[0].device_ns or 0) / 1e9
    times = np.array([(f.device_ns or 0) / 1e9 - start for f in frames])
    assert sum(f.image is not None and not f.image.any() for f in frames) in (5, 6, 7)
    assert sum(a.image is b.image for a, b in pairwise(frames)) >= 4
    assert np.diff(times).max() == pytest.approx(0.3, abs=0.07)


@pytest.mark.realtime
@pytest.mark.parametrize("words", ["lost=0.3", "lost=0.3&jitter=5"])
def test_loss_is_told_once_and_by_name(words: str) -> None:
    lost: list[DeviceError] = []
    with watch(f"practice?{words}", size=SMALL, lost=lost) as frames, listen(f"practice?{words}", lost=lost) as blocks:
        until(lambda: len(lost) >= 2)
        go_on(0.3)
    assert sorted(e.code for e in lost) == [ErrorCode.CAMERA_LOST, ErrorCode.MICROPHONE_LOST]
    assert all(e.facts["id"] == f"practice?{words}" for e in lost)
    assert 5 <= len(frames) <= 10
    assert 25 <= len(blocks) <= 31


@pytest.mark.parametrize(
    ("words", "code"),
    [("busy", ErrorCode.CAMERA_BUSY), ("refused", ErrorCode.CAMERA_REFUSED), ("no_answer", ErrorCode.CAMERA_NO_ANSWER)],
)
def test_opening_fails_on_request(words: str, code: ErrorCode) -> None:
    with pytest.raises(DeviceError) as told:
        open_camera(CameraRequest(id=f"practice?fail={words}"))
    assert told.value.code == code
    with pytest.raises(DeviceError):
        open_microphone(MicrophoneRequest(id=f"practice?fail={words}"))


class UnpaintedPicture:
    """Where nothing is looked at but how large it is."""

    def __init__(self, *size_and_script: object) -> None:
        self._is = size_and_script

    def draw(self, _: float) -> tuple[object, ...]:
        return self._is


@pytest.mark.parametrize(
    ("asked", "given"), [((0, 0), (1280, 720)), ((1920, 1080), (1920, 1080)), ((800, 600), (640, 480))]
)
def test_sizes(monkeypatch: pytest.MonkeyPatch, asked: tuple[int, int], given: tuple[int, int]) -> None:
    monkeypatch.setattr(practice_camera, "PracticePicture", UnpaintedPicture)
    camera = open_camera(CameraRequest(id="practice", width=asked[0], height=asked[1]))
    assert (camera.granted.width, camera.granted.height) == given
    camera.close()
