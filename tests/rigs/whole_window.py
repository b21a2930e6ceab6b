"""The whole window as a program, for benches: opens it, plays one take, and prints what it saw as JSON lines.

    python -m rigs.whole_window HOME SECONDS [CAMERA MICROPHONE]

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
from perfstudio.ui.window import Window


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
    """Steps on stage, rolls, cuts after `seconds` and closes the window when the review is there."""

    def __init__(self, window: Window, session: Session, seconds: float, pair: DeviceSelection) -> None:
        self.window, self.session, self.seconds = window, session, seconds
        self.rolled = False
        camera, microphone = pair.camera, pair.microphone
        session.settings.change(camera=camera, microphone=microphone, countdown_s=0)
        session.director.countdown_s = 0
        session.bus.subscribe(StageChanged, self.changed)
        session.bus.subscribe(TakeSealed, self.sealed)
        QTimer.singleShot(500, lambda: window.stage.enter(session.home.scenes.packs()[0].cards[0]))

    def changed(self, event: StageChanged) -> None:
        state = event.view.state
        say(state.value, problem=str(event.view.problem or ""))
        if state is StageState.READY and not self.rolled:
            self.rolled = True
            QTimer.singleShot(1500, self.session.director.roll)
        elif state is StageState.ROLLING:
            QTimer.singleShot(round(self.seconds * 1000), self.session.director.cut)
        elif state is StageState.FAILED:
            self.window.main.close()

    def sealed(self, event: TakeSealed) -> None:
        say("sealed", take_id=event.take_id)
        QTimer.singleShot(2500, self.window.main.close)


def main(home: str, seconds: str, *devices: str) -> int:
    pair = PRACTICE_PAIR
    if devices:
        camera = CameraRequest(id=devices[0])
        pair = DeviceSelection(camera=camera, microphone=MicrophoneRequest(id=devices[1]))
    shown = Window.show

    def show(window: Window) -> None:
        window.main.installEventFilter(paint)
        shown(window)
        if float(seconds) > 0:
            window.play = Play(window, window._session, float(seconds), pair)
        else:
            QTimer.singleShot(1500, window.main.close)

    QApplication(sys.argv[:1])
    paint = FirstPaint()
    Window.show = show
    return program.open_window(Path(home))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
