"""The stage's director: carries out what the table says, and shows pages a view after every step.

Runs on the owner's thread (the window's). The recorder answers over its link, the library works on its own lane; both
come back through the bus's `post`, so that no lock is needed here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from perfstudio.capture.messages import DeviceLost
from perfstudio.model.checks import FaceModel
from perfstudio.model.device import DeviceSelection, DevicesUsed
from perfstudio.model.errors import CaptureError, ErrorCode, PerfstudioError
from perfstudio.model.take import EndReason, TakeManifest
from perfstudio.model.timing import MarkerName
from perfstudio.session import recorder_messages as rm
from perfstudio.session.bus import Bus
from perfstudio.session.events import StageChanged, TakeFinished, TakeMoving, TakeSealed
from perfstudio.session.machine import ACTIONS, RECORDING, Effect, Event, step
from perfstudio.session.slating import completed
from perfstudio.session.takes_making import OpenTake, TakeMaking
from perfstudio.session.views import Pulse, SceneCard, StageState, StageView

if TYPE_CHECKING:
    from perfstudio.capture.finished import FinishedTake
    from perfstudio.session.developed import Developed


class Recorder(Protocol):
    """What the director needs of the recorder process."""

    def send(self, command: rm.Command) -> None: ...

    def pulse(self) -> Pulse: ...

    def restart(self) -> None: ...


class Timer(Protocol):
    """One-second ticks on the owner's thread; the window has one, tests have another."""

    def after(self, seconds: float, call: Callable[[], None]) -> Callable[[], None]:
        """Call later, once; the answer cancels."""
        ...


