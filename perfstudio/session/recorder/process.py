"""The recorder's own process: one loop over commands, started warm when the window opens.

Threads: this loop (main), a heartbeat, and those that `Recorder` owns. When the pipe to the window closes, a rolling
take is cut as APP_CLOSED, its files are closed, and the process ends; the next start makes the take whole.
"""

from __future__ import annotations

import contextlib
import gc
import os
import queue
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from perfstudio.capture.calibration.loopback import measure_loopback
from perfstudio.capture.finishing.finished_take import FinishedTake
from perfstudio.capture.recording.audio_writer import SOUND_FILE
from perfstudio.capture.recording.messages import Notice, PictureChanged, TakeEnded, TakeEnding
from perfstudio.capture.recording.partner_player import PartnerPlayer
from perfstudio.capture.recording.preview import PreviewWriter
from perfstudio.capture.recording.recorder import Recorder
from perfstudio.capture.recording.rolling_take import RAW
from perfstudio.capture.recording.slow_opening import SlowOpening
from perfstudio.checks.limits import limits_for
from perfstudio.checks.live import LiveChecks, LiveSummary
from perfstudio.durable import disk_error
from perfstudio.model.checks import FaceModel
from perfstudio.model.device import DevicesUsed
from perfstudio.model.errors import CaptureError, ErrorCode, PerfstudioError
from perfstudio.model.partner import PartnerWish
from perfstudio.model.take import EndReason
from perfstudio.model.timing import MarkerName
from perfstudio.session import recorder_messages as rm
from perfstudio.session.calibration.clicks import clicks_in
from perfstudio.session.calibration.measure import METHODS, measure_offset
from perfstudio.session.offset_store import OffsetStore
from perfstudio.session.recorder.process_memory import give_back, stay_small
from perfstudio.session.room_check.measure import measure_room
from perfstudio.session.takes.face_detector import open_finder
from perfstudio.session.takes.processed_take import ProcessedTake
from perfstudio.session.takes.processing import develop
from perfstudio.systems.ending_signals import left_to_who_started

POLL_S = 0.1
BEAT_S = 0.2


