"""A session without Qt: the owner's thread as a queue, and the steps from an open stage to a rolling take."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable

import psutil
import pytest

from perfstudio.model.device import PRACTICE, CameraRequest, DeviceSelection, MicrophoneRequest
from perfstudio.session.events import TakeSealed
from perfstudio.session.session import Session
from perfstudio.session.views import StageState
from rigs import warm_processes

PATIENCE_S = 60.0

SMALL_PAIR = DeviceSelection(
    camera=CameraRequest(id=PRACTICE, width=640, height=360, fps=15), microphone=MicrophoneRequest(id=PRACTICE)
)
"""The practice devices with an eighth of the pictures' work, where nothing hangs on their size and number."""


SOUND_ALONE = DeviceSelection(camera=None, microphone=MicrophoneRequest(id=PRACTICE))
"""Where nothing hangs on a picture."""


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


def on_stage(session: Session, thread: Thread, pair: DeviceSelection = SMALL_PAIR) -> list[TakeSealed]:
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


RECORDER = "perfstudio-recorder"
"""The name of its process object."""


def recorder_process(window: psutil.Process | None = None, name: str = RECORDER) -> psutil.Process:
    """The recorder (or another such process) of a window, or of this process; the owner itself while none runs."""
    if warm_processes.WARM is not None and window in {None, psutil.Process()}:
        return next((psutil.Process(pid) for pid in warm_processes.WARM.running(name)), psutil.Process())
    owner = window or psutil.Process()
    return next((child for child in owner.children() if "spawn_main" in _command(child)), owner)


def _command(process: psutil.Process) -> str:
    """The words that it was started with; none of one that has ended, or is only just being made."""
    try:
        return "" if process.status() == psutil.STATUS_ZOMBIE else " ".join(process.cmdline())
    except psutil.Error:
        return ""
