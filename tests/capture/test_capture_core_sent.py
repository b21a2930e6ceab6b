"""A camera's JPEG pictures: decoded straight to the encoder's planes, or kept as sent and made a film after the cut."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from core_rig import (
    begin,
    devices,
    go_on,
    holds_all_of,
    make_recorder,
    read_times,
    record,
    sync_error_ms,
    take_folder,
    time_picture,
)

from perfstudio.capture.devices.camera import Frame
from perfstudio.capture.devices.jpeg import JpegDecoder
from perfstudio.capture.devices.picture import Picture
from perfstudio.capture.devices.yuv420 import shrunk, to_image, to_planar
from perfstudio.capture.files.raw_segments import pieces_of, times_of
from perfstudio.capture.files.raw_video_files import AS_SENT
from perfstudio.capture.finishing.finish import finish, picture_shift_us, verify_sync
from perfstudio.capture.finishing.raw_take import read_raw
from perfstudio.capture.recording.picture_intake import PictureIntake
from perfstudio.capture.recording.video_writer import FRAME_LOG, VideoWriter
from perfstudio.capture.timing.timing_log import FRAMES, FrameFate, read_log
from perfstudio.model.clock import host_ns
from perfstudio.model.device import CameraGranted, DeviceKind, Encode
from rigs.waiting import stays

SAMPLINGS = [
    cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420,
    cv2.IMWRITE_JPEG_SAMPLING_FACTOR_422,
    cv2.IMWRITE_JPEG_SAMPLING_FACTOR_440,
    cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
    cv2.IMWRITE_JPEG_SAMPLING_FACTOR_411,
]


def colourful(width: int, height: int) -> np.ndarray:
    """Every hue and brightness, smoothly: subsampled chroma is then the same however it is made."""
    rows, columns = np.mgrid[0:height, 0:width]
    hsv = np.stack([columns * 179 // width, np.full_like(rows, 200), 40 + rows * 200 // height], axis=-1)
    return cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2BGR)


def packed(image: np.ndarray, *settings: int) -> bytes:
    return cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 95, *settings])[1].tobytes()


@pytest.mark.parametrize("sampling", SAMPLINGS)
@pytest.mark.parametrize("size", [(320, 240), (322, 242), (321, 241)])
def test_every_sampling_has_the_colours_that_opencv_sees(sampling: int, size: tuple[int, int]) -> None:
    jpeg = packed(colourful(*size), cv2.IMWRITE_JPEG_SAMPLING_FACTOR, sampling)
    expected = to_planar(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)).astype(int)
    decoded = JpegDecoder().planar(jpeg)
    assert decoded is not None
    assert decoded.shape == expected.shape
    difference = decoded.astype(int) - expected
    assert np.abs(difference).mean() < 0.8
    assert abs(difference.mean()) < 0.5, "a wrong range would move everything"


def test_a_grey_jpeg_is_a_picture_without_colour() -> None:
    decoded = JpegDecoder().planar(packed(np.full((48, 64), 255, np.uint8)))
    assert decoded is not None
    assert set(decoded[:48].ravel()) == {235}
    assert np.abs(decoded[48:].astype(int) - 128).max() <= 1


def test_a_smaller_picture_is_the_same_picture() -> None:
    image = cv2.GaussianBlur(colourful(640, 360), (0, 0), 3)
    small = to_image(shrunk(to_planar(image), 320, 180)).astype(int)
    assert np.abs(small - cv2.resize(image, (320, 180), interpolation=cv2.INTER_AREA)).mean() < 3


def sent(index: int) -> Picture:
    at_us = index * 33_333
    jpeg = packed(time_picture(at_us, 320, 240))
    return Picture(index, at_us * 1000, None, at_us * 1000, 320, 240, check=index, jpeg=jpeg)


def test_behind_at_its_fastest_the_rest_is_kept_as_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perfstudio.capture.recording.video_writer.SETTLE_S", 0.0)
    told = []
    writer = VideoWriter(
        tmp_path, (320, 240), 30.0, 0, speed=0, grace_s=0.0, relief=lambda: False, notify=told.append
    )  # fmt: skip
    pictures = [sent(index) for index in range(150)]
    for picture in pictures:
        writer.offer(picture)
    writer.close()
    assert writer.problem is None
    assert [notice.preset for notice in told] == ["ultrafast", "as sent"]
    log = read_log(tmp_path / "frames.bin", FRAMES)
    assert (log["fate"] == FrameFate.WRITTEN).all()
    assert log["speed"][-1] == AS_SENT
    pieces = pieces_of(tmp_path)
    assert [piece.is_sent for piece in pieces] == [False, True]
    assert times_of(pieces).tolist() == [index * 33_333 for index in range(150)]
    kept = [bytes(packet) for packet in pieces[1].copied()]
    assert kept == [picture.jpeg for picture in pictures[-len(kept) :]], "not a byte is changed"


@pytest.mark.realtime
def test_a_take_kept_as_sent_becomes_the_same_take(tmp_path: Path) -> None:
    folder = take_folder(tmp_path)
    recorder = make_recorder({"jpeg": True}, {"ppm": 150.0}, encode=Encode.AFTER)
    record(recorder, folder, 1.0)
    assert [piece.is_sent for piece in pieces_of(folder / "raw")] == [True]
    heard: list[float] = []
    take = finish(folder, progress=heard.append)
    assert heard == sorted(heard)
    assert 0.9 < heard[-1] <= 1.0
    error = sync_error_ms(folder, *devices(recorder))
    assert abs(error).max() < 2.0
    assert take.video is not None
    assert (take.video.frames, take.video.dropped, take.video.preset) == (len(error), 0, "as sent")
    assert picture_shift_us(read_raw(folder), 0.0) == 0
    assert take.sync is not None
    assert verify_sync(read_raw(folder)).audio == take.sync.audio
    with av.open(str(folder / "take.mp4")) as movie:
        assert movie.streams.video[0].codec_context.name == "h264"


def test_a_take_begun_before_the_first_picture_hears_from_it_how_they_come() -> None:
    granted = CameraGranted(
        id="", name="", kind=DeviceKind.LOCAL, backend="", width=64, height=48, fps=30.0, pixel_format=""
    )
    intake = PictureIntake(granted, lambda: None, 1.0)
    with ThreadPoolExecutor(1) as roll:
        answer = roll.submit(intake.sends_jpeg)
        stays(lambda: not answer.done(), 0.05, "nothing is known yet")
        jpeg = cv2.imencode(".jpg", colourful(64, 48))[1].tobytes()
        intake.sink(Frame(0, host_ns(), None, None, jpeg))
        assert answer.result()
    intake.close()


@pytest.mark.realtime
def test_one_film_of_both_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The encoder falls behind in the middle of a take."""
    monkeypatch.setattr("perfstudio.capture.recording.video_writer.SETTLE_S", 0.0)
    monkeypatch.setattr("perfstudio.capture.recording.video_writer.STEP_BACKLOG_S", -1.0)
    monkeypatch.setattr("perfstudio.capture.recording.video_writer.PASS_BACKLOG_S", 1.0)
    folder = take_folder(tmp_path)
    recorder = make_recorder({"jpeg": True}, {})
    begin(recorder, folder)
    go_on(recorder, 1.0)
    monkeypatch.setattr("perfstudio.capture.recording.video_writer.PASS_BACKLOG_S", -2.0)
    go_on(recorder, 1.0)
    recorder.cut()
    recorder.close()
    pieces = pieces_of(folder / "raw")
    assert [piece.is_sent for piece in pieces] == [False, True]
    assert all(len(piece.packets.times) > 20 for piece in pieces)
    take = finish(folder)
    error = sync_error_ms(folder, *devices(recorder))
    assert abs(error).max() < 2.0
    assert take.video is not None
    assert take.video.frames == len(error)
    assert holds_all_of(take, times_of(pieces))
    assert take.video.gaps == ()
    assert picture_shift_us(read_raw(folder), 0.0) == 0


