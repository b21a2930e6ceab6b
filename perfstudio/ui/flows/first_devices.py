"""When nothing was chosen yet: the pair most performers want, else one question."""

from __future__ import annotations

from collections.abc import Callable

from perfstudio.language.catalogue import _
from perfstudio.model.device import DeviceSelection
from perfstudio.session.devices import PRACTICE_PAIR, Devices, chosen, is_broken_off, list_devices, usual
from perfstudio.session.session import Session
from perfstudio.texts.devices import BROKEN_OFF
from perfstudio.ui.main_window import MainWindow
from perfstudio.ui.widgets.question import Choice


class FirstDevices:
    """`choose` looks for devices, keeps the choice, and hands it to `then`."""

    def __init__(self, window: MainWindow, session: Session) -> None:
        self._window = window
        self._session = session

    def choose(self, then: Callable[[DeviceSelection], object]) -> None:
        """Take what is obvious; ask when nothing is."""
        self._session.background.run(list_devices, lambda found: self._found(found, then), self._session.trouble)

    def _found(self, devices: Devices, then: Callable[[DeviceSelection], object]) -> None:
        if is_broken_off(devices):
            self._window.note(_(BROKEN_OFF), "look")
        pair = usual(devices)
        if pair is not None:
            self._keep(pair, devices, then)
            return
        self._window.ask(
            _("No camera or microphone was found"),
            _("Plug them in, or play with the practice devices. Practice takes say that they are practice."),
            (
                Choice(_("Use practice devices"), lambda: self._keep(PRACTICE_PAIR, devices, then)),
                Choice(_("Choose devices"), lambda: self._window.page_chosen.emit("settings")),
            ),
        )

    def _keep(self, pair: DeviceSelection, devices: Devices, then: Callable[[DeviceSelection], object]) -> None:
        self._session.settings.change(**chosen(pair, devices))
        then(pair)
