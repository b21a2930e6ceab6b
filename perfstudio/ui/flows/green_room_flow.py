"""Into the green room and out again: devices open while it is seen, the check runs, the stage is one key away."""

from __future__ import annotations

from dataclasses import replace

from perfstudio.model.device import DeviceSelection
from perfstudio.session.events import DevicesBack, RoomCheckChanged
from perfstudio.session.room_views import RoomCheckView, RoomState
from perfstudio.session.session import Session
from perfstudio.session.views import SceneCard, StageState
from perfstudio.texts import devices as device_words
from perfstudio.ui.flows.first_devices import FirstDevices
from perfstudio.ui.flows.headphones_flow import HeadphonesFlow
from perfstudio.ui.flows.naming import named
from perfstudio.ui.flows.ways import Ways
from perfstudio.ui.green_room.clicks_part import ClickActs
from perfstudio.ui.green_room.headphones_card import HeadphonesCard
from perfstudio.ui.main_window import MainWindow
from perfstudio.ui.pages.green_room import GreenActs, GreenRoomPage
from perfstudio.ui.system_access import open_settings_page

NAME = "green_room"


class GreenRoomFlow:
    """Owns the green room's page."""

    def __init__(self, window: MainWindow, session: Session, ways: Ways) -> None:
        self._window = window
        self._session = session
        self._room = session.green_room
        self._first = FirstDevices(window, session)
        self._ways = ways
        self.card: SceneCard | None = None
        self._here = False
        clicks = ClickActs(session.clicks.begin, session.clicks.give_up, lambda: session.clicks.share)
        self._hearing = HeadphonesFlow(
            session, lambda: self._card_of_headphones, lambda: self.page.show_clicks(session.clicks.view)
        )
        self.page = GreenRoomPage(
            poll=self._room.pulse,
            acts=GreenActs(
                begin=self._room.begin,
                give_up=self._room.give_up,
                go_on=self._go_on,
                leave=self._leave,
                retry=self._open,
                choose=lambda: ways.choose_devices(headphones=False),
                open_system=lambda problem: open_settings_page(problem, window.note),
                calibrate=ways.to_calibration,
                headphones=self._hearing.acts(clicks),
            ),
        )
        window.add_page(NAME, self.page, area=NAME)
        session.clicks.changed = self.page.show_clicks
        session.bus.subscribe(RoomCheckChanged, lambda event: self._changed(event.view))
        session.bus.subscribe(DevicesBack, lambda _: self._devices_back())

    def entered(self) -> None:
        """From the rail: for nobody in particular."""
        self.check(None)

    def check(self, card: SceneCard | None) -> None:
        """Come in, for a character or for nobody in particular."""
        self.card, self._here = card, True
        self._window.go(NAME)
        self._hearing.show_chosen()
        self.page.show_clicks(self._session.clicks.view)
        self._room.enter(card)
        self._open()

    @property
    def _card_of_headphones(self) -> HeadphonesCard:
        assert self.page.headphones is not None  # noqa: S101 - made with its acts
        return self.page.headphones

    def left(self) -> None:
        """Another page comes to the front; devices stay open for a while."""
        if self._here:
            self._here = False
            self.page.mirror.stop()  # before its file goes
            self._session.clicks.give_up()
            self._room.leave()
            self._window.show_recording(recording=False)
            self._ways.keep_devices_open()

    def _open(self) -> None:
        selection = self._session.selection()
        if selection is None:
            self._first.choose(self._open_these)
        else:
            self._open_these(selection)

    def _open_these(self, selection: DeviceSelection) -> None:
        director = self._session.director
        if self._here and not (director.view.state is StageState.READY and director.opened == selection):
            director.open(selection)

    def _devices_back(self) -> None:
        """A device that was pulled out is there again: go on by itself."""
        if self._here:
            self._open()

    def _changed(self, view: RoomCheckView) -> None:
        if self._here:
            stage = replace(view.stage, problem=named(view.stage.problem, self._session.settings.now))
            self.page.show_view(replace(view, stage=stage), _names(view))
            self._window.show_recording(view.state in (RoomState.STARTING, RoomState.RUNNING))

    def _go_on(self) -> None:
        card = self.card
        if card is None:
            self._leave()
            return
        self.left()
        self._ways.to_stage(card)

    def _leave(self) -> None:
        self.left()
        self._window.go("scenes" if self.card is None else "brief")


def _names(view: RoomCheckView) -> str:
    """Logitech Brio, 1280 × 720 at 30 · Blue Yeti, 48 kHz, mono, 16 bit."""
    used = view.stage.devices
    if used is None or view.stage.state is not StageState.READY:
        return " "
    parts = []
    if used.camera is not None:
        parts.append(f"{used.camera.name}, {device_words.camera_gives(used.camera)}")
    if used.microphone is not None:
        parts.append(f"{used.microphone.name}, {device_words.microphone_gives(used.microphone)}")
    return " · ".join(parts)