@pytest.mark.realtime
def test_a_damaged_picture_among_those_sent_is_left_out_and_its_place_stays_empty(tmp_path: Path) -> None:
    folder = take_folder(tmp_path)
    recorder = make_recorder({"jpeg": True}, {}, encode=Encode.AFTER)
    recorder.open()
    camera, _ = devices(recorder)
    make = camera._frame

    def sometimes_broken(index: int, at_s: float, taken_ns: int):
        frame = make(index, at_s, taken_ns)
        broken = index % 20 == 19
        return type(frame)(frame.index, frame.host_ns, None, None, b"\xff\xd8 broken \xff\xd9") if broken else frame

    camera._frame = sometimes_broken
    go_on(recorder, 0.5)
    recorder.roll(folder)
    go_on(recorder, 1.0)
    recorder.cut()
    recorder.close()
    kept = len(times_of(pieces_of(folder / "raw")))
    take = finish(folder)
    assert take.video is not None
    assert kept - 8 < take.video.frames < kept
    assert len(read_times(folder / "take.mp4")) == take.video.frames
    sent = read_log(folder / "raw" / FRAME_LOG, FRAMES)["index"]
    last = sent[sent % 20 != 19][take.video.frames - 1]
    assert take.video.missed >= sum(index % 20 == 19 for index in sent if index < last), "not one at the very end"
    assert picture_shift_us(read_raw(folder), 0.0) == 0
