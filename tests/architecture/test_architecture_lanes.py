"""How the suite runs: real time in a lane of its own, a second try that is said, a quiet end, failures remembered."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest

from rigs import last_watch, memory_folder
from rigs.leaks import lives
from rigs.waiting import until

TESTS = Path(__file__).resolve().parents[1]
NICEST = 19
"""Where a whole run stands back already, its tests cannot stand back further than this."""

SUITE = """
import os, pathlib, pytest

HERE = pathlib.Path(__file__).parent
LOG = HERE / "log"

def note(request):
    with LOG.open("a") as log:
        print(request.node.name, os.getpid(), os.nice(0), file=log)

@pytest.fixture(scope="module")
def made(request):
    with LOG.open("a") as log:
        print("made", os.getpid(), os.nice(0), file=log)

@pytest.mark.parametrize("number", range(6))
def test_alone(request, number):
    note(request)

@pytest.mark.realtime
@pytest.mark.parametrize("number", range(6))
def test_in_real_time(request, number):
    note(request)

@pytest.mark.realtime
def test_that_is_late_once(request):
    first = HERE / "was here"
    late = not first.exists()
    first.touch()
    note(request)
    assert not late, "too late"

@pytest.mark.parametrize("number", range(6))
def test_together(request, made, number):
    note(request)
"""

FAILING = """
import pytest

@pytest.mark.realtime
def test_that_is_always_late():
    assert False, "late again"

def test_that_is_wrong():
    assert False, "wrong"

def test_that_is_right():
    pass
"""

STOPPED = """
import threading

def test_before():
    pass

def test_that_holds_a_file(tmp_path):
    file = (tmp_path / "x").open("w")
    print("RUNNING", flush=True)
    while True:
        threading.Event().wait(0.01)
"""


HOG = "import threading; threading.Event().wait()"
BEGINS = f"""
import os, subprocess, sys
unmarked = {{name: value for name, value in os.environ.items() if name != {last_watch.MARK!r}}}
hog = subprocess.Popen([sys.executable, "-IS", "-c", {HOG!r}], env=unmarked)
print(os.getpid(), hog.pid, sep="\\n", flush=True)
{HOG}
"""
KILLED = f"""
import subprocess, sys
from rigs import last_watch
last_watch.begin()
subprocess.run([sys.executable, "-IS", "-c", {BEGINS!r}])
"""


PLUGINS = """
pytest_plugins = ["rigs.leaks", "rigs.lanes", "rigs.second_tries", "rigs.quiet_end"]

def pytest_configure():
    import rigs.leaks
    rigs.leaks.SETTLE_S = 0.2  # what is held to the end of these tests is held for good
"""


def suite(folder: Path, text: str) -> Path:
    """Its tests, with the suite's own plugins and marks."""
    (folder / "test_it.py").write_text(text, encoding="utf-8")
    (folder / "conftest.py").write_text(PLUGINS, encoding="utf-8")
    marks = "markers = realtime\n"
    (folder / "pytest.ini").write_text(f"[pytest]\n{marks}pythonpath = {TESTS}\n", encoding="utf-8")
    return folder


BARE = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
"""Plugins that these runs do not need cost half a second a process."""


def command(folder: Path, *options: str) -> list[str]:
    """With a base folder of its own: what other runs left in the usual one is warned of."""
    base = ["--basetemp", str(folder / "work")]
    return [sys.executable, "-m", "pytest", "-p", "xdist", "-q", "--color=no", *base, *options]


