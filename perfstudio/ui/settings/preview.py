"""What the chosen devices give right now: the mirrored picture, the level, and what was granted, in words."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.model.clock import host_ns
from perfstudio.model.errors import ErrorCode
from perfstudio.session.views import Pulse, StageState, StageView
from perfstudio.texts import devices as words
from perfstudio.texts import errors
from perfstudio.ui.system_button import OpenSystem, SystemButton
from perfstudio.ui.theme import RADIUS_CARD, Role, theme_now
from perfstudio.ui.widgets import Button, PlainLabel, ThemedIcon, Viewfinder, announce
from perfstudio.ui.widgets.meter import WORDS
from perfstudio.ui.widgets.meter_scale import ScaledMeter

POLL_MS = 33
SHAPE = 9 / 16
LEAST_FACTS_PX = 300
_LIVE = (StageState.READY,)
_AWAY = (ErrorCode.CAMERA_UNKNOWN, ErrorCode.CAMERA_LOST, ErrorCode.MICROPHONE_UNKNOWN, ErrorCode.MICROPHONE_LOST)
"""What `idle` says by name and more calmly."""


class Preview(QWidget):
    """Polls only while it is seen. `poll` gives the newest pulse, `retry` opens the devices again, `open_system` the
    system's settings for a problem that they are about."""

    def __init__(
        self,
        *,
        poll: Callable[[], Pulse],
        retry: Callable[[], object],
        open_system: OpenSystem = lambda _: None,
    ) -> None:
        super().__init__()
        self._poll = poll
        self._view = StageView(StageState.CLOSED, frozenset())
        self._polled_ns = host_ns()
        self._lying, self._most = False, 0
        self._box = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self.picture = Viewfinder(radius=RADIUS_CARD, smooth=True)
        self._scaled = ScaledMeter()
        self.meter = self._scaled.meter
        self.level = PlainLabel("", Role.SMALL, "text2")
        self.gives = PlainLabel("", Role.SMALL, "text2", wrap=True, selectable=True)
        self.but = PlainLabel("", Role.SMALL, "look", wrap=True)
        self.said = PlainLabel("", Role.BODY, "text2", wrap=True)
        self._instead = ("", "camera")
        self.again = Button(_("Try again"), icon="again", on_click=retry)
        self.system = SystemButton(open_system)
        self._build()
        self._timer = QTimer(self, interval=POLL_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.refresh)

    def show_view(self, view: StageView, idle: str = "") -> None:
        """The devices as they stand; `idle` says why nothing is open, or who is away."""
        before, self._view = self._view, view
        live = view.state in _LIVE
        failed = view.state is StageState.FAILED
        for part in (self._scaled, self.level, self._microphone):
            part.setVisible(live)
        self.again.setVisible(failed)
        self.system.show_problem(view.problem if failed else None)
        self._say_granted(view if live else None)
        if not live or view.devices is None or view.devices.camera is None:
            self._say_instead(*_words(view, idle))
        elif before.state is not StageState.READY:
            self._say_instead("", "camera")
        if live and before.state not in _LIVE:
            self.meter.reset_clip()  # the lamp is of these devices
        if view.waits is not None and view.waits is not before.waits and self.isVisible():
            announce(self, words.waits(view.waits))
        if failed and before.state is not StageState.FAILED and self.isVisible() and view.problem:
            announce(self, errors.sentence(view.problem))

    def refresh(self) -> None:
        """The newest picture and level."""
        now = host_ns()
        elapsed, self._polled_ns = (now - self._polled_ns) / 1e9, now
        if self._view.state not in _LIVE:
            return
        pulse = self._poll()
        if pulse.picture is not None and self._view.devices is not None and self._view.devices.camera is not None:
            self.picture.show_picture(pulse.picture)
            self.said.hide()
        self.meter.show_level(pulse.reading.peak_dbfs, elapsed, clipped=pulse.reading.clipped)
        self.level.say(_(WORDS[self.meter.level]), self.meter.tone if self.meter.tone != "text3" else "text2")

    def lie(self, *, lying: bool, height: int) -> None:
        """Upright: the picture over its facts. Lying: beside them, at most `height` high, where the page is narrow."""
        wanted = QBoxLayout.Direction.LeftToRight if lying else QBoxLayout.Direction.TopToBottom
        if self._box.direction() != wanted:
            self._box.setDirection(wanted)
        self._lying, self._most = lying, height
        self._shape()
        if not self.picture.has_picture():
            self._say_instead(*self._instead)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The picture keeps sixteen to nine."""
        super().resizeEvent(event)
        self._shape()

    def showEvent(self, event: QShowEvent) -> None:
        """Pictures flow while they are seen."""
        super().showEvent(event)
        self._polled_ns = host_ns()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Close the devices with the page."""
        super().hideEvent(event)
        self._timer.stop()

    def _shape(self) -> None:
        longest = max(self.level.fontMetrics().horizontalAdvance(_(text)) for text in WORDS.values())
        self.level.setMinimumWidth(longest + 4)  # the meter keeps its length whatever the word
        wide, most = self.width(), round(self._most / SHAPE) if self._most else self.width()
        if self._lying:
            wide = min(most, max(160, wide - theme_now().px(LEAST_FACTS_PX)))
            self.picture.setFixedWidth(wide)
            self._box.setAlignment(self.picture, Qt.AlignmentFlag.AlignTop)
        else:
            wide = max(160, min(most, wide))
            self.picture.setMinimumWidth(160)
            self.picture.setMaximumWidth(wide)
            self._box.setAlignment(self.picture, Qt.AlignmentFlag(0))
        self.picture.setFixedHeight(round(wide * SHAPE))

    def _say_instead(self, words: str, icon: str) -> None:
        """In the picture's place, or beside it where that place is small."""
        self._instead = words, icon
        self.picture.show_words("" if self._lying else words, icon)
        self.said.say(words)
        self.said.setVisible(self._lying and bool(words))

    def _say_granted(self, view: StageView | None) -> None:
        used = view.devices if view is not None else None
        gives, but = [], ""
        if used is not None and used.camera is not None:
            gives.append(words.camera_gives(used.camera))
            but = words.camera_gives_less(used.asked.camera, used.camera) if used.asked.camera else ""
        if used is not None and used.microphone is not None:
            gives.append(words.microphone_gives(used.microphone))
            but = " ".join(part for part in (but, words.microphone_meddles(used.microphone)) if part)
        self.gives.say("\n".join(gives))
        self.gives.setVisible(bool(gives))
        self.but.say(but)
        self.but.setVisible(bool(but))

    def _build(self) -> None:
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(12)
        self._box.addWidget(self.picture)
        beside = QWidget()
        beside.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        facts = QVBoxLayout(beside)
        facts.setContentsMargins(0, 0, 0, 0)
        facts.setSpacing(8)
        level = QHBoxLayout()
        level.setSpacing(10)
        self._microphone = ThemedIcon("microphone", "text2", 18)
        level.addWidget(self._microphone)
        level.addWidget(self._scaled, 1)
        level.addWidget(self.level)
        facts.addLayout(level)
        facts.addWidget(self.said)
        facts.addWidget(self.gives)
        facts.addWidget(self.but)
        for button in (self.system, self.again):
            facts.addWidget(button, alignment=Qt.AlignmentFlag.AlignLeft)
            button.hide()
        facts.addStretch(1)
        self._box.addWidget(beside, 1)


def _words(view: StageView, idle: str) -> tuple[str, str]:
    """Words and icon in the picture's place."""
    if view.state is StageState.OPENING:
        return words.waits(view.waits) or _("Opening …"), "camera"
    if view.state is StageState.FAILED and view.problem is not None:
        at_sound = view.problem.code.value.startswith("microphone")
        named = idle if view.problem.code in _AWAY else ""
        return named or errors.sentence(view.problem), "microphone" if at_sound else "camera"
    if view.state is StageState.READY:
        return _(words.SOUND_ONLY), "microphone"
    return idle, "camera"
