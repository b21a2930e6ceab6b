"""A picture is the same in whatever form a film keeps it: pixel formats, shapes of pixels, fields, odd sizes."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from av.video.reformatter import VideoReformatter
from checks_material import Scene, frames

from perfstudio.checks.media import SmallColour, full_range, luma_plane, probe
from perfstudio.checks.report import check_media
from perfstudio.model.checks import CheckCode, Verdict


def ramp() -> np.ndarray:
    """Black to white from left to right, BGR."""
    return np.repeat(np.linspace(0, 255, 640).astype(np.uint8)[None, :, None].repeat(3, axis=2), 360, axis=0)


@pytest.mark.parametrize(
    "form",
    [
        "yuv420p",
        "yuvj420p",
        "yuv422p",
        "yuv444p",
        "nv12",
        "yuyv422",
        "uyvy422",
        "yuva420p",
        "p010le",
        "rgb24",
        "rgba",
        "gbrp",
        "yuv420p10le",
        "yuv422p10le",
        "yuv444p12le",
        "yuv444p16le",
        "gray",
        "gray10le",
        "gray12le",
        "gray16le",
        "gray16be",
        "ya8",
        "yuv410p",
        "yuv411p",
        "yuv440p",
        "yuvj444p",
        "yuv420p12le",
        "yuv422p10be",
        "yuva444p10le",
        "nv16",
        "nv24",
        "p016le",
        "p210le",
        "y210le",
        "bgr0",
        "argb",
        "rgb48le",
        "rgba64le",
        "gbrp10le",
        "gbrap",
        "gbrpf32le",
        "x2rgb10le",
    ],
)
def test_luma_of_every_format_is_that_of_the_picture(form: str) -> None:
    frame = av.VideoFrame.from_ndarray(ramp(), format="bgr24").reformat(format=form)
    luma = full_range(np.ascontiguousarray(luma_plane(frame)), frame)
    assert luma.shape == (360, 640)
    assert np.abs(luma.astype(int) - ramp()[:, :, 0]).max() <= 3
    small = SmallColour(320)(frame)
    assert small.shape == (180, 320, 3)
    assert np.abs(small.mean(axis=(0, 2)) - np.linspace(0, 255, 320)).max() <= 4


@pytest.mark.parametrize(("form", "off"), [("rgb565le", 8), ("rgb555le", 8), ("rgb8", 40), ("bayer_rggb8", 12)])
def test_coarse_formats_are_near_to_the_picture(form: str, off: int) -> None:
    frame = av.VideoFrame.from_ndarray(ramp(), format="bgr24").reformat(format=form if "bayer" not in form else "gray")
    if "bayer" in form:  # grey light gives equal values in the whole mosaic
        grey = frame.to_ndarray()
        frame = av.VideoFrame(640, 360, form)
        frame.planes[0].update(np.pad(grey, ((0, 0), (0, frame.planes[0].line_size - 640))).tobytes())
    luma = full_range(np.ascontiguousarray(luma_plane(frame)), frame)
    assert luma.shape == (360, 640)
    assert np.abs(luma.astype(int) - ramp()[:, :, 0]).mean() <= off
    assert SmallColour(320)(frame).shape == (180, 320, 3)


@pytest.mark.parametrize("form", ["pal8", "monow", "monob"])
def test_pictures_of_a_few_colours_have_a_luma(form: str) -> None:
    frame = av.VideoFrame(64, 48, form)
    assert luma_plane(frame).shape == (48, 64)
    assert SmallColour(32)(frame).shape == (24, 32, 3)


def ten_bits(grey: np.ndarray) -> av.VideoFrame:
    """A frame whose luma plane holds this picture in ten bits and studio range, and whose colours are neutral."""
    frame = av.VideoFrame(grey.shape[1], grey.shape[0], "yuv422p10le")
    for number, plane in enumerate(frame.planes):
        rows = np.full((plane.height, plane.line_size // 2), 512, np.uint16)
        if number == 0:
            rows[:, : grey.shape[1]] = np.round(4 * (16 + grey * (219 / 255)))
        plane.update(rows.tobytes())
    return frame


@pytest.mark.parametrize(("width", "height"), [(641, 361), (163, 121), (33, 17)])
@pytest.mark.parametrize("form", ["yuv420p", "yuv422p10le", "rgb24", "gray"])
def test_odd_sizes_keep_their_rows_and_columns(width: int, height: int, form: str) -> None:
    image = np.repeat(np.linspace(20, 235, width).astype(np.uint8)[None, :, None].repeat(3, axis=2), height, axis=0)
    if form == "yuv422p10le":  # FFmpeg's own scaler spoils some rows of ten bits where the width is odd
        frame = ten_bits(image[:, :, 0])
    else:
        frame = av.VideoFrame.from_ndarray(image, format="bgr24").reformat(format=form)
    luma = full_range(np.ascontiguousarray(luma_plane(frame)), frame)
    assert luma.shape == (height, width)
    assert np.abs(luma.astype(int) - image[:, :, 0]).max() <= 4
    assert max(SmallColour(640)(frame).shape[:2]) <= 642


@cache
def drawn() -> list[np.ndarray]:
    """A second of somebody who is well seen."""
    return [picture for _, picture in frames(Scene(), 1.0, 15)]


def squeezed(path: Path, stretch: Fraction, flags: dict[str, str] | None = None) -> Path:
    """A scene of 640x360 that is stored narrower than it is shown, or wider."""
    width = round(640 / stretch / 2) * 2
    with av.open(str(path), "w") as box:
        stream = box.add_stream("libx264", rate=15)
        stream.width, stream.height, stream.pix_fmt = width, 360, "yuv420p"
        stream.codec_context.options = {"preset": "ultrafast", "bf": "0", **(flags or {})}
        stream.codec_context.sample_aspect_ratio = stretch
        scaler = VideoReformatter()
        for index, picture in enumerate(drawn()):
            sized = cv2.resize(picture, (width, 360), interpolation=cv2.INTER_AREA)
            frame = scaler.reformat(av.VideoFrame.from_ndarray(sized, format="bgr24"), format="yuv420p")
            frame.pts, frame.time_base = index, Fraction(1, 15)
            box.mux(stream.encode(frame))
        box.mux(stream.encode())
    return path


@pytest.mark.parametrize("stretch", [Fraction(1), Fraction(4, 3), Fraction(64, 45), Fraction(2), Fraction(8, 9)])
def test_pixels_that_are_not_square_are_shown_as_they_are_meant(tmp_path: Path, stretch: Fraction) -> None:
    results = {r.code: r for r in check_media(squeezed(tmp_path / "a.mkv", stretch), None)}
    assert results[CheckCode.ORIENTATION].value == pytest.approx(9 / 16, abs=0.01)
    assert results[CheckCode.FACE].verdict is Verdict.GOOD
    assert results[CheckCode.FACE_SIZE].value == pytest.approx(0.34, abs=0.05)
    assert results[CheckCode.FOCUS].verdict is Verdict.GOOD


def test_a_narrow_picture_that_is_shown_wide_is_wide(tmp_path: Path) -> None:
    path = squeezed(tmp_path / "a.mkv", Fraction(2))
    assert probe(path).picture.width == 320
    results = {r.code: r for r in check_media(path, None)}
    assert results[CheckCode.ORIENTATION].verdict is Verdict.GOOD


def test_an_interlaced_film_is_looked_at_like_any_other(tmp_path: Path) -> None:
    path = squeezed(tmp_path / "a.mkv", Fraction(1), {"x264-params": "tff=1"})
    results = {r.code: r for r in check_media(path, None)}
    assert results[CheckCode.FACE].verdict is Verdict.GOOD
    assert results[CheckCode.FOCUS].verdict is Verdict.GOOD
