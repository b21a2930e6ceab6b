"""Calibration at the window: record claps (or a pattern), count along, measure, and keep the answer when asked to.

The devices are the ones the director has open. What is recorded is deleted as soon as it is measured, given up, or
found at a later start (`ScratchRecording`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from perfstudio.model.calibration import Measurement, Method, Outcome, PairCalibration, Refusal
from perfstudio.model.clock import host_ns
from perfstudio.model.device import DevicesUsed
from perfstudio.model.errors import CaptureError, ErrorCode, PerfstudioError
from perfstudio.session import recorder_messages as rm
from perfstudio.session.bus import Bus
from perfstudio.session.events import CalibrationChanged, StageChanged
from perfstudio.session.offset_store import Calibrations
from perfstudio.session.recorder_router import RecorderRouter
from perfstudio.session.scratch_recording import ScratchRecording
from perfstudio.session.stage.director import Director
from perfstudio.session.views import Pulse, StageState, StageView
from perfstudio.session.worker import Worker

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ENOUGH = {Method.CLAP: 10, Method.PATTERN: 40}
"""Events after which the recording ends by itself."""
LONGEST_S = {Method.CLAP: 40.0, Method.PATTERN: 45.0}
SHORTEST_S = 6.0
PURPOSES = {Method.CLAP: rm.Purpose.CLAPS, Method.PATTERN: rm.Purpose.PATTERN}
_LEAP_DB, _REST_S, _STEP = 15.0, 0.3, 16
_STIRRED = 3.0
"""A picture moves when it changes this many times more than it usually does."""


class CalibrationState(StrEnum):
    """Where the wizard is."""

    READY = "ready"
    STARTING = "starting"
    LISTENING = "listening"
    MEASURING = "measuring"
    FOUND = "found"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class CalibrationView:
    """What the wizard shows. `before` is what holds now for the open pair."""

    state: CalibrationState
    method: Method
    devices: DevicesUsed | None
    before: PairCalibration | None
    outcome: Outcome | None = None
    problem: PerfstudioError | None = None


class Tally:
    """Counts along while recording, roughly: the window sees 30 pictures and levels a second. Only the measurement
    afterwards decides."""

    def __init__(self) -> None:
        self.heard = self.seen = 0
        self._floor, self._usual = -60.0, 0.0
        self._before: NDArray[np.int16] | None = None
        self._heard_s = self._stirred_s = -10.0

    def feed(self, pulse: Pulse, at_s: float) -> None:
        """The newest picture and level; `at_s` rises."""
        if pulse.picture is not None:
            self._look(pulse.picture, at_s)
        peak = pulse.reading.peak_dbfs
        if peak > max(self._floor + _LEAP_DB, -45.0) and at_s - self._heard_s > _REST_S:
            self.heard += 1
            self._heard_s = at_s
            self.seen += at_s - self._stirred_s < _REST_S
        self._floor += 0.1 * (peak - self._floor) if peak > self._floor else 0.4 * (peak - self._floor)

    def _look(self, picture: memoryview, at_s: float) -> None:
        import numpy as np  # noqa: PLC0415 - the window rolls without it

        small = np.asarray(picture)[::_STEP, ::_STEP, 1].astype(np.int16)
        if self._before is not None and self._before.shape == small.shape:
            change = float(abs(small - self._before).mean())
            if change > max(0.4, _STIRRED * self._usual):
                self._stirred_s = at_s
            self._usual = change if self._usual == 0 else self._usual + 0.05 * (change - self._usual)
        self._before = small


class CalibrationWizard:
    """Drives the wizard: `enter`, `begin`, then `pulse` until it measures, then `keep` or `begin` again."""

    def __init__(
        self,
        *,
        bus: Bus,
        director: Director,
        recorder: RecorderRouter,
        store: Calibrations,
        scratch: Path,
        worker: Worker,
        now_ns: Callable[[], int] = host_ns,
    ) -> None:
        self._bus, self._director, self._store, self._now_ns = bus, director, store, now_ns
        self._recording = ScratchRecording(recorder, worker, scratch)
        self._state = CalibrationState.READY
        self._method = Method.CLAP
        self._measured_on: DevicesUsed | None = None
        """The devices of the recording in hand: what is found is theirs, whatever is open by then."""
        self._outcome: Outcome | None = None
        self._problem: PerfstudioError | None = None
        self._began_ns = 0
        self.tally = Tally()
        self.changed: Callable[[CalibrationView], None] = lambda _: None
        """Hears every new view."""
        bus.subscribe(StageChanged, lambda event: self._stage_changed(event.view))

    @property
    def view(self) -> CalibrationView:
        """The state, for the card."""
        devices = self._director.view.devices
        before = self._store.of(devices) if devices is not None else None
        return CalibrationView(self._state, self._method, devices, before, self._outcome, self._problem)

    @property
    def recording(self) -> bool:
        """Whether something is being recorded now."""
        return self._state in (CalibrationState.STARTING, CalibrationState.LISTENING)

    @property
    def may_begin(self) -> bool:
        """Whether a recording can begin now: both devices are open and none is going on."""
        stage = self._director.view
        pair = stage.devices is not None and stage.devices.camera is not None
        return stage.state is StageState.READY and pair and not self._under_way

    @property
    def _under_way(self) -> bool:
        return self.recording or self._state is CalibrationState.MEASURING

    def choose(self, method: Method) -> None:
        """Claps or a pattern; not in the middle."""
        if not self._under_way:
            self._method = method
            self._reset(CalibrationState.READY)

    def begin(self) -> None:
        """Record. Ignored unless both devices are open and nothing else is going on."""
        devices = self._director.view.devices
        if not self.may_begin or devices is None:
            return
        self._measured_on, self.tally = devices, Tally()
        self._reset(CalibrationState.STARTING)
        try:
            self._recording.begin(PURPOSES[self._method], self._store.for_devices(devices), self._hear)
        except CaptureError as problem:
            self._fail(problem)

    def pulse(self) -> Pulse:
        """The newest picture and level; this is what counts along and ends the recording."""
        pulse = self._director.pulse()
        if self._state is CalibrationState.LISTENING:
            now_s = self.elapsed_s
            self.tally.feed(pulse, now_s)
            enough = self.tally.heard >= ENOUGH[self._method] and now_s > SHORTEST_S
            if enough or now_s > LONGEST_S[self._method]:
                self.finish()
        return pulse

    @property
    def elapsed_s(self) -> float:
        """Seconds since the recording began."""
        return (self._now_ns() - self._began_ns) / 1e9

    def finish(self) -> None:
        """That was enough: measure."""
        if self._state is CalibrationState.LISTENING:
            self._reset(CalibrationState.MEASURING)
            self._recording.cut()

    def give_up(self) -> None:
        """Stop; nothing is kept."""
        if self._state is not CalibrationState.READY:
            self._end(CalibrationState.READY)

    def keep(self) -> PairCalibration | None:
        """Put what was found in force. Raises CaptureError when the disk refuses."""
        devices = self._measured_on
        if not isinstance(self._outcome, Measurement) or devices is None:
            return None
        line = self._store.keep(devices, self._outcome)
        self._changed()
        return line

    def forget(self) -> bool:
        """The open pair is not calibrated any more; False when it was not.

        Raises CaptureError when the disk refuses.
        """
        devices = self._director.view.devices
        gone = devices is not None and self._store.forget(devices)
        if gone:
            self._changed()
        return gone

    def _hear(self, answer: rm.AboutRecording) -> None:
        """About the recording in hand."""
        match answer:
            case rm.Rolled() if self._state is CalibrationState.STARTING:
                self._began_ns = self._now_ns()
                self._reset(CalibrationState.LISTENING)
            case rm.OffsetMeasured(_, outcome):
                self._end(CalibrationState.REFUSED if isinstance(outcome, Refusal) else CalibrationState.FOUND, outcome)
            case rm.RollRefused(_, problem) | rm.ProcessingRefused(_, problem) | rm.RecordingEnding(_, problem):
                self._fail(problem)
            case rm.RecorderDied():
                self._fail(CaptureError(ErrorCode.RECORDER_DIED))
            case rm.RecordingDropped() | rm.Displaced():
                self._end(CalibrationState.READY)
            case _:
                pass

    def _changed(self) -> None:
        self._director.calibration_changed()
        self._bus.publish(CalibrationChanged())
        self.changed(self.view)

    def _stage_changed(self, view: StageView) -> None:
        if self.recording and view.state is not StageState.READY:  # the devices went
            if view.problem is not None:
                self._fail(view.problem)
            else:
                self._end(CalibrationState.READY)

    def _fail(self, problem: PerfstudioError) -> None:
        self._end(CalibrationState.FAILED, problem=problem)

    def _end(
        self, state: CalibrationState, outcome: Outcome | None = None, problem: PerfstudioError | None = None
    ) -> None:
        """Nothing is going on any more, and what was recorded goes."""
        self._recording.give_up()
        self._reset(state, outcome, problem)

    def _reset(
        self, state: CalibrationState, outcome: Outcome | None = None, problem: PerfstudioError | None = None
    ) -> None:
        self._state, self._outcome, self._problem = state, outcome, problem
        self.changed(self.view)
