"""kill -9 at any moment: the take is recovered by the ordinary finish, and what is lost is bounded."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from core_rig import RATE, counter_values, read_sound, read_times, take_folder

from perfstudio.capture.finish import FinishedTake, finish
from perfstudio.model.clock import host_ns
from perfstudio.model.errors import CaptureError, ErrorCode
from perfstudio.model.take import EndReason

HERE = Path(__file__).parent


def record_and_kill(folder: Path, after_s: float, kind: str = "both") -> float:
    """Returns how long it had rolled when it died."""
    process = subprocess.Popen(
        [sys.executable, str(HERE / "core_kill_me.py"), str(folder), kind], stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        began = int(process.stdout.readline().split()[1])
        time.sleep(after_s)
        process.send_signal(signal.SIGKILL)
        died = host_ns()
    return (died - began) * 1e-9


def check_recovered(folder: Path, rolled_s: float) -> FinishedTake:
    take = finish(folder)
    raw = json.loads((folder / "raw" / "capture.json").read_text())
    sound = read_sound(folder / "audio.flac")
    assert np.array_equal(sound, counter_values(raw["first_sample"], len(sound), "int16"))
    assert len(sound) / RATE == take.duration_s
    go = next(m.at_s for m in take.markers if m.name == "go")
    assert take.duration_s - go > rolled_s - 0.25
    assert take.ended is EndReason.RECOVERED
    return take


@pytest.mark.parametrize("after_s", [0.4, 1.1, 1.73, 2.6])
def test_a_killed_take_is_recovered(tmp_path: Path, after_s: float) -> None:
    folder = take_folder(tmp_path)
    rolled_s = record_and_kill(folder, after_s)
    take = check_recovered(folder, rolled_s)
    assert take.video is not None
    shown = read_times(folder / "take.mp4")
    assert len(shown) == take.video.frames
    go = next(m.at_s for m in take.markers if m.name == "go")
    assert shown[-1][0] - go > rolled_s - 0.5
    # The same picture and sound times as in a take that was closed: shown time and sample clock run together.
    steps = np.diff([pts - us * 1e-6 * (1 + 100e-6) for pts, us in shown])
    assert abs(np.cumsum(steps)).max() < 2e-3
    again = finish(folder)
    assert again == take


def test_a_killed_sound_only_take_is_recovered(tmp_path: Path) -> None:
    folder = take_folder(tmp_path)
    rolled_s = record_and_kill(folder, 1.0, "sound")
    take = check_recovered(folder, rolled_s)
    assert take.video is None
    assert not (folder / "take.mp4").exists()


def test_a_take_that_never_began_says_so(tmp_path: Path) -> None:
    folder = take_folder(tmp_path)
    with pytest.raises(CaptureError) as caught:
        finish(folder)
    assert caught.value.code is ErrorCode.NOTHING_RECORDED


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_two_hundred_kills(tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    worst_picture = worst_sound = 0.0
    for number in range(200):
        folder = take_folder(tmp_path, str(number))
        rolled_s = record_and_kill(folder, float(rng.uniform(0.1, 3.0)))
        take = check_recovered(folder, rolled_s)
        go = next(m.at_s for m in take.markers if m.name == "go")
        worst_sound = max(worst_sound, rolled_s - (take.duration_s - go))
        shown = read_times(folder / "take.mp4")
        worst_picture = max(worst_picture, rolled_s - (shown[-1][0] - go))
    print(f"200 kills: at most {worst_picture:.3f} s picture and {worst_sound:.3f} s sound lost")
    assert worst_picture <= 0.5
