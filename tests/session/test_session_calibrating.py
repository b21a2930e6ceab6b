"""Calibration at the window's side: a real recorder process, practice devices, and what is deleted afterwards."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from perfstudio.capture.calibration.flashes import NEEDED
from perfstudio.model.calibration import Measurement, Method, Outcome, Refusal, Unsure
from perfstudio.model.checks import LiveReading
from perfstudio.model.device import CameraRequest, DeviceSelection, MicrophoneRequest
from perfstudio.paths import AppPaths
from perfstudio.session.calibration.wizard import CalibrationState, Tally
from perfstudio.session.session import Session
from perfstudio.session.views import Pulse, StageState

S = CalibrationState
PAIR = DeviceSelection(
    camera=CameraRequest(id="practice", width=320, height=180, fps=15),
    microphone=MicrophoneRequest(id="practice?offset=-25"),
)


class Owner:
    """The owner's thread of a session without Qt."""

    def __init__(self) -> None:
        self._calls: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()

    def post(self, call: Callable[[], None]) -> None:
        self._calls.put(call)

    def after(self, seconds: float, call: Callable[[], None]) -> Callable[[], None]:
        timer = threading.Timer(seconds, lambda: self.post(call))
        timer.start()
        return timer.cancel

    def until(self, reached: Callable[[], bool], each: Callable[[], object] = lambda: None) -> None:
        end = time.monotonic() + 90
        while not reached():
            assert time.monotonic() < end, "it did not come to this"
            each()
            try:
                self._calls.get(timeout=0.03)()
            except queue.Empty:
                continue


@pytest.fixture
def owner() -> Owner:
    return Owner()


@pytest.fixture
def session(tmp_path: Path, owner: Owner) -> Iterator[Session]:
    home = AppPaths(tmp_path / "home").prepare()
    (home.calibrating / "left-behind" / "raw").mkdir(parents=True)
    made = Session(home, owner.post, owner)
    yield made
    made.close()


def opened(session: Session, owner: Owner) -> None:
    session.director.open(PAIR)
    owner.until(lambda: session.director.view.state is StageState.READY)


def once_more_where_it_is_unsure(session: Session, owner: Owner) -> Outcome | None:
    """Beside much other work the practice camera is late by different amounts: then a person begins again, too."""
    work, found = session.calibrating, None
    for _ in range(4):
        work.begin()
        owner.until(lambda: work.view.state is S.LISTENING)
        owner.until(lambda: work.elapsed_s > 2.0 * (NEEDED + 2), work.pulse)  # a flash in every two seconds
        assert work.tally.heard > 3
        work.finish()
        owner.until(lambda: work.view.state is not S.MEASURING)
        found = work.view.outcome
        if not (isinstance(found, Refusal) and found.why in (Unsure.TOO_WIDE, Unsure.TOO_FEW)):
            break
    return found


@pytest.mark.realtime
def test_the_pattern_is_measured_kept_and_what_was_recorded_is_gone(session: Session, owner: Owner) -> None:
    work = session.calibrating
    owner.until(lambda: list(session.home.paths.calibrating.iterdir()) == [])
    opened(session, owner)
    assert not session.director.view.calibrated
    work.choose(Method.PATTERN)
    found = once_more_where_it_is_unsure(session, owner)
    assert isinstance(found, Measurement), found
    assert abs(found.offset_ms + 25) <= 3
    owner.until(lambda: list(session.home.paths.calibrating.iterdir()) == [])
    assert work.view.before is None
    assert work.keep() is not None
    assert session.director.view.calibrated
    assert work.view.before is not None
    assert work.forget()
    owner.until(lambda: not session.director.view.calibrated)


def test_a_talking_figure_is_refused(session: Session, owner: Owner) -> None:
    work = session.calibrating
    opened(session, owner)
    work.begin()
    owner.until(lambda: work.view.state is S.LISTENING)
    owner.until(lambda: work.elapsed_s > 2, work.pulse)
    work.finish()
    owner.until(lambda: work.view.state is not S.MEASURING)
    assert isinstance(work.view.outcome, Refusal)
    assert work.keep() is None
    assert not session.home.paths.calibration.exists()


def test_the_tally_counts_claps_that_are_heard_and_those_that_are_seen_too() -> None:
    tally, still = Tally(), np.full((360, 640, 4), 90, np.uint8)
    moved = still.copy()
    moved[100:260, 200:440] = 160
    for step in range(300):
        at_s = step / 30
        clap = step % 45 == 44
        picture = moved if clap and step > 150 else still
        peak = -8.0 if clap else -55.0
        tally.feed(Pulse(picture, LiveReading(peak_dbfs=peak)), at_s)
    assert (tally.heard, tally.seen) == (6, 3)
