"""The pictures of cameras on the network: every kind of JPEG is shown as it is, upright, in the size that stays."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from perfstudio.capture.devices.camera import Frame
from perfstudio.capture.devices.jpeg import JpegDecoder, size_of
from perfstudio.capture.devices.yuv420 import to_image
from perfstudio.capture.open_device import open_camera
from perfstudio.model.device import CameraRequest
from rigs.devices import watch
from rigs.odd_camera import OddCamera, jpegs, part, shows_pictures, stream
from rigs.waiting import until

SMALL = jpegs((160, 120))


def coded(*options: int) -> bytes:
    image = cv2.imdecode(np.frombuffer(jpegs()[0], np.uint8), cv2.IMREAD_COLOR)
    return cv2.imencode(".jpg", image, list(options))[1].tobytes()


def without_tables(jpeg: bytes) -> bytes:
    """Without Huffman tables, as many webcams send: the usual ones are meant."""
    out, at = jpeg[:2], 2
    while jpeg[at + 1] != 0xDA:
        length = 2 + int.from_bytes(jpeg[at + 2 : at + 4])
        out += b"" if jpeg[at + 1] == 0xC4 else jpeg[at : at + length]
        at += length
    return out + jpeg[at:]


def held(jpeg: bytes, orientation: int) -> bytes:
    """As a telephone sends it that was turned."""
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01" + bytes([0, orientation, 0, 0]) + bytes(4)
    return jpeg[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + jpeg[2:]


SAMPLING = cv2.IMWRITE_JPEG_SAMPLING_FACTOR
VARIANTS = {
    "progressive": coded(cv2.IMWRITE_JPEG_PROGRESSIVE, 1),
    "restart markers": coded(cv2.IMWRITE_JPEG_RST_INTERVAL, 4),
    "4:4:4": coded(SAMPLING, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444),
    "4:4:0": coded(SAMPLING, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_440),
    "4:2:2": coded(SAMPLING, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_422),
    "4:1:1": coded(SAMPLING, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_411),
    "no tables": without_tables(coded()),
    "zeros behind": coded() + bytes(37),
}


@pytest.mark.parametrize("name", VARIANTS)
def test_every_kind_of_jpeg_is_shown_as_it_is(name: str) -> None:
    planar = JpegDecoder().planar(VARIANTS[name])
    assert planar is not None
    truth = cv2.imdecode(np.frombuffer(coded(), np.uint8), cv2.IMREAD_COLOR)
    assert np.abs(to_image(planar).astype(int) - truth).mean() < 6


def test_a_grey_jpeg_is_shown_as_it_is() -> None:
    grey = cv2.imdecode(np.frombuffer(jpegs()[0], np.uint8), cv2.IMREAD_GRAYSCALE)
    planar = JpegDecoder().planar(cv2.imencode(".jpg", grey)[1].tobytes())
    assert planar is not None
    assert np.abs(to_image(planar).astype(int) - grey[..., None]).mean() < 4


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_that_says_how_it_was_held_is_shown_upright(orientation: int) -> None:
    jpeg = held(jpegs()[0], orientation)
    upright = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert size_of(jpeg) == (upright.shape[1], upright.shape[0])
    planar = JpegDecoder().planar(jpeg)
    assert planar is not None
    assert np.abs(to_image(planar).astype(int) - upright).mean() < 4


def test_a_broken_picture_is_counted_and_is_not_the_end() -> None:
    with (
        OddCamera(stream(lambda number, jpeg: part(jpeg[:900] if number % 4 == 3 else jpeg))) as camera,
        watch(camera.url) as frames,
    ):
        until(lambda: sum(frame.jpeg == b"" for frame in frames) > 3)
    assert sum(bool(frame.jpeg) for frame in frames) > 8


def test_a_camera_that_warms_up_is_granted_the_size_that_stays() -> None:
    def answer(number: int, jpeg: bytes) -> bytes:
        return part(SMALL[number] if number < 3 else jpeg)

    with OddCamera(stream(answer)) as camera:
        shows_pictures(camera)


def test_what_came_before_anybody_looked_is_left_out() -> None:
    sent: list[int] = []

    def answer(number: int, jpeg: bytes) -> bytes:
        sent.append(number)
        return part(jpeg)

    with OddCamera(stream(answer, pictures=SMALL)) as camera:
        source = open_camera(CameraRequest(id=camera.url))
        waited = len(sent) + 60
        until(lambda: len(sent) > waited)
        frames: list[Frame] = []
        before = len(sent)
        source.start(frames.append, lambda problem: pytest.fail(str(problem)))
        until(lambda: len(frames) > 10)
        seen, after = len(frames), len(sent)
        source.close()
    assert seen <= after - before + 10


def test_of_a_camera_that_cannot_settle_every_picture_is_taken() -> None:
    answer = stream(lambda number, jpeg: part(SMALL[number % 8] if number % 2 else jpeg))
    with OddCamera(answer) as camera, watch(camera.url) as frames:
        until(lambda: len(frames) > 20)
    assert {size_of(frame.jpeg or b"") for frame in frames} == {(160, 120), (320, 240)}
