"""The whole window, taken through every page in the states in which most is shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui_desks import studio_file
from ui_gallery import pulse
from ui_green_room import result, stage
from ui_window import SLOW_PAIR, nothing_ahead

from perfstudio.language.catalogue import _
from perfstudio.model.clock import utc_now
from perfstudio.model.errors import DeviceError, ErrorCode
from perfstudio.model.room import RoomPart
from perfstudio.paths import AppPaths
from perfstudio.session.recorder.fake import FakeRecorder
from perfstudio.session.room_views import RoomCheckView, RoomState
from perfstudio.session.session import Session
from perfstudio.session.stage.state_machine import ACTIONS
from perfstudio.session.time_spent import Spell, Work
from perfstudio.session.views import StageState, StageView
from perfstudio.ui.bridge import Bridge
from perfstudio.ui.coordinator import Coordinator
from perfstudio.ui.main_window import MainWindow
from perfstudio.ui.pages.settings import SECTIONS
from perfstudio.ui.widgets.question import Choice
from rigs.practice_clip import write_clip
from rigs.signing_home import MINE, signed_home

REFUSED = DeviceError(ErrorCode.MICROPHONE_DENIED, id="Brio")


@dataclass
class Tour:
    """A window over signed takes, on a fake recorder. Each way gives the name of what is in front."""

    qtbot: QtBot
    window: Coordinator
    session: Session
    folder: Path

    @property
    def main(self) -> MainWindow:
        return self.window.main

    def settle(self) -> None:
        """What was asked of the workers is shown, and has its place."""
        for worker in (self.session.worker, self.session.signing, self.session.background) * 2:
            done: list[bool] = []
            worker.run(lambda: True, done.append, self.session.trouble)
            self.qtbot.waitUntil(lambda done=done: bool(done), timeout=60_000)  # type: ignore[misc]
        for _turn in range(4):  # a layout asks for another one, around it
            turned: list[bool] = []
            self.session.bus.post(lambda turned=turned: turned.append(True))  # type: ignore[misc]
            self.qtbot.waitUntil(lambda turned=turned: bool(turned), timeout=60_000)  # type: ignore[misc]
            QCoreApplication.sendPostedEvents()

    def everywhere(self) -> Iterator[str]:
        for way in (self._scenes, self._stage, self._green_room, self._takes, self._sending, self._settings):
            for name in way():
                self.settle()
                yield name

    def _scenes(self) -> Iterator[str]:
        self.settle()
        yield "scenes"
        self.window.stage.read(self.session.home.scenes.packs()[0].cards[0])
        yield "brief"

    def _stage(self) -> Iterator[str]:
        page, card = self.window.stage.stage, self.session.home.scenes.packs()[0].cards[3]
        self.main.go("stage")
        page._timer.stop()
        page._poll = pulse
        for state in StageState:
            failed, countdown = state is StageState.FAILED, 2 if state is StageState.COUNTDOWN else 0
            problem = REFUSED if failed else None
            page.show_view(StageView(state, ACTIONS[state], card, 12, countdown=countdown, problem=problem))
            page.refresh()
            yield f"stage, {state.value}"
        self.main.go("scenes")

    def _green_room(self) -> Iterator[str]:
        self.window._go("green_room")
        page = self.window.green_room.page
        write_clip(self.folder / "take.mp4", 0.5, size=(160, 90))
        for name, view in {
            "look": RoomCheckView(RoomState.LOOK, stage()),
            "failed": RoomCheckView(RoomState.LOOK, stage(StageState.FAILED, REFUSED)),
            "running": RoomCheckView(RoomState.RUNNING, stage(), part=RoomPart.SOFT),
            "result": RoomCheckView(RoomState.RESULT, stage(), result=result(self.folder)),
        }.items():
            self.settle()
            page.show_view(view, " ")
            yield f"green room, {name}"

    def _takes(self) -> Iterator[str]:
        self.window._go("takes")
        yield "takes"
        takes = [line.take_id for line in self.session.home.takes.lines()]
        unsigned = next(take_id for take_id in takes if take_id not in MINE)
        for name, take_id in (("signed", MINE[0]), ("unsigned", unsigned)):
            self.window.review.review(take_id)
            yield f"review, {name}"
            self.window.review.ask_consent(take_id)
            yield f"consent, {name}"

    def _sending(self) -> Iterator[str]:
        self.window._go("deliveries")
        yield "deliveries"
        page = self.window.deliveries.page
        page._connect(str(studio_file(self.folder)))
        self.settle()
        page.form.ask()
        yield "deliveries, with a studio"
        self.window._go("given")
        yield "given"
        spell = Spell(utc_now(), "practice", "the-letter", "The letter", Work.PREPARING, 3_725.0)
        self.session.home.time_spent.add(spell)
        self.window._go("ledger")
        yield "ledger"

    def _settings(self) -> Iterator[str]:
        self.window._go("settings")
        for section in SECTIONS:
            self.window.settings.page.turn_to(section)
            yield f"settings, {section}"
        self.window._go("help")
        yield "help"
        self.window.help.page.search.setText("zebra")
        yield "help, nothing found"
        self.window.help.leave()
        self.window.settings.page.turn_to("devices")
        self.window.settings.calibration.open()
        yield "settings, calibration"
        self.main.ask(
            _("A take is rolling"), "What now?", (Choice(_("Keep rolling")), Choice("Cut, keep it and close"))
        )
        yield "a question"


@contextmanager
def touring(
    qapp: QApplication, qtbot: QtBot, folder: Path, patch: pytest.MonkeyPatch, look: tuple[tuple[int, int], int]
) -> Iterator[Tour]:
    """The window in a size, in pixels, with its text in a size, in percent."""
    size, percent = look
    nothing_ahead(patch)
    bridge = Bridge()
    session = Session(AppPaths(signed_home(folder / "home")), bridge.post, bridge, recorder=FakeRecorder)
    session.deliveries.pause(True)
    session.settings.change(camera=SLOW_PAIR.camera, microphone=SLOW_PAIR.microphone, text_percent=percent)
    window = Coordinator(qapp, session, bridge)
    window.main.setMinimumSize(1, 1)
    window.main.resize(*size)
    window.show()
    try:
        yield Tour(qtbot, window, session, folder)
    finally:
        window.main.may_close = lambda: True
        window.main.close()
        window.close()
        window.main.deleteLater()
        session.close()
        bridge.close()
