"""From the cut to the report, stage by stage: a real take with the practice devices, and ten minutes of raw files.

The real take lasts `BENCH_TAKE_S` seconds, else 62, and is recorded as `perfstudio record` does it. Wall and processor
seconds of each stage; what the live pass measured has to be what the report tells, or the figures would be of
something else. The film of the ten minutes has grown while they "rolled", as the recorder has it.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from perfstudio.capture.files.live_mp4 import LiveMp4
from perfstudio.capture.finishing.raw_take import read_raw
from perfstudio.capture.recording.recorder import TAIL_S, Recorder
from perfstudio.checks import report
from perfstudio.checks.live import LiveChecks, LiveSummary
from perfstudio.checks.media import Damage, sound_blocks
from perfstudio.model.device import CameraRequest, DeviceSelection, MicrophoneRequest
from perfstudio.paths import AppPaths
from perfstudio.session.headless import record
from perfstudio.session.home import Home
from perfstudio.session.takes import processing
from perfstudio.session.takes.processing import develop
from rigs.long_take import make_raw

pytestmark = [pytest.mark.bench, pytest.mark.timeout(900)]

SECONDS = float(os.environ.get("BENCH_TAKE_S", "62"))
MINUTES = 10
FILM = "take.mp4, audio.flac, thumbnail"
SEEN = "  picture: frame times, three stretches (beside)"
HEARD = "  sound: proved to be what was heard (beside)"


class Clock:
    """Adds up wall and processor seconds by the name of a stage."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.stages: dict[str, tuple[float, float]] = {}
        self.begun_s = self.film_s = 0.0
        self._monkeypatch = monkeypatch
        self.watch(processing, "finish", FILM)
        self.watch(report, "_see_more", SEEN)
        self.watch(report, "_holds", HEARD)
        self.watch(processing, "check_media", "report in all")

    def watch(self, place: object, name: str, stage: str) -> None:
        """Measure every call of `place.name`."""
        real: Callable[..., object] = getattr(place, name)

        def timed(*args: object, **more: object) -> object:
            wall, cpu = time.perf_counter(), time.process_time()
            self.begun_s = self.begun_s or wall
            try:
                return real(*args, **more)
            finally:
                before = self.stages.get(stage, (0.0, 0.0))
                self.stages[stage] = (before[0] + time.perf_counter() - wall, before[1] + time.process_time() - cpu)
                if stage == FILM:
                    self.film_s = time.perf_counter() - self.begun_s

        self._monkeypatch.setattr(place, name, timed)

    def say(self, title: str, tail_s: float = 0.0) -> None:
        """The table; `tail_s` of the time the take was still being recorded."""
        all_s = time.perf_counter() - self.begun_s - tail_s
        print(f"\n{title}: film verified {self.film_s - tail_s:.2f} s after its end (goal 0.5), all {all_s:.2f} s (5)")
        for stage, (wall, used) in self.stages.items():
            print(f"    {stage:50}{wall:7.2f} s   processor {used:6.2f} s")
        assert {SEEN, HEARD} <= set(self.stages)


def test_a_real_take(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    clock.watch(Recorder, "cut", "half a second of tail, files closed")
    clock.watch(Recorder, "close", "devices closed")
    clock.watch(record, "seal_take", "sealed in the library")
    selection = DeviceSelection(
        camera=CameraRequest(id="practice", width=1280, height=720, fps=30.0),
        microphone=MicrophoneRequest(id="practice"),
    )
    with Home(AppPaths(tmp_path / "home"), use_keyring=False) as home:
        prompt = next(f"{p.pack.id}/{p.pack.prompts[0].id}" for p in home.shelf.packs())
        take = record.record_take(home, prompt, selection, SECONDS, record.RecordingHooks(threading.Event()))
        clock.say(f"a take of {take.duration_s:.0f} s at 720p30, sealed", TAIL_S)


def test_ten_minutes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    movie = LiveMp4(tmp_path / "take.mp4")
    make_raw(tmp_path, MINUTES, grain=3, movie=movie)
    live = LiveChecks()
    live.begin_take(0.0)
    for samples, rate in sound_blocks(tmp_path / "raw" / "sound.flac", Damage()):
        live.written(samples, rate)
    grain = np.random.default_rng(0).integers(90, 120, (720, 1280, 3)).astype(np.uint8)
    for index in range(25):
        live.frame(cv2.resize(grain, (320, 180)), index / 5, lambda grain=grain: grain)
    clock = Clock(monkeypatch)

    def seen() -> LiveSummary:
        found = live.end_take()()
        assert found.picture is not None
        # As many looks as ten minutes have: how long the report takes does not depend on what they saw.
        return replace(found, picture=replace(found.picture, glimpses=MINUTES * 60 * 2))

    develop(tmp_path, read_raw(tmp_path).devices, live=seen, movie=movie)
    megabytes = (tmp_path / "take.mp4").stat().st_size / 1e6
    clock.say(f"{MINUTES} minutes at 720p30, a film of {megabytes:.0f} MB")
