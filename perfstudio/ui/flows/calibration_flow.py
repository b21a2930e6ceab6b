"""Calibration on the Settings page: joins the card to the session that records and measures."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer

from perfstudio.language.catalogue import _
from perfstudio.model.calibration import Method
from perfstudio.model.errors import PerfstudioError
from perfstudio.session.calibration.wizard import CalibrationState, CalibrationView
from perfstudio.session.events import StageChanged
from perfstudio.session.session import Session
from perfstudio.session.views import StageState
from perfstudio.texts import calibration as words
from perfstudio.texts import errors
from perfstudio.ui.main_window import MainWindow
from perfstudio.ui.settings.calibration_card import CalibrationActs, CalibrationCard
from perfstudio.ui.settings.devices_section import DevicesSection
from perfstudio.ui.system_access import open_settings_page

COUNT_MS = 100


class CalibrationFlow:
    """Owns the card at the foot of the devices. While it is opened the choices above it wait."""

    def __init__(self, window: MainWindow, session: Session, section: DevicesSection) -> None:
        self._window, self._session, self._section = window, session, section
        self._calibrating = session.calibrating
        self._opened = False
        self.card = CalibrationCard(
            CalibrationActs(
                open=self.open,
                choose=self._calibrating.choose,
                begin=self._calibrating.begin,
                finish=self._calibrating.finish,
                keep=self.keep,
                forget=self.forget,
                close=self.close,
                open_system=lambda problem: open_settings_page(problem, window.note),
            )
        )
        section.add_card(self.card)
        self._timer = QTimer(self.card, interval=COUNT_MS)
        self._timer.timeout.connect(self._count)
        self._calibrating.changed = self._show
        session.bus.subscribe(StageChanged, lambda _: self._show(self._calibrating.view))
        self._show(self._calibrating.view)

    def open(self) -> None:
        """Show the card's steps for the chosen devices."""
        self._opened = True
        self._section.show_only(self.card)
        self._show(self._calibrating.view)

    def close(self) -> None:
        """Nothing is kept; the choices come back. Does nothing when it is closed."""
        if not self._opened:
            return
        self._opened = False
        self._calibrating.give_up()
        self._section.show_only(None)
        self._show(self._calibrating.view)
        if self.card.isVisible():
            self.card.calibrate.setFocus()

    def keep(self) -> None:
        """Put the answer in force."""
        self._do(lambda: self._calibrating.keep() is not None, _(words.KEPT))
        self.close()

    def forget(self) -> None:
        """Back to not calibrated."""
        self._do(self._calibrating.forget, _(words.FORGOTTEN))

    def _do(self, work: Callable[[], bool], said: str) -> None:
        try:
            if work():
                self._window.toast.show_message(said)
        except PerfstudioError as problem:
            self._window.note(errors.sentence(problem), "look")

    def _show(self, view: CalibrationView) -> None:
        ready = self._session.director.view.state is StageState.READY
        self.card.show_view(view, opened=self._opened, ready=ready)
        if view.state is CalibrationState.LISTENING:
            self._timer.start()
        else:
            self._timer.stop()

    def _count(self) -> None:
        tally = self._calibrating.tally
        method: Method = self._calibrating.view.method
        self.card.show_count(tally.heard, tally.seen, self._calibrating.elapsed_s, method)
