"""The set-up check: look, then one recording in four parts, then what it says about room, voice, picture and sync.

Runs on the owner's thread and on the recorder that is already open; the director keeps the devices. The recording goes
through the whole chain as a take does (recorded, finished, checked), is played back from its file, and is deleted when
the room is left (`ScratchRecording`); what stays are numbers. Nothing waits for the check, and leaving it is always
possible.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from perfstudio.library.library import Library
from perfstudio.model.clock import host_ns, utc_now
from perfstudio.model.device import DevicesUsed
from perfstudio.model.errors import CaptureError, ErrorCode, PerfstudioError
from perfstudio.model.room import RoomMeasured, RoomPart, RoomProfile, room_key
from perfstudio.session import recorder_messages as rm
from perfstudio.session.bus import Bus
from perfstudio.session.events import RoomCheckChanged, StageChanged
from perfstudio.session.offset_store import UNCALIBRATED, OffsetStore
from perfstudio.session.recorder_router import RecorderRouter
from perfstudio.session.room_check.script_pace import ScriptPace
from perfstudio.session.room_check.store import RoomStore
from perfstudio.session.room_views import Comparison, RoomCheckView, RoomResult, RoomState
from perfstudio.session.scratch_recording import ScratchRecording
from perfstudio.session.stage.director import Director
from perfstudio.session.takes.continuity import differences, find_reference
from perfstudio.session.views import Progress, Pulse, SceneCard, StageState, StageView
from perfstudio.session.worker import Worker

_LONGEST_STEP_S = 0.5
"""A window that stood still for longer does not count as time that was heard."""


class RoomCheck:
    """Drives one check after another. `enter` and `leave` bracket the page; `pulse` is polled by it."""

    def __init__(
        self,
        *,
        bus: Bus,
        director: Director,
        recorder: RecorderRouter,
        library: Library,
        store: RoomStore,
        scratch: Path,
        worker: Worker,
        calibration: Callable[[DevicesUsed], OffsetStore] = lambda _: UNCALIBRATED,
        now_ns: Callable[[], int] = host_ns,
    ) -> None:
        self._bus, self._director, self._recorder, self._worker = bus, director, recorder, worker
        self._library, self._store, self._calibration, self._now_ns = library, store, calibration, now_ns
        self._recording = ScratchRecording(recorder, worker, scratch)
        self._here = False
        self._state = RoomState.LOOK
        self._card: SceneCard | None = None
        self._pace: ScriptPace | None = None
        self._heard_ns = 0
        self._result: RoomResult | None = None
        self._problem: PerfstudioError | None = None
        self.view = self._make_view()
        bus.subscribe(StageChanged, lambda event: self._stage_changed(event.view))

    # what the page asks for

    def enter(self, card: SceneCard | None = None) -> None:
        """The page comes to the front, for a character or for nobody in particular."""
        self._here, self._card = True, card
        if card is not None:
            self._recorder.judge(card.limits, card.pack_title)
        self._reset(None)

    def begin(self) -> None:
        """Record the four parts. Ignored unless the devices are open and nothing is being made."""
        if not self._here or not self._make_view().may_begin:
            return
        devices = self._director.view.devices
        calibration = self._calibration(devices) if devices is not None else UNCALIBRATED
        limits, pack = (self._card.limits, self._card.pack_title) if self._card is not None else ((), "")
        self._state, self._problem, self._result = RoomState.STARTING, None, None
        self._show()
        try:
            self._recording.begin(rm.Purpose.ROOM, calibration, self._hear, limits=limits, pack=pack)
        except CaptureError as problem:
            self._reset(problem)

    def give_up(self) -> None:
        """Stop in the middle; nothing is kept of it."""
        if self._state is not RoomState.LOOK:
            self._reset(None)

    def leave(self) -> None:
        """The page goes; its recording is deleted."""
        if not self._here:
            return
        self.give_up()
        self._here = False
        self._card = None

    @property
    def recording(self) -> bool:
        """Whether the check is being recorded now."""
        return self._state in (RoomState.STARTING, RoomState.RUNNING)

    def pulse(self) -> tuple[Pulse, Progress | None]:
        """The newest picture and numbers; while a part runs also how far it is. This is what moves the check on."""
        pulse = self._director.pulse()
        if self._state is not RoomState.RUNNING or self._pace is None:
            return pulse, None
        now = self._now_ns()
        seconds, self._heard_ns = min(_LONGEST_STEP_S, (now - self._heard_ns) / 1e9), now
        self._pace.hear(pulse.reading.rms_dbfs, seconds)
        progress = Progress(self._pace.share, self._pace.again)
        if self._pace.done:
            self._go_on()
        return pulse, progress

    # what the recorder answers

    def _hear(self, answer: rm.AboutRecording) -> None:
        """About the recording in hand."""
        match answer:
            case rm.Rolled() if self._state is RoomState.STARTING:
                self._begin_part(ScriptPace(RoomPart.TONE))
            case rm.RoomProcessed(recording, measured):
                self._measured(recording.folder, measured)
            case rm.RollRefused(_, problem) | rm.ProcessingRefused(_, problem) | rm.RecordingEnding(_, problem):
                self._reset(problem)
            case rm.RecorderDied():
                self._reset(CaptureError(ErrorCode.RECORDER_DIED))
            case rm.RecordingDropped() | rm.Displaced():
                self._reset(None)
            case _:
                pass

    # going on

    def _go_on(self) -> None:
        after = self._pace.next() if self._pace is not None else None
        if after is not None:
            self._begin_part(after)
            return
        self._read()
        self._recording.cut()

    def _begin_part(self, pace: ScriptPace) -> None:
        self._pace, self._state, self._heard_ns = pace, RoomState.RUNNING, self._now_ns()
        self._recording.mark(pace.part.value)
        self._show()

    def _read(self) -> None:
        self._pace, self._state = None, RoomState.READING
        self._show()

    def _measured(self, folder: Path, measured: RoomMeasured) -> None:
        devices = self._director.view.devices
        key = room_key(devices) if devices is not None else None
        if key is None:
            self._reset(None)
            return
        if self._state is not RoomState.READING:  # it ended by itself, and nobody said why
            self._read()
        card = self._card
        character = f"{card.pack_id}/{card.brief.id}" if card is not None and card.brief is not None else ""
        profile = RoomProfile(measured_utc=utc_now(), key=key, character=character, readings=measured.readings)
        practice = self._director.view.practice
        self._worker.run(
            lambda: self._compare(profile, measured, folder, card, practice=practice),
            lambda result: self._compared(folder, result),
            lambda problem: self._not_compared(folder, problem),
        )

    def _compare(
        self, profile: RoomProfile, measured: RoomMeasured, folder: Path, card: SceneCard | None, *, practice: bool
    ) -> RoomResult:
        """On the worker: find what came before, keep what was measured."""
        found: list[Comparison] = []
        before = self._store.before(profile)
        if card is not None:
            before = self._store.before(profile, profile.character) or before
            reference = find_reference(self._library, card.pack_id, card.character, practice=practice)
            if reference is not None:
                changes = differences(reference.checks, profile.checks(), with_voice=False)
                found.append(Comparison(changes, reference=reference))
        if before is not None:
            changes = differences(before.checks(), profile.checks(), with_voice=True)
            found.append(Comparison(changes, profile=before))
        unkept = None
        try:
            self._store.add(profile)
        except PerfstudioError as problem:
            unkept = problem
        file = folder / ("take.mp4" if measured.pictured else "audio.flac")
        return RoomResult(measured, file, profile, tuple(found), unkept)

    def _compared(self, folder: Path, result: RoomResult) -> None:
        if folder == self._recording.folder:
            self._result, self._state = result, RoomState.RESULT
            self._show()

    def _not_compared(self, folder: Path, problem: PerfstudioError) -> None:
        if folder == self._recording.folder:
            self._reset(problem)

    def _stage_changed(self, view: StageView) -> None:
        if not self._here:
            return
        under_way = self._state not in (RoomState.LOOK, RoomState.RESULT)
        if under_way and view.state is not StageState.READY:
            self._reset(view.problem)
        else:
            self._show()

    def _reset(self, problem: PerfstudioError | None) -> None:
        """Back to the look; what was recorded goes."""
        self._recording.give_up()
        self._state, self._pace, self._result = RoomState.LOOK, None, None
        self._problem = problem
        self._show()

    def _show(self) -> None:
        self.view = self._make_view()
        self._bus.publish(RoomCheckChanged(self.view))

    def _make_view(self) -> RoomCheckView:
        part = self._pace.part if self._pace is not None and self._state is RoomState.RUNNING else None
        return RoomCheckView(self._state, self._director.view, self._card, part, self._result, self._problem)
