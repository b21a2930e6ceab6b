"""Camera and microphone: chosen beside what they show and hear. The preview runs on the stage's own recorder."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLineEdit, QVBoxLayout

from perfstudio.model.clock import host_ns
from perfstudio.model.device import (
    NO_CAMERA,
    PRACTICE,
    CameraInfo,
    CameraRequest,
    DeviceSelection,
    MicrophoneInfo,
    MicrophoneRequest,
)
from perfstudio.model.errors import PerfstudioError
from perfstudio.session.lane import Lane
from perfstudio.session.settings import Settings, SettingsStore
from perfstudio.session.views import Pulse, StageState, StageView
from perfstudio.ui.setup.device_lists import (
    NETWORK,
    camera_entries,
    is_address,
    microphone_entries,
    mode_entries,
    read_mode,
)
from perfstudio.ui.theme import RADIUS_CARD, Role, look
from perfstudio.ui.widgets import Banner, Button, Card, Kind, LevelMeter, PlainLabel, Viewfinder
from perfstudio.ui.widgets.meter import WORDS
from perfstudio.ui.widgets.picker import Picker
from perfstudio.words import errors

POLL_MS = 50
NARROW = 760
Found = tuple[tuple[CameraInfo, ...], tuple[MicrophoneInfo, ...]]


class Preview(Protocol):
    """What is used of the stage's director."""

    view: StageView

    def open(self, selection: DeviceSelection) -> None: ...
    def leave(self) -> None: ...
    def pulse(self) -> Pulse: ...


