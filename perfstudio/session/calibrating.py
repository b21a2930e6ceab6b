"""Calibration at the window: record claps (or a pattern), count along, measure, and keep the answer when asked to.

The devices are the ones the director has open. What is recorded holds the performer's face and room: it is deleted
as soon as it is measured, given up, or found at a later start.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from perfstudio.durable import disk_error, private_folder
from perfstudio.model.calibration import Measurement, Method, Outcome, PairCalibration, Refusal
from perfstudio.model.clock import host_ns
from perfstudio.model.device import DevicesUsed
from perfstudio.model.errors import CaptureError, ErrorCode, PerfstudioError
from perfstudio.model.ids import new_id
from perfstudio.model.take import EndReason
from perfstudio.session import recorder_messages as rm
from perfstudio.session.bus import Bus
from perfstudio.session.calibration import Calibrations
from perfstudio.session.director import Director
from perfstudio.session.events import CalibrationChanged, StageChanged
from perfstudio.session.views import Pulse, StageState, StageView

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


class Calibrating:
    """Drives the wizard: `enter`, `begin`, then `pulse` until it measures, then `keep` or `begin` again."""

    def __init__(
        self, *, bus: Bus, director: Director, send: Callable[[rm.Command], None], store: Calibrations, scratch: Path
    ) -> None:
        self._bus, self._director, self._send, self._store, self._scratch = bus, director, send, store, scratch
        self._state = CalibrationState.READY
        self._method = Method.CLAP
        self._folder: Path | None = None
        self._busy: set[Path] = set()
        """Recordings that the recorder has not closed yet."""
        self._outcome: Outcome | None = None
        self._problem: PerfstudioError | None = None
        self._began_ns = 0
        self.tally = Tally()
        self.changed: Callable[[CalibrationView], None] = lambda _: None
        """Hears every new view."""
        bus.subscribe(StageChanged, lambda event: self._stage_changed(event.view))
        self._drop_recordings()

    @property
    def view(self) -> CalibrationView:
        """How it stands."""
        devices = self._director.view.devices
        before = self._store.of(devices) if devices is not None else None
        return CalibrationView(self._state, self._method, devices, before, self._outcome, self._problem)

    @property
    def recording(self) -> bool:
        """Whether something is being recorded now."""
        return self._state in (CalibrationState.STARTING, CalibrationState.LISTENING)

    def choose(self, method: Method) -> None:
        """Claps or a pattern; not in the middle."""
        if not self.recording and self._state is not CalibrationState.MEASURING:
            self._method = method
            self._reset(CalibrationState.READY)

    def begin(self) -> None:
        """Record. Ignored unless both devices are open and nothing else is going on."""
        busy = self.recording or self._state is CalibrationState.MEASURING
        devices = self._director.view.devices
        if busy or self._director.view.state is not StageState.READY or devices is None or devices.camera is None:
            return
        self._drop_recordings()
        try:
            folder = private_folder(self._scratch / new_id())
        except OSError as error:
            self._fail(disk_error(error, self._scratch, CaptureError))
            return
        self._busy.add(folder)
        self._folder, self.tally = folder, Tally()
        self._reset(CalibrationState.STARTING)
        self._send(rm.Roll(folder, self._store.for_devices(devices), PURPOSES[self._method]))

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
        return (host_ns() - self._began_ns) / 1e9

    def finish(self) -> None:
        """That was enough: measure."""
        if self._state is CalibrationState.LISTENING:
            self._reset(CalibrationState.MEASURING)
            self._send(rm.Cut(EndReason.CUT))

    def give_up(self) -> None:
        """Stop; nothing is kept."""
        if self.recording:
            self._send(rm.Cut(EndReason.ABANDONED))
        if self._state is not CalibrationState.READY:
            self._folder = None
            self._reset(CalibrationState.READY)
        self._drop_recordings()

    def keep(self) -> PairCalibration | None:
        """Put what was found in force. Raises CaptureError when the disk refuses."""
        devices = self._director.view.devices
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

    def hear(self, answer: rm.Answer) -> None:
        """An answer of the recorder, on the owner's thread. Answers about other folders are not ours."""
        match answer:
            case rm.Rolled() if self._state is CalibrationState.STARTING:
                self._began_ns = host_ns()
                self._reset(CalibrationState.LISTENING)
            case rm.RollRefused(problem) if self._state is CalibrationState.STARTING:
                self._closed(self._folder)
                self._fail(problem)
            case rm.OffsetMeasured(folder, outcome):
                if self._closed(folder):
                    self._measured(outcome)
            case rm.RoomDropped(folder):
                self._closed(folder)
            case rm.DevelopRefused(folder, problem):
                if self._closed(folder):
                    self._fail(problem)
            case rm.TakeEnding(problem) if self.recording:
                self._fail(problem)
            case _:
                pass

    def recorder_died(self) -> None:
        """The recorder process is gone."""
        self._busy.clear()
        if self.recording or self._state is CalibrationState.MEASURING:
            self._fail(CaptureError(ErrorCode.RECORDER_DIED))

    def _measured(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self._state = CalibrationState.REFUSED if isinstance(outcome, Refusal) else CalibrationState.FOUND
        self.changed(self.view)

    def _closed(self, folder: Path | None) -> bool:
        """A recording is closed and goes; whether it is the one in hand."""
        if folder not in self._busy or folder is None:
            return False
        self._busy.discard(folder)
        ours, self._folder = folder == self._folder, None if folder == self._folder else self._folder
        shutil.rmtree(folder, ignore_errors=True)
        return ours

    def _drop_recordings(self) -> None:
        """Delete what earlier calibrations left behind; what is still being written goes when it is closed."""
        if self._scratch.is_dir() and not self._scratch.is_symlink():
            for folder in self._scratch.iterdir():
                if folder not in self._busy:
                    shutil.rmtree(folder, ignore_errors=True)

    def _changed(self) -> None:
        self._director.calibration_changed()
        self._bus.publish(CalibrationChanged())
        self.changed(self.view)

    def _stage_changed(self, view: StageView) -> None:
        if self.recording and view.state is not StageState.READY:  # the devices went
            self._busy.clear()
            self._drop_recordings()
            if view.problem is not None:
                self._fail(view.problem)
            else:
                self._reset(CalibrationState.READY)

    def _fail(self, problem: PerfstudioError) -> None:
        self._folder = None
        self._reset(CalibrationState.FAILED, problem)

    def _reset(self, state: CalibrationState, problem: PerfstudioError | None = None) -> None:
        self._state, self._outcome, self._problem = state, None, problem
        self.changed(self.view)
