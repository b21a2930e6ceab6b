"""Reading a statement aloud at the window: the microphone opens for it, it is recorded, judged, and can be heard back.

Nothing of it is kept here. What the performer does not sign with is deleted, and so is what they do when it lies beside
the record; the microphone is closed as soon as the reading ends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from perfstudio.durable import disk_error, write_durably
from perfstudio.model.clock import host_ns
from perfstudio.model.device import DeviceSelection
from perfstudio.model.errors import CaptureError, ErrorCode, PerfstudioError
from perfstudio.model.prompt import Terms
from perfstudio.model.spoken import LONGEST_S
from perfstudio.model.take import FILE_NAMES, FileRole
from perfstudio.session import recorder_messages as rm
from perfstudio.session.bus import Bus
from perfstudio.session.events import StageChanged
from perfstudio.session.offset_store import UNCALIBRATED
from perfstudio.session.recorder_router import RecorderRouter
from perfstudio.session.scratch_recording import ScratchRecording
from perfstudio.session.spoken import ReadAloud, cut_short
from perfstudio.session.spoken_sound import read_aloud
from perfstudio.session.stage.director import Director
from perfstudio.session.views import Pulse, StageState, StageView
from perfstudio.session.worker import Worker

_ENDS_BEFORE_S = 2.0
"""So long before the limit a reading is ended by itself, so that what was read is not too long to be kept."""


class ReadingState(StrEnum):
    """How far a reading is."""

    WAITS = "waits"  # nothing was read, or it was given up
    OPENING = "opening"  # the microphone opens
    READING = "reading"  # it is recorded
    LISTENING = "listening"  # it is being judged
    HEARD = "heard"  # a voice is in it; it can be heard back


@dataclass(frozen=True, slots=True)
class ReadingView:
    """The state, for the card. `file` is there to be played while `aloud` is."""

    state: ReadingState = ReadingState.WAITS
    aloud: ReadAloud | None = None
    file: Path | None = None
    problem: PerfstudioError | None = None


class ReadingAloud:
    """One reading after another: `begin`, `pulse` while it lasts, `finish`; `leave` forgets it."""

    def __init__(
        self,
        *,
        bus: Bus,
        director: Director,
        recorder: RecorderRouter,
        scratch: Path,
        worker: Worker,
        now_ns: Callable[[], int] = host_ns,
    ) -> None:
        self._director, self._worker, self._now_ns = director, worker, now_ns
        self._recording = ScratchRecording(recorder, worker, scratch)
        self._terms: Terms | None = None
        self._name = ""
        self._opened = False
        """The microphone was opened for a reading, and is open."""
        self._began_ns = 0
        self.view = ReadingView()
        self.changed: Callable[[ReadingView], None] = lambda _: None
        """Hears every new view."""
        # an event comes a turn late: the stage as it is now, for the change may be that of a reading that is over
        bus.subscribe(StageChanged, lambda _: self._stage_changed(director.view))

    @property
    def under_way(self) -> bool:
        """Whether something is read, or about to be, or being judged."""
        return self.view.state not in (ReadingState.WAITS, ReadingState.HEARD)

    @property
    def elapsed_s(self) -> float:
        """Seconds since the recording began; 0 while none rolls."""
        return (self._now_ns() - self._began_ns) / 1e9 if self.view.state is ReadingState.READING else 0.0

    def begin(self, terms: Terms, name: str, selection: DeviceSelection) -> None:
        """Read what `terms` ask for, with a name or with none (""), into the chosen microphone; no camera is opened.

        What was read before is given up. Ignored while a take is being made and while something is being read.
        """
        if self._director.recording or self.under_way:
            return
        self._terms, self._name = terms, name
        self._recording.give_up()
        self._show(ReadingState.OPENING)
        self._opened = True
        self._director.open(selection.model_copy(update={"camera": None}))

    def pulse(self) -> Pulse:
        """The newest level; a reading that goes on for too long is ended here."""
        if self.elapsed_s > LONGEST_S - _ENDS_BEFORE_S:
            self.finish()
        return self._director.pulse()

    def finish(self) -> None:
        """That was all."""
        if self.view.state is ReadingState.READING:
            self._show(ReadingState.LISTENING)
            self._recording.cut()

    def leave(self) -> None:
        """Forget what was read and delete it; the microphone closes."""
        self._end()

    # what the recorder answers

    def _stage_changed(self, stage: StageView) -> None:
        if not self.under_way or self.view.state is ReadingState.LISTENING:
            return
        if stage.state is StageState.FAILED:
            self._end(stage.problem)
        elif self.view.state is ReadingState.OPENING and stage.state is StageState.READY:
            self._roll()
        elif self.view.state is ReadingState.READING and stage.state is not StageState.READY:
            self._end(stage.problem)

    def _roll(self) -> None:
        try:
            self._recording.begin(rm.Purpose.SPOKEN, UNCALIBRATED, self._hear)
        except CaptureError as problem:
            self._end(problem)

    def _hear(self, answer: rm.AboutRecording) -> None:
        """About the recording in hand."""
        match answer:
            case rm.Rolled() if self.view.state is ReadingState.OPENING:
                self._began_ns = self._now_ns()
                self._show(ReadingState.READING)
            case rm.SpokenRecorded(recording, sound):
                self._recorded(recording.folder, sound)
            case rm.RollRefused(_, problem) | rm.ProcessingRefused(_, problem) | rm.RecordingEnding(_, problem):
                self._end(problem)
            case rm.RecorderDied():
                self._end(CaptureError(ErrorCode.RECORDER_DIED))
            case rm.RecordingDropped() | rm.Displaced():
                self._end()
            case _:
                pass

    def _recorded(self, folder: Path, sound: Path) -> None:
        terms, name = self._terms, self._name
        self._close_microphone()
        if terms is None:
            return
        self._show(ReadingState.LISTENING)
        self._worker.run(
            lambda: _kept(folder, read_aloud(sound, terms, name=name)),
            lambda read: self._judged(folder, ReadingView(ReadingState.HEARD, *read)),
            lambda problem: self._judged(folder, ReadingView(problem=cut_short(problem))),
        )

    def _judged(self, folder: Path, view: ReadingView) -> None:
        if folder != self._recording.folder:
            return
        if view.aloud is None:
            self._recording.give_up()
        self.view = view
        self.changed(view)

    def _end(self, problem: PerfstudioError | None = None) -> None:
        """Nothing is read any more, and what was recorded goes."""
        before = self.view
        if problem is not None and before.state in (ReadingState.READING, ReadingState.LISTENING):
            problem = cut_short(problem)
        self.view = ReadingView(problem=problem)
        self._recording.give_up()
        self._close_microphone()
        if self.view != before:
            self.changed(self.view)

    def _close_microphone(self) -> None:
        opened, self._opened = self._opened, False
        if opened and not self._director.recording:
            self._director.leave()

    def _show(self, state: ReadingState) -> None:
        self.view = ReadingView(state)
        self.changed(self.view)


def _kept(folder: Path, aloud: ReadAloud) -> tuple[ReadAloud, Path]:
    """On the worker: the file to be heard back, beside the recording it was made of."""
    file = folder / FILE_NAMES[FileRole.SPOKEN_CONSENT]
    try:
        write_durably(file, aloud.sound)
    except OSError as problem:
        raise disk_error(problem, folder, CaptureError) from problem
    return aloud, file
