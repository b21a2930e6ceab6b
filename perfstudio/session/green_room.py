"""The set-up check: look, then one recording in four parts, then what it says about room, voice, picture and sync.

Runs on the owner's thread and on the recorder that is already open; the director keeps the devices. The recording goes
through the whole chain as a take does (recorded, finished, checked), is played back from its file, and is deleted when
the room is left; what stays are numbers. Nothing waits for the check, and leaving it is always possible.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from perfstudio.durable import disk_error, private_folder
from perfstudio.library.library import Library
from perfstudio.model.checks import CheckResult
from perfstudio.model.clock import host_ns, utc_now
from perfstudio.model.device import DevicesUsed
from perfstudio.model.errors import CaptureError, ErrorCode, PerfstudioError
from perfstudio.model.ids import new_id
from perfstudio.model.room import RoomMeasured, RoomPart, RoomProfile, room_key
from perfstudio.model.take import EndReason
from perfstudio.model.timing import MarkerName
from perfstudio.session import recorder_messages as rm
from perfstudio.session.bus import Bus
from perfstudio.session.calibration import UNCALIBRATED, Calibration
from perfstudio.session.continuity import Reference, differences, find_reference
from perfstudio.session.director import Director
from perfstudio.session.events import GreenRoomChanged, StageChanged
from perfstudio.session.lane import Lane
from perfstudio.session.room_pace import RoomPace
from perfstudio.session.room_store import RoomStore
from perfstudio.session.views import Pulse, SceneCard, StageState, StageView

_LONGEST_STEP_S = 0.5
"""A window that stood still for longer does not count as time that was heard."""


class RoomState(StrEnum):
    """Where the check is."""

    LOOK = "look"  # the picture with its hints; also while devices open or have failed
    STARTING = "starting"
    RUNNING = "running"
    READING = "reading"
    RESULT = "result"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs from something earlier: an earlier check, or the character's reference take."""

    changes: tuple[CheckResult, ...]
    profile: RoomProfile | None = None
    reference: Reference | None = None


@dataclass(frozen=True, slots=True)
class RoomResult:
    """What the check found. `file` plays until the room is left; `unkept` says why the numbers could not be kept."""

    measured: RoomMeasured
    file: Path
    profile: RoomProfile
    comparisons: tuple[Comparison, ...] = ()
    unkept: PerfstudioError | None = None


@dataclass(frozen=True, slots=True)
class GreenView:
    """The check as it stands."""

    state: RoomState
    stage: StageView
    card: SceneCard | None = None
    part: RoomPart | None = None
    result: RoomResult | None = None
    problem: PerfstudioError | None = None
    """Why the last check came to nothing."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Polled with the pulse while a part runs: how much of it is done (0..1), and whether it begins anew."""

    share: float
    again: bool


