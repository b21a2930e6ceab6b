"""CPU while rolling beside the `ffmpeg` command: the same MJPEG stream and the same Pulse source, in turns."""

from __future__ import annotations

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bench.test_bench_window import at, play, tree_cpu_s
from rigs.camera_process import camera_process
from rigs.pulse import PulseServer, speech
from rigs.waiting import stays

pytestmark = [pytest.mark.bench, pytest.mark.timeout(900)]
SECONDS = 20.0
TURNS = int(os.environ.get("BENCH_TURNS", "3"))

RECORDER, SENT = "recorder alone", "recorder alone, as sent"
VERB, VERB_SENT = "record verb, with checks", "record verb as sent, with checks"
WINDOW = "window, preview, checks"
GOALS = {RECORDER: 0.9, SENT: 0.1, WINDOW: 1.1}


@pytest.mark.parametrize("grain", [0.0, 2.5], ids=["drawn", "as-noisy-as-a-webcam"])
def test_cpu_beside_ffmpeg(tmp_path: Path, grain: float) -> None:
    if shutil.which("ffmpeg") is None:
        pytest.fail("the ffmpeg command is the peer of this measurement")
    pictures = camera_process(tmp_path / "pictures", (1280, 720), pictures=150, grain=grain)
    with pictures as url, PulseServer() as server, server.chosen():
        server.add_source("mic")
        server.play_file("mic", speech(tmp_path))
        env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
        figures = [turn(tmp_path / str(n), url, env) for n in range(TURNS)]
    for name in figures[0]:
        ratio = statistics.median(f[name] / f["ffmpeg"] for f in figures)
        goal = f" (goal {GOALS[name]})" if name in GOALS else ""
        print(f"\n{name}: {', '.join(f'{f[name]:.3f}' for f in figures)} cores, {ratio:.2f}x ffmpeg{goal}", end="")
    print()


def turn(folder: Path, url: str, env: dict[str, str]) -> dict[str, float]:
    """Cores used by each contender, one after the other."""
    folder.mkdir()
    microphone = _microphone(env)
    lines, cpu = play(folder / "window", SECONDS, url, microphone)
    window = (cpu["cutting"] - cpu["rolling"]) / (at(lines, "cutting") - at(lines, "rolling"))
    return {
        "ffmpeg": _ffmpeg(folder, url),
        RECORDER: _alone(folder / "alone", url, microphone, env, "live"),
        SENT: _alone(folder / "sent", url, microphone, env, "after"),
        VERB: _record(folder / "verb", url, microphone, env, "live"),
        VERB_SENT: _record(folder / "verb-sent", url, microphone, env, "after"),
        WINDOW: window,
    }


def _alone(folder: Path, url: str, microphone: str, env: dict[str, str], encode: str) -> float:
    words = [sys.executable, "-m", "rigs.bare_recorder", str(folder), url, microphone, str(SECONDS), encode]
    said = json.loads(subprocess.run(words, capture_output=True, check=True, env=env).stdout)
    assert said["dropped"] == 0
    return float(said["cores"])


def _microphone(env: dict[str, str]) -> str:
    listed = subprocess.run(
        [sys.executable, "-m", "perfstudio", "devices", "--json"], capture_output=True, check=True, env=env
    )
    return next(m["id"] for m in json.loads(listed.stdout)["microphones"] if m["id"] != "practice")


def _ffmpeg(folder: Path, url: str) -> float:
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        ["ffmpeg", "-hide_banner", "-loglevel", "error", "-use_wallclock_as_timestamps", "1", "-f", "mpjpeg", "-i", url,
         "-f", "pulse", "-i", "default", "-t", str(SECONDS), "-c:v", "libx264", "-preset", "veryfast", "-crf", "20",
         "-pix_fmt", "yuv420p", "-bf", "0", "-g", "30", "-threads", "2", "-c:a", "flac", str(folder / "peer.mkv")],
        check=True,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return used / (time.perf_counter() - started)


def _record(home: Path, url: str, microphone: str, env: dict[str, str], encode: str) -> float:
    """The verb, between its fifth and its last second."""
    words = ["record", "the-letter", "--camera", url, "--microphone", microphone, "--seconds", str(SECONDS)]
    words += ["--encode", encode]
    process = subprocess.Popen(
        [sys.executable, "-m", "perfstudio", *words, "--home", str(home)], env=env, stdout=subprocess.DEVNULL
    )
    stays(lambda: process.poll() is None, 8.0, "it records")
    before, started = tree_cpu_s(process.pid), time.perf_counter()
    stays(lambda: process.poll() is None, SECONDS - 9.0, "it records")
    used, elapsed = tree_cpu_s(process.pid) - before, time.perf_counter() - started
    process.wait()
    return used / elapsed
