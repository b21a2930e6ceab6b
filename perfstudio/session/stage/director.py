"""The stage's director: carries out what the table says, and shows pages a view after every step.

Runs on the owner's thread (the window's). Recorder and library answer through the bus's `post`, so that no lock is
needed here. What comes back about a take holds on to it: nothing that is late can touch the next one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from perfstudio.capture.recording.messages import DeviceLost, Notice
from perfstudio.model.checks import FaceModel
from perfstudio.model.clock import host_ns
from perfstudio.model.device import DeviceSelection, DevicesUsed
from perfstudio.model.errors import CaptureError, ErrorCode, PerfstudioError
from perfstudio.model.take import EndReason, TakeManifest
from perfstudio.model.timing import MarkerName
from perfstudio.session import recorder_messages as rm
from perfstudio.session.bus import Bus
from perfstudio.session.events import StageChanged, TakeFinished, TakeMoving, TakeNoted, TakeSealed
from perfstudio.session.recorder_router import RecorderRouter
from perfstudio.session.stage.opening_wait import Admit, DeviceOpening, admit_all
from perfstudio.session.stage.partner_side import AskedPartner, PartnerSide, nobody
from perfstudio.session.stage.state_machine import ACTIONS, RECORDING, WRITING, StageEffect, StageEvent, step
from perfstudio.session.stage.take_loss_judge import TakeLossJudge
from perfstudio.session.stage.timer import Timer
from perfstudio.session.take_safety import Seriousness
from perfstudio.session.takes.manifest_draft import completed
from perfstudio.session.takes.take_lifecycle import OpenTake, TakeLifecycle
from perfstudio.session.views import Pulse, SceneCard, StageAction, StageState, StageView

if TYPE_CHECKING:
    from perfstudio.capture.finishing.finished_take import FinishedTake
    from perfstudio.session.takes.processed_take import ProcessedTake


@dataclass(slots=True)
class _Take:
    """The take in hand."""

    number: int = 1
    open: OpenTake | None = None
    draft: TakeManifest | None = None
    recording: rm.Recording | None = None
    again: bool = False
    problem: PerfstudioError | None = None
    made: float | None = None
    film: TakeFinished | None = None
    stop_countdown: Callable[[], None] = field(default=lambda: None)


class Director:
    """Drives one stage: devices, countdown, roll, cut, again."""

    def __init__(
        self,
        *,
        bus: Bus,
        recorder: RecorderRouter,
        making: TakeLifecycle,
        timer: Timer,
        countdown_s: int = 3,
        face_model: Callable[[], FaceModel | None] = lambda: None,
        admit: Admit = admit_all,
        partner: AskedPartner = nobody,
        now_ns: Callable[[], int] = host_ns,
    ) -> None:
        self._bus = bus
        self._recorder = recorder
        self._making = making
        self._timer = timer
        self._face_model = face_model
        self._now_ns = now_ns
        self._judge = TakeLossJudge()
        """Of what the open devices send."""
        self.countdown_s = countdown_s
        self._state = StageState.CLOSED
        self._card: SceneCard | None = None
        self._devices: DevicesUsed | None = None
        self._calibrated = False
        self._selection: DeviceSelection | None = None
        self._lost: PerfstudioError | None = None
        """The open device that is gone for good: nothing rolls until it is opened anew."""
        self._take = _Take()
        self._partner = PartnerSide(recorder, partner)
        self._count = 0
        self._opening = DeviceOpening(admit, recorder, lambda: self._state is StageState.OPENING, self._show)
        self.view = self._make_view()

    # what pages ask for

    def choose(self, card: SceneCard) -> None:
        """The prompt that the next take will play. Ignored while a take is being made."""
        if self._state not in RECORDING:
            self._card = card
            self._take = _Take(number=self._making.next_number(card))
            self._recorder.judge(card.limits, card.pack_title)
            self._partner.ready_for(card)
            self._show()

    def open(self, selection: DeviceSelection) -> None:
        """Open the devices (again). Ignored while a take is being made, and while these are being opened."""
        opening = self._state is StageState.OPENING and selection == self._selection
        if opening or step(self._state, StageEvent.OPEN_ASKED) is None:
            return
        self._selection = selection
        self._take.problem = None
        self._happen(StageEvent.OPEN_ASKED)

    def roll(self) -> None:
        """Record. Ignored without a prompt and unless the stage is ready."""
        if self._card is not None:
            self._happen(StageEvent.ROLL_ASKED)

    def cut(self) -> None:
        """End the take; it is kept whatever it is."""
        self._happen(StageEvent.CUT_ASKED)

    def again(self) -> None:
        """Cut, and roll the next take as soon as this one is safe. On a stage that is ready, roll."""
        if self._card is not None:
            self._happen(StageEvent.AGAIN_ASKED)

    def abandon(self) -> None:
        """End the take as abandoned; it is kept all the same."""
        self._happen(StageEvent.ABANDON_ASKED)

    def mark(self, name: MarkerName = MarkerName.MARK) -> None:
        """Mark this moment of the rolling take."""
        if self._state in (StageState.ROLLING, StageState.COUNTDOWN):
            self._mark(name)

    def leave(self) -> None:
        """Leave the stage: the devices are closed."""
        self._happen(StageEvent.LEAVE_ASKED)

    def pulse(self) -> Pulse:
        """The newest picture and numbers, and whether the take is safe, for the stage's one timer."""
        at_s = self._now_ns() * 1e-9
        pulse = self._recorder.pulse()
        return replace(pulse, safety=self._judge.look(pulse.status, pulse.reading.hint, at_s))

    @property
    def opened(self) -> DeviceSelection | None:
        """The devices that were asked for last."""
        return self._selection

    @property
    def recording(self) -> bool:
        """Whether a take is being made: the window asks before it closes, deliveries rest."""
        return self._state in RECORDING

    @property
    def writing(self) -> bool:
        """Whether files of a take are not closed yet."""
        return self._state in WRITING

    # what the recorder answers

    def _hear_devices(self, answer: rm.AboutDevices) -> None:
        """About the opening that was asked for last."""
        match answer:
            case rm.Opened(_, devices):
                self._devices = devices
                self._calibrated = self._making.calibration(devices).measured
                self._partner.ready_for(self._card)
                self._happen(StageEvent.OPENED)
                self._lose()
            case rm.Regranted(_, devices):
                self._devices = devices
                self._show()
            case rm.OpenRefused(_, problem):
                self._fail(problem, StageEvent.OPEN_FAILED)
            case rm.OpeningSlow():
                self._opening.hear(answer)
            case rm.PartnerStands():
                self._partner.hear(answer, self._show)
            case rm.RecorderNotice(notice, _, recording):
                self._notice(notice, recording)

    def _notice(self, notice: Notice, recording: rm.Recording | None) -> None:
        """Every one goes to the judge. What loses nothing is said by whoever can say it once the take is safe."""
        loss = self._judge.hear(notice, self._now_ns() * 1e-9)
        scratch = recording is not None and recording.purpose is not rm.Purpose.TAKE
        if loss is not None and loss.seriousness is Seriousness.NOTE and not (scratch and loss.of_a_take):
            self._bus.publish(TakeNoted(loss))
        if isinstance(notice, DeviceLost):
            self._lost = notice.problem
            self._lose()

    def _hear_take(self, take: _Take, answer: rm.AboutRecording) -> None:
        """About the take in hand: it is in hand until the answer that closes its recording."""
        match answer:
            case rm.Rolled():
                self._happen(StageEvent.ROLLED)
            case rm.RollRefused(_, problem):
                self._fail(problem, StageEvent.ROLL_FAILED)
            case rm.RecordingEnding(_, problem):
                self._fail(problem, StageEvent.TAKE_LOST)
            case rm.Processing(_, done):
                take.made = done
                self._show()
            case rm.TakeWatchable(_, finished):
                self._finish(take, finished)
            case rm.TakeProcessed(_, developed):
                self._seal(take, developed)
            case rm.ProcessingRefused(_, problem):
                self._fail(problem, StageEvent.SEAL_FAILED)
            case rm.RecorderDied() | rm.RecordingDropped():
                self._fail(CaptureError(ErrorCode.RECORDER_DIED), StageEvent.ORPHANED)
            case rm.Marked() | rm.RoomProcessed() | rm.OffsetMeasured() | rm.Displaced():
                pass

    def calibration_changed(self) -> None:
        """The open pair was calibrated, or is not any more."""
        if self._devices is not None:
            self._calibrated = self._making.calibration(self._devices).measured
            self._show()

    def recorder_died(self) -> None:
        """The recorder process is gone, and a new one has no devices open. Its recordings have heard of it already."""
        self._fail(CaptureError(ErrorCode.RECORDER_DIED), StageEvent.RECORDER_DIED)

    # carrying out

    def _happen(self, event: StageEvent) -> None:
        answer = step(self._state, event)
        if answer is None:
            return
        self._state, effects = answer
        self._show()
        for effect in effects:
            self._carry_out(effect)

    def _carry_out(self, effect: StageEffect) -> None:  # noqa: C901, PLR0912 - a flat table
        match effect:
            case StageEffect.OPEN_DEVICES:
                self._open_devices()
            case StageEffect.CLOSE_DEVICES:
                self._recorder.shut()
            case StageEffect.CREATE_AND_ROLL:
                self._create_and_roll()
            case StageEffect.DROP_EMPTY_TAKE:
                self._drop_empty()
            case StageEffect.START_COUNTDOWN:
                self._count_down(self.countdown_s)
            case StageEffect.STOP_COUNTDOWN:
                self._take.stop_countdown()
                self._count = 0
            case StageEffect.MARK_GO:
                self._mark(MarkerName.GO)
            case StageEffect.CUT:
                self._cut(EndReason.CUT)
            case StageEffect.CUT_ABANDONED:
                self._cut(EndReason.ABANDONED)
            case StageEffect.ROLL_AGAIN_WHEN_SEALED:
                self._take.again = True
            case StageEffect.RECOVER_TAKE:
                self._recover()
            case StageEffect.SHOW_FILM:
                self._show_film()
            case StageEffect.CLOSE_TAKE:
                self._after_seal()

    def _open_devices(self) -> None:
        assert self._selection is not None  # noqa: S101 - OPEN_ASKED always carries one
        self._lost, self._judge = None, TakeLossJudge()
        if self._card is not None:  # a recorder that was replaced has not heard of it
            self._recorder.judge(self._card.limits, self._card.pack_title)
        ask = partial(self._recorder.open, self._selection, self._face_model(), self._hear_devices)
        self._opening.begin(self._selection, ask)

    def _create_and_roll(self) -> None:
        assert self._card is not None and self._devices is not None  # noqa: S101, PT018 - the stage was ready, with one
        self._partner.before_roll(self._card)
        take = self._take = _Take(number=self._take.number)
        made, failed = partial(self._created, take), partial(self._not_created, take)
        self._making.create(self._card, self._devices, made, failed, countdown_s=self.countdown_s)

    def _created(self, take: _Take, opened: OpenTake, draft: TakeManifest) -> None:
        if not self._starts(take):  # the recorder died meanwhile
            self._making.drop_empty(opened)
            return
        take.open, take.draft, take.number = opened, draft, draft.slate.take_number
        recording = take.recording = rm.Recording(rm.Purpose.TAKE, opened.folder)
        calibration, asked = self._making.calibration(draft.devices), draft.prompt.limits
        roll = rm.Roll(recording, calibration, limits=asked, pack=draft.prompt.pack_title)
        self._recorder.roll(roll, partial(self._hear_take, take))

    def _not_created(self, take: _Take, problem: PerfstudioError) -> None:
        if self._starts(take):
            self._fail(problem, StageEvent.ROLL_FAILED)

    def _starts(self, take: _Take) -> bool:
        return take is self._take and self._state is StageState.STARTING

    def _mark(self, name: MarkerName) -> None:
        if self._take.recording is not None:
            self._recorder.mark(self._take.recording, name)

    def _cut(self, reason: EndReason) -> None:
        if self._take.recording is not None:
            self._recorder.cut(self._take.recording, reason)

    def _drop_empty(self) -> None:
        if self._take.open is not None:
            self._making.drop_empty(self._take.open)
            self._take.open = None

    def _count_down(self, left: int) -> None:
        self._count = left
        if left == 0:
            self._happen(StageEvent.GO)
            return
        self._show()
        take = self._take
        take.stop_countdown = self._timer.after(1.0, lambda: self._count_on(take, left - 1))

    def _count_on(self, take: _Take, left: int) -> None:
        """A second has gone by; a call that was under way when the countdown was stopped means nothing."""
        if take is self._take and self._state is StageState.COUNTDOWN:
            self._count_down(left)

    def _lose(self) -> None:
        """A stage that is ready without one of its devices is not ready."""
        if self._lost is not None:
            self._fail(self._lost, StageEvent.DEVICE_LOST)

    def _finish(self, take: _Take, finished: FinishedTake) -> None:
        if take.draft is not None and take.open is not None:
            take.film = TakeFinished(completed(take.draft, finished, ()), take.open.folder)
            self._happen(StageEvent.FINISHED)

    def _show_film(self) -> None:
        rolls_again = self._take.again and self._take.problem is None
        if self._take.film is not None and not rolls_again:
            self._bus.publish(self._take.film)

    def _seal(self, take: _Take, developed: ProcessedTake) -> None:
        draft = take.draft
        if draft is not None:
            self._move(take, lambda: self._making.seal(draft, developed, self._sealed, self._seal_failed))

    def _recover(self) -> None:
        opened = self._take.open
        if opened is not None:
            self._move(self._take, lambda: self._making.recover(opened, self._sealed, self._seal_failed))

    def _move(self, take: _Take, work: Callable[[], None]) -> None:
        """Begin what renames the take's folder once everybody has heard of it: the bus keeps the order."""
        if take.open is not None:
            self._bus.publish(TakeMoving(take.open.take_id))
        self._bus.post(work)

    def _sealed(self, manifest: TakeManifest) -> None:
        self._take.draft = manifest
        self._happen(StageEvent.SEALED)

    def _seal_failed(self, problem: PerfstudioError) -> None:
        self._fail(problem, StageEvent.SEAL_FAILED)

    def _after_seal(self) -> None:
        sealed, again, problem = self._take.draft, self._take.again, self._take.problem
        self._take = _Take(number=self._take.number + 1, problem=problem)
        if sealed is not None:
            self._bus.publish(TakeSealed(sealed.take_id, again=again and problem is None))
        if problem is not None and problem.code is ErrorCode.RECORDER_DIED and self._selection is not None:
            self._happen(StageEvent.OPEN_ASKED)  # the new recorder process has no devices open yet
        elif again and problem is None:
            self._happen(StageEvent.ROLL_ASKED)
        self._lose()
        self._show()

    def _fail(self, problem: PerfstudioError, event: StageEvent) -> None:
        if step(self._state, event) is not None:
            self._take.problem = problem
            self._happen(event)

    def _show(self) -> None:
        self.view = self._make_view()
        self._bus.publish(StageChanged(self.view))

    def _make_view(self) -> StageView:
        return StageView(
            state=self._state,
            actions=ACTIONS[self._state] - (set() if self._card is not None else {StageAction.ROLL}),
            card=self._card,
            take_number=self._take.number,
            countdown=self._count if self._state is StageState.COUNTDOWN else 0,
            devices=self._devices,
            calibrated=self._calibrated,
            partner=self._partner.view,
            practice=self._devices is not None and self._devices.practice,
            problem=self._take.problem,
            made=self._take.made if self._state is StageState.CUTTING else None,
            waits=self._opening.waits if self._state is StageState.OPENING else None,
        )
