"""Camera and sound: which devices, what size, and at their side what they give right now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLineEdit, QWidget

from perfstudio.capture.devices.addresses import hidden, is_address
from perfstudio.language.catalogue import _, looked_up
from perfstudio.model.device import Encode
from perfstudio.model.errors import PerfstudioError
from perfstudio.session.devices import Devices, is_good_address
from perfstudio.session.settings import Settings
from perfstudio.session.views import Pulse, StageView
from perfstudio.texts import devices as words
from perfstudio.ui.settings.choice_card import ChoiceCard
from perfstudio.ui.settings.device_rows import NETWORK, DeviceRows
from perfstudio.ui.settings.preview import Preview
from perfstudio.ui.settings.setting_line import ANY_PX
from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets import Banner, Button, Card, PlainLabel, ScrollColumn, SegmentedFilter, announce

SIZES = {"1280x720": (1280, 720), "1920x1080": (1920, 1080)}
NARROW_PX = 800
"""Below this width at 100 % text the picture lies above the choices."""
CHOICES_PX = 430


@dataclass(frozen=True, slots=True)
class DeviceActs:
    """What a person can ask for here. `camera` gets a device's id, an address, or SOUND_ONLY."""

    camera: Callable[[str], object]
    microphone: Callable[[str], object]
    size: Callable[[int, int], object]
    encode: Callable[[Encode], object]
    retry: Callable[[], object]
    open_system: Callable[[PerfstudioError], object] = lambda _: None


