"""What was cut short is made whole in a process of its own: it ends with the window, and the window never with it."""

from __future__ import annotations

import multiprocessing
import os
import queue
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from perfstudio.model.errors import ErrorCode
from perfstudio.paths import AppPaths
from perfstudio.session.child_process import run_in_child_process
from perfstudio.session.home import Home
from perfstudio.session.recorder.link import RecorderLink
from perfstudio.session.takes.recovery import TALLY, recover_unsealed
from perfstudio.session.takes.verify_bundle import verify_bundle
from perfstudio.texts import errors
from rigs import warm_processes
from rigs.rolling_app import started
from rigs.stage import PATIENCE_S, recorder_process
from rigs.waiting import until

RECOVER = """
import sys
from pathlib import Path
from perfstudio.paths import AppPaths
from perfstudio.session.home import Home
from perfstudio.session.takes.recovery import recover_unsealed
with Home(AppPaths(Path(sys.argv[1]))) as home:
    print("begins", flush=True)
    recover_unsealed(home.library, apart=True)
    print("numpy" in sys.modules, "av" in sys.modules, flush=True)
"""

NAP = """
import time
from perfstudio.session.child_process import run_in_child_process
print("begins", flush=True)
run_in_child_process("nap", time.sleep, 3600)
"""


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose only take was cut short by a kill of everything."""
    place = tmp_path_factory.mktemp("killed") / "home"
    with started(place, 1.0) as app:
        app.recorder.kill()
        app.kill()
    psutil.wait_procs([app.recorder], timeout=PATIENCE_S)
    return place


@pytest.fixture
def home(killed: Path, tmp_path: Path) -> Path:
    """Its copy."""
    return Path(shutil.copytree(killed, tmp_path / "home"))


@pytest.fixture
def opened(home: Path) -> Iterator[Home]:
    with Home(AppPaths(home)) as made:
        yield made


def helper_of(pid: int) -> psutil.Process | None:
    """The process that makes a take whole, once it is there."""
    found = recorder_process(psutil.Process(pid), "perfstudio-recovery")
    there = found.pid != pid and found.is_running()  # one that is just being made may look like another
    return found if there else None


def the_helper_of(pid: int) -> psutil.Process:
    """Wait for it; it is alive for a moment only."""
    process = until(lambda: helper_of(pid), "the process run_in_child_process", PATIENCE_S, look_s=0.002)
    assert process is not None
    return process


def test_a_take_is_made_whole_apart_and_the_program_loads_nothing_for_it(home: Path) -> None:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    told = subprocess.run(
        [sys.executable, "-c", RECOVER, str(home)], capture_output=True, text=True, env=env, check=True, timeout=120
    )
    assert told.stdout.split("\n")[:2] == ["begins", "False False"]
    with Home(AppPaths(home)) as again:
        (line,) = again.takes.lines()
        assert verify_bundle(again.library.folder(line.take_id)).problems == ()


def test_what_brings_its_process_down_is_told_counted_and_tried_again(opened: Home) -> None:
    """A codec that a damaged file crashes, or a computer without memory."""

    def kill() -> None:
        the_helper_of(os.getpid()).kill()

    (take,) = opened.library.unsealed()
    killer = threading.Thread(target=kill)
    killer.start()
    found = recover_unsealed(opened.library, apart=True)
    killer.join()
    [(take_id, problem)] = found.left
    assert (take_id, problem.code) == (take.take_id, ErrorCode.TAKE_DAMAGED)
    assert "next start tries again" in errors.sentence(problem)
    assert (take.folder / "raw" / TALLY).read_bytes() == b".", "three such and the start leaves it alone"
    assert recover_unsealed(opened.library, apart=True).recovered == (take.take_id,)


def orphaned(*program: str) -> psutil.Process:
    """The process run_in_child_process of a program that was killed."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, "-c", *program], stdout=subprocess.PIPE, text=True, env=env) as app:
        assert app.stdout is not None
        assert app.stdout.readline() == "begins\n"
        helper = the_helper_of(app.pid)
        helper.suspend()
        app.kill()
        app.wait()
    helper.resume()
    return helper


def test_it_ends_with_the_program_that_asked_however_long_its_work() -> None:
    """Else two would work on one take after the next start."""
    _, alive = psutil.wait_procs([orphaned(NAP)], timeout=PATIENCE_S)
    for process in alive:
        process.kill()
    assert not alive


def test_what_lost_its_program_is_made_whole_at_the_next_start(home: Path) -> None:
    psutil.wait_procs([orphaned(RECOVER, str(home))], timeout=PATIENCE_S)
    with Home(AppPaths(home)) as again:
        assert len(again.library.unsealed()) == 1, "nothing was sealed without its program"
        assert len(recover_unsealed(again.library).recovered) == 1


@pytest.fixture
def stillborn(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that ends before it reads a word, as one does that finds no memory, or that a guard stops."""
    monkeypatch.setattr(multiprocessing, "get_context", warm_processes._get_context)
    monkeypatch.setattr("multiprocessing.spawn.get_command_line", lambda **_: [sys.executable, "-c", ""])


@pytest.mark.usefixtures("stillborn")
def test_one_that_ends_before_it_listens_holds_up_nobody() -> None:
    """However much it was to be given."""
    with pytest.raises(EOFError):
        run_in_child_process("stillborn", len, b"x" * 1_000_000)


@pytest.mark.usefixtures("stillborn")
def test_a_recorder_that_ends_before_it_listens_is_told() -> None:
    told = queue.Queue[Callable[[], None]]()
    died: list[int] = []
    link = RecorderLink(told.put, lambda _: None, lambda: died.append(1), lambda: False)
    told.get(timeout=PATIENCE_S)()
    assert died
    link.close()
