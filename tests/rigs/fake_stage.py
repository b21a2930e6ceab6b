"""The stage, the set-up check and the calibration on a recorder that records nothing, in one thread, step by step.

`FakeStage` is the three of them with a library in memory: what is posted, what the worker does, what the recorder
answers and what the timer rings waits until it is let go. `SteppedThread` is the owner's thread of a whole `Session` on
the fake recorder: its timer goes on whenever nothing else is to be done.
"""

from __future__ import annotations

import queue
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from perfstudio.library.take_row import OpenTake
from perfstudio.model.device import DevicesUsed
from perfstudio.model.errors import CaptureError, ErrorCode, LibraryError, PerfstudioError
from perfstudio.model.room import RoomProfile
from perfstudio.session import recorder_messages as rm
from perfstudio.session import scratch_recording
from perfstudio.session.bus import Bus
from perfstudio.session.calibration.wizard import CalibrationWizard
from perfstudio.session.events import TakeNoted, TakeSealed
from perfstudio.session.offset_store import UNCALIBRATED
from perfstudio.session.recorder.fake import FakeRecorder
from perfstudio.session.recorder_router import RecorderRouter
from perfstudio.session.room_check.room_check import RoomCheck
from perfstudio.session.stage.director import Director
from perfstudio.session.stepped_timer import SteppedTimer
from perfstudio.session.take_safety import TakeLoss
from perfstudio.session.views import SceneCard

CARD: Any = SimpleNamespace(pack_id="pack", prompt=SimpleNamespace(id="prompt"), limits=(), pack_title="")


class SteppedThread:
    """The owner's thread of a session on the fake recorder. When nothing comes, its timer is a step further."""

    def __init__(self) -> None:
        self._calls: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self.timer = SteppedTimer()
        self.after = self.timer.after

    def post(self, call: Callable[[], None]) -> None:
        self._calls.put(call)

    def until(self, reached: Callable[[], bool], each: Callable[[], object] = lambda: None) -> None:
        """Work until something is so."""
        end = time.monotonic() + 60
        while not reached():
            if time.monotonic() > end:
                pytest.fail("it did not come to this")
            each()
            try:
                self._calls.get(timeout=0.002)()
            except queue.Empty:
                self.timer.step(0.1)


class SteppedWorker:
    """A worker whose work waits to be let go, one piece at a time, in order."""

    def __init__(self, post: Callable[[Callable[[], None]], None]) -> None:
        self._post = post
        self.waiting: deque[Callable[[], None]] = deque()

    def run(self, work: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[Any], None]) -> None:
        def do() -> None:
            try:
                result = work()
            except PerfstudioError as problem:
                self._post(lambda problem=problem: failed(problem))
            else:
                self._post(lambda: done(result))

        self.waiting.append(do)

    def step(self) -> None:
        if self.waiting:
            self.waiting.popleft()()


@dataclass
class Draft:
    """As much of a manifest as the director asks for."""

    take_id: str
    devices: DevicesUsed
    slate: Any
    prompt: Any = field(default_factory=lambda: SimpleNamespace(limits=(), pack_title=""))
    ledger: tuple[object, ...] = ()

    def model_copy(self, update: object) -> Draft:
        return self


class MemoryMaking:
    """`TakeMaking` without a disk: what has become of every folder, and the next failure."""

    def __init__(self, worker: SteppedWorker, recorder: FakeRecorder) -> None:
        self._worker, self._recorder = worker, recorder
        self.folders: dict[Path, str] = {}
        """part, sealed, or dropped."""
        self.failing: set[str] = set()

    def next_number(self, card: SceneCard) -> int:
        return len(self.folders) + 1

    def calibration(self, devices: DevicesUsed) -> Any:
        return UNCALIBRATED

    def create(self, card: SceneCard, devices: DevicesUsed, done: Any, failed: Any, *, countdown_s: int = 0) -> None:
        def work() -> tuple[OpenTake, Draft]:
            self._may_fail("create")
            number = len(self.folders) + 1
            folder = Path(f"/takes/{number}.part")
            self.folders[folder] = "part"
            draft: Any = Draft(str(number), devices, SimpleNamespace(take_number=number))
            return OpenTake(str(number), folder, draft), draft

        self._worker.run(work, lambda made: done(*made), failed)

    def seal(self, before: Any, developed: object, done: Any, failed: Any) -> None:
        self._worker.run(lambda: self._seal(before, Path(f"/takes/{before.take_id}.part"), "seal"), done, failed)

    def recover(self, opened: OpenTake, done: Any, failed: Any) -> None:
        self._worker.run(lambda: self._seal(opened.manifest, opened.folder, "recover"), done, failed)

    def drop_empty(self, opened: OpenTake) -> None:
        def work() -> None:
            if opened.folder not in self._recorder.recorded:
                self.folders[opened.folder] = "dropped"

        self._worker.run(work, lambda _: None, lambda _: None)

    def _seal(self, draft: Any, folder: Path, how: str) -> Any:
        self._may_fail(how)
        if self.folders[folder] != "part":
            raise LibraryError(ErrorCode.TAKE_NOT_READY, take=draft.take_id, state="", needed="")
        if folder not in self._recorder.recorded:
            raise CaptureError(ErrorCode.NOTHING_RECORDED)
        self.folders[folder] = "sealed"
        return draft

    def _may_fail(self, how: str) -> None:
        if how in self.failing:
            self.failing.discard(how)
            raise LibraryError(ErrorCode.DISK_FULL, folder="takes", free_mb=0, needed_mb=1)


