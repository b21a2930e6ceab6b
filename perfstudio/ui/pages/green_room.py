"""Green room: look, be still, a loud line, a soft one, five seconds; then what was found and what changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton

from perfstudio.language.catalogue import _
from perfstudio.model.checks import Verdict
from perfstudio.model.clock import host_ns, utc_now
from perfstudio.model.room import RoomPart
from perfstudio.session.calibration.headphone_clicks import ClicksView
from perfstudio.session.room_views import Comparison, RoomCheckView, RoomResult, RoomState
from perfstudio.session.views import Progress, Pulse, StageState
from perfstudio.texts import devices, errors, hints, scenes
from perfstudio.texts import green_room as words
from perfstudio.texts.template import sentences
from perfstudio.ui.green_room.headphones_card import HeadphoneActs, HeadphonesCard
from perfstudio.ui.green_room.instruction import Instruction
from perfstudio.ui.green_room.mirror import Mirror, MirrorColumn
from perfstudio.ui.green_room.readings import ChangesCard, ReadingsCard
from perfstudio.ui.green_room.steps import StepsCard
from perfstudio.ui.system_button import OpenSystem, SystemButton
from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets import (
    Button,
    ButtonKind,
    Chip,
    FootRow,
    Page,
    PlainLabel,
    ScrollColumn,
    TwoColumns,
    announce,
)
from perfstudio.ui.widgets.put_away import put_away

POLL_MS = 33
SIDE_PX, MOST_SIDE = 380, 0.425
"""Width of the right column at 100 % text, and the most it may take of the page."""
INSTRUCTION_PX = 132
"""The picture keeps its size when the words below it change."""
_SETTLE_S = 2.0
"""Nothing is called good before the hints had this long to appear."""


@dataclass(frozen=True, slots=True)
class GreenActs:
    """What a person can ask for here. `calibrate` is None where the constant delay cannot be measured."""

    begin: Callable[[], object]
    give_up: Callable[[], object]
    go_on: Callable[[], object]
    leave: Callable[[], object]
    retry: Callable[[], object]
    choose: Callable[[], object]
    calibrate: Callable[[], object] | None = None
    open_system: OpenSystem = lambda _: None
    headphones: HeadphoneActs | None = None
    """None where nothing can be chosen to hear a partner in."""


class GreenRoomPage(Page):
    """Give it views with `show_view`; `poll` gives the newest pulse and moves the check on while it runs."""

    def __init__(self, *, poll: Callable[[], tuple[Pulse, Progress | None]], acts: GreenActs) -> None:
        super().__init__(_("Green room"), " ", scrolls=False)
        self._poll, self._acts = poll, acts
        self._view: RoomCheckView | None = None
        self._polled_ns = host_ns()
        self._live_s = 0.0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.mirror = Mirror()
        self.instruction = Instruction()
        self.steps = StepsCard()
        self.headphones = HeadphonesCard(acts.headphones) if acts.headphones is not None else None
        self.character = Chip("", "accent", icon="person")
        self.practice = Chip(_("practice"), "look")
        for chip in (self.practice, self.character):
            self.buttons.addWidget(chip)
        self.back = Button(_("Back"), ButtonKind.QUIET, key="Esc", icon="arrow-left", on_click=self.escape)
        self.play_button = Button(_("Play it"), key="P", icon="play", on_click=self.mirror.toggle)
        self.second = Button(_("Check again"), key="R", icon="again", on_click=self.again)
        self.skip = Button(_("Skip"), ButtonKind.QUIET, key="S", on_click=self.pass_by)
        self.system = SystemButton(acts.open_system, key="O")
        self.first = Button(_("Begin"), ButtonKind.PRIMARY, key="Space", on_click=self.go_on)
        self.first.setEnabled(False)  # until something can begin
        self.cards: list[ReadingsCard | ChangesCard] = []
        self._build()
        self._timer = QTimer(self, interval=POLL_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.refresh)

    # what a person does

    def go_on(self) -> None:
        """The primary action of the moment."""
        view = self._view
        if view is None or self.first.isHidden() or not self.first.isEnabled():
            return
        if view.state is RoomState.RESULT:
            self._acts.go_on()
        elif view.stage.state is StageState.FAILED:
            self._acts.retry()
        else:
            self._acts.begin()

    def again(self) -> None:
        """Another check, or other devices."""
        if self._view is None or self.second.isHidden() or not self.second.isEnabled():
            return
        if self._view.state is RoomState.RESULT:
            self.mirror.stop()  # before its file goes
            self._acts.begin()
        else:
            self._acts.choose()

    def pass_by(self) -> None:
        """On stage without a check."""
        if not self.skip.isHidden() and self.skip.isEnabled():
            self._acts.go_on()

    def escape(self) -> None:
        """Stop in the middle, else leave."""
        if self._clicks and self.headphones is not None:
            self.headphones.stop()
            return
        stops = self._view is not None and self._view.state not in (RoomState.LOOK, RoomState.RESULT)
        if stops:
            self._acts.give_up()
        else:
            self._acts.leave()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space goes on, R once more, P plays, S skips, O opens the system's settings, G shows thirds, Escape stops or
        leaves; the arrows scroll."""
        keys: dict[Qt.Key, Callable[[], object]] = {
            Qt.Key.Key_Space: self.go_on,
            Qt.Key.Key_R: self.again,
            Qt.Key.Key_P: self.mirror.toggle,
            Qt.Key.Key_S: self.pass_by,
            Qt.Key.Key_O: self.system.lead,
            Qt.Key.Key_G: self._guides,
            Qt.Key.Key_Escape: self.escape,
        }
        bar = (self._room if self._columns.one else self._side).verticalScrollBar()
        steps = {Qt.Key.Key_Down: 40, Qt.Key.Key_Up: -40}
        key = Qt.Key(event.key())
        if key in steps:
            bar.setValue(bar.value() + steps[key])
        elif key in keys and not event.isAutoRepeat() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            keys[key]()
        else:
            super().keyPressEvent(event)

    # showing

    def show_view(self, view: RoomCheckView, devices: str) -> None:
        """The check as it stands; `devices` names what is in use."""
        before, self._view = self._view, view
        self.say(_("Green room"), devices)
        self.practice.setVisible(view.stage.practice)
        played = scenes.who(view.card.prompt, view.card.brief) if view.card is not None else ""
        self.character.setVisible(bool(played))
        self.character.say(played)
        if before is None or before.state is not view.state or before.result is not view.result:
            self._turn(view)
        self._say(view, before)
        self._offer(view)
        self._arrange()

    def show_clicks(self, view: ClicksView) -> None:
        """How the measuring of the headphones goes; meanwhile nothing else begins."""
        if self.headphones is not None:
            self.headphones.show_clicks(view)
            if self._view is not None:
                self._offer(self._view)

    def _clicks_turned(self) -> None:
        """Whoever is busy with the clicks has them before the eyes, in a small window too."""
        if self._view is not None and self._view.state is not RoomState.RESULT:
            self.steps.setVisible(not self._engaged)

    @property
    def _engaged(self) -> bool:
        return self.headphones is not None and self.headphones.engaged

    @property
    def _clicks(self) -> bool:
        """Whether clicks are played or measured."""
        return self.headphones is not None and self.headphones.under_way

    def refresh(self) -> None:
        """The newest picture, level and progress; called by the timer."""
        now = host_ns()
        elapsed, self._polled_ns = (now - self._polled_ns) / 1e9, now
        pulse, progress = self._poll()
        view = self._view
        if view is None or view.stage.state is not StageState.READY or view.state is RoomState.RESULT:
            return
        self._live_s += elapsed
        if pulse.picture is not None:
            self.mirror.live.show_picture(pulse.picture)
        self.instruction.show_level(pulse.reading.peak_dbfs, elapsed, clipped=pulse.reading.clipped)
        if progress is not None:
            self.instruction.show_share(progress.share)
            if progress.again:
                self.instruction.say_detail(_(words.STILL_AGAIN), "look")
        elif view.state is RoomState.LOOK and view.problem is None:
            hint = pulse.reading.hint
            good = _(words.LOOKS_GOOD) if self._live_s > _SETTLE_S and pulse.reading.face_box is not None else ""
            self.instruction.say_detail(hints.hint(hint) if hint else good, "look" if hint else "good")

    def showEvent(self, event: QShowEvent) -> None:
        """Pictures flow while they are seen."""
        super().showEvent(event)
        self._polled_ns, self._live_s = host_ns(), 0.0
        self.instruction.meter.reset_clip()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """And not otherwise; a window that is only out of sight goes on."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._timer.stop()
            self.mirror.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The words below the picture may break otherwise."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """After the layout has placed the column."""
        QTimer.singleShot(0, self, lambda: self._left.arrange(theme_now().px(INSTRUCTION_PX)))

    def _turn(self, view: RoomCheckView) -> None:
        """Another state: other cards, live or played picture."""
        for card in self.cards:
            put_away(card)
        self.cards = []
        result = view.result if view.state is RoomState.RESULT else None
        self.steps.setVisible(result is None and not self._engaged)
        self._privacy.setVisible(result is None)
        if self.headphones is not None:
            self.headphones.setVisible(view.state is RoomState.LOOK)
        if result is None:
            self.mirror.show_live()
        else:
            self.mirror.play(result)
            self._show_result(result)
        self._side.verticalScrollBar().setValue(0)

    def _show_result(self, result: RoomResult) -> None:
        readings = result.measured.readings
        self.cards.append(ReadingsCard(readings, self._acts.calibrate))
        parts = tuple((self._beside(c), c.changes) for c in result.comparisons)
        if parts:
            self.cards.append(ChangesCard(parts))
        for place, card in enumerate(self.cards):
            self._side.body.insertWidget(place, card)
        announce(self, words.summary(readings))

    def _beside(self, comparison: Comparison) -> str:
        name = self._view.card.character if self._view is not None and self._view.card is not None else ""
        if comparison.reference is not None:
            return words.beside(name, comparison.reference.title, comparison.reference.number)
        assert comparison.profile is not None  # noqa: S101 - one of the two
        return words.since(comparison.profile.measured_utc, utc_now().astimezone())

    def _say(self, view: RoomCheckView, before: RoomCheckView | None) -> None:
        """The words below the picture."""
        running = view.state in (RoomState.STARTING, RoomState.RUNNING)
        ready = view.stage.state is StageState.READY
        live = ready and view.state in (RoomState.LOOK, RoomState.STARTING, RoomState.RUNNING)
        self.instruction.show_parts(recorded=running, progress=running, level=live)
        self.steps.show_part(view.part, all_done=view.state is RoomState.READING)
        match view.state:
            case RoomState.LOOK:
                self._say_look(view, before)
            case RoomState.RUNNING if view.part is not None:
                if before is None or before.part is not view.part:
                    self.instruction.show_share(0.0)
                    self._say_part(view.part)
            case RoomState.READING:
                self.instruction.say(_(words.READING))
            case RoomState.RESULT if view.result is not None:
                self._say_result(view.result)
            case _:
                pass

    def _say_result(self, result: RoomResult) -> None:
        readings = result.measured.readings
        changed = {
            c.facts.get("what") for part in result.comparisons for c in part.changes if c.verdict is Verdict.LOOK
        }
        if result.unkept is not None:
            self.instruction.say(
                words.summary(readings), sentences(_(words.NOT_KEPT), errors.sentence(result.unkept)), "look"
            )
        else:
            self.instruction.say(words.summary(readings), words.detail(readings, len(changed)))

    def _say_part(self, part: RoomPart) -> None:
        headline = _(words.PARTS[part][2])
        self.instruction.say(headline, _(words.EXAMPLES.get(part, "")))
        announce(self, headline)

    def _say_look(self, view: RoomCheckView, before: RoomCheckView | None) -> None:
        stage = view.stage
        if stage.state is StageState.READY:
            told = words.problem(view.problem) if view.problem else ""
            self.instruction.say(_(words.CUT_SHORT) if told else _(words.LOOK[2]), told, "look" if told else "")
            if stage.devices is not None and stage.devices.camera is None:
                self.mirror.live.show_words(_("Sound only"), "microphone")
        elif stage.state is StageState.FAILED and stage.problem is not None:
            self.mirror.live.show_words("", "camera")
            cut_short = view.problem is not None
            told = words.problem(stage.problem) if cut_short else errors.sentence(stage.problem)
            self.instruction.say(_(words.CUT_SHORT) if cut_short else _(words.NOT_HERE), told, "look")
        else:
            nothing = stage.state is StageState.CLOSED
            waits = devices.waits(stage.waits)
            self.mirror.live.show_words(_(words.NO_DEVICES) if nothing else waits or _(words.OPENING), "camera")
            if waits and (before is None or before.stage.waits is not stage.waits):
                announce(self, waits)
            self.instruction.say("", "")

    def _offer(self, view: RoomCheckView) -> None:
        """The buttons of the moment."""
        look_on, result = view.state is RoomState.LOOK, view.state is RoomState.RESULT
        failed = look_on and view.stage.state is StageState.FAILED
        # neither others of the kind nor the stage would open
        self.system.show_problem(view.stage.problem if failed else None)
        choose = look_on and not self._clicks and not (failed and self.system.leads)
        onwards = _("Step on stage") if view.card is not None else _("Done")
        self.first.say(onwards if result else _("Try again") if failed else _("Begin"))
        self.first.setVisible(look_on or result)
        self.first.setEnabled(result or failed or (view.may_begin and not self._clicks))
        self.second.say(_("Check again") if result else _("Choose devices"), icon="again" if result else "settings")
        self.second.setVisible(result or choose)
        self.second.setEnabled(choose or view.may_begin)
        self.play_button.setVisible(result)
        self.skip.setEnabled(not self._clicks)
        self.skip.setVisible(look_on and view.card is not None and not self.system.leads)
        leads_out = (look_on or result) and not self._clicks
        self.back.say(_("Back") if leads_out else _("Stop"), icon="arrow-left" if leads_out else "stop")
        self._foot.fit()

    def _guides(self) -> None:
        self.mirror.live.guides = not self.mirror.live.guides
        self.mirror.live.update()

    # building

    def _build(self) -> None:
        self.body.setContentsMargins(self.MARGIN, 0, 0, 0)
        self.body.setSpacing(0)
        self._left = MirrorColumn(self.mirror, self.instruction)
        self._side = ScrollColumn(margins=(0, 0, self.MARGIN, 12), spacing=12)
        self._side.body.addWidget(self.steps)
        if self.headphones is not None:
            self._side.body.addWidget(self.headphones)
            if self.headphones.clicks is not None:
                self.headphones.clicks.turned.connect(self._clicks_turned)
        self._privacy = PlainLabel(_(words.PRIVACY), Role.SMALL, "text2", wrap=True)
        self._privacy.setContentsMargins(4, 0, 4, 0)
        self._side.body.addWidget(self._privacy)
        self._side.body.addStretch(1)
        self._columns = TwoColumns(self._left, self._side, (self._side,), side_px=SIDE_PX, share=MOST_SIDE)
        self.body.addWidget(self._columns, 1)
        self.body.addSpacing(12)
        self._foot = FootRow(
            self.back, (self.skip, self.play_button, self.system, self.second, self.first), self.MARGIN
        )
        self.set_foot(self._foot)
        for button in self.findChildren(QAbstractButton):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves Space to the page
