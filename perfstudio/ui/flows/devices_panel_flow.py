"""Other devices without leaving the stage or the green room: a panel beside the picture, in which a choice is seen and
heard at once. Never while a take is made."""

from __future__ import annotations

from typing import Any

from perfstudio.language.catalogue import _
from perfstudio.session import set_ups
from perfstudio.session.events import DevicesChanged, StageChanged
from perfstudio.session.session import Session
from perfstudio.session.views import StageState
from perfstudio.texts import devices as words
from perfstudio.ui.bridge import Bridge
from perfstudio.ui.flows.device_choosing import DeviceChoosing
from perfstudio.ui.flows.headphones_flow import HeadphonesFlow
from perfstudio.ui.green_room.headphones_card import HeadphonesCard
from perfstudio.ui.main_window import MainWindow
from perfstudio.ui.settings.choice_card import ChoiceCard
from perfstudio.ui.settings.device_rows import NETWORK, DeviceRows
from perfstudio.ui.settings.set_ups_card import SetUpActs, SetUpsCard
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import PlainLabel
from perfstudio.ui.widgets.side_panel import SidePanel


class DevicesPanelFlow:
    """Owns the panel. What is chosen is opened as soon as nothing else is being opened."""

    def __init__(self, window: MainWindow, session: Session, bridge: Bridge) -> None:
        self._session = session
        self.choosing = DeviceChoosing(window, session, self._show)
        self.panel = SidePanel(window.centre, _("Camera and sound"), lambda: None)
        self.cameras = ChoiceCard(_("Camera"), self._picked_camera)
        self.microphones = ChoiceCard(_("Microphone"), self.choosing.microphone)
        self._hearing = HeadphonesFlow(session, lambda: self.headphones)
        self.headphones = HeadphonesCard(self._hearing.acts())
        practice = PlainLabel(_(words.IN_PRACTICE), Role.SMALL, "text2", wrap=True)
        practice.setVisible(session.practice)
        self.set_ups = SetUpsCard(SetUpActs(self._choose_room, self._keep_room, self._forget_room))
        for part in (practice, self.set_ups, self.cameras, self.microphones, self.headphones):
            self.panel.body.addWidget(part)
        self.panel.body.addStretch(1)
        session.settings.on_change(lambda _now: bridge.post(self._changed))
        session.bus.subscribe(StageChanged, lambda _: self._stage_changed())
        session.bus.subscribe(DevicesChanged, lambda _: self._others())

    def open(self, *, headphones: bool) -> None:
        """Show it, with the headphones where the page has no card of them."""
        if self._session.director.recording:
            return
        self.headphones.setVisible(headphones)
        self._hearing.show_chosen()
        self.choosing.look()
        self._show()
        self.panel.open_panel()

    def _choose_room(self, name: str) -> None:
        self._change(set_ups.put_on(self._session.settings.now, name))

    def _keep_room(self, name: str) -> None:
        self._change(set_ups.kept(self._session.settings.now, name))

    def _forget_room(self, name: str) -> None:
        self._change(set_ups.forgotten(self._session.settings.now, name))

    def _change(self, values: dict[str, Any]) -> None:
        self._session.settings.change(**values)
        self._hearing.show_chosen()

    def _show(self) -> None:
        self.set_ups.show_settings(self._session.settings.now)
        rows = DeviceRows(self._session.settings.now, self.choosing.seen)
        cameras, chosen = rows.cameras(), rows.camera()
        if chosen == NETWORK:  # another address is typed in Settings
            cameras.insert(-1, rows.network())
        self.cameras.show_rows(cameras, chosen, rows.about_cameras())
        self.microphones.show_rows(rows.microphones(), rows.microphone(), rows.about_microphones())

    def _picked_camera(self, picked: str) -> None:
        if picked != NETWORK:
            self.choosing.camera(picked)

    def _changed(self) -> None:
        if self.panel.isVisible():
            self._show()
            self._open_chosen()

    def _others(self) -> None:
        if self.panel.isVisible() and self._session.devices is not None:
            self.choosing.saw(self._session.devices)

    def _stage_changed(self) -> None:
        if not self.panel.isVisible():
            return
        if self._session.director.recording:
            self.panel.close_panel()
        else:
            self._open_chosen()

    def _open_chosen(self) -> None:
        """What is being opened is waited for."""
        director, wanted = self._session.director, self._session.selection()
        if wanted is None or director.recording or director.view.state is StageState.OPENING:
            return
        if wanted != director.opened:
            director.open(wanted)