class GreenRoom:
    """Drives one check after another. `enter` and `leave` bracket the page; `pulse` is polled by it."""

    def __init__(
        self,
        *,
        bus: Bus,
        director: Director,
        send: Callable[[rm.Command], None],
        library: Library,
        store: RoomStore,
        scratch: Path,
        lane: Lane,
        calibration: Callable[[DevicesUsed], Calibration] = lambda _: UNCALIBRATED,
    ) -> None:
        self._bus, self._director, self._send, self._lane = bus, director, send, lane
        self._library, self._store, self._scratch, self._calibration = library, store, scratch, calibration
        self._here = False
        self._busy: set[Path] = set()
        """Recordings that the recorder has not closed yet."""
        self._state = RoomState.LOOK
        self._card: SceneCard | None = None
        self._folder: Path | None = None
        self._pace: RoomPace | None = None
        self._heard_ns = 0
        self._result: RoomResult | None = None
        self._problem: PerfstudioError | None = None
        self.view = self._make_view()
        bus.subscribe(StageChanged, lambda event: self._stage_changed(event.view))
        self._drop_recordings()

    # what the page asks for

    def enter(self, card: SceneCard | None = None) -> None:
        """The page comes to the front, for a character or for nobody in particular."""
        self._here, self._card = True, card
        if card is not None:
            self._send(rm.Judge(card.limits, card.pack_title))
        self._reset(None)

    def begin(self) -> None:
        """Record the four parts. Ignored unless the devices are open and nothing is being made."""
        ready = self._here and self._director.view.state is StageState.READY
        if not ready or self._state not in (RoomState.LOOK, RoomState.RESULT):
            return
        self._problem, self._result = None, None
        self._drop_recordings()
        try:
            folder = private_folder(self._scratch / new_id())
        except OSError as error:
            self._reset(disk_error(error, self._scratch, CaptureError))
            return
        self._busy.add(folder)
        self._folder, self._state = folder, RoomState.STARTING
        devices = self._director.view.devices
        calibration = self._calibration(devices) if devices is not None else UNCALIBRATED
        limits, pack = (self._card.limits, self._card.pack_title) if self._card is not None else ((), "")
        self._send(rm.Roll(folder, calibration, rm.Purpose.ROOM, limits, pack))
        self._show()

    def give_up(self) -> None:
        """Stop in the middle; nothing is kept of it."""
        if self.recording:
            self._send(rm.Cut(EndReason.ABANDONED))
        if self._state is not RoomState.LOOK:
            self._reset(None)

    def leave(self) -> None:
        """The page goes; its recording is deleted."""
        if not self._here:
            return
        self.give_up()
        self._here = False
        self._card = None
        self._drop_recordings()

    @property
    def recording(self) -> bool:
        """Whether the check is being recorded now."""
        return self._state in (RoomState.STARTING, RoomState.RUNNING)

    def pulse(self) -> tuple[Pulse, Progress | None]:
        """The newest picture and numbers; while a part runs also how far it is. This is what moves the check on."""
        pulse = self._director.pulse()
        if self._state is not RoomState.RUNNING or self._pace is None:
            return pulse, None
        now = host_ns()
        seconds, self._heard_ns = min(_LONGEST_STEP_S, (now - self._heard_ns) / 1e9), now
        self._pace.hear(pulse.reading.rms_dbfs, seconds)
        progress = Progress(self._pace.share, self._pace.again)
        if self._pace.done:
            self._go_on()
        return pulse, progress

    # what the recorder answers

    def hear(self, answer: rm.Answer) -> None:
        """On the owner's thread. Answers about other folders are not ours."""
        match answer:
            case rm.Rolled() if self._state is RoomState.STARTING:
                self._begin_part(RoomPace(RoomPart.TONE))
            case rm.RollRefused(problem) if self._state is RoomState.STARTING:
                self._closed(self._folder)
                self._fail(problem)
            case rm.RoomDeveloped(folder, measured):
                if not self._closed(folder):
                    self._measured(folder, measured)
            case rm.RoomDropped(folder):
                self._closed(folder)
            case rm.DevelopRefused(folder, problem):
                if not self._closed(folder):
                    self._fail(problem)
            case rm.TakeEnding(problem) if self.recording:
                self._fail(problem)
            case _:
                pass

    def recorder_died(self) -> None:
        """The recorder process is gone."""
        self._busy.clear()
        if self._state in (RoomState.STARTING, RoomState.RUNNING, RoomState.READING):
            self._fail(CaptureError(ErrorCode.RECORDER_DIED))

    # going on

    def _go_on(self) -> None:
        after = self._pace.next() if self._pace is not None else None
        if after is not None:
            self._begin_part(after)
            return
        self._pace, self._state = None, RoomState.READING
        self._send(rm.Cut(EndReason.CUT))
        self._show()

    def _begin_part(self, pace: RoomPace) -> None:
        self._pace, self._state, self._heard_ns = pace, RoomState.RUNNING, host_ns()
        self._send(rm.Mark(MarkerName.MARK, pace.part.value))
        self._show()

    def _measured(self, folder: Path, measured: RoomMeasured) -> None:
        devices = self._director.view.devices
        key = room_key(devices) if devices is not None else None
        if self._state is not RoomState.READING or key is None:
            return
        card = self._card
        character = f"{card.pack_id}/{card.brief.id}" if card is not None else ""
        profile = RoomProfile(measured_utc=utc_now(), key=key, character=character, readings=measured.readings)
        practice = self._director.view.practice
        self._lane.run(
            lambda: self._compare(profile, measured, folder, card, practice=practice), self._compared, self._fail
        )

    def _compare(
        self, profile: RoomProfile, measured: RoomMeasured, folder: Path, card: SceneCard | None, *, practice: bool
    ) -> RoomResult:
        """On the lane: find what came before, keep what was measured."""
        found: list[Comparison] = []
        before = self._store.before(profile)
        if card is not None:
            before = self._store.before(profile, profile.character) or before
            reference = find_reference(self._library, card.pack_id, card.brief.name, practice=practice)
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

    def _compared(self, result: RoomResult) -> None:
        if self._state is RoomState.READING and result.file.parent == self._folder:
            self._result, self._state = result, RoomState.RESULT
            self._show()

    def _stage_changed(self, view: StageView) -> None:
        if not self._here:
            return
        if view.state is not StageState.READY and self._state is not RoomState.LOOK:
            lost = self._state is not RoomState.RESULT
            if lost and view.problem is not None:
                self._fail(view.problem)
                return
            if lost:
                self._reset(None)
                return
        self._show()

    def _closed(self, folder: Path | None) -> bool:
        """The recorder has let go of a folder. Whether it is of no interest any more; then it is deleted."""
        if folder is None or folder.parent != self._scratch:
            return True
        self._busy.discard(folder)
        if folder == self._folder:
            return False
        self._drop(folder)
        return True

    def _fail(self, problem: PerfstudioError) -> None:
        if self._state is not RoomState.LOOK:
            self._reset(problem)

    def _reset(self, problem: PerfstudioError | None) -> None:
        self._state, self._folder, self._pace, self._result = RoomState.LOOK, None, None, None
        self._problem = problem
        self._show()

    def _drop_recordings(self) -> None:
        """Delete what checks left, except what the recorder has not closed yet: it says so when it has."""
        with contextlib.suppress(OSError):  # there is none
            for folder in tuple(self._scratch.iterdir()):
                if folder not in self._busy:
                    self._drop(folder)

    def _drop(self, folder: Path) -> None:
        self._lane.run(lambda: shutil.rmtree(folder, ignore_errors=True), lambda _: None, lambda _: None)

    def _show(self) -> None:
        self.view = self._make_view()
        self._bus.publish(GreenRoomChanged(self.view))

    def _make_view(self) -> GreenView:
        part = self._pace.part if self._pace is not None and self._state is RoomState.RUNNING else None
        return GreenView(self._state, self._director.view, self._card, part, self._result, self._problem)
