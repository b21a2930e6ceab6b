"""The window tries itself: by its own keys a practice scene is rolled, cut and watched, and then it closes.

`self-test --window` runs it, where nobody could press a key: in an installed program, behind an installer's trial. Each
step is told when it was seen, and not when it was asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from perfstudio.session.events import StageChanged, TakeSealed
from perfstudio.session.session import Session
from perfstudio.session.views import StageState
from perfstudio.ui.coordinator import Coordinator

ROLLS_MS, WATCHED_S, LIMIT_MS = 2500, 1.0, 180_000
"""How long it rolls; how much of it has to be seen; after what time nothing more is waited for."""


class WindowStep(StrEnum):
    """What was seen, in order."""

    OPEN = "open"
    ROLLING = "rolling"
    PLAYED = "played"
    SEALED = "sealed"


class WindowTrial(QObject):
    """One trial of an open window with practice devices, in a home that is thrown away."""

    def __init__(self, window: Coordinator, session: Session, told: Callable[[WindowStep, float], object]) -> None:
        super().__init__()
        self._window, self._session, self._told = window, session, told
        self._seen: list[WindowStep] = []
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.timeout.connect(window.end)

    @property
    def passed(self) -> bool:
        """Whether every step was seen."""
        return set(self._seen) == set(WindowStep)

    def begin(self) -> None:
        """Once the window is shown."""
        self._limit.start(LIMIT_MS)
        self._session.settings.change(countdown_s=0)
        self._session.bus.subscribe(StageChanged, lambda event: self._stage_changed(event.view.state))
        self._session.bus.subscribe(TakeSealed, lambda _: self._see(WindowStep.SEALED))
        self._window.review.page.playback.moved.connect(self._moved)
        self._see(WindowStep.OPEN)
        self._window.to_stage(self._session.home.scenes.packs()[0].cards[0], roll=True)

    def _stage_changed(self, state: StageState) -> None:
        if state is StageState.ROLLING and WindowStep.ROLLING not in self._seen:
            self._see(WindowStep.ROLLING)
            QTimer.singleShot(ROLLS_MS, self, self._cut)

    def _cut(self) -> None:
        """As a performer does: the key goes to what has the focus."""
        target = QApplication.focusWidget() or self._window.stage.stage
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            key = QKeyEvent(kind, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, " ")
            QCoreApplication.postEvent(target, key)

    def _moved(self, seconds: float) -> None:
        if seconds >= WATCHED_S and self._window.review.page.picture.has_picture():
            self._see(WindowStep.PLAYED, seconds)

    def _see(self, step: WindowStep, value: float = 0.0) -> None:
        if step in self._seen:
            return
        self._seen.append(step)
        self._told(step, value)
        if self.passed:
            self._limit.stop()
            QTimer.singleShot(0, self, self._window.end)