class DevicesSection(QWidget):
    """Feed it settings, devices and views; `acts` hears what is picked."""

    def __init__(self, *, poll: Callable[[], Pulse], acts: DeviceActs) -> None:
        super().__init__()
        self._acts = acts
        self._settings = Settings(performer_id="")
        self._devices: Devices | None = None
        self._wants_address = False
        self.preview = Preview(poll=poll, retry=acts.retry, open_system=acts.open_system)
        self.cameras = ChoiceCard(_("Camera"), self._picked_camera)
        self.microphones = ChoiceCard(_("Microphone"), acts.microphone)
        self.address = QLineEdit()
        self.connect_button = Button(_("Connect"), on_click=self.connect_address)
        self.address_note = PlainLabel("", Role.SMALL, "look", wrap=True)
        self.sizes = SegmentedFilter(_("Picture size"), {n: words.size(*wh) for n, wh in SIZES.items()})
        self.film = SegmentedFilter(_("When the video is made"), looked_up(words.ENCODES))
        self.practice = Banner(_(words.IN_PRACTICE), "info")
        self._build()

    def show_settings(self, now: Settings) -> None:
        """Show the chosen devices."""
        camera = now.camera
        if camera is not None and is_address(camera.id):
            self._wants_address = False
            if not self.address.hasFocus():
                self.address.setText(hidden(camera.id))
        self._settings = now
        asked = (camera.width, camera.height) if camera is not None else (0, 0)
        name = next((n for n, size in SIZES.items() if size == asked), "")
        if name and name != self.sizes.current():
            self.sizes.blockSignals(True)
            self.sizes.choose(name)
            self.sizes.blockSignals(False)
        when = camera.encode if camera is not None else Encode.LIVE
        if when != self.film.current():
            self.film.blockSignals(True)
            self.film.choose(when)
            self.film.blockSignals(False)
        self.film.setEnabled(camera is not None and not now.sound_only)
        self.sizes.setEnabled(camera is not None and not now.sound_only)
        self._show_rows()

    def show_devices(self, devices: Devices | None) -> None:
        """What is there; None while nobody has looked."""
        self._devices = devices
        self._show_rows()

    def show_view(self, view: StageView, idle: str) -> None:
        """How the devices stand."""
        self.preview.show_view(view, idle)

    def show_practice(self, *, on: bool) -> None:
        """A window for practice keeps the choice and does not use it."""
        self._practised = on
        self.practice.setVisible(on)

    def add_card(self, card: QWidget) -> None:
        """One more card below the choices."""
        self.choices.body.insertWidget(self.choices.body.count() - 1, card)
        self._cards.append(card)

    def show_only(self, card: QWidget | None) -> None:
        """One card alone, the picture beside it; None brings the others back."""
        for other in self._cards:
            other.setVisible(card in (None, other))
        self.practice.setVisible(card is None and self._practised)
        self.choices.verticalScrollBar().setValue(0 if card else self.choices.verticalScrollBar().maximum())

    def connect_address(self) -> None:
        """Use the address that is typed."""
        typed = self._typed_address()
        good = is_good_address(typed)
        self.address_note.say("" if good else _(words.BAD_ADDRESS))
        self.address_note.setVisible(not good)
        if good:
            self._acts.camera(typed)
        else:
            announce(self.address, _(words.BAD_ADDRESS))
            self.address.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side, or one above the other."""
        super().resizeEvent(event)
        narrow = self.width() < theme_now().px(NARROW_PX)
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if self._box.direction() != direction:
            self._box.setDirection(direction)
            self._box.setStretch(0, 0 if narrow else 1)
            self._box.setStretch(1, 1 if narrow else 0)
        side = min(theme_now().px(CHOICES_PX), round(self.width() * 0.46))
        self.choices.setMinimumWidth(0 if narrow else side)
        self.choices.setMaximumWidth(ANY_PX if narrow else side)
        self.preview.lie(lying=narrow, height=round(self.height() * (0.38 if narrow else 0.8)))

    # rows

    def _show_rows(self) -> None:
        rows = DeviceRows(self._settings, self._devices)
        chosen = NETWORK if self._wants_address else rows.camera()
        cameras = rows.cameras()
        cameras.insert(-1, rows.network())
        self.cameras.show_rows(cameras, chosen, rows.about_cameras())
        self.microphones.show_rows(rows.microphones(), rows.microphone(), rows.about_microphones())
        self._network.setVisible(chosen == NETWORK)

    def _typed_address(self) -> str:
        """What stands in the field; left as it was shown, it is the address that was chosen, with its password."""
        typed, camera = self.address.text().strip(), self._settings.camera
        return camera.id if camera is not None and is_address(camera.id) and typed == hidden(camera.id) else typed

    def _picked_camera(self, picked: str) -> None:
        self._wants_address = picked == NETWORK
        if picked != NETWORK:
            self.address_note.hide()
            self._acts.camera(picked)
        elif is_good_address(self._typed_address()):
            self._acts.camera(self._typed_address())
        self._show_rows()
        if picked == NETWORK and not self.address.text():
            self.address.setFocus(Qt.FocusReason.OtherFocusReason)

    # building

    def _build(self) -> None:
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(20)
        self._box.addWidget(self.preview, 1)
        self.choices = ScrollColumn(spacing=12)
        self._box.addWidget(self.choices)
        self.practice.hide()
        self.cameras.body.addWidget(self._make_network())
        self._cards: list[QWidget] = [self.cameras, self.microphones, self._make_size(), self._make_film()]
        self._practised = False
        for part in (self.practice, *self._cards):
            self.choices.body.addWidget(part)
        self.choices.body.addStretch(1)

    def _make_network(self) -> QWidget:
        self._network = Card(padding=8, spacing=6, ground="ground1", border="ground1")
        self.address.setPlaceholderText("rtsp://192.168.1.20/live")
        self.address.setAccessibleName(_("Address of the network camera"))
        self.address.setMaxLength(500)
        self.address.setMinimumWidth(120)
        self.address.returnPressed.connect(self.connect_address)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.address, 1)
        row.addWidget(self.connect_button)
        self._network.body.addLayout(row)
        self._network.body.addWidget(self.address_note)
        self.address_note.hide()
        return self._network

    def _make_size(self) -> QWidget:
        card = Card(_("Picture size"), padding=20, spacing=10)
        card.body.addWidget(self.sizes)
        card.body.addWidget(
            PlainLabel(
                _("30 frames per second. A camera that offers fewer gives the nearest."), Role.SMALL, "text2", wrap=True
            )
        )
        self.sizes.chosen.connect(lambda name: self._acts.size(*SIZES[name]))
        return card

    def _make_film(self) -> QWidget:
        card = Card(_("The video is made"), padding=20, spacing=10)
        card.body.addWidget(self.film)
        card.body.addWidget(PlainLabel(_(words.ENCODE_HELP), Role.SMALL, "text2", wrap=True))
        self.film.chosen.connect(lambda name: self._acts.encode(Encode(name)))
        return card