class MemoryRooms:
    """`RoomStore` without a file."""

    def before(self, profile: RoomProfile, character: str | None = None) -> None:
        return None

    def add(self, profile: RoomProfile) -> None:
        pass


class MemoryOffsets:
    """`Calibrations` without a file: for which devices something was kept."""

    def __init__(self) -> None:
        self.kept: list[tuple[DevicesUsed, object]] = []

    def of(self, devices: DevicesUsed) -> None:
        return None

    def for_devices(self, devices: DevicesUsed) -> Any:
        return UNCALIBRATED

    def keep(self, devices: DevicesUsed, measured: object) -> str:
        self.kept.append((devices, measured))
        return "kept"


class MemoryFolder:
    """A folder of recordings that costs no disk: as much of a path as `ScratchRecording` asks for."""

    def __init__(self, name: str, folders: set[Path]) -> None:
        self._path, self._folders = Path(name), folders

    def __truediv__(self, name: str) -> Path:
        return self._path / name

    def is_symlink(self) -> bool:
        return False

    def iterdir(self) -> list[Path]:
        return [folder for folder in self._folders if folder.parent == self._path]


def in_memory(monkeypatch: pytest.MonkeyPatch) -> set[Path]:
    """The folders that checks and calibrations make from now on; deleting one takes it out."""
    folders: set[Path] = set()
    monkeypatch.setattr(scratch_recording, "private_folder", lambda folder: folders.add(folder) or folder)
    monkeypatch.setattr(scratch_recording, "remove_tree", folders.discard)
    return folders


class FakeStage:
    """All three on one fake recorder. Nothing happens by itself."""

    def __init__(self, folders: set[Path]) -> None:
        self.posted: deque[Callable[[], None]] = deque()
        post = self.posted.append
        self.bus, self.timer, self.worker = Bus(post), SteppedTimer(), SteppedWorker(post)
        self.clock_s = 0.0
        self.recorder = FakeRecorder(post, self._heard, self._died)
        self.recorder.prompt = self.recorder.on_disk = False
        self.router = RecorderRouter(self.recorder)
        self.making = MemoryMaking(self.worker, self.recorder)
        self.offsets, self.folders = MemoryOffsets(), folders
        shared: dict[str, Any] = {"bus": self.bus, "recorder": self.router}
        self.director = Director(**shared, making=self.making, timer=self.timer, countdown_s=1, now_ns=self._now_ns)  # type: ignore[arg-type]
        more: dict[str, Any] = {**shared, "director": self.director, "worker": self.worker, "now_ns": self._now_ns}
        self.room = RoomCheck(**more, library=None, store=MemoryRooms(), scratch=MemoryFolder("/room", folders))
        self.calibrating = CalibrationWizard(**more, store=self.offsets, scratch=MemoryFolder("/calibrating", folders))
        self.sealed: list[TakeSealed] = []
        self.heard: list[rm.Answer] = []
        self.noted: list[TakeLoss] = []
        self.bus.subscribe(TakeSealed, self.sealed.append)
        self.bus.subscribe(TakeNoted, lambda event: self.noted.append(event.note))

    def _now_ns(self) -> int:
        return round(self.clock_s * 1e9)

    def _heard(self, answer: rm.Answer) -> None:
        self.heard.append(answer)
        self.router.hear(answer)

    def _died(self) -> None:
        """As `Session` does."""
        self.router.died()
        self.director.recorder_died()

    def turn(self) -> None:
        """Everything that is posted, and what that posts."""
        while self.posted:
            self.posted.popleft()()

    def settle(self) -> None:
        """Until nothing waits any more but the timer."""
        while self.posted or self.worker.waiting or self.recorder.unsaid:
            self.turn()
            self.worker.step()
            self.recorder.answer()

    def look(self, seconds: float = 0.5) -> None:
        """A page polls, so much later."""
        self.clock_s += seconds
        self.room.pulse()
        self.calibrating.pulse()
