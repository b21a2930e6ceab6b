"""The house's H.264 beside x264's own veryfast at crf 20: picture, bytes and work (`-m bench -s`).

Drawn pictures, and as noisy as a webcam's, 720p, through JPEG and back as a camera sends them. PSNR of luma in dB, of
the whole picture and of the part where the face is.
"""

from __future__ import annotations

import time

import av
import numpy as np
import pytest

from perfstudio.capture.devices.jpeg import JpegDecoder
from perfstudio.capture.devices.yuv420 import Planar
from perfstudio.capture.files.video_encoder import picture_frame, set_up
from rigs.webcam_pictures import webcam_pictures

pytestmark = [pytest.mark.bench, pytest.mark.timeout(300)]
WIDTH, HEIGHT, PICTURES = 1280, 720, 60
FACE = np.s_[150:600, 420:860]
PEER = {"preset": "veryfast", "crf": "20", "bf": "0", "g": "30"}


@pytest.mark.parametrize("grain", [0.0, 2.5], ids=["drawn", "as-noisy-as-a-webcam"])
def test_picture_bytes_and_work_beside_veryfast(grain: float) -> None:
    pictures = as_sent_by_a_webcam(grain)
    ours, peer = encoded(pictures, None), encoded(pictures, PEER)
    for name, (seconds, size, whole, face) in (("ours", ours), ("veryfast", peer)):
        print(
            f"\n{name}: {whole:.2f} dB, face {face:.2f} dB, {size / 1e3:.0f} kB, {seconds / peer[0]:.2f}x the work",
            end="",
        )
    print()
    assert len(pictures) == PICTURES
    assert ours[2] >= peer[2]
    assert ours[3] >= peer[3]
    assert ours[0] <= 0.9 * peer[0]


def as_sent_by_a_webcam(grain: float) -> list[Planar]:
    decoder = JpegDecoder()
    pictures = [decoder.planar(jpeg) for jpeg in webcam_pictures(PICTURES, grain, (WIDTH, HEIGHT))]
    return [planar for planar in pictures if planar is not None]


def encoded(pictures: list[Planar], options: dict[str, str] | None) -> tuple[float, int, float, float]:
    """CPU seconds (the better of two runs), bytes, PSNR of the whole and of the face."""
    seconds = []
    for _ in range(2):
        codec = av.CodecContext.create("libx264", "w")
        assert isinstance(codec, av.VideoCodecContext)
        set_up(codec, WIDTH, HEIGHT, 30, 0)
        codec.options = options or codec.options
        began = time.process_time()
        packets = [packet for frame in frames(pictures) for packet in codec.encode(frame)] + codec.encode(None)
        seconds.append(time.process_time() - began)
    decoder = av.CodecContext.create("h264", "r")
    decoder.extradata = codec.extradata
    shown = [frame.to_ndarray() for packet in packets for frame in decoder.decode(packet)]
    shown += [frame.to_ndarray() for frame in decoder.decode(None)]
    assert len(shown) == len(pictures)
    off = [(a[:HEIGHT].astype(np.float32) - b[:HEIGHT]) ** 2 for a, b in zip(shown, pictures, strict=True)]
    return min(seconds), sum(p.size for p in packets), psnr(off), psnr([part[FACE] for part in off])


def frames(pictures: list[Planar]):  # type: ignore[no-untyped-def]
    return (picture_frame(planar, number * 33_333, number % 30 == 0) for number, planar in enumerate(pictures))


def psnr(squares: list[np.ndarray]) -> float:
    return float(10 * np.log10(255**2 / np.mean([part.mean() for part in squares])))
