"""The window assembled: flows and pages over one session, and the look that the settings ask for."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from perfstudio.session.events import Trouble
from perfstudio.session.recovery import Recovery
from perfstudio.session.session import Session
from perfstudio.session.settings import Settings
from perfstudio.ui import theme
from perfstudio.ui.bridge import Bridge
from perfstudio.ui.flows.deliveries_flow import DeliveriesFlow
from perfstudio.ui.flows.review_flow import ReviewFlow
from perfstudio.ui.flows.scenes_flow import ScenesFlow
from perfstudio.ui.flows.settings_flow import SettingsFlow
from perfstudio.ui.flows.stage_flow import StageFlow
from perfstudio.ui.flows.takes_flow import TakesFlow
from perfstudio.ui.main_window import MainWindow
from perfstudio.words import errors, numbers

WATCH_AFTER_S = 2.0
"""The first look for devices takes a second of one core; the window is drawn and the recorder warm before."""


class Window:
    """Owns the main window and the flows."""

    def __init__(self, app: QApplication, session: Session, bridge: Bridge) -> None:
        self._app = app
        self._session = session
        self._bridge = bridge
        self._wanted: theme.Look | None = None
        self._look(session.settings.now)
        self.main = MainWindow()
        self.review = ReviewFlow(self.main, session)
        self.stage = StageFlow(self.main, session, bridge, self.review.review)
        self.deliveries = DeliveriesFlow(self.main, session)
        self.takes = TakesFlow(self.main, session, self.review, self.deliveries.send)
        self.review.play_again = lambda card: self.stage.enter(card, roll=True)
        self.review.signed = self.deliveries.send
        self.scenes = ScenesFlow(self.main, session, self.stage.read)
        self.settings = SettingsFlow(self.main, session, bridge)
        self._entered = {
            "takes": self.takes.entered,
            "deliveries": self.deliveries.entered,
            "settings": self.settings.entered,
        }
        self.main.may_close = self.stage.may_close
        self.main.room_chosen.connect(self._go)
        session.settings.on_change(lambda settings: bridge.post(lambda: self._changed(settings)))
        session.bus.subscribe(Trouble, lambda event: self.main.note(errors.sentence(event.problem), "look"))
        self.main.go("scenes")
        session.recover(self._recovered)

    def show(self) -> None:
        """Open it; from soon after on, devices that come and go are noticed."""
        self.main.show()
        self._bridge.after(WATCH_AFTER_S, self._session.watch_devices)

    def close(self) -> None:
        """Let go of what pages hold open."""
        self.review.page.playback.close()

    def to_front(self) -> None:
        """Somebody started perfstudio a second time."""
        self.main.showNormal()
        self.main.raise_()
        self.main.activateWindow()

    def _go(self, room: str) -> None:
        if not self._session.director.recording:
            if room != "settings":
                self.settings.left()
            self.main.go(room)
            if room in self._entered:
                self._entered[room]()

    def _changed(self, settings: Settings) -> None:
        self._session.director.countdown_s = settings.countdown_s
        self._look(settings)

    def _look(self, settings: Settings) -> None:
        appearance = theme.Appearance(settings.theme.value)
        theme.follow(self._app, appearance)
        wanted = theme.decide(
            self._app,
            appearance,
            scale=settings.text_percent / 100,
            reduced_motion=True if settings.reduced_motion else None,
        )
        if wanted != self._wanted:
            self._wanted = wanted
            theme.apply(self._app, wanted)

    def _recovered(self, recovery: Recovery) -> None:
        if recovery.recovered:
            count = numbers.count(len(recovery.recovered), "take")
            self.main.note(f"{count} recovered. Nothing that was recorded is lost.", "good")
        for _, problem in recovery.left:
            self.main.note(errors.sentence(problem), "look")