class RecorderHost:
    """Turns commands into calls of `Recorder`, and what happens into answers."""

    def __init__(self, pipe: Connection, preview: PreviewWriter) -> None:
        self._pipe = pipe
        self._preview = preview
        self._live = LiveChecks()
        self._recorder: Recorder | None = None
        self._partner = PartnerPlayer(self._partner_lost)
        self._clip: Path | None = None
        """The file of the clip that the rolling take is played to."""
        self._wish: PartnerWish | None = None
        """What was asked for last."""
        self._headphones_lost: PerfstudioError | None = None
        """While clicks are played."""
        self._devices: DevicesUsed | None = None
        self._opening = 0
        self._recording: rm.Recording | None = None
        """What rolls, or is closed and has not been made anything of yet."""
        self._calibration = OffsetStore()
        self._face_model: FaceModel | None = None
        self._ended: queue.SimpleQueue[TakeEnded] = queue.SimpleQueue()
        self._speak = threading.Lock()
        self._terminated = threading.Event()

    def run(self) -> None:
        """Until Quit, a signal, or the end of the window."""
        signal.signal(signal.SIGTERM, lambda *_: self._terminated.set())
        left_to_who_started()  # Ctrl-C in a terminal, or its end, reaches the window, which cuts
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
            if self._recorder is None or not self._recorder.status().rolling:  # else it is of the one before
                self._develop()
        if not self._pipe.poll(POLL_S):
            return True
        return self._obey(self._pipe.recv())

    def _obey(self, command: rm.Command) -> bool:
        """Carry out one command; False ends the loop."""
        match command:
            case rm.Open():
                self._open(command)
            case rm.Judge(limits, pack):
                self._live.limits = limits_for(limits, pack)
            case rm.Partner(wish):
                self._prepare_partner(wish)
            case rm.Roll():
                self._roll(command)
            case rm.Mark():
                self._mark(command)
            case rm.Cut():
                self._cut(command)
            case rm.Shut():
                self._shut(EndReason.APP_CLOSED)
            case rm.Quit():
                return False
        return True

    def _open(self, command: rm.Open) -> None:
        self._shut(EndReason.APP_CLOSED)
        self._opening, self._face_model = command.opening, command.face_model
        finder, unused = open_finder(command.face_model)
        if unused is not None:
            self._answer(rm.FaceModelRefused(unused))
        self._live = LiveChecks(finder, self._live.limits)
        slow = SlowOpening(lambda stream, now: self._answer(rm.OpeningSlow(command.opening, stream, now)))
        recorder = Recorder(
            command.selection, taps=self._live, preview=self._preview, notify=self._noticed,
            open_camera=slow.camera, open_microphone=slow.microphone,
        )  # fmt: skip
        try:
            self._devices = recorder.open()
        except PerfstudioError as problem:
            recorder.close()
            self._answer(rm.OpenRefused(command.opening, problem))
            return
        self._recorder = recorder
        self._answer(rm.Opened(command.opening, self._devices))

    def _prepare_partner(self, wish: PartnerWish | None) -> None:
        """Whatever comes of it, a take can roll."""
        self._clip, self._wish = None, wish
        if wish is None or self._recorder is None:
            self._partner.close()
            return
        try:
            ready = self._partner.prepare(wish)
        except PerfstudioError as problem:
            self._answer(rm.PartnerStands(self._opening, problem=problem))
        else:
            self._clip = wish.clip.file
            self._answer(rm.PartnerStands(self._opening, ready))

    def _partner_lost(self, problem: PerfstudioError) -> None:
        self._headphones_lost = problem
        self._answer(rm.PartnerStands(self._opening, problem=problem))

    def _roll(self, command: rm.Roll) -> None:
        recording = command.recording
        if self._recorder is None:
            self._answer(rm.RollRefused(recording, CaptureError(ErrorCode.RECORDER_DIED)))
            return
        if self._recording is not None:
            self._answer(rm.RollRefused(recording, CaptureError(ErrorCode.RECORDER_STUCK, seconds=0)))
            return
        self._calibration, self._headphones_lost = command.calibration, None
        self._live.limits = limits_for(command.limits, command.pack)
        self._live.begin_take()
        self._recording = recording  # before it rolls: it may end by itself at once
        try:
            if recording.purpose is rm.Purpose.LOOPBACK:
                self._partner.prepare(clicks_in(command.headphones, recording.folder))
            self._recorder.roll(recording.folder)
            self._devices = self._recorder.used
            self._begin_partner(recording)
        except PerfstudioError as problem:
            self._refuse(recording, problem)
        except OSError as problem:
            self._refuse(recording, disk_error(problem, recording.folder, CaptureError))
        else:
            self._answer(rm.Rolled(recording))

    def _begin_partner(self, recording: rm.Recording) -> None:
        """The take rolls already, and goes on whatever happens here."""
        if recording.purpose not in (rm.Purpose.TAKE, rm.Purpose.LOOPBACK):
            return
        try:
            self._partner.begin(recording.folder / RAW)
            if recording.purpose is rm.Purpose.LOOPBACK:
                self._partner.start()
        except (PerfstudioError, OSError) as problem:
            told = problem if isinstance(problem, PerfstudioError) else disk_error(problem, None, CaptureError)
            self._partner_lost(told)

    def _refuse(self, recording: rm.Recording, problem: PerfstudioError) -> None:
        self._recording = None
        self._live.end_take()  # nothing rolls: hints speak again
        self._answer(rm.RollRefused(recording, problem))
        self._after_clicks(recording)

    def _after_clicks(self, recording: rm.Recording) -> None:
        """The scene's own partner is ready again."""
        if recording.purpose is rm.Purpose.LOOPBACK:
            self._partner.close()
            if self._wish is not None:
                self._prepare_partner(self._wish)

    def _mark(self, command: rm.Mark) -> None:
        if self._recorder is not None and command.recording == self._recording:
            if command.name is MarkerName.GO:
                self._partner.start()
            with contextlib.suppress(PerfstudioError):  # it has just ended by itself
                marker = self._recorder.mark(command.name, command.note)
                self._answer(rm.Marked(command.recording, marker))

    def _cut(self, command: rm.Cut) -> None:
        if self._recorder is None or command.recording != self._recording:
            return
        if command.recording.purpose is not rm.Purpose.TAKE and command.reason is EndReason.ABANDONED:
            self._recorder.cut(command.reason, tail_s=0.0)
            self._drop()
        else:
            self._recorder.cut(command.reason)
            self._develop()

    def _develop(self) -> None:
        """Make of the raw files that have just been closed what they are for; once, whoever closed them."""
        recording, self._recording = self._recording, None
        self._partner.end()
        if recording is None or self._devices is None:
            return
        try:
            answer = self._made(recording, self._devices)
        except PerfstudioError as problem:
            self._answer(rm.ProcessingRefused(recording, problem))
        except OSError as problem:
            self._answer(rm.ProcessingRefused(recording, disk_error(problem, recording.folder, CaptureError)))
        else:
            self._answer(answer)
        self._after_clicks(recording)
        give_back()

    def _made(self, recording: rm.Recording, devices: DevicesUsed) -> rm.Answer:
        live = self._live.end_take()
        if recording.purpose is rm.Purpose.ROOM:
            developed = self._developed(recording, devices, live)
            return rm.RoomProcessed(recording, measure_room(recording.folder, developed, self._live.limits))
        if recording.purpose is rm.Purpose.SPOKEN:
            return rm.SpokenRecorded(recording, recording.folder / RAW / SOUND_FILE)
        if recording.purpose is rm.Purpose.LOOPBACK:
            if self._headphones_lost is not None:
                raise self._headphones_lost
            return rm.ClicksMeasured(recording, measure_loopback(recording.folder))
        if recording.purpose in METHODS:
            return rm.OffsetMeasured(recording, measure_offset(recording.folder, devices, METHODS[recording.purpose]))
        return rm.TakeProcessed(recording, self._developed(recording, devices, live))

    def _developed(
        self, recording: rm.Recording, devices: DevicesUsed, live: Callable[[], LiveSummary]
    ) -> ProcessedTake:
        def watchable(finished: FinishedTake) -> None:
            if recording.purpose is rm.Purpose.TAKE:
                self._answer(rm.TakeWatchable(recording, finished))

        return develop(
            recording.folder, devices, calibration=self._calibration, live=live, limits=self._live.limits,
            movie=self._recorder.movie if self._recorder else None, face_model=self._face_model,
            progress=lambda done: self._answer(rm.Processing(recording, done)), watchable=watchable,
            compare=recording.purpose is rm.Purpose.TAKE, clip=self._clip,
        )  # fmt: skip

    def _drop(self) -> None:
        """Nothing is made of what was recorded; its files are closed."""
        recording, self._recording = self._recording, None
        if recording is not None:
            self._live.end_take()
            self._answer(rm.RecordingDropped(recording))
            self._after_clicks(recording)

    def _shut(self, reason: EndReason) -> None:
        self._wish = None
        self._partner.close()
        if self._recorder is None:
            return
        if self._recording is not None:
            with contextlib.suppress(PerfstudioError, OSError):
                self._recorder.cut(reason)
            self._drop()
        self._recorder.close()
        self._recorder = None

    def _noticed(self, notice: Notice) -> None:
        """From any of the recorder's threads."""
        if isinstance(notice, PictureChanged) and not notice.rolling:
            self._regrant()
        recording = self._recording
        if isinstance(notice, TakeEnding) and recording is not None:
            self._answer(rm.RecordingEnding(recording, notice.problem))
        if isinstance(notice, TakeEnded):
            self._ended.put(notice)
        self._answer(rm.RecorderNotice(notice, self._opening, recording))

    def _regrant(self) -> None:
        used = self._recorder.used if self._recorder is not None else None
        if used is not None:
            self._devices = used
            self._answer(rm.Regranted(self._opening, used))

    def _answer(self, answer: rm.Answer) -> None:
        with self._speak, contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._pipe.send(answer)


def main(pipe: Connection, shared: str) -> None:
    """Entry of the spawned process."""
    os.umask(0o077)
    stay_small()
    gc.freeze()  # what the start made stays: to look through it for garbage after each take costs 50 ms twice
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
