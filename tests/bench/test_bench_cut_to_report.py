"""From the cut to the report: a real take with the practice devices, stage by stage. `BENCH_TAKE_S` seconds, else 62.

Recorded as `perfstudio record` does it. Wall and processor seconds of each stage after the cut; what the live pass
measured has to be what the report tells, or the figures would be of something else.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from perfstudio.capture.recorder import Recorder
from perfstudio.checks import report
from perfstudio.checks.live import LiveChecks
from perfstudio.model.device import CameraRequest, DeviceSelection, MicrophoneRequest
from perfstudio.paths import AppPaths
from perfstudio.session import developing, recording
from perfstudio.session.home import Home

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]

SECONDS = float(os.environ.get("BENCH_TAKE_S", "62"))


class Clock:
    """Adds up wall and processor seconds by the name of a stage."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.stages: dict[str, tuple[float, float]] = {}
        self.cut_s = 0.0
        self._monkeypatch = monkeypatch

    def watch(self, place: object, name: str, stage: str) -> None:
        """Measure every call of `place.name`."""
        real: Callable[..., object] = getattr(place, name)

        def timed(*args: object, **more: object) -> object:
            wall, cpu = time.perf_counter(), time.process_time()
            self.cut_s = self.cut_s or wall
            try:
                return real(*args, **more)
            finally:
                before = self.stages.get(stage, (0.0, 0.0))
                self.stages[stage] = (before[0] + time.perf_counter() - wall, before[1] + time.process_time() - cpu)

        self._monkeypatch.setattr(place, name, timed)


def test_from_the_cut_to_the_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    clock.watch(Recorder, "cut", "cut: half a second of tail, files closed")
    clock.watch(Recorder, "close", "devices closed")
    clock.watch(LiveChecks, "summary", "live measurements ended")
    clock.watch(developing, "finish", "take.mp4, audio.flac, thumbnail")
    clock.watch(report, "_see_more", "picture: frame times, three stretches (beside)")
    clock.watch(report, "_holds", "sound: proved to be what was heard (beside)")
    clock.watch(developing, "check_media", "report in all")
    clock.watch(recording, "seal_take", "sealed in the library")
    selection = DeviceSelection(
        camera=CameraRequest(id="practice", width=1280, height=720, fps=30.0),
        microphone=MicrophoneRequest(id="practice"),
    )
    with Home(AppPaths(tmp_path / "home"), use_keyring=False) as home:
        prompt = next(f"{p.pack.id}/{p.pack.prompts[0].id}" for p in home.shelf.packs())
        begun = time.process_time()
        take = recording.record_take(home, prompt, selection, SECONDS, recording.Watch(threading.Event()))
        ended, cpu = time.perf_counter(), time.process_time() - begun
    print(
        f"\n{take.duration_s:.1f} s at 720p30, from the cut to the sealed take: {ended - clock.cut_s:.2f} s (goal <= 5)"
    )
    for stage, (wall, used) in clock.stages.items():
        print(f"    {stage:50}{wall:7.2f} s   processor {used:6.2f} s")
    print(f"    recording and all together took {cpu:.1f} s of processor")
    assert "picture: frame times, three stretches (beside)" in clock.stages
    assert "sound: proved to be what was heard (beside)" in clock.stages
