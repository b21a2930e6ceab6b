"""What it costs to play a film of 720p in the window: pictures, seeks, steps, sync, processor, memory (`-m bench -s`).

Seen beside Qt Multimedia of Qt 6.11 in one run, on two cores with a load of 15: first picture 267 ms (383), seek 34 ms
(31), step 5 ms on and 2 back (26 and 48), pictures while drawn over the film in sixty places 59 (0 to 20), processor
15 % (23) of a core, 74 MB (103) while playing; sound 3 ms before the picture (411 ms behind it).

`PERFSTUDIO_PLAYERS` names further packages with a `player` and a `picture` to compare with, separated by commas.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from perfstudio.capture.files.video_encoder import set_up
from perfstudio.capture.practice.picture import PracticePicture
from perfstudio.capture.practice.script import PracticeScript
from rigs.pulse import PulseServer

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]
SECONDS, FPS, RATE = 12, 30, 48000
OURS = "perfstudio.ui.playback"


def test_a_film_of_720p(tmp_path: Path) -> None:
    film = tmp_path / "take.mp4"
    write_film(film)
    packages = [name for name in os.environ.get("PERFSTUDIO_PLAYERS", "").split(",") if name]
    facts = {package: measured(film, package) for package in (*packages, OURS)}
    for name in facts[OURS]:
        print(f"\n{name:24}" + "".join(f"  {package} {values[name]:8.1f}" for package, values in facts.items()), end="")
    ours = facts[OURS]
    assert ours["bursts"] > 3
    assert abs(ours["sound_after_picture_ms"]) < 1000 / FPS, "a picture's time"
    assert ours["pictures_per_s"] > 0.9 * FPS


def measured(film: Path, package: str) -> dict[str, float]:
    """In a process of its own, with a loudspeaker that is a pipe."""
    with PulseServer() as server, server.chosen():
        heard = server.folder / "heard"
        server.control(
            "load-module", "module-pipe-sink", "sink_name=out", f"file={heard}", f"rate={RATE}", "format=s16le",
            "channels=2",
        )  # fmt: skip
        env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        env["PYTHONPATH"] = os.pathsep.join((str(Path(__file__).parents[1]), env.get("PYTHONPATH", "")))
        words = [sys.executable, "-m", "rigs.playing_film", str(film), str(SECONDS), package, str(heard)]
        done = subprocess.run(words, env=env, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def write_film(path: Path) -> None:
    """As a take is written: H.264 with a key picture a second, FLAC; a burst at every whole second."""
    painter = PracticePicture(1280, 720, PracticeScript())
    with av.open(str(path), "w") as box:
        video = box.add_stream("libx264", rate=FPS)
        set_up(video.codec_context, 1280, 720, FPS, 0)
        audio = box.add_stream("flac", rate=RATE, layout="mono")
        for number in range(SECONDS * FPS):
            frame = av.VideoFrame.from_ndarray(painter.draw(number / FPS), format="bgr24").reformat(format="yuv420p")
            frame.pts, frame.time_base = round(number * 1e6 / FPS), Fraction(1, 1_000_000)
            frame.pict_type = av.video.frame.PictureType.I if number % FPS == 0 else av.video.frame.PictureType.NONE
            box.mux(video.encode(frame))
        box.mux(video.encode(None))
        for first in range(0, SECONDS * RATE, 4800):
            moment = np.arange(first, first + 4800)
            heard = np.where(moment % RATE < RATE // 50, 0.8, 0.0) * np.sin(moment * 2 * np.pi * 1000 / RATE + 1)
            block = av.AudioFrame.from_ndarray((heard * 32767).astype(np.int16)[None, :], format="s16", layout="mono")
            block.sample_rate, block.pts, block.time_base = RATE, first, Fraction(1, RATE)
            box.mux(audio.encode(block))
        box.mux(audio.encode())