class DevicesCard(Card):
    """Nothing is opened before somebody asks to see and hear; leaving the page lets the devices go."""

    def __init__(
        self, *, settings: SettingsStore, lane: Lane, list_devices: Callable[[], Found], preview: Preview
    ) -> None:
        super().__init__("Camera and microphone", padding=20, spacing=16)
        self._settings, self._lane, self._list, self._preview = settings, lane, list_devices, preview
        self._found: Found = ((), ())
        self._looking = False
        self._listing = False
        self._polled_ns = host_ns()
        self._timer = QTimer(self, interval=POLL_MS)
        self._timer.timeout.connect(self.poll)
        self.picture = Viewfinder(radius=RADIUS_CARD, smooth=True)
        self.picture.show_words("Nothing is open. Your camera's light is off.")
        self.meter = LevelMeter()
        self.level = PlainLabel("", Role.SMALL, "text2")
        self.look_button = Button("Look and listen", Kind.PRIMARY, icon="eye", on_click=self.toggle)
        self.camera = Picker("Camera")
        self.address = QLineEdit()
        self.mode = Picker("Size of the picture")
        self.microphone = Picker("Microphone")
        self.again = Button("Look for devices again", Kind.QUIET, icon="again", on_click=self.refresh)
        self.problem = Banner("", "look")
        self._build()
        self.show_settings(settings.now)

    def refresh(self) -> None:
        """List what is there now; the lists of before stay until then."""
        if not self._listing:
            self._listing = True
            self.again.setEnabled(False)
            self._lane.run(self._list, self._have, self._not_listed)

    def show_settings(self, now: Settings) -> None:
        """What is chosen."""
        cameras, microphones = self._found
        self.camera.offer(*camera_entries(cameras, now))
        self.microphone.offer(*microphone_entries(microphones, now))
        chosen = next((c for c in cameras if now.camera is not None and c.id == now.camera.id), None)
        self.mode.offer(*mode_entries(chosen, now.camera))
        self.mode.setVisible(not now.sound_only and now.camera is not None)
        self._mode_name.setVisible(not self.mode.isHidden())
        network = self.camera.value() == NETWORK
        self.address.setVisible(network)
        if network and now.camera is not None and is_address(now.camera.id) and not self.address.hasFocus():
            self.address.setText(now.camera.id)
        practice = any(d is not None and d.id.startswith(PRACTICE) for d in (now.camera, now.microphone))
        self.practice.setVisible(practice and not (now.sound_only and self.microphone.value() != PRACTICE))

    def toggle(self) -> None:
        """Open the chosen devices, or let them go."""
        if self._looking:
            self.stop()
            return
        if self._settings.now.selection() is None:
            self._say_problem("Choose a camera and a microphone first.")
            return
        self._looking = True
        self.look_button.say("Let them go", icon="eye-off")
        self._open()

    def stop(self) -> None:
        """Close the devices, when it was this card that opened them."""
        self._timer.stop()
        if self._looking:
            self._looking = False
            self._preview.leave()
        self.look_button.say("Look and listen", icon="eye")
        self.picture.show_words("Nothing is open. Your camera's light is off.")
        self.level.say("")
        self.meter.show_level(-120.0, 60.0)

    def show_stage(self, view: StageView) -> None:
        """The stage moved: opened, refused, or ready with other devices than are wanted by now."""
        if not self._looking:
            return
        wanted = self._settings.now.selection()
        stale = view.devices is not None and wanted is not None and view.devices.asked != wanted
        if view.state is StageState.READY and stale and wanted is not None:
            self._preview.open(wanted)
        elif view.state is StageState.READY:
            self._say_problem("")
            if view.devices is not None and view.devices.camera is None:
                self.picture.show_words("Sound only", "microphone")
        elif view.state is StageState.FAILED:
            words = errors.sentence(view.problem) if view.problem else ""
            self._say_problem(words)
            self.picture.show_words("The devices did not open.", "look")

    def poll(self) -> None:
        """The newest picture and level; called by the timer."""
        now = host_ns()
        elapsed, self._polled_ns = (now - self._polled_ns) / 1e9, now
        if self._preview.view.state is not StageState.READY:
            return
        pulse = self._preview.pulse()
        if pulse.picture is not None:
            self.picture.show_picture(pulse.picture)
        self.meter.show_level(pulse.reading.peak_dbfs, elapsed, clipped=pulse.reading.clipped)
        self.level.say(WORDS[self.meter.level], self.meter.tone if self.meter.tone != "record" else "danger")

    def hideEvent(self, event: QHideEvent) -> None:
        """Out of sight, nothing stays open."""
        super().hideEvent(event)
        self.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Picture beside the lists, or above them."""
        super().resizeEvent(event)
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._columns.setDirection(across if self.width() >= look().px(NARROW) else down)
        wide = self.width() >= look().px(NARROW)
        room = (self.width() - 40 - 24) * (0.5 if wide else 1.0)
        self.picture.setFixedHeight(round(min(room * 9 / 16, 300)))

    # choosing

    def _pick_camera(self, value: str) -> None:
        if value == NO_CAMERA:
            self._change(sound_only=True)
        elif value == NETWORK:
            self.address.setVisible(True)
            self.address.setFocus(Qt.FocusReason.OtherFocusReason)
        elif value:
            self._change(sound_only=False, camera=self._request(value), camera_name=self._name(self._found[0], value))

    def _pick_address(self) -> None:
        address = self.address.text().strip()
        if not is_address(address):
            self._say_problem("An address begins with http:// or rtsp://, as the camera's own page shows it.")
            return
        self._say_problem("")
        self._change(sound_only=False, camera=self._request(address), camera_name="A camera in the network")

    def _pick_mode(self, value: str) -> None:
        camera = self._settings.now.camera
        if camera is not None:
            width, height, fps = read_mode(value)
            self._change(camera=CameraRequest(id=camera.id, width=width, height=height, fps=fps))

    def _pick_microphone(self, value: str) -> None:
        if value:
            self._change(microphone=MicrophoneRequest(id=value), microphone_name=self._name(self._found[1], value))

    def _request(self, camera_id: str) -> CameraRequest:
        now = self._settings.now.camera
        return CameraRequest(id=camera_id) if now is None else now.model_copy(update={"id": camera_id})

    @staticmethod
    def _name(devices: tuple[CameraInfo, ...] | tuple[MicrophoneInfo, ...], value: str) -> str:
        return next((device.name for device in devices if device.id == value), "")

    def _change(self, **values: object) -> None:
        now = self._settings.change(**values)
        if now.selection() is not None and not now.devices_chosen:
            now = self._settings.change(devices_chosen=True)
        self.show_settings(now)
        if self._looking:
            self._open()

    # opening

    def _open(self) -> None:
        selection = self._settings.now.selection()
        if selection is None:
            return
        self._say_problem("")
        self.picture.show_words("Opening …")
        self._polled_ns = host_ns()
        self._timer.start()
        self._preview.open(selection)

    def _have(self, found: Found) -> None:
        self._listed()
        self._found = found
        self.show_settings(self._settings.now)

    def _not_listed(self, problem: PerfstudioError) -> None:
        self._listed()
        self._say_problem(errors.sentence(problem))

    def _listed(self) -> None:
        self._listing = False
        self.again.setEnabled(True)

    def _say_problem(self, sentence: str) -> None:
        self.problem.sentence.say(sentence)
        self.problem.setAccessibleName(sentence)
        self.problem.setVisible(bool(sentence))

    # building

    def _build(self) -> None:
        self.address.setPlaceholderText("http:// or rtsp:// address of the camera")
        self.address.setAccessibleName("Address of the camera")
        self.address.setMaxLength(500)
        self.address.returnPressed.connect(self._pick_address)
        self.camera.picked.connect(self._pick_camera)
        self.mode.picked.connect(self._pick_mode)
        self.microphone.picked.connect(self._pick_microphone)
        self.practice = PlainLabel(
            "Practice devices are made up by perfstudio. Takes made with them say that they are practice.",
            Role.SMALL,
            "look",
            wrap=True,
        )
        seen = QVBoxLayout()
        seen.setSpacing(10)
        seen.addWidget(self.picture)
        meter = QHBoxLayout()
        meter.setSpacing(12)
        meter.addWidget(self.meter, 1)
        meter.addWidget(self.level)
        seen.addLayout(meter)
        seen.addWidget(self.look_button, alignment=Qt.AlignmentFlag.AlignLeft)
        seen.addStretch(1)
        lists = QVBoxLayout()
        lists.setSpacing(6)
        self._mode_name = PlainLabel("Size of the picture", Role.SMALL, "text2")
        for name, field in (
            (PlainLabel("Camera", Role.SMALL, "text2"), self.camera),
            (None, self.address),
            (self._mode_name, self.mode),
            (PlainLabel("Microphone", Role.SMALL, "text2"), self.microphone),
        ):
            if name is not None:
                lists.addWidget(name)
            lists.addWidget(field)
            lists.addSpacing(6)
        lists.addWidget(self.practice)
        self.problem.hide()
        lists.addWidget(self.problem)
        lists.addWidget(self.again, alignment=Qt.AlignmentFlag.AlignLeft)
        lists.addStretch(1)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(24)
        self._columns.addLayout(seen, 1)
        self._columns.addLayout(lists, 1)
        self.body.addLayout(self._columns)
