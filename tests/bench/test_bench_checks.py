"""What the checks cost: live share of one core, speed on a file seen for the first time, report after a live take.

Ten minutes of film and sound stand on the disk; every figure is the best of `BENCH_TURNS` (two). On a busy machine the
wall says little: processor seconds are printed beside it, and what two free cores would need at least.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
import soundfile

from perfstudio.capture.practice.picture import PracticePicture
from perfstudio.capture.practice.script import parse_script
from perfstudio.capture.practice.voice import speech_loop
from perfstudio.checks.decode_ahead import single_minded
from perfstudio.checks.dropouts import RepeatScan
from perfstudio.checks.faces import HaarFinder
from perfstudio.checks.levels import LevelScan
from perfstudio.checks.light import blur, look
from perfstudio.checks.lip_sync import LipScan, measure_lips
from perfstudio.checks.live import LiveChecks, LiveSummary
from perfstudio.checks.live_sound import Fingerprint
from perfstudio.checks.loudness import LoudnessMeter
from perfstudio.checks.media import (
    Damage,
    Samples,
    SmallColour,
    film_frames,
    film_times,
    full_range,
    luma_plane,
    sound_blocks,
)
from perfstudio.checks.motion import MotionScan, tiny_luma
from perfstudio.checks.report import check_media, measure_media
from perfstudio.checks.sound import SoundScan
from perfstudio.checks.spectrum import SpectrumScan
from perfstudio.checks.tracking import FaceTracker

pytestmark = [pytest.mark.bench, pytest.mark.timeout(3600)]

RATE = 48000
FPS = 30
SECONDS = 60
MINUTES = 10
TURNS = int(os.environ.get("BENCH_TURNS", "2"))
GRAIN = 2.5
"""Noise of a camera in ordinary light, standard deviation of 8-bit values."""
GLIMPSES = 10
"""Every n-th picture is looked at for faces and light: three a second."""


def timed(work: Callable[[], object], turns: int = TURNS) -> tuple[float, float]:
    """(wall seconds, processor seconds), each the best of the turns."""
    walls, cpus = [], []
    for _ in range(turns):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return min(walls), min(cpus)


def practice_frames(seconds: int) -> list[np.ndarray]:
    script = parse_script("practice")
    assert script is not None
    picture = PracticePicture(1280, 720, script)
    return [picture.draw(i / FPS) for i in range(seconds * FPS)]


def write_minute(path: Path, grain: float) -> None:
    """A minute of practice picture at 720p30 with a camera's grain, every frame's its own, as the recorder encodes."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
        stream.options = {"preset": "veryfast", "crf": "20", "bf": "0", "g": "30"}
        pictures = practice_frames(20)
        noise = np.random.default_rng(0).normal(0, grain, (736, 1296, 1)).astype(np.int16)
        shifts = np.random.default_rng(1).integers(0, 16, (SECONDS * FPS, 2))
        for index, (down, across) in enumerate(shifts):
            noisy = pictures[index % len(pictures)] + noise[down : down + 720, across : across + 1280]
            plain = np.clip(noisy, 0, 255).astype(np.uint8)
            frame = av.VideoFrame.from_ndarray(cv2.cvtColor(plain, cv2.COLOR_BGR2YUV_I420), format="yuv420p")
            frame.pts, frame.time_base = index, Fraction(1, FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def write_long(minute: Path, path: Path) -> None:
    """The same minute again and again, copied."""
    with av.open(str(path), "w") as out:
        stream = None
        for turn in range(MINUTES):
            with av.open(str(minute)) as source:
                stream = stream or out.add_stream_from_template(source.streams.video[0])
                base = source.streams.video[0].time_base or Fraction(1, 15360)
                for packet in source.demux(video=0):
                    if packet.pts is not None and packet.dts is not None:
                        packet.pts += round(turn * SECONDS / base)
                        packet.dts += round(turn * SECONDS / base)
                        packet.stream = stream
                        out.mux(packet)


@pytest.fixture(scope="module")
def takes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A film of ten minutes at 720p30, and its sound."""
    folder = tmp_path_factory.mktemp("bench")
    write_minute(folder / "minute.mp4", GRAIN)
    write_long(folder / "minute.mp4", folder / "take.mp4")
    voice = np.resize(speech_loop(1), MINUTES * SECONDS * RATE)
    soundfile.write(folder / "audio.flac", voice, RATE, subtype="PCM_24")
    soundfile.write(folder / "minute.flac", voice[: SECONDS * RATE], RATE, subtype="PCM_24")
    return folder / "take.mp4", folder / "audio.flac"


def table(title: str, rows: dict[str, float], unit: str) -> None:
    """Where the time goes, largest first."""
    print(f"  {title}, {unit}")
    for name, value in sorted(rows.items(), key=lambda row: -row[1]):
        print(f"    {name:44}{value:8.3f}")


def live_pass(seconds: int, pictures: list[np.ndarray], taps_a_second: int) -> LiveSummary:
    checks = LiveChecks()
    checks.begin_take(0.0)
    voice = np.resize(speech_loop(1), seconds * RATE)[:, None].astype(np.float32)
    for index in range(seconds * FPS):
        at_s = index / FPS
        piece = voice[index * 1600 : (index + 1) * 1600]
        checks.block(piece, RATE, at_s)
        checks.written(piece, RATE)
        if index % (FPS // taps_a_second) == 0:
            picture = pictures[index % len(pictures)]
            small = cv2.resize(picture, (320, 180), interpolation=cv2.INTER_AREA)
            checks.frame(small, at_s, lambda picture=picture: picture)
        checks.reading()
    return checks.end_take()()


@pytest.mark.parametrize("taps_a_second", [5, 30])
def test_live_checks(taps_a_second: int) -> None:
    pictures = practice_frames(10)
    with single_minded():  # as the recorder has it
        _, cpu = timed(lambda: live_pass(20, pictures, taps_a_second))
    print(f"\nlive checks, 720p, {taps_a_second} pictures a second: {100 * cpu / 20:.1f} % of one core (goal < 15)")


@pytest.mark.parametrize("grain", [GRAIN, 4.0], ids=["ordinary", "noisy"])
def test_a_file_seen_for_the_first_time(takes: tuple[Path, Path], tmp_path: Path, grain: float) -> None:
    film, sound = takes
    minute, length = film.with_name("minute.mp4"), MINUTES * SECONDS
    if grain != GRAIN:
        minute, film = tmp_path / "minute.mp4", tmp_path / "take.mp4"
        write_minute(minute, grain)
        write_long(minute, film)
    rate = film.stat().st_size * 8 / length / 1e6
    wall, cpu = timed(lambda: check_media(film, sound))
    print(f"\n{MINUTES} minutes of 720p30 ({rate:.1f} Mbit/s), {os.cpu_count()} cores: {wall:.1f} s, ", end="")
    print(f"{length / wall:.1f} x; processor {cpu:.1f} s: two free cores {2 * length / cpu:.1f} x at best (goal >= 8)")
    heard = sound.with_name("minute.flac")
    with single_minded():
        table("a minute of it", {**picture_stages(minute), **sound_stages(heard)}, "seconds")


def picture_stages(film: Path) -> dict[str, float]:
    """Processor seconds a minute of each stage of the picture, from six seconds of it."""
    kept = list(islice(film_frames(film, Damage()), 6 * FPS))
    share = SECONDS * FPS / len(kept)
    small, tracker, motion, lips = SmallColour(640), FaceTracker(HaarFinder()), MotionScan(), LipScan()
    glimpses = [(at, small(frame), luma_plane(frame)) for at, frame in kept[::GLIMPSES]]
    face = next(s.face for at, image, _ in glimpses if (s := tracker.step(image, at)).face is not None)

    def every(work: Callable[[float, av.VideoFrame], object], step: int = 1) -> float:
        return share * timed(lambda: [work(at, frame) for at, frame in kept[::step]])[1]

    def looked(work: Callable[[float, np.ndarray, np.ndarray], object]) -> float:
        return share * timed(lambda: [work(*glimpse) for glimpse in glimpses])[1]

    def grid(frame: av.VideoFrame) -> np.ndarray:
        return full_range(tiny_luma(luma_plane(frame)), frame)

    return {
        "decoding": timed(lambda: [None for _ in film_frames(film, Damage())])[1],
        "black, frozen, flicker (every frame)": every(lambda at, frame: motion.push(grid(frame), at)),
        "the mouth (every frame)": every(lambda at, frame: lips.push(luma_plane(frame), face, at)),
        "small colour pictures (3 a second)": every(lambda _, frame: small(frame), GLIMPSES),
        "faces (3 a second)": looked(lambda at, image, _: tracker.step(image, at)),
        "light and colour (3 a second)": looked(lambda _, image, __: look(image, face)),
        "focus (3 a second)": looked(lambda _, __, luma: blur(luma, face)),
    }


def sound_stages(sound: Path) -> dict[str, float]:
    """Processor seconds a minute of each stage of the sound."""
    blocks = [samples for samples, _ in sound_blocks(sound, Damage())]

    def fed(make: Callable[[], object], mono: bool) -> float:
        def work() -> None:
            scan = make()
            for block in blocks:
                scan.push(block[:, 0] if mono else block)  # type: ignore[attr-defined]

        return timed(work)[1]

    def measured() -> None:
        scan = SoundScan(RATE, 1)
        for block in blocks:
            scan.push(block)
        levels = scan.finish().levels
        measure_lips(np.arange(0, SECONDS, 1 / FPS), np.random.default_rng(0).normal(0, 9, SECONDS * FPS), levels)

    parts = {
        "sound: levels, true peak, flat tops": fed(lambda: LevelScan(RATE, 1), False),
        "sound: loudness": fed(lambda: LoudnessMeter(RATE, 1), False),
        "sound: spectrum": fed(lambda: SpectrumScan(RATE), True),
        "sound: repeated blocks": fed(lambda: RepeatScan(RATE), True),
    }
    rest = timed(measured)[1] - sum(parts.values())
    reading = timed(lambda: [None for _ in sound_blocks(sound, Damage())])[1]
    return {**parts, "sound: decoding": reading, "sound: voice, room, lips at the end": max(0.0, rest)}


def whole_blocks(sound: Path) -> Iterator[Samples]:
    """The sound as the recorder writes it, by the second."""
    yield from (samples for samples, _ in sound_blocks(sound, Damage()))


def test_the_report_after_a_live_take(takes: tuple[Path, Path]) -> None:
    film, sound = takes
    live = LiveChecks()
    live.begin_take(0.0)
    for block in whole_blocks(sound):
        live.written(block, RATE)
    at_the_cut, heard = time.perf_counter(), live.end_take()().sound
    at_the_cut = time.perf_counter() - at_the_cut
    seen = live_pass(SECONDS, practice_frames(10), 5).picture
    assert seen is not None
    # What a minute of live looks saw, counted as those of ten.
    summary = LiveSummary(picture=replace(seen, glimpses=MINUTES * seen.glimpses), sound=heard)
    assert measure_media(None, sound, live=summary).sound is (heard.measures if heard else None)
    wall, cpu = timed(lambda: check_media(film, sound, live=summary))
    print(f"\nreport on a take of {MINUTES} minutes, 720p30, after a live pass: {at_the_cut + wall:.1f} s (goal <= 5)")
    print(f"  processor {cpu:.1f} s, of which")
    rows = {
        "live: end of the measurements": at_the_cut,
        "sound read back": timed(lambda: list(map(len, whole_blocks(sound))))[1],
        "sound proved the same": proving(sound),
        "frame times": timed(lambda: film_times(film))[1],
    }
    rows["three stretches of picture"] = max(0.0, cpu + at_the_cut - sum(rows.values()))
    table("where it goes", rows, "seconds")


def proving(sound: Path) -> float:
    """Processor seconds of the fingerprint alone."""
    blocks = list(whole_blocks(sound))
    fingerprint = Fingerprint(RATE, 1)
    return timed(lambda: [fingerprint.push(block) for block in blocks])[1]
