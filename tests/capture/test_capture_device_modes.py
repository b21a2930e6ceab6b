"""Pure parts of the device adapters: modes, stable ids, frame stamps, JPEG headers."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfstudio.capture.devices import alsa, v4l2
from perfstudio.capture.devices.camera_mode import choose_mode
from perfstudio.capture.devices.driver_stamp_check import DriverStampCheck
from perfstudio.capture.devices.jpeg import JpegDecoder, is_whole, size_of
from perfstudio.model.device import CameraMode, CameraRequest
from rigs.systems import posix_only

USB_2 = (
    CameraMode(640, 480, 30, "YUYV"),
    CameraMode(1280, 720, 10, "YUYV"),
    CameraMode(1280, 720, 30, "MJPG"),
    CameraMode(1920, 1080, 30, "MJPG"),
)


@pytest.mark.parametrize(
    ("modes", "size", "fps", "wanted"),
    [
        (USB_2, (1280, 720), 30, (1280, 720, 30, "MJPG")),
        (USB_2, (1920, 1080), 30, (1920, 1080, 30, "MJPG")),
        (USB_2, (0, 0), 0, (1280, 720, 30, "MJPG")),
        (USB_2, (3840, 2160), 30, (1920, 1080, 30, "MJPG")),
        (USB_2[:2], (1280, 720), 30, (640, 480, 30, "YUYV")),
        ((CameraMode(1280, 720, 60, "YUYV"),), (1280, 720), 30, (1280, 720, 30, "YUYV")),
        ((CameraMode(1280, 720, 25, "MJPG"),), (1280, 720), 30, (1280, 720, 25, "MJPG")),
        ((CameraMode(1280, 720, 0, "YUYV"),), (1280, 720), 30, (1280, 720, 30, "YUYV")),
        ((), (1280, 720), 25, (1280, 720, 25, "")),
    ],
)
def test_mode_that_is_asked_for(
    modes: tuple[CameraMode, ...], size: tuple[int, int], fps: float, wanted: tuple[int, int, float, str]
) -> None:
    chosen = choose_mode(modes, CameraRequest(id="x", width=size[0], height=size[1], fps=fps))
    assert (chosen.width, chosen.height, chosen.fps, chosen.pixel_format) == wanted


def _node(number: int, bus: str, device_id: str = "usb:046d:0825:webcam") -> v4l2.V4l2Node:
    return v4l2.V4l2Node(f"/dev/video{number}", device_id, "Webcam", bus)


def test_twins_are_told_apart_by_their_place() -> None:
    alone = v4l2._told_apart([_node(0, "usb-1.2")])
    twins = v4l2._told_apart([_node(0, "usb-1.2"), _node(2, "usb-1.3")])
    one_plug = v4l2._told_apart([_node(0, "usb-1.2"), _node(1, "usb-1.2")])
    assert [n.id for n in alone] == ["usb:046d:0825:webcam"]
    assert [n.id for n in twins] == ["usb:046d:0825:webcam@usb-1-2", "usb:046d:0825:webcam@usb-1-3"]
    assert [n.id for n in one_plug] == ["usb:046d:0825:webcam@usb-1-2", "usb:046d:0825:webcam@usb-1-2#2"]
    swapped = v4l2._told_apart([_node(0, "usb-1.3"), _node(2, "usb-1.2")])
    assert {n.bus: n.id for n in twins} == {n.bus: n.id for n in swapped}, "the order of plugging must not matter"


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("HD Webcam: HD Webcam", "HD Webcam"),
        ("Integrated Camera: Integrated C", "Integrated Camera"),
        ("Logi: C920", "Logi: C920"),
        ("Plain", "Plain"),
    ],
)
def test_a_camera_says_its_name_once(said: str, heard: str) -> None:
    assert v4l2.once(said) == heard


any_letter = (st.integers(0, 0x24F) | st.integers(0, 0x10FFFF)).map(chr)
"""Without what `st.text` knows of every letter, which takes a second to load."""


@given(st.lists(any_letter, max_size=40).map("".join))
def test_slugs_hold_no_space_and_no_path(text: str) -> None:
    assert set(v4l2.slug(text)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


@posix_only("no camera is a file")
def test_why_a_node_gives_nothing(tmp_path: Path) -> None:
    assert v4l2.why_not(str(tmp_path / "video9")) == "gone"
    plain = tmp_path / "video8"
    plain.touch()
    assert v4l2.why_not(str(plain)) == ""
    assert v4l2.modes(str(plain)) == ()


MS = 1_000_000


def test_driver_stamps_count_once_they_have_proved_themselves() -> None:
    clock = DriverStampCheck(possible=True)
    stamps = [clock.stamp(1000 + 33.3 * i, int((1002 + 33.3 * i) * MS)) for i in range(10)]
    assert clock.name == "driver"
    assert stamps[:4] == [None] * 4
    assert stamps[5] == round((1000 + 33.3 * 5) * MS)


@pytest.mark.parametrize(
    "positions",
    [
        [0.0] * 20,  # AVFoundation
        [-1.0] * 20,  # DirectShow
        [40.0 * i for i in range(20)],  # FFmpeg's invention
        [1_795_000_000_000.0 + 33 * i for i in range(20)],  # the wall clock
        [500_000.0] * 20,  # a clock that stands still
        [500_000.0 + 33 * i + 30 for i in range(20)],  # stamps of the future
    ],
)
def test_other_clocks_are_never_used(positions: list[float]) -> None:
    clock = DriverStampCheck(possible=True)
    stamps = [clock.stamp(at, int((500_001 + 33 * i) * MS)) for i, at in enumerate(positions)]
    assert stamps == [None] * 20
    assert clock.name == "arrival"


def test_one_bad_stamp_costs_one_frame() -> None:
    clock = DriverStampCheck(possible=True)
    for i in range(10):
        clock.stamp(1000 + 33 * i, (1002 + 33 * i) * MS)
    assert clock.stamp(99_000, 1400 * MS) is None
    assert clock.stamp(1433, 1435 * MS) is None, "time must not run back from the bad one"
    assert clock.stamp(1466, 1468 * MS) == 1466 * MS


def test_jpeg_header_and_wholeness() -> None:
    image = np.random.default_rng(1).integers(0, 255, (48, 64, 3), np.uint8)
    jpeg = cv2.imencode(".jpg", image)[1].tobytes()
    assert size_of(jpeg) == (64, 48)
    assert is_whole(jpeg + bytes(7))
    decoder = JpegDecoder()
    padded = jpeg + bytes(7)
    picture = decoder.planar(padded)
    assert picture is not None
    assert picture.shape == (72, 64)
    assert decoder.planar(padded) is picture, "a picture is decoded once, whoever asks"
    for damaged in (jpeg[:-2], jpeg[: len(jpeg) // 2], b"", b"\xff\xd8", b"\xff\xd8\xff\xd9", jpeg[2:]):
        assert decoder.planar(damaged) is None
    assert size_of(b"\xff\xd8\xff") is None


@given(st.binary(max_size=200))
def test_any_bytes_are_no_reason_to_fall(data: bytes) -> None:
    size_of(b"\xff\xd8" + data)
    decoder = JpegDecoder()
    decoder.planar(data)
    decoder.planar(b"\xff\xd8" + data + b"\xff\xd9")


@pytest.mark.parametrize("name", ["pulse", "Nothing (hw:97,0)", "", "Mic (hw:)"])
def test_a_card_that_is_not_there_counts_as_16_bits(name: str) -> None:
    assert alsa.sample_bits(name) == 16
