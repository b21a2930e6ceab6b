"""A finished practice clip, made as fast as the machine can: known flashes and clicks in an MP4."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from perfstudio.capture.practice.picture import PracticePicture
from perfstudio.capture.practice.script import PracticeScript
from perfstudio.capture.practice.sound import PracticeSound

RATE = 48000


def write_clip(
    path: Path,
    seconds: float = 8.0,
    script: PracticeScript | None = None,
    *,
    fps: int = 30,
    size: tuple[int, int] = (640, 360),
    begin_s: float = 0.0,
    audio_codec: str = "aac",
    without: frozenset[int] = frozenset(),
) -> None:
    """Write an MP4 whose time zero is practice time `begin_s`, with H.264 and a sound track.

    The script's offset and drift are in it. `without` names frames that are left out (their times stay).
    """
    script = script or PracticeScript()
    picture, sound = PracticePicture(*size, script), PracticeSound(script)
    with av.open(str(path), "w") as box:
        video = box.add_stream("libx264", rate=fps, options={"preset": "ultrafast", "crf": "20", "bf": "0"})
        video.width, video.height, video.pix_fmt = *size, "yuv420p"
        audio = box.add_stream(audio_codec, rate=RATE, layout="mono")
        for number in range(round(seconds * fps)):
            if number in without:
                continue
            frame = av.VideoFrame.from_ndarray(picture.draw(begin_s + number / fps), format="bgr24")
            frame.pts, frame.time_base = number, Fraction(1, fps)
            box.mux(video.encode(frame))
        box.mux(video.encode())
        rate = RATE * (1 + script.drift_ppm * 1e-6)
        for first in range(0, round(seconds * RATE), 4800):
            heard = sound.at(begin_s + np.arange(first, first + 4800) / rate)
            block = av.AudioFrame.from_ndarray(heard.astype(np.float32)[None, :], format="fltp", layout="mono")
            block.sample_rate, block.pts, block.time_base = RATE, first, Fraction(1, RATE)
            for ready in av.AudioResampler(format=audio.format.name).resample(block):
                box.mux(audio.encode(ready))
        box.mux(audio.encode())
