"""The recorder's own process: one loop over commands, started warm when the window opens.

Threads: this loop (main), a heartbeat, and those that `Recorder` owns. When the pipe to the window closes, a rolling
take is cut as APP_CLOSED, its files are closed, and the process ends; the next start makes the take whole.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from perfstudio.capture.finished import FinishedTake
from perfstudio.capture.messages import Notice, PictureChanged, TakeEnded, TakeEnding
from perfstudio.capture.preview import PreviewWriter
from perfstudio.capture.recorder import Recorder
from perfstudio.checks.limits import limits_for
from perfstudio.checks.live import LiveChecks, LiveSummary
from perfstudio.model.checks import FaceModel
from perfstudio.model.device import DevicesUsed
from perfstudio.model.errors import CaptureError, ErrorCode, PerfstudioError
from perfstudio.model.take import EndReason
from perfstudio.model.timing import MarkerName
from perfstudio.session import recorder_messages as rm
from perfstudio.session.calibration import Calibration
from perfstudio.session.developed import Developed
from perfstudio.session.developing import develop
from perfstudio.session.face_finding import open_finder
from perfstudio.session.memory import give_back, stay_small
from perfstudio.session.offset_measuring import METHODS, measure_offset
from perfstudio.session.room_measuring import measure_room

LOOK_S = 0.1
BEAT_S = 0.2


class RecorderHost:
    """Turns commands into calls of `Recorder`, and what happens into answers."""

    def __init__(self, pipe: Connection, preview: PreviewWriter) -> None:
        self._pipe = pipe
        self._preview = preview
        self._live = LiveChecks()
        self._recorder: Recorder | None = None
        self._devices: DevicesUsed | None = None
        self._folder: Path | None = None
        self._calibration = Calibration()
        self._face_model: FaceModel | None = None
        self._purpose = rm.Purpose.TAKE
        self._ended: queue.SimpleQueue[TakeEnded] = queue.SimpleQueue()
        self._speak = threading.Lock()
        self._terminated = threading.Event()

    def run(self) -> None:
        """Until Quit, a signal, or the end of the window."""
        signal.signal(signal.SIGTERM, lambda *_: self._terminated.set())
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal reaches the window, which cuts
        self._answer(rm.Ready())
        try:
            while not self._terminated.is_set() and self._turn():
                pass
        except (EOFError, BrokenPipeError, ConnectionResetError):
            pass
        finally:
            self._shut(EndReason.APP_CLOSED)

    def _turn(self) -> bool:
        """One look at the pipe and at the take; False ends the loop."""
        with contextlib.suppress(queue.Empty):
            self._ended.get_nowait()
            self._develop()
        if not self._pipe.poll(LOOK_S):
            return True
        command: rm.Command = self._pipe.recv()
        match command:
            case rm.Open():
                self._open(command)
            case rm.Judge(limits, pack):
                self._live.limits = limits_for(limits, pack)
            case rm.Roll():
                self._roll(command)
            case rm.Mark(name, note):
                self._mark(name, note)
            case rm.Cut(reason):
                self._cut(reason)
            case rm.Shut():
                self._shut(EndReason.APP_CLOSED)
            case rm.Quit():
                return False
        return True

    def _open(self, command: rm.Open) -> None:
        self._shut(EndReason.APP_CLOSED)
        self._face_model = command.face_model
        finder, unused = open_finder(command.face_model)
        if unused is not None:
            self._answer(rm.FaceModelRefused(unused))
        self._live = LiveChecks(finder, self._live.limits)
        recorder = Recorder(command.selection, taps=self._live, preview=self._preview, notify=self._noticed)
        try:
            self._devices = recorder.open()
        except PerfstudioError as problem:
            recorder.close()
            self._answer(rm.OpenRefused(problem))
            return
        self._recorder = recorder
        self._answer(rm.Opened(self._devices))

    def _roll(self, command: rm.Roll) -> None:
        folder = command.folder
        if self._recorder is None:
            self._answer(rm.RollRefused(CaptureError(ErrorCode.RECORDER_DIED)))
            return
        self._calibration, self._purpose = command.calibration, command.purpose
        self._live.limits = limits_for(command.limits, command.pack)
        self._live.begin_take()
        try:
            self._recorder.roll(folder)
            self._devices = self._recorder.used
        except PerfstudioError as problem:
            self._refuse(problem)
        except OSError as problem:
            self._refuse(CaptureError(ErrorCode.DISK_WRITE, file=folder.name, detail=problem.strerror or ""))
        else:
            self._folder = folder
            self._answer(rm.Rolled())

    def _refuse(self, problem: PerfstudioError) -> None:
        self._live.end_take()  # nothing rolls: hints speak again
        self._answer(rm.RollRefused(problem))

    def _mark(self, name: MarkerName, note: str) -> None:
        if self._recorder is not None and self._folder is not None:
            with contextlib.suppress(PerfstudioError):  # it has just ended by itself
                self._answer(rm.Marked(self._recorder.mark(name, note)))

    def _cut(self, reason: EndReason) -> None:
        if self._recorder is not None and self._folder is not None:
            if self._purpose is not rm.Purpose.TAKE and reason is EndReason.ABANDONED:
                self._recorder.cut(reason, tail_s=0.0)
                self._drop()
            else:
                self._recorder.cut(reason)
                self._develop()

    def _develop(self) -> None:
        """Make a take of the raw files that have just been closed; once, whoever closed them."""
        folder, self._folder = self._folder, None
        if folder is None or self._devices is None:
            return
        try:
            answer = self._made(folder, self._devices)
        except PerfstudioError as problem:
            self._answer(rm.DevelopRefused(folder, problem))
        except OSError as problem:
            full = CaptureError(ErrorCode.DISK_WRITE, file=folder.name, detail=problem.strerror or "")
            self._answer(rm.DevelopRefused(folder, full))
        else:
            self._answer(answer)
        give_back()

    def _made(self, folder: Path, devices: DevicesUsed) -> rm.Answer:
        live = self._live.end_take()
        if self._purpose is rm.Purpose.ROOM:
            developed = self._developed(folder, devices, live)
            return rm.RoomDeveloped(folder, measure_room(folder, developed, self._live.limits))
        if self._purpose in METHODS:
            return rm.OffsetMeasured(folder, measure_offset(folder, devices, METHODS[self._purpose]))
        return rm.TakeDeveloped(folder, self._developed(folder, devices, live))

    def _developed(self, folder: Path, devices: DevicesUsed, live: Callable[[], LiveSummary]) -> Developed:
        def watchable(finished: FinishedTake) -> None:
            if self._purpose is rm.Purpose.TAKE:
                self._answer(rm.TakeFinished(folder, finished))

        return develop(
            folder, devices, calibration=self._calibration, live=live, limits=self._live.limits,
            movie=self._recorder.movie if self._recorder else None, face_model=self._face_model,
            progress=lambda done: self._answer(rm.Developing(done)), watchable=watchable,
        )  # fmt: skip

    def _drop(self) -> None:
        """The end of a check that was given up: nothing is made of it."""
        folder, self._folder = self._folder, None
        self._live.end_take()
        if folder is not None:
            self._answer(rm.RoomDropped(folder))

    def _shut(self, reason: EndReason) -> None:
        if self._recorder is None:
            return
        if self._folder is not None:
            self._folder = None
            with contextlib.suppress(PerfstudioError, OSError):
                self._recorder.cut(reason)
        self._recorder.close()
        self._recorder = None

    def _noticed(self, notice: Notice) -> None:
        """From any of the recorder's threads."""
        if isinstance(notice, PictureChanged) and not notice.rolling:
            self._regrant()
        if isinstance(notice, TakeEnding):
            self._answer(rm.TakeEnding(notice.problem))
        if isinstance(notice, TakeEnded):
            self._ended.put(notice)
        self._answer(rm.Told(notice))

    def _regrant(self) -> None:
        used = self._recorder.used if self._recorder is not None else None
        if used is not None:
            self._devices = used
            self._answer(rm.Regranted(used))

    def _answer(self, answer: rm.Answer) -> None:
        with self._speak, contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._pipe.send(answer)


def main(pipe: Connection, shared: str) -> None:
    """Entry of the spawned process."""
    os.umask(0o077)
    stay_small()
    preview = PreviewWriter(shared)
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(BEAT_S):
            preview.beat()

    heart = threading.Thread(target=beat, name="heartbeat", daemon=True)
    heart.start()
    try:
        RecorderHost(pipe, preview).run()
    finally:
        ended.set()
        heart.join()
        preview.close()
        pipe.close()