def run(folder: Path, *options: str) -> tuple[int, str]:
    done = subprocess.run(
        command(folder, *options), cwd=folder, env=BARE,
        capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def counted(said: str) -> dict[str, int]:
    """How many tests ended in which way, by the last line of a run."""
    last = said.strip().splitlines()[-1]
    return {outcome: int(number) for number, outcome in re.findall(r"(\d+) ([a-z ]+?)(?:,| in )", last)}


def test_real_time_has_a_lane_of_its_own_and_a_second_try_is_said(tmp_path: Path) -> None:
    code, said = run(suite(tmp_path, SUITE), "-n2")
    assert code == 0, said
    rows = [line.split() for line in (tmp_path / "log").read_text(encoding="utf-8").splitlines()]
    usual = os.nice(0) if hasattr(os, "nice") else 0
    lane = [row for row in rows if row[0].startswith(("test_in_real_time", "test_that_is_late"))]
    assert len({pid for _, pid, _ in lane}) == 1, "one at a time"
    assert {int(nice) for _, _, nice in lane[:-1]} == {usual}
    assert lane[-1][0] == "test_that_is_late_once", "the second try comes behind all others"
    assert len([row for row in rows if row[0] == "made"]) == 1, "made once, for tests that share it"
    assert len({pid for name, pid, _ in rows if name.startswith("test_together")}) == 1
    assert len({pid for _, pid, _ in rows}) == 2
    others = {pid: int(nice) for name, pid, nice in rows if not name.startswith(("test_in", "test_that"))}
    assert all(nice > min(usual, NICEST - 1) for nice in others.values()), "everything else stands back"
    assert "second tries: 1" in said
    assert "too late" in said
    assert (counted(said)["passed"], counted(said)["tried twice"]) == (19, 1), said


@pytest.mark.parametrize("workers", ["-n0", "-n1"])
def test_what_fails_twice_has_failed_and_is_remembered(tmp_path: Path, workers: str) -> None:
    suite(tmp_path, FAILING)
    code, said = run(tmp_path, workers)
    assert code == 1
    assert counted(said).items() >= {"failed": 2, "passed": 1, "tried twice": 1}.items(), said
    assert said.count("late again") >= 2
    assert "test_that_is_wrong" not in said.partition("second tries: 1")[2].partition("short test summary")[0]
    _, said = run(tmp_path, "--lf", "--collect-only")
    assert "2 tests collected" in said
    assert "always_late" in said


@pytest.mark.skipif(sys.platform == "win32", reason="sends an interrupt")
@pytest.mark.parametrize("workers", ["-n0", "-n2"])
def test_a_run_that_is_stopped_ends_quietly(tmp_path: Path, workers: str) -> None:
    """With its output in a file, as Ctrl-C in a terminal does it: to all processes of the run."""
    suite(tmp_path, STOPPED)
    words = command(tmp_path, workers, "-s")
    with (tmp_path / "out").open("wb") as out:
        running = subprocess.Popen(words, cwd=tmp_path, env=BARE, stdout=out, stderr=out, start_new_session=True)
    watchdog = threading.Timer(60, lambda: os.killpg(running.pid, signal.SIGKILL))
    watchdog.start()
    until(lambda: any((tmp_path / "work").rglob("x")), "the test that is stopped")
    os.killpg(running.pid, signal.SIGINT)
    code = running.wait(60)
    watchdog.cancel()
    said = (tmp_path / "out").read_text(encoding="utf-8")
    assert code == 2, said
    assert "INTERNALERROR" not in said
    assert "left behind" not in said
    assert len(said.splitlines()) < 15, said


def test_a_run_that_is_killed_leaves_no_process_behind(tmp_path: Path) -> None:
    """Neither what it has begun nor what that has begun."""
    env = {name: value for name, value in os.environ.items() if name != last_watch.MARK}
    env["PYTHONPATH"] = str(TESTS)
    words = [sys.executable, "-c", KILLED]
    with subprocess.Popen(words, env=env, stdout=subprocess.PIPE, text=True) as running:
        begun: list[int] = []
        try:
            assert running.stdout is not None
            begun += [int(running.stdout.readline()) for _ in range(2)]
            assert all(map(lives, begun))
            running.kill()
            until(lambda: not any(map(lives, begun)), "the end of what a killed run has begun")
        finally:
            running.kill()
            for pid in filter(lives, begun):
                psutil.Process(pid).kill()


def test_files_lie_in_memory_where_there_is_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_folder, "IN_MEMORY", tmp_path)
    monkeypatch.setattr(memory_folder, "ROOM", 0)
    made = memory_folder.made()
    assert made is not None
    assert (made.parent, made.stat().st_mode & 0o777) == (tmp_path, 0o700)
    monkeypatch.setattr(memory_folder, "ROOM", 1 << 60)
    assert memory_folder.made() is None
    monkeypatch.setattr(memory_folder, "ROOM", 0)
    monkeypatch.setattr(memory_folder, "IN_MEMORY", tmp_path / "not there")
    assert memory_folder.made() is None
