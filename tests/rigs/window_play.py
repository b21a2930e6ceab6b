"""Opens the whole window, plays takes by itself, and prints what it saw as JSON lines.

Every line has a name and host_ns, so that another process can place its own measurements between them.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from perfstudio import app as program  # first, as in the program itself

# isort: split
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from perfstudio.model.clock import host_ns
from perfstudio.model.device import CameraRequest, DeviceSelection, MicrophoneRequest
from perfstudio.session.devices import PRACTICE_PAIR
from perfstudio.session.events import StageChanged, TakeSealed
from perfstudio.session.session import Session
from perfstudio.session.views import StageState
from perfstudio.ui.coordinator import Coordinator


def say(name: str, **facts: object) -> None:
    print(json.dumps({"name": name, "host_ns": host_ns(), **facts}), flush=True)


class FirstPaint(QObject):
    """Says when the window has painted for the first time and the event loop is idle again."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() is QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, lambda: say("usable"))
        return False


class Play:
    """Steps on stage, rolls, cuts after `seconds`, watches the review for a while, so many times; closes the window."""

    def __init__(
        self, window: Coordinator, session: Session, seconds: float, pair: DeviceSelection, takes: int
    ) -> None:
        self.window, self.session, self.seconds = window, session, seconds
        self.left = takes
        self.due = False
        camera, microphone = pair.camera, pair.microphone
        session.settings.change(camera=camera, microphone=microphone, countdown_s=0)
        session.director.countdown_s = 0
        session.bus.subscribe(StageChanged, self.changed)
        session.bus.subscribe(TakeSealed, self.sealed)
        self.card = session.home.scenes.packs()[0].cards[0]
        QTimer.singleShot(500, self.enter)

    def enter(self) -> None:
        self.due = True
        self.window.stage.enter(self.card)
        self.roll_when_ready(self.session.director.view.state)

    def roll_when_ready(self, state: StageState) -> None:
        if state is StageState.READY and self.due:
            self.due = False
            QTimer.singleShot(1500, self.session.director.roll)

    def changed(self, event: StageChanged) -> None:
        state = event.view.state
        say(state.value, problem=str(event.view.problem or ""))
        self.roll_when_ready(state)
        if state is StageState.ROLLING:
            QTimer.singleShot(round(self.seconds * 1000), self.session.director.cut)
        elif state is StageState.CHECKING:
            self.unseen = True
            self.window.review.page.playback.frame.connect(self.watched)
        elif state is StageState.FAILED:
            self.window.main.close()

    def watched(self) -> None:
        if self.unseen:
            self.unseen = False
            say("watched")

    def sealed(self, event: TakeSealed) -> None:
        say("sealed", take_id=event.take_id)
        self.left -= 1
        QTimer.singleShot(2500, self.enter if self.left else self.window.main.close)


def play(home: str, seconds: str, takes: str = "1", *devices: str) -> int:
    """Returns the window's exit code."""
    pair = PRACTICE_PAIR
    if devices:
        camera = CameraRequest(id=devices[0])
        pair = DeviceSelection(camera=camera, microphone=MicrophoneRequest(id=devices[1]))
    shown = Coordinator.show

    def show(window: Coordinator) -> None:
        window.main.installEventFilter(paint)
        shown(window)
        if float(seconds) > 0:
            window.play = Play(window, window._session, float(seconds), pair, int(takes))
        else:
            QTimer.singleShot(1500, window.main.close)

    QApplication(sys.argv[:1])
    paint = FirstPaint()
    Coordinator.show = show
    return program.open_window(Path(home))
