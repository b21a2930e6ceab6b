"""Clicks from headphones to the open microphone, at the window: play, record, measure, and keep what was found.

The devices are those that the director has open, and what is found holds for takes with the same two. What is recorded
is deleted as soon as it is measured, given up, or found at a later start (`ScratchRecording`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from perfstudio.model.clock import host_ns
from perfstudio.model.device import DeviceKind, DevicesUsed, MicrophoneGranted
from perfstudio.model.errors import CaptureError, ErrorCode, PerfstudioError
from perfstudio.model.loopback import AFTER_S, CLICKS_S, LoopbackFound, LoopbackLine, LoopbackRefusal
from perfstudio.model.partner import REPORTED_BOUND_S, WIRELESS_BOUND_S, seem_wireless
from perfstudio.session import recorder_messages as rm
from perfstudio.session.bus import Bus
from perfstudio.session.events import StageChanged
from perfstudio.session.headphones import HeadphoneChoice
from perfstudio.session.loopback_store import Loopbacks
from perfstudio.session.offset_store import UNCALIBRATED
from perfstudio.session.recorder_router import RecorderRouter
from perfstudio.session.scratch_recording import ScratchRecording
from perfstudio.session.stage.director import Director
from perfstudio.session.stage.timer import Timer
from perfstudio.session.views import StageState, StageView
from perfstudio.session.worker import Worker

WHOLE_S = CLICKS_S + AFTER_S


class ClicksState(StrEnum):
    """How far it is."""

    READY = "ready"  # nothing was asked for
    OPENING = "opening"  # the headphones open
    PLAYING = "playing"  # the clicks are played and recorded
    MEASURING = "measuring"
    FOUND = "found"  # and kept
    REFUSED = "refused"  # they were heard, and say nothing
    FAILED = "failed"  # a device, or the disk


UNDER_WAY = frozenset({ClicksState.OPENING, ClicksState.PLAYING, ClicksState.MEASURING})


@dataclass(frozen=True, slots=True)
class ClicksView:
    """What the card shows."""

    state: ClicksState
    possible: bool
    """Whether headphones are chosen, and a real microphone is open."""
    before: LoopbackLine | None = None
    """What holds now for the two."""
    bound_s: float = REPORTED_BOUND_S
    """Within what it is known without any measurement when a sound was heard in them."""
    outcome: LoopbackFound | LoopbackRefusal | None = None
    problem: PerfstudioError | None = None

    @property
    def under_way(self) -> bool:
        """Whether it is going on."""
        return self.state in UNDER_WAY


class HeadphoneClicks:
    """`begin`, then it goes on by itself; `give_up` at any time. `changed` hears every new view."""

    def __init__(
        self,
        *,
        bus: Bus,
        director: Director,
        recorder: RecorderRouter,
        headphones: HeadphoneChoice,
        store: Loopbacks,
        scratch: Path,
        worker: Worker,
        timer: Timer,
        now_ns: Callable[[], int] = host_ns,
    ) -> None:
        self._director, self._headphones, self._store, self._timer = director, headphones, store, timer
        self._now_ns = now_ns
        self._recording = ScratchRecording(recorder, worker, scratch)
        self._state = ClicksState.READY
        self._measured_on = ("", ""), ("", "")
        """Headphones and microphone of the recording in hand, by id and name: what is found is theirs."""
        self._outcome: LoopbackFound | LoopbackRefusal | None = None
        self._problem: PerfstudioError | None = None
        self._began_ns = 0
        self._stop_waiting: Callable[[], None] = lambda: None
        self._seen: DevicesUsed | None = None
        self.changed: Callable[[ClicksView], None] = lambda _: None
        bus.subscribe(StageChanged, lambda event: self._stage_changed(event.view))

    @property
    def view(self) -> ClicksView:
        """As it stands."""
        (headphones, name), microphone = self._headphones.chosen, self._microphone
        if not headphones or microphone is None:
            return ClicksView(self._state, possible=False)
        bound_s = WIRELESS_BOUND_S if seem_wireless(headphones, name) else REPORTED_BOUND_S
        before = self._store.line(headphones, microphone.id)
        return ClicksView(
            self._state, possible=True, before=before, bound_s=bound_s, outcome=self._outcome, problem=self._problem
        )

    @property
    def share(self) -> float:
        """How much of the clicks is over, 0..1."""
        playing = self._state is ClicksState.PLAYING
        return min(1.0, (self._now_ns() - self._began_ns) / 1e9 / WHOLE_S) if playing else 0.0

    def begin(self) -> None:
        """Play them. Ignored where that is not possible, and while it goes on."""
        view, microphone = self.view, self._microphone
        if view.under_way or not view.possible or microphone is None:
            return
        if self._director.view.state is not StageState.READY:
            return
        self._measured_on = self._headphones.chosen, (microphone.id, microphone.name)
        self._show(ClicksState.OPENING)
        try:
            self._recording.begin(rm.Purpose.LOOPBACK, UNCALIBRATED, self._hear, headphones=self._measured_on[0])
        except CaptureError as problem:
            self._end(ClicksState.FAILED, problem=problem)

    def give_up(self) -> None:
        """Stop, or forget what came out; what was kept stays."""
        if self._state is not ClicksState.READY:
            self._end(ClicksState.READY)

    @property
    def _microphone(self) -> MicrophoneGranted | None:
        """The one that is open; None for a practice one, which hears nobody."""
        devices = self._director.view.devices
        found = devices.microphone if devices is not None else None
        return found if found is not None and found.kind is not DeviceKind.PRACTICE else None

    def _hear(self, answer: rm.AboutRecording) -> None:
        """About the recording in hand."""
        match answer:
            case rm.Rolled() if self._state is ClicksState.OPENING:
                self._began_ns = self._now_ns()
                self._stop_waiting = self._timer.after(WHOLE_S, self._heard_all)
                self._show(ClicksState.PLAYING)
            case rm.ClicksMeasured(_, outcome):
                self._measured(outcome)
            case rm.RollRefused(_, problem) | rm.ProcessingRefused(_, problem) | rm.RecordingEnding(_, problem):
                self._end(ClicksState.FAILED, problem=problem)
            case rm.RecorderDied():
                self._end(ClicksState.FAILED, problem=CaptureError(ErrorCode.RECORDER_DIED))
            case rm.RecordingDropped() | rm.Displaced():
                self._end(ClicksState.READY)
            case _:
                pass

    def _heard_all(self) -> None:
        if self._state is ClicksState.PLAYING:
            self._show(ClicksState.MEASURING)
            self._recording.cut()

    def _measured(self, outcome: LoopbackFound | LoopbackRefusal) -> None:
        if isinstance(outcome, LoopbackRefusal):
            self._end(ClicksState.REFUSED, outcome)
            return
        try:
            self._store.keep(*self._measured_on, outcome)
        except CaptureError as problem:
            self._end(ClicksState.FAILED, problem=problem)
        else:
            self._end(ClicksState.FOUND, outcome)

    def _stage_changed(self, stage: StageView) -> None:
        if self._state in UNDER_WAY and stage.state is not StageState.READY:  # the devices went
            state = ClicksState.FAILED if stage.problem is not None else ClicksState.READY
            self._end(state, problem=stage.problem)
        elif stage.devices != self._seen:  # another microphone, perhaps
            self._seen = stage.devices
            self.changed(self.view)

    def _end(
        self,
        state: ClicksState,
        outcome: LoopbackFound | LoopbackRefusal | None = None,
        problem: PerfstudioError | None = None,
    ) -> None:
        """Nothing is going on any more, and what was recorded goes."""
        self._stop_waiting()
        self._recording.give_up()
        self._show(state, outcome, problem)

    def _show(
        self,
        state: ClicksState,
        outcome: LoopbackFound | LoopbackRefusal | None = None,
        problem: PerfstudioError | None = None,
    ) -> None:
        self._state, self._outcome, self._problem = state, outcome, problem
        self.changed(self.view)
