"""Settings: devices with their live picture and level, the look, where takes live, who signs, and all the keys."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSlider, QStackedWidget, QWidget

from perfstudio.language.catalogue import Messages, _, looked_up
from perfstudio.session.settings import Settings
from perfstudio.session.views import Pulse
from perfstudio.ui.settings.appearance_section import AppearanceSection
from perfstudio.ui.settings.devices_section import DeviceActs, DevicesSection
from perfstudio.ui.settings.help_section import HelpSection
from perfstudio.ui.settings.keys_section import KeysSection
from perfstudio.ui.settings.limits_section import LimitsSection
from perfstudio.ui.settings.storage_section import StorageSection
from perfstudio.ui.settings.you_section import YouSection
from perfstudio.ui.widgets import Page, ScrollColumn, SegmentedFilter

SECTIONS: Messages[dict[str, str]] = {
    "devices": "Camera and sound",
    "look": "Appearance",
    "limits": "Limits",
    "checks": "Checks",
    "sending": "Sending",
    "storage": "Storage",
    "you": "You",
    "keys": "Keys",
    "help": "Help",
}
_SCROLLS = {
    Qt.Key.Key_Down: QAbstractSlider.SliderAction.SliderSingleStepAdd,
    Qt.Key.Key_Up: QAbstractSlider.SliderAction.SliderSingleStepSub,
    Qt.Key.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
    Qt.Key.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
}


class SettingsPage(Page):
    """What is changed here holds at once. `turned` gets the name of the section that came to the front; `checks` and
    `sending` are the sections of these names."""

    def __init__(
        self,
        *,
        poll: Callable[[], Pulse],
        acts: DeviceActs,
        change: Callable[..., object],
        open_folder: Callable[[], object],
        rebuild: Callable[[], object],
        turned: Callable[[str], object],
        checks: QWidget,
        sending: QWidget,
    ) -> None:
        super().__init__(_("Settings"), _("Changes here apply at once."), scrolls=False)
        self._turned = turned
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.devices = DevicesSection(poll=poll, acts=acts)
        self.look = AppearanceSection(change)
        self.limits = LimitsSection(change)
        self.checks = checks
        self.storage = StorageSection(open_folder=open_folder, rebuild=rebuild)
        self.you = YouSection(change)
        self.help = HelpSection()
        self.keys = KeysSection(change)
        self._parts: dict[str, QWidget] = {
            "devices": self.devices,
            "look": self.look,
            "limits": self.limits,
            "checks": self.checks,
            "sending": sending,
            "storage": self.storage,
            "you": self.you,
            "keys": self.keys,
            "help": self.help,
        }
        self.chooser = SegmentedFilter(_("Settings"), looked_up(SECTIONS))
        self.chooser.chosen.connect(self._turn)
        self._stack = QStackedWidget()
        self.body.addWidget(self.chooser)
        self.body.addWidget(self._stack, 1)
        for part in self._parts.values():
            self._stack.addWidget(part)  # last: Qt gives all that lies in a part its style again with every parent

    @property
    def section(self) -> str:
        """The name of the section in front."""
        return self.chooser.current()

    def turn_to(self, section: str) -> None:
        """Bring a section to the front."""
        self.chooser.choose(section)

    def come_back(self, section: str) -> None:
        """The page was made anew, in another language: where that was chosen."""
        self.turn_to(section)
        if section == "look":
            self.look.languages.stop().setFocus(Qt.FocusReason.OtherFocusReason)

    def show_settings(self, now: Settings) -> None:
        """Show the stored settings in every section."""
        self.devices.show_settings(now)
        self.look.show_settings(now)
        self.limits.show_settings(now)
        self.you.show_settings(now)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves a field. While nothing else has the focus, arrow keys turn to the next section and scroll."""
        if event.key() == Qt.Key.Key_Escape:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and self.hasFocus():
            self.chooser.keyPressEvent(event)
        elif event.key() in _SCROLLS and isinstance(part := self._parts[self.section], ScrollColumn):
            part.verticalScrollBar().triggerAction(_SCROLLS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _turn(self, section: str) -> None:
        self._stack.setCurrentWidget(self._parts[section])
        self._turned(section)
