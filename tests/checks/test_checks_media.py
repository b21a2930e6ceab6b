"""Brightness is the same in whatever form a film keeps it."""

from __future__ import annotations

import av
import numpy as np
import pytest

from perfstudio.checks.media import SmallColour, full_range, luma_plane


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