@dataclass(slots=True)
class _Take:
    """The take in hand."""

    number: int = 1
    open: OpenTake | None = None
    draft: TakeManifest | None = None
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
        recorder: Recorder,
        making: TakeMaking,
        timer: Timer,
        countdown_s: int = 3,
        face_model: Callable[[], FaceModel | None] = lambda: None,
    ) -> None:
        self._bus = bus
        self._recorder = recorder
        self._making = making
        self._timer = timer
        self._face_model = face_model
        self.countdown_s = countdown_s
        self._state = StageState.CLOSED
        self._card: SceneCard | None = None
        self._devices: DevicesUsed | None = None
        self._calibrated = False
        self._selection: DeviceSelection | None = None
        self._take = _Take()
        self._count = 0
        self.view = self._make_view()

    # what pages ask for

    def choose(self, card: SceneCard) -> None:
        """The prompt that the next take will play. Ignored while a take is being made."""
        if self._state not in RECORDING:
            self._card = card
            self._take = _Take(number=self._making.next_number(card))
            self._recorder.send(rm.Judge(card.limits, card.pack_title))
            self._show()

    def open(self, selection: DeviceSelection) -> None:
        """Open the devices (again)."""
        self._selection = selection
        self._take.problem = None
        self._happen(Event.OPEN_ASKED)

    def roll(self) -> None:
        """Record. Ignored without a prompt and unless the stage is ready."""
        if self._card is not None:
            self._happen(Event.ROLL_ASKED)

    def cut(self) -> None:
        """End the take; it is kept whatever it is."""
        self._happen(Event.CUT_ASKED)

    def again(self) -> None:
        """Cut, and roll the next take as soon as this one is safe."""
        self._happen(Event.AGAIN_ASKED)

    def abandon(self) -> None:
        """End the take as abandoned; it is kept all the same."""
        self._happen(Event.ABANDON_ASKED)

    def mark(self, name: MarkerName = MarkerName.MARK) -> None:
        """Mark this moment of the rolling take."""
        if self._state in (StageState.ROLLING, StageState.COUNTDOWN):
            self._recorder.send(rm.Mark(name))

    def leave(self) -> None:
        """Close the devices."""
        self._happen(Event.LEAVE_ASKED)

    def pulse(self) -> Pulse:
        """The newest picture and numbers, for the stage's one timer."""
        return self._recorder.pulse()

    @property
    def opened(self) -> DeviceSelection | None:
        """The devices that were asked for last."""
        return self._selection

    @property
    def recording(self) -> bool:
        """Whether a take is being made: the window asks before it closes, deliveries rest."""
        return self._state in RECORDING

    # what the recorder and the lane answer

    def hear(self, answer: rm.Answer) -> None:  # noqa: C901, PLR0912 - a flat table
        """An answer of the recorder process, on the owner's thread."""
        match answer:
            case rm.Opened(devices):
                self._devices = devices
                self._calibrated = self._making.calibration(devices).measured
                self._happen(Event.OPENED)
            case rm.Regranted(devices):
                self._devices = devices
                self._show()
            case rm.OpenRefused(problem):
                self._fail(problem, Event.OPEN_FAILED)
            case rm.Rolled():
                self._happen(Event.ROLLED)
            case rm.RollRefused(problem):
                self._fail(problem, Event.ROLL_FAILED)
            case rm.Developing(done):
                self._take.made = done
                self._show()
            case rm.TakeFinished(folder, finished) if self._in_hand(folder):
                self._finish(folder, finished)
            case rm.TakeDeveloped(folder, developed) if self._in_hand(folder):
                self._seal(developed)
            case rm.DevelopRefused(_, problem):
                self._fail(problem, Event.SEAL_FAILED)
            case rm.TakeEnding(problem):
                self._fail(problem, Event.TAKE_LOST)
            case rm.Told(DeviceLost(_, problem)) if self._state is StageState.READY:
                self._fail(problem, Event.TAKE_LOST)
            case rm.TakeFinished() | rm.TakeDeveloped():
                pass  # a late answer about a take that recovery has already taken over
            case rm.Ready() | rm.Marked() | rm.Told() | rm.FaceModelRefused():
                pass

    def calibration_changed(self) -> None:
        """The open pair was calibrated, or is not any more."""
        if self._devices is not None:
            self._calibrated = self._making.calibration(self._devices).measured
            self._show()

    def recorder_died(self) -> None:
        """The recorder process is gone or no longer answers."""
        if self._state is StageState.CLOSED:  # nothing was open: nothing is lost, and nothing is said
            self._happen(Event.RECORDER_DIED)
        else:
            self._fail(CaptureError(ErrorCode.RECORDER_DIED), Event.RECORDER_DIED)

    # carrying out

    def _happen(self, event: Event) -> None:
        answer = step(self._state, event)
        if answer is None:
            return
        self._state, effects = answer
        self._show()
        for effect in effects:
            self._carry_out(effect)

    def _carry_out(self, effect: Effect) -> None:  # noqa: C901, PLR0912 - a flat table
        match effect:
            case Effect.OPEN_DEVICES:
                assert self._selection is not None  # noqa: S101 - OPEN_ASKED always carries one
                if self._card is not None:  # a recorder that was replaced has not heard of it
                    self._recorder.send(rm.Judge(self._card.limits, self._card.pack_title))
                self._recorder.send(rm.Open(self._selection, self._face_model()))
            case Effect.CLOSE_DEVICES:
                self._recorder.send(rm.Shut())
            case Effect.CREATE_AND_ROLL:
                self._create_and_roll()
            case Effect.DROP_EMPTY_TAKE:
                self._drop_empty()
            case Effect.START_COUNTDOWN:
                self._count_down(self.countdown_s)
            case Effect.STOP_COUNTDOWN:
                self._take.stop_countdown()
                self._count = 0
            case Effect.MARK_GO:
                self._recorder.send(rm.Mark(MarkerName.GO))
            case Effect.CUT:
                self._recorder.send(rm.Cut(EndReason.CUT))
            case Effect.CUT_ABANDONED:
                self._recorder.send(rm.Cut(EndReason.ABANDONED))
            case Effect.ROLL_AGAIN_WHEN_SEALED:
                self._take.again = True
            case Effect.RESTART_RECORDER:
                self._recorder.restart()
            case Effect.RECOVER_TAKE:
                self._recover()
            case Effect.SHOW_FILM:
                self._show_film()
            case Effect.CLOSE_TAKE:
                self._after_seal()

    def _create_and_roll(self) -> None:
        if self._card is None or self._devices is None:
            return
        self._take = _Take()
        self._making.create(self._card, self._devices, self._created, self._create_failed)

    def _created(self, opened: OpenTake, draft: TakeManifest) -> None:
        self._take.open, self._take.draft, self._take.number = opened, draft, draft.slate.take_number
        calibration, asked = self._making.calibration(draft.devices), draft.prompt.limits
        self._recorder.send(rm.Roll(opened.folder, calibration, limits=asked, pack=draft.prompt.pack_title))

    def _create_failed(self, problem: PerfstudioError) -> None:
        self._fail(problem, Event.ROLL_FAILED)

    def _drop_empty(self) -> None:
        if self._take.open is not None:
            self._making.drop_empty(self._take.open)
            self._take.open = None

    def _count_down(self, left: int) -> None:
        self._count = left
        if left == 0:
            self._happen(Event.GO)
            return
        self._show()
        self._take.stop_countdown = self._timer.after(1.0, lambda: self._count_down(left - 1))

    def _in_hand(self, folder: Path) -> bool:
        return self._take.open is not None and folder == self._take.open.folder

    def _finish(self, folder: Path, finished: FinishedTake) -> None:
        if self._take.draft is not None:
            self._take.film = TakeFinished(completed(self._take.draft, finished, ()), folder)
            self._happen(Event.FINISHED)

    def _show_film(self) -> None:
        rolls_again = self._take.again and self._take.problem is None
        if self._take.film is not None and not rolls_again:
            self._bus.publish(self._take.film)

    def _seal(self, developed: Developed) -> None:
        draft = self._take.draft
        if draft is not None:
            self._move(lambda: self._making.seal(draft, developed, self._sealed, self._seal_failed))

    def _recover(self) -> None:
        opened = self._take.open
        if opened is not None:
            self._move(lambda: self._making.recover(opened, self._sealed, self._seal_failed))

    def _move(self, work: Callable[[], None]) -> None:
        """Begin what renames the take's folder once everybody has heard of it: the bus keeps the order."""
        if self._take.open is not None:
            self._bus.publish(TakeMoving(self._take.open.take_id))
        self._bus.post(work)

    def _sealed(self, manifest: TakeManifest) -> None:
        self._take.draft = manifest
        self._happen(Event.SEALED)

    def _seal_failed(self, problem: PerfstudioError) -> None:
        self._fail(problem, Event.SEAL_FAILED)

    def _after_seal(self) -> None:
        sealed, again, problem = self._take.draft, self._take.again, self._take.problem
        self._take = _Take(number=self._take.number + 1, problem=problem)
        if sealed is not None:
            self._bus.publish(TakeSealed(sealed.take_id, again=again and problem is None))
        if problem is not None and problem.code is ErrorCode.RECORDER_DIED and self._selection is not None:
            self._happen(Event.OPEN_ASKED)  # the new recorder process has no devices open yet
        elif again and problem is None:
            self._happen(Event.ROLL_ASKED)
        self._show()

    def _fail(self, problem: PerfstudioError, event: Event) -> None:
        if step(self._state, event) is not None:
            self._take.problem = problem
            self._happen(event)

    def _show(self) -> None:
        self.view = self._make_view()
        self._bus.publish(StageChanged(self.view))

    def _make_view(self) -> StageView:
        return StageView(
            state=self._state,
            actions=ACTIONS[self._state],
            card=self._card,
            take_number=self._take.number,
            countdown=self._count if self._state is StageState.COUNTDOWN else 0,
            devices=self._devices,
            calibrated=self._calibrated,
            practice=self._devices is not None and self._making.is_practice(self._devices),
            problem=self._take.problem,
            made=self._take.made if self._state is StageState.CUTTING else None,
        )
