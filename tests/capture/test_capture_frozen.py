"""A frozen app: its further processes do their own work and are never another window or a complaint about usage."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from perfstudio import frozen
from rigs.frozen_app import frozen_app

SCAN = """
from perfstudio import frozen
from perfstudio.capture.devices.scan import scan_apart
print(*frozen.command("perfstudio.capture.devices.scan"))
print(scan_apart(limit_s=60.0))
"""
APART = """
from perfstudio.model.device import PRACTICE
from perfstudio.session.child_process import run_in_child_process
from perfstudio.texts import formatting
print(run_in_child_process("count", formatting.count, 2, "take"))
"""
SHARED = """
from multiprocessing.shared_memory import SharedMemory
memory = SharedMemory(create=True, size=64)
memory.close()
memory.unlink()
print("shared")
"""
RECORDER = """
from pathlib import Path
from perfstudio.paths import AppPaths
from perfstudio.session.session import Session
from rigs.stage import SOUND_ALONE, Thread, on_stage, roll
thread = Thread()
session = Session(AppPaths(Path(sys.argv[3])).prepare(), thread.post, thread)
session.director.countdown_s = 0
sealed = on_stage(session, thread, SOUND_ALONE)
roll(session, thread, 0.3)
session.director.cut()
thread.until(lambda: bool(sealed))
session.close()
thread.close()
print("sealed")
"""


def run(app: Path, *words: str, home: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"} | ({"PERFSTUDIO_HOME": str(home)} if home else {})
    return subprocess.run(
        [app, *words], capture_output=True, text=True, check=False, env=environment, stdin=subprocess.DEVNULL
    )


@pytest.fixture
def app(tmp_path: Path) -> Path:
    return frozen_app(tmp_path)


def test_devices_are_looked_for_in_a_process_of_its_own(app: Path) -> None:
    done = run(app, "script", SCAN)
    assert (done.returncode, done.stderr) == (0, "")
    command, found = done.stdout.splitlines()
    assert command == f"{app} --module perfstudio.capture.devices.scan"
    assert found.startswith("DeviceList("), found


@pytest.mark.parametrize(("script", "said"), [(APART, "2 takes"), (SHARED, "shared")], ids=["spawn", "shared-memory"])
def test_further_processes_work_and_say_nothing(app: Path, script: str, said: str) -> None:
    done = run(app, "script", script)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, said, "")


def test_the_recorder_records(app: Path, tmp_path: Path) -> None:
    done = run(app, "script", RECORDER, str(tmp_path / "home"))
    assert (done.returncode, done.stdout.strip()) == (0, "sealed"), done.stderr
    assert "usage" not in done.stderr
    assert list((tmp_path / "home" / "takes").glob("*/take.json"))


def test_verbs_are_verbs(app: Path, home: Path) -> None:
    listed = run(app, "--json", "packs", "list", home=home)
    assert listed.returncode == 0, listed.stderr
    assert json.loads(listed.stdout)
    assert run(app, "-m", "perfstudio.capture.devices.scan", home=home).returncode == 2
    assert run(app, "--module", "os", home=home).returncode == 2, "only what is ours is run"


def test_the_packers_own_support_is_asked_first(app: Path) -> None:
    called = "import multiprocessing; multiprocessing.freeze_support = lambda: print('asked'); main()"
    done = run(app, "script", f"import sys; sys.argv[1:] = ['--version']; {called}")
    assert done.stdout.splitlines()[0] == "asked"


def test_the_ordinary_program_runs_modules_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    assert frozen.command("perfstudio.capture.devices.scan") == (
        sys.executable,
        "-m",
        "perfstudio.capture.devices.scan",
    )
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert frozen.command("perfstudio.capture.devices.scan") == (
        sys.executable,
        "--module",
        "perfstudio.capture.devices.scan",
    )
