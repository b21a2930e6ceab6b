"""The stage with everything real behind it: recorder process, practice devices, library. Also when processes die."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from perfstudio.model.device import CameraRequest, DeviceSelection, MicrophoneRequest
from perfstudio.model.errors import ErrorCode
from perfstudio.model.take import EndReason, FileRole, TakeState
from perfstudio.model.timing import MarkerName
from perfstudio.paths import AppPaths
from perfstudio.session.bundle import verify_bundle
from perfstudio.session.devices import PRACTICE_PAIR
from perfstudio.session.events import TakeSealed
from perfstudio.session.home import Home
from perfstudio.session.losing import Loss, LossWatch
from perfstudio.session.recovery import TALLY, recover_unsealed
from perfstudio.session.session import Session
from perfstudio.session.views import StageState

PATIENCE_S = 60.0


class Thread:
    """The owner's thread of a session without Qt: a queue that `until` empties, and a timer on top of it."""

    def __init__(self) -> None:
        self._calls: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._timers: list[threading.Timer] = []

    def post(self, call: Callable[[], None]) -> None:
        self._calls.put(call)

    def after(self, seconds: float, call: Callable[[], None]) -> Callable[[], None]:
        timer = threading.Timer(seconds, lambda: self.post(call))
        self._timers.append(timer)
        timer.start()
        return timer.cancel

    def until(self, reached: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
        """Work until something is so."""
        end = time.monotonic() + patience_s
        while not reached():
            if time.monotonic() > end:
                pytest.fail("it did not come to this")
            try:
                self._calls.get(timeout=0.05)()
            except queue.Empty:
                continue

    def close(self) -> None:
        for timer in self._timers:
            timer.cancel()
            timer.join()


@pytest.fixture
def thread() -> Iterator[Thread]:
    made = Thread()
    yield made
    made.close()


@pytest.fixture
def session(tmp_path: Path, thread: Thread) -> Iterator[Session]:
    made = Session(AppPaths(tmp_path / "home").prepare(), thread.post, thread)
    made.director.countdown_s = 1
    yield made
    made.close()


def on_stage(session: Session, thread: Thread, pair: DeviceSelection = PRACTICE_PAIR) -> list[TakeSealed]:
    """Devices open, a scene chosen; the answer collects what gets sealed."""
    sealed: list[TakeSealed] = []
    session.bus.subscribe(TakeSealed, sealed.append)
    session.director.choose(session.home.scenes.packs()[0].cards[0])
    session.director.open(pair)
    thread.until(lambda: session.director.view.state is StageState.READY)
    return sealed


def roll(session: Session, thread: Thread, seconds: float) -> None:
    session.director.roll()
    thread.until(lambda: session.director.view.state is StageState.ROLLING)
    thread.until(lambda: session.director.pulse().elapsed_s > seconds)


def test_a_take_from_roll_to_review(session: Session, thread: Thread) -> None:
    sealed = on_stage(session, thread)
    roll(session, thread, 2.5)
    assert session.director.pulse().frames > 0
    session.director.mark(MarkerName.BROKE)
    session.director.cut()
    thread.until(lambda: bool(sealed))
    manifest = session.home.takes.manifest(sealed[0].take_id)
    assert manifest.ended is EndReason.CUT
    assert {m.name for m in manifest.markers} >= {MarkerName.ROLL, MarkerName.GO, MarkerName.BROKE, MarkerName.CUT}
    assert manifest.practice
    assert manifest.file(FileRole.PICTURE) is not None
    assert manifest.checks
    assert verify_bundle(session.home.library.folder(manifest.take_id)).problems == ()
    assert session.director.view.state is StageState.READY


@pytest.mark.parametrize(
    ("camera", "microphone", "loss"),
    [
        ("practice", "practice?zero=9:60", Loss.MUTED),
        ("practice", "practice?stall=9:60", Loss.NO_SOUND),
        ("practice?zero=9:60", "practice", Loss.BLACK),
        ("practice?stall=9:60", "practice", Loss.NO_PICTURE),
    ],
)
def test_a_take_that_is_being_lost_says_so_while_it_rolls_and_nothing_else_does(
    session: Session, thread: Thread, camera: str, microphone: str, loss: Loss
) -> None:
    pair = DeviceSelection(camera=CameraRequest(id=camera), microphone=MicrophoneRequest(id=microphone))
    sealed = on_stage(session, thread, pair)
    watch, said = LossWatch(), [None]

    def told() -> bool:
        said.append(watch.look(session.director.pulse(), time.monotonic()))
        return said[-1] is not None

    roll(session, thread, 1.0)
    thread.until(told)
    assert said[-1] is loss
    session.director.cut()
    thread.until(lambda: bool(sealed))


def test_again_rolls_the_next_take_by_itself(session: Session, thread: Thread) -> None:
    sealed = on_stage(session, thread)
    roll(session, thread, 1.5)
    session.director.again()
    thread.until(lambda: bool(sealed) and session.director.view.state is StageState.ROLLING)
    assert sealed[0].again
    assert session.director.view.take_number == 2
    session.director.abandon()
    thread.until(lambda: len(sealed) == 2)
    second = session.home.takes.manifest(sealed[1].take_id)
    assert second.slate.take_number == 2
    assert second.ended is EndReason.ABANDONED


def test_a_killed_recorder_costs_neither_take_nor_window(session: Session, thread: Thread) -> None:
    """PRC-8, CAM-13: the process is replaced, its take is recovered, and the stage is ready again."""
    sealed = on_stage(session, thread)
    roll(session, thread, 2.5)
    recorder = next(c for c in psutil.Process().children() if "spawn_main" in " ".join(c.cmdline()))
    recorder.kill()
    thread.until(lambda: bool(sealed))
    manifest = session.home.takes.manifest(sealed[0].take_id)
    assert manifest.ended is EndReason.RECORDER_DIED
    assert manifest.duration_s is not None
    assert manifest.duration_s > 2.0
    thread.until(lambda: session.director.view.state is StageState.READY)
    problem = session.director.view.problem
    assert problem is not None
    assert problem.code is ErrorCode.RECORDER_DIED


def test_a_frozen_recorder_is_replaced(session: Session, thread: Thread) -> None:
    """CAM-13: a process that no longer answers is noticed by its heart."""
    sealed = on_stage(session, thread)
    roll(session, thread, 1.5)
    recorder = next(c for c in psutil.Process().children() if "spawn_main" in " ".join(c.cmdline()))
    recorder.suspend()
    thread.until(lambda: bool(sealed))
    assert session.home.takes.manifest(sealed[0].take_id).ended is EndReason.RECORDER_DIED


ROLLING_APP = """
import os, queue, sys
sys.path.insert(0, {tests!r})
from pathlib import Path
from test_session_stage import Thread, on_stage, roll
from perfstudio.paths import AppPaths
from perfstudio.session.session import Session

if __name__ == "__main__":
    thread = Thread()
    session = Session(AppPaths(Path({home!r})).prepare(), thread.post, thread)
    session.director.countdown_s = 0
    on_stage(session, thread)
    roll(session, thread, 1.5)
    print("rolling", flush=True)
    thread.until(lambda: False, 300)
"""


def test_a_killed_window_loses_nothing(tmp_path: Path) -> None:
    """PRC-1, PRC-4: the recorder closes the take when the window is gone; a later start seals it, once."""
    home = tmp_path / "home"
    script = tmp_path / "app.py"
    script.write_text(ROLLING_APP.format(tests=str(Path(__file__).parent), home=str(home)))
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as app:
        assert app.stdout is not None
        assert app.stdout.readline() == "rolling\n"
        children = psutil.Process(app.pid).children()
        os.kill(app.pid, signal.SIGKILL)
        app.wait()
    _, alive = psutil.wait_procs(children, timeout=PATIENCE_S)
    assert not alive, "the recorder ends by itself"
    with Home(AppPaths(home)) as again:
        (tally,) = [take.folder / "raw" / TALLY for take in again.library.unsealed()]
        tally.write_bytes(b"...")
        skipped = recover_unsealed(again.library)
        assert skipped.recovered == (), "three recoveries were cut short: the start does not try for ever"
        assert [problem.code for _, problem in skipped.left] == [ErrorCode.TAKE_DAMAGED]
        first = recover_unsealed(again.library, even_after_tries=True)
        assert len(first.recovered) == 1
        assert first.left == ()
        assert recover_unsealed(again.library).recovered == ()
        manifest = again.takes.manifest(first.recovered[0])
        assert manifest.duration_s is not None
        assert manifest.duration_s > 1.5
        assert again.takes.line(manifest.take_id).state is TakeState.UNDECIDED
        assert verify_bundle(again.library.folder(manifest.take_id)).problems == ()
