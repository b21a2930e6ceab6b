"""Figures of the whole window: frames, sync, time to a usable window, time from cut to review. `pytest -m bench -s`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from perfstudio.capture.practice.readback import measure_sync
from perfstudio.capture.recording.recorder import TAIL_S
from perfstudio.model.clock import host_ns

pytestmark = [pytest.mark.bench, pytest.mark.timeout(400)]
SECONDS = float(os.environ.get("BENCH_SECONDS", "60"))


def play(home: Path, seconds: float, *devices: str) -> tuple[list[dict], dict[str, float]]:
    """Run the window for one take: its lines, and CPU seconds of the whole process tree between rolling and cutting."""
    words = [sys.executable, "-m", "rigs.whole_window", str(home), str(seconds), "1", *devices]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # as on a performer's machine
    started = host_ns()
    lines: list[dict] = []
    cpu: dict[str, float] = {}
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=env) as process:
        assert process.stdout is not None
        for text in process.stdout:
            line = json.loads(text)
            line["after_s"] = (line["host_ns"] - started) / 1e9
            lines.append(line)
            if line["name"] in ("rolling", "cutting"):
                cpu[line["name"]] = tree_cpu_s(process.pid)
    return lines, cpu


def tree_cpu_s(pid: int) -> float:
    """User and system seconds of a process and all its children so far."""
    total = 0.0
    for process in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True)):
        times = process.cpu_times()
        total += times.user + times.system
    return total


def at(lines: list[dict], name: str) -> float:
    return next(line["after_s"] for line in lines if line["name"] == name)


def test_practice_take_with_the_window_open(tmp_path: Path) -> None:
    """A practice take at 720p30: nothing dropped, sync within 10 ms in the finished file."""
    lines, cpu = play(tmp_path, SECONDS)
    take_id = next(line["take_id"] for line in lines if line["name"] == "sealed")
    folder = tmp_path / "takes" / take_id
    manifest = json.loads((folder / "take.json").read_text())
    read = measure_sync(folder / "take.mp4")
    video = manifest["video"]
    rolled = at(lines, "cutting") - at(lines, "rolling")
    watched_s, sealed_s = (at(lines, name) - at(lines, "cutting") for name in ("watched", "sealed"))
    print(
        f"\npractice take {manifest['duration_s']:.1f} s 720p30, window open: {video['frames']} frames, "
        f"{video['dropped']} dropped, {video['missed']} missed by the camera, {video['measured_fps']:.2f} fps, "
        f"preset {video['preset']}"
        f"\npicture to sound in take.mp4: median {read.median_ms:+.3f} ms, spread {read.spread_ms:.3f} ms, "
        f"{read.clicks} clicks; lamp median {read.lamp_median_ms:+.2f} ms"
        f"\nCPU while rolling, practice devices included: {(cpu['cutting'] - cpu['rolling']) / rolled:.2f} cores"
        f"\nfrom the cut to the verified film playing: {watched_s:.2f} s, {TAIL_S} of it still recorded "
        f"(goal 0.5 after the end of the take); to the report of the checks: {sealed_s:.2f} s"
    )
    assert TAIL_S < watched_s < sealed_s
    assert video["dropped"] == 0
    assert abs(read.median_ms) < 10


def test_time_to_a_usable_window(tmp_path: Path) -> None:
    """From the command to a painted, idle window; beside a bare PySide6 window in the same run."""
    bare = (
        "import sys;from PySide6.QtWidgets import QApplication,QMainWindow;from PySide6.QtCore import QTimer;"
        "a=QApplication(sys.argv);w=QMainWindow();w.show();QTimer.singleShot(0,a.quit);a.exec()"
    )
    ours, theirs = [], []
    for turn in range(5):
        lines, _ = play(tmp_path / str(turn), 0)
        ours.append(at(lines, "usable"))
        started = host_ns()
        subprocess.run([sys.executable, "-c", bare], check=True)
        theirs.append((host_ns() - started) / 1e9)
    mine, bare_s = sorted(ours)[2], sorted(theirs)[2]
    print(f"\nusable window: {mine:.2f} s; bare PySide6 window: {bare_s:.2f} s; ratio {mine / bare_s:.1f}")
