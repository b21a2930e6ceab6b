"""Stage: the picture, the line near the lens, and while rolling nothing that moves but time, level and picture."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QMouseEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from perfstudio.language.catalogue import _
from perfstudio.model.checks import CheckResult, LiveReading
from perfstudio.model.clock import host_ns
from perfstudio.model.errors import PerfstudioError
from perfstudio.session.scene_facts import Length, length_of
from perfstudio.session.take_safety import TakeSafety
from perfstudio.session.views import Pulse, StageAction, StageState, StageView
from perfstudio.texts import devices, errors, formatting, hints, notices, partner, scenes
from perfstudio.ui.pages.stage_overlay import OTHER_DEVICES, SYSTEM, StageOverlay
from perfstudio.ui.stage.line_place import LinePlace
from perfstudio.ui.widgets import announce
from perfstudio.ui.widgets.heard import Heard

POLL_MS = 33
"""Pictures and levels are fetched thirty times a second by the one timer of the stage."""
MOST_PROMPT_PX, LEAST_PROMPT_PX, PROMPT_STEP_PX = 64, 20, 4

_KEYS: dict[Qt.Key, tuple[StageAction, ...]] = {
    Qt.Key.Key_Space: (StageAction.ROLL, StageAction.CUT, StageAction.RETRY),
    Qt.Key.Key_R: (StageAction.AGAIN,),
    Qt.Key.Key_M: (StageAction.MARK,),
    Qt.Key.Key_B: (StageAction.BROKE,),
    Qt.Key.Key_Escape: (StageAction.ABANDON, StageAction.LEAVE),
}
"""Each key means the first of its actions that the stage offers now."""
_ARRANGES = {"hide": Qt.Key.Key_V, "guides": Qt.Key.Key_G, "devices": Qt.Key.Key_D, SYSTEM: Qt.Key.Key_O}
"""Hints that change nothing of the stage, and their keys."""
_MOVES = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
"""With Shift they move the line."""
_ROLLING = (StageState.COUNTDOWN, StageState.ROLLING)
_DARK = (StageState.CLOSED, StageState.OPENING, StageState.FAILED)
"""States without devices: what still lies in the mailbox is old."""


class StagePage(QWidget):
    """`poll` gives the newest pulse, `act` asks the director, `hint_words` turns a finding into a sentence,
    `sized` hears of another size of the prompt line, `hid` that the mirror was darkened or shown again, `open_system`
    of a problem that the system's settings are about, `choose_devices` that others are wanted, `placed` of another
    place of the line.

    The page shows what the view lists and nothing else; it decides nothing about recording.
    """

    def __init__(
        self,
        *,
        poll: Callable[[], Pulse | None],
        act: Callable[[StageAction], None],
        hint_words: Callable[[CheckResult], str],
        sized: Callable[[int], object] = lambda _: None,
        hid: Callable[[bool], object] = lambda _: None,
        open_system: Callable[[PerfstudioError], object] = lambda _: None,
        choose_devices: Callable[[], object] = lambda: None,
        placed: Callable[[LinePlace], object] = lambda _: None,
    ) -> None:
        super().__init__()
        self._poll, self._act, self._hint_words = poll, act, hint_words
        self._sized, self._hid, self._open_system = sized, hid, open_system
        self._choose_devices, self._placed = choose_devices, placed
        self._dragging = False
        self._view = StageView(StageState.CLOSED, frozenset())
        self._polled_ns = self._heard_ns = host_ns()
        self._heard: LiveReading | None = None
        self._second = -1
        self._before_go_s = 0.0
        """How long the recorder had rolled when the countdown ended: the time shown counts from "go"."""
        self._room_minutes: float | None = None
        """What was last said of the time left on the disk."""
        self._shown_safety = TakeSafety()
        self._length: Length | None = None
        """What was last said of how long it is."""
        self.prompt_px = 45
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Stage"))
        self.hud = StageOverlay(self)
        self.hud.keys.triggered.connect(self._hint_clicked)
        self._timer = QTimer(self, interval=POLL_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.refresh)

    def heard_role(self) -> Heard:
        """A part of the window with a name of its own."""
        return Heard.Pane

    @property
    def view(self) -> StageView:
        """What the page shows now."""
        return self._view

    def show_view(self, view: StageView) -> None:
        """The stage as it stands."""
        before, self._view = self._view, view
        self.setWindowTitle(view.card.prompt.title if view.card is not None else "")
        self._second = -1
        self.hud.show_view(view, errors.sentence(view.problem) if view.problem else "")
        if view.waits is not before.waits and view.waits is not None and self.isVisible():
            announce(self, devices.waits(view.waits))
        if view.state is not before.state:
            self._announce(view, before)
            self._length = None if view.state not in _ROLLING else self._length
            if view.state in _ROLLING and before.state not in _ROLLING:
                self.hud.meter.reset_clip()  # the lamp is of this take
            self._room_minutes = None  # another state has another line there

    def set_prompt_size(self, pixels: int) -> None:
        """The prompt line's size at 100 % text, within what is readable and fits."""
        self.prompt_px = max(LEAST_PROMPT_PX, min(MOST_PROMPT_PX, pixels))
        self.hud.set_prompt_size(self.prompt_px)

    def refresh(self) -> None:
        """Fetch and show the newest picture, level and numbers; called by the timer."""
        self._polled_ns = host_ns()
        pulse = self._poll()
        if pulse is None or self._view.state in _DARK:
            return
        if pulse.picture is not None:
            self.hud.picture.show_picture(pulse.picture)
        rolling = self._view.state in _ROLLING
        if pulse.reading is not self._heard:  # with the picture: one painting for both
            elapsed_s, self._heard_ns = (self._polled_ns - self._heard_ns) / 1e9, self._polled_ns
            self._heard = pulse.reading
            self.hud.meter.show_level(pulse.reading.peak_dbfs, elapsed_s, clipped=pulse.reading.clipped)
            self.hud.show_level_word(rolling=rolling)
        if rolling:
            self._show_rolling(pulse)
        elif self._view.state is StageState.READY:
            self._show_ready(pulse)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """One key, one action; a key that is held down counts once."""
        key = Qt.Key(event.key())
        if event.isAutoRepeat() or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier and key in (*_MOVES, Qt.Key.Key_Home):
            self._move_line(LinePlace() if key not in _MOVES else self.hud.line_place.moved(*_MOVES[key]))
        elif key in _KEYS:
            self._offer(_KEYS[key])
        elif not self._arrange(key):
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The line is taken hold of."""
        self._dragging = self.hud.line_rect().contains(event.position().toPoint())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """And goes along."""
        if self._dragging:
            self.hud.drag_line(event.position().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """And stays."""
        if self._dragging:
            self._dragging = False
            self._placed(self.hud.line_place)

    def _move_line(self, place: LinePlace) -> None:
        self.hud.set_line_place(place)
        self._placed(place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The stage fills the window."""
        super().resizeEvent(event)
        self.hud.place(self.rect())

    def showEvent(self, event: QShowEvent) -> None:
        """Pictures flow while the stage is seen."""
        super().showEvent(event)
        self._polled_ns = self._heard_ns = host_ns()
        self._timer.start()
        self.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop asking for the state when the page is hidden."""
        super().hideEvent(event)
        self._timer.stop()

    def _offer(self, actions: tuple[StageAction, ...]) -> None:
        action = next((a for a in actions if a in self._view.actions), None)
        if action is not None:
            if action in (StageAction.MARK, StageAction.BROKE):
                self.hud.flash(_("marked") if action is StageAction.MARK else _("broke character"))
            self._act(action)

    def _arrange(self, key: Qt.Key) -> bool:
        """Keys that change nothing of the stage."""
        if key is Qt.Key.Key_V:
            self.hud.hide_self(not self.hud.picture.hidden_self)
            self._hid(self.hud.picture.hidden_self)
        elif key is Qt.Key.Key_G:
            self.hud.picture.guides = not self.hud.picture.guides
            self.hud.picture.update()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            step = -PROMPT_STEP_PX if key is Qt.Key.Key_Minus else PROMPT_STEP_PX
            self.set_prompt_size(self.prompt_px + step)
            self._sized(self.prompt_px)
        elif key is Qt.Key.Key_D:
            if self._view.state in OTHER_DEVICES:
                self._choose_devices()
        elif key is Qt.Key.Key_O and self.hud.leads_to_system and self._view.problem is not None:
            self._open_system(self._view.problem)
        else:
            return False
        return True

    def _hint_clicked(self, name: str) -> None:
        if name in _ARRANGES:
            self._arrange(_ARRANGES[name])
        else:
            self._offer((StageAction(name),))
        if name != "devices":
            self.setFocus()

    def _show_rolling(self, pulse: Pulse) -> None:
        """Time and bytes move once a second, and at once when something is lost; else nothing speaks."""
        loss = pulse.safety.loss
        self.hud.show_hint(notices.sentence(loss) if loss is not None else "")
        if self._view.state is not StageState.ROLLING:
            self._before_go_s = pulse.elapsed_s
        second = int(pulse.elapsed_s - self._before_go_s)
        if second == self._second and pulse.safety == self._shown_safety:
            return
        self._second, self._shown_safety = second, pulse.safety
        self.hud.show_time(formatting.duration(second))
        self._show_length(second)
        words, written = notices.on_disk(pulse.status, pulse.safety)
        self.hud.show_on_disk(words, "good" if written else "look")

    def _show_length(self, second: int) -> None:
        """Whether it is long enough, or past its longest: another word, once each, and nothing that moves."""
        card = self._view.card
        if card is None:
            return
        length = length_of(card.prompt, second)
        if length is not self._length:
            self._length = length
            self.hud.show_length(scenes.length_word(card.prompt, length), length)
            if told := scenes.length_told(card.prompt, length):
                announce(self, told)

    def _show_ready(self, pulse: Pulse) -> None:
        """Before rolling: the one hint worth saying, and how much fits on the disk."""
        hint = pulse.reading.hint
        if self._view.problem is not None:  # what happened to the last take comes before what could be better
            self.hud.show_hint(errors.sentence(self._view.problem))
        elif unheard := partner.hint(self._view.partner):
            self.hud.show_hint(unheard)
        elif hint is not None:
            self.hud.show_hint(self._hint_words(hint))
        else:
            self.hud.show_hint(_(hints.BATTERY) if pulse.status.battery is not None else "")
        disk_s = pulse.status.disk_s
        minute = None if disk_s is None else disk_s // 60
        if minute != self._room_minutes and minute is not None:
            self._room_minutes = minute
            words = _("Room for {length}", length=formatting.about(minute * 60))
            self.hud.show_on_disk(words, "good" if minute > 30 else "look")

    def _announce(self, view: StageView, before: StageView) -> None:
        words = {
            StageState.READY: "" if before.state in (StageState.CUTTING, StageState.CHECKING) else _("Ready"),
            StageState.ROLLING: _("Recording"),
            StageState.CUTTING: _("Cut. The take is being saved."),
            StageState.FAILED: errors.sentence(view.problem) if view.problem else "",
        }.get(view.state, "")
        if words and self.isVisible():
            announce(self, words)
