"""What survives when the power goes, or when making the take is killed: raw files up to the last sync, and all of them.

A power cut is played back: of every file only what had been synced before the cut is there, and a torn piece behind it.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import shutil
import sys
import time
from collections import defaultdict
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pytest
from core_rig import begin, counter_values, go_on, make_recorder, read_sound, read_times, take_folder

from perfstudio.capture.finishing.finish import finish
from perfstudio.model.clock import host_ns
from perfstudio.model.take import EndReason
from perfstudio.model.timing import MarkerName
from perfstudio.systems.durability import DURABILITY
from rigs.waiting import random_moment


def first_of(folder: Path) -> int:
    return int(json.loads((folder / "raw" / "capture.json").read_text())["first_sample"])


@pytest.mark.realtime
@pytest.mark.skipif(sys.platform != "linux", reason="looks up files by descriptor")
@pytest.mark.parametrize(
    ("moments", "seconds"), [(4, 6.5), pytest.param(12, 8.0, marks=pytest.mark.soak)], ids=["short", "whole"]
)
def test_a_power_cut_loses_seconds_and_not_the_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moments: int, seconds: float
) -> None:
    """PWR-1: at some moments of a take, and near its end."""
    to_disk, synced = DURABILITY.flush_data, defaultdict(list)

    def follow(fd: int) -> None:
        size, name = os.fstat(fd).st_size, Path(f"/proc/self/fd/{fd}").readlink().name
        to_disk(fd)
        synced[name].append((host_ns(), size))

    monkeypatch.setattr(DURABILITY, "flush_data", follow)
    folder = take_folder(tmp_path)
    recorder = make_recorder({}, {"sample_format": "int24"})
    begin(recorder, folder)
    recorder.mark(MarkerName.GO)
    began = host_ns()
    go_on(recorder, seconds)
    rolled = tmp_path / "rolled"
    shutil.copytree(folder, rolled)
    recorder.close()
    chance, lost = np.random.default_rng(17), []
    for number, at_s in enumerate([seconds - 0.5, *chance.uniform(1.5, seconds - 0.5, moments - 1)]):
        cut_ns = began + round(float(at_s) * 1e9)
        after = tmp_path / f"cut-{number}"
        shutil.copytree(rolled, after)
        for path in (after / "raw").iterdir():
            if path.name not in synced:
                continue  # written whole and synced before it got its name
            safe = max((size for at, size in synced[path.name] if at <= cut_ns), default=0)
            torn = bytes(int(chance.integers(0, 3000)))  # blocks that were given to the file and never filled
            path.write_bytes(path.read_bytes()[:safe] + torn)
        take = finish(after)
        sound = read_sound(after / "audio.flac")
        assert np.array_equal(sound, counter_values(first_of(after), len(sound), "int24"))
        go = next(marker.at_s for marker in take.markers if marker.name is MarkerName.GO)
        lost.append((cut_ns - began) * 1e-9 - (take.duration_s - go))
        assert take.ended is EndReason.RECOVERED
        assert take.video is not None
        assert read_times(after / "take.mp4")
    print(f"\npower cut at {len(lost)} moments: at most {max(lost):.1f} s lost (goal 5)")
    assert max(lost) < 5.0


@pytest.mark.parametrize("times", [8, pytest.param(30, marks=pytest.mark.soak)], ids=["short", "whole"])
def test_making_the_take_may_be_killed_at_any_moment(tmp_path: Path, times: int) -> None:
    """PRC-2: what was recorded stays as it is, and the next try makes the same take."""
    folder = take_folder(tmp_path)
    recorder = make_recorder({}, {"gaps": [(1.0, 0.3)]})  # a gap: the sound has to be written anew, too
    begin(recorder, folder, 0.3)
    go_on(recorder, 2.0)
    recorder.cut()
    recorder.close()
    before, reference = raw_hashes(folder), tmp_path / "reference"
    shutil.copytree(folder, reference)
    began = time.monotonic()
    expected = finish(reference)
    usual_s = time.monotonic() - began
    chance = np.random.default_rng(19)
    context = multiprocessing.get_context("spawn")
    for _ in range(times):
        here, there = context.Pipe(duplex=False)
        maker = context.Process(target=say_and_finish, args=(there, folder))
        maker.start()
        with here, there:
            assert here.poll(60), "it does not begin"
            here.recv()
        random_moment(chance, 1.2 * usual_s)
        maker.kill()
        maker.join()
        assert raw_hashes(folder) == before
    assert finish(folder) == expected
    assert not list(folder.glob("*.tmp"))


def say_and_finish(said: Connection, folder: Path) -> None:
    """In a process of its own, which may be killed."""
    said.send("begins")
    finish(folder)


def raw_hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (folder / "raw").iterdir()}
