"""What the checks cost: live share of one core, speed on a file seen for the first time, report after a live take."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
import soundfile

from perfstudio.capture.practice.picture import Picture
from perfstudio.capture.practice.script import parse_script
from perfstudio.capture.practice.voice import speech_loop
from perfstudio.checks.live import LiveChecks, LiveSummary
from perfstudio.checks.media import Damage, film_frames, sound_blocks
from perfstudio.checks.report import check_media
from perfstudio.checks.sound import SoundScan

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]

RATE = 48000
SECONDS = 60
FPS = 30


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """(wall seconds, processor seconds) of the best of two runs."""
    runs = []
    for _ in range(2):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        runs.append((time.perf_counter() - wall, time.process_time() - cpu))
    return min(runs)


def practice_frames(seconds: int) -> list[np.ndarray]:
    script = parse_script("practice")
    assert script is not None
    picture = Picture(1280, 720, script)
    return [picture.draw(i / FPS) for i in range(seconds * FPS)]


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A minute of practice picture at 720p30 with a camera's grain, and its sound."""
    folder = tmp_path_factory.mktemp("bench")
    grain = np.random.default_rng(0).normal(0, 2.5, (8, 720, 1280, 1)).astype(np.int16)
    with av.open(str(folder / "take.mp4"), "w") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
        stream.options = {"preset": "veryfast", "crf": "20", "bf": "0", "g": "30"}
        pictures = practice_frames(20)
        for index in range(SECONDS * FPS):
            noisy = np.clip(pictures[index % len(pictures)] + grain[index % 8], 0, 255).astype(np.uint8)
            frame = av.VideoFrame.from_ndarray(cv2.cvtColor(noisy, cv2.COLOR_BGR2YUV_I420), format="yuv420p")
            frame.pts, frame.time_base = index, Fraction(1, FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    voice = np.resize(speech_loop(1), SECONDS * RATE)
    soundfile.write(folder / "audio.flac", voice, RATE, subtype="PCM_24")
    return folder / "take.mp4", folder / "audio.flac"


def live_pass(seconds: int, pictures: list[np.ndarray], taps_a_second: int) -> LiveSummary:
    checks = LiveChecks()
    checks.begin_take(0.0)
    voice = np.resize(speech_loop(1), seconds * RATE)[:, None]
    for index in range(seconds * FPS):
        at_s = index / FPS
        checks.block(voice[index * 1600 : (index + 1) * 1600], RATE, at_s)
        if index % (FPS // taps_a_second) == 0:
            picture = pictures[index % len(pictures)]
            small = cv2.resize(picture, (320, 180), interpolation=cv2.INTER_AREA)
            checks.frame(small, at_s, (1280, 720), picture)
        checks.reading()
    return checks.summary()


@pytest.mark.parametrize("taps_a_second", [5, 30])
def test_live_checks(taps_a_second: int) -> None:
    pictures = practice_frames(10)
    _, cpu = timed(lambda: live_pass(20, pictures, taps_a_second))
    print(f"\nlive checks, 720p, {taps_a_second} pictures a second: {100 * cpu / 20:.1f} % of one core (goal < 15)")


def test_a_file_seen_for_the_first_time(film: tuple[Path, Path]) -> None:
    def hear() -> None:
        scan = SoundScan(RATE, 1)
        for samples, _ in sound_blocks(film[1], Damage()):
            scan.push(samples)
        scan.finish()

    def decode() -> None:
        for _ in film_frames(film[0], Damage()):
            pass

    whole, sound, bare = timed(lambda: check_media(*film)), timed(hear), timed(decode)
    print(f"\nwhole file, 720p30, {os.cpu_count()} cores: {SECONDS / whole[0]:.1f} x real time (goal >= 8)")
    print(f"  of that: sound alone {SECONDS / sound[0]:.0f} x, bare decoding of the picture {SECONDS / bare[0]:.1f} x")
    print(f"  processor seconds per minute: whole {whole[1]:.1f}, sound {sound[1]:.2f}, decoding {bare[1]:.1f}")


def test_the_report_after_a_live_take(film: tuple[Path, Path], tmp_path: Path) -> None:
    minutes = 10
    long = tmp_path / "long.flac"
    soundfile.write(long, np.resize(speech_loop(1), minutes * 60 * RATE), RATE, subtype="PCM_24")
    live = live_pass(SECONDS, practice_frames(10), 5)
    wall, cpu = timed(lambda: check_media(film[0], long, live=live))
    print(
        f"\nreport on {minutes} minutes of sound with a live picture: {wall:.1f} s, processor {cpu:.1f} s (goal <= 5)"
    )
