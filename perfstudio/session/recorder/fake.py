"""A recorder that records nothing: it answers as the real one does, at once or when it is told to, from one thread.

What the practice devices are to a recorder, this is to the stage: everything that is asked and answered can be tried
without media, processes and real time. A script says what goes wrong: `refuse`, `lose`, `end`, `die`, `notice`, `say`.
One contract test holds it to the real one.
"""

from __future__ import annotations

import errno
from collections import deque
from collections.abc import Callable
from functools import cache
from pathlib import Path

from perfstudio.capture.finishing.finished_take import FinishedTake
from perfstudio.capture.recording.messages import DeviceLost, Notice, RecorderStatus, Stream, TakeEnded, TakeEnding
from perfstudio.durable import disk_error
from perfstudio.model.base import sha256_hex
from perfstudio.model.calibration import Measurement, Method, Outcome
from perfstudio.model.checks import CheckCode, CheckResult, LiveReading, Verdict
from perfstudio.model.device import (
    PRACTICE,
    CameraGranted,
    CameraRequest,
    DeviceKind,
    DeviceSelection,
    DevicesUsed,
    MicrophoneGranted,
    MicrophoneRequest,
)
from perfstudio.model.errors import CaptureError, DeviceError, ErrorCode, PerfstudioError
from perfstudio.model.loopback import LoopbackFound, LoopbackRefusal
from perfstudio.model.partner import PartnerReady
from perfstudio.model.room import RoomMeasured, RoomReading, RoomTopic
from perfstudio.model.take import FILE_NAMES, EndReason, FileEntry, FileRole
from perfstudio.model.take_2 import RawFile
from perfstudio.model.timing import Marker, MarkerName, Span
from perfstudio.session import recorder_messages as rm
from perfstudio.session.bus import RunOnOwner, at_once
from perfstudio.session.takes.processed_take import ProcessedTake
from perfstudio.session.views import Pulse

STEP_S = 1 / 30
"""Recorded between two looks at the pulse."""
_BYTES = b"what was recorded"
_RAW = RawFile(name="sound.flac", size=len(_BYTES), sha256=sha256_hex(_BYTES))
_FOUND = {
    purpose: Measurement(offset_ms=20, sure_ms=2, spread_ms=3, count=10, method=method)
    for purpose, method in ((rm.Purpose.CLAPS, Method.CLAP), (rm.Purpose.PATTERN, Method.PATTERN))
}
_QUIET = CheckResult(code=CheckCode.NOISE_FLOOR, verdict=Verdict.GOOD, value=-60.0, unit="dBFS")


class FakeRecorder:
    """The `Recorder` of a session without devices. With `prompt` off every answer waits for `answer`."""

    def __init__(
        self,
        post: RunOnOwner = at_once,
        hear: Callable[[rm.Answer], None] = lambda _: None,
        died: Callable[[], None] = lambda: None,
        may_renew: Callable[[], bool] = lambda: True,
    ) -> None:
        self._post, self._hear, self._died, self._may_renew = post, hear, died, may_renew
        self.prompt = True
        self.on_disk = True
        """Whether a few bytes are written where the real one writes media."""
        self.asked: list[rm.Command] = []
        """Everything that was ever asked."""
        self.recorded: set[Path] = set()
        """Folders in which something was recorded."""
        self.reading = LiveReading(peak_dbfs=-20.0, rms_dbfs=-30.0)
        self.disk_s: float | None = 7200.0
        self.room = RoomMeasured(
            readings=(RoomReading(topic=RoomTopic.ROOM, checks=(_QUIET,)),),
            play=Span(start_s=0.0, end_s=1.0), duration_s=1.0, pictured=True,
        )  # fmt: skip
        self.offset: Outcome | None = None
        """What a calibration finds; without it, 20 ms by ten events."""
        self.loopback: LoopbackFound | LoopbackRefusal = LoopbackFound(correction_s=0.012, bound_s=0.003, count=12)
        """What clicks from headphones to the microphone find."""
        self.checks: tuple[CheckResult, ...] = ()
        self.partner: PartnerReady | None = PartnerReady(42.0, "Headphones")
        """How a partner's clip stands that is asked for, and"""
        self.partner_problem: PerfstudioError | None = None
        """what is wrong with it."""
        self.slow: Stream | None = None
        """The device that takes long to open, the next time."""
        self.media: dict[FileRole, bytes] = {FileRole.SOUND: _BYTES}
        """What the files of a take hold."""
        self._refusals: dict[type[rm.Command], PerfstudioError] = {}
        self._unsaid: deque[rm.Answer | None] = deque()
        """What waits to be heard; None is the end of the process."""
        self._start()

    def _start(self) -> None:
        self._alive = True
        self._opening = 0
        self._looks = 0
        self._devices: DevicesUsed | None = None
        self._lost_device: PerfstudioError | None = None
        self._recording: rm.Recording | None = None
        self._markers: tuple[Marker, ...] = ()
        self._elapsed_s = 0.0

    # the protocol

    def send(self, command: rm.Command) -> None:
        """Ask it. Who asks a dead one is not heard."""
        self.asked.append(command)
        if not self._alive:
            return
        match command:
            case rm.Open():
                self._open(command)
            case rm.Partner(wish) if wish is not None:
                self._say(rm.PartnerStands(self._opening, self.partner, self.partner_problem))
            case rm.Roll():
                self._roll(command)
            case rm.Mark(recording, name, note) if recording == self._recording:
                self._mark(name, note)
            case rm.Cut(recording, reason) if recording == self._recording:
                self._cut(recording, reason)
            case rm.Shut() | rm.Quit():
                self._shut()
            case rm.Judge() | rm.Partner() | rm.Mark() | rm.Cut():
                pass

    def pulse(self) -> Pulse:
        """A thirtieth of a second after the last one, while it rolls."""
        rolls = self._recording is not None
        self._elapsed_s = self._elapsed_s + STEP_S if rolls else 0.0
        self._looks += 1
        frames = round(self._elapsed_s / STEP_S)
        status = RecorderStatus(
            rolling=rolls, elapsed_s=self._elapsed_s, frames=frames, samples=frames * 1600, picture_bytes=frames * 900,
            sound_bytes=frames * 100, nonzero=True, frame_age_s=0.0, block_age_s=0.0, disk_s=self.disk_s,
            read_ns=round(self._looks * STEP_S * 1e9),
        )  # fmt: skip
        return Pulse(None, self.reading, status)

    def close(self) -> None:
        """Nothing is heard of it any more."""
        self._shut()
        self._alive = False
        self._unsaid.clear()
        self._hear, self._died = lambda _: None, lambda: None

    # the script

    @property
    def unsaid(self) -> int:
        """How many answers wait."""
        return len(self._unsaid)

    @property
    def recording(self) -> rm.Recording | None:
        """The recording in hand, or None."""
        return self._recording

    def answer(self, count: int = 1) -> None:
        """Let so many of the answers be heard that wait."""
        for _ in range(min(count, len(self._unsaid))):
            answer = self._unsaid.popleft()
            self._post(self._end if answer is None else lambda answer=answer: self._hear(answer))  # type: ignore[misc]

    def refuse(self, kind: type[rm.Open | rm.Roll | rm.Cut], problem: PerfstudioError) -> None:
        """The next of these comes to nothing. Of a Cut: the files are closed, and nothing can be made of them."""
        self._refusals[kind] = problem

    def lose(self, problem: PerfstudioError | None = None) -> None:
        """The microphone is pulled out."""
        if self._devices is None or self._lost_device is not None:
            return
        self._lost_device = problem or DeviceError(ErrorCode.MICROPHONE_LOST, id=PRACTICE)
        self.notice(DeviceLost(Stream.SOUND, self._lost_device))
        self.end(self._lost_device, EndReason.MICROPHONE_LOST)

    def end(self, problem: PerfstudioError | None = None, reason: EndReason = EndReason.DISK_FULL) -> None:
        """What rolls ends by itself."""
        recording, why = (
            self._recording,
            problem or disk_error(OSError(errno.ENOSPC, ""), None, CaptureError),
        )
        if recording is not None:
            self._say(rm.RecordingEnding(recording, why))
            self.notice(TakeEnding(reason, why))
            self.notice(TakeEnded(reason))
            self._develop(recording, reason)

    def die(self, swallowed: int = 0) -> None:
        """The process ends, and its last answers with it; another one is there at once, with nothing open."""
        if self._alive:
            for _ in range(min(swallowed, len(self._unsaid))):
                self._unsaid.pop()
            self._alive = False
            self._say(None)

    def notice(self, notice: Notice) -> None:
        """The recorder notices something."""
        self._say(rm.RecorderNotice(notice, self._opening, self._recording))

    def say(self, answer: rm.Answer) -> None:
        """An answer that nobody asked for."""
        self._say(answer)

    # what it does

    def _say(self, answer: rm.Answer | None) -> None:
        self._unsaid.append(answer)
        if self.prompt:
            self.answer(len(self._unsaid))

    def _end(self) -> None:
        self._start()
        self._died()

    def _open(self, command: rm.Open) -> None:
        self._shut()
        self._opening = command.opening
        slow, self.slow = self.slow, None
        if slow is not None:
            self._say(rm.OpeningSlow(command.opening, slow))
            self._say(rm.OpeningSlow(command.opening, slow, now=False))
        problem = self._refusals.pop(rm.Open, None) or _unknown(command.selection)
        if problem is not None:
            self._say(rm.OpenRefused(command.opening, problem))
            return
        self._devices = granted(command.selection)
        self._say(rm.Opened(command.opening, self._devices))

    def _roll(self, command: rm.Roll) -> None:
        recording = command.recording
        problem = self._refusals.pop(rm.Roll, None) or self._lost_device
        if self._devices is None:
            problem = CaptureError(ErrorCode.RECORDER_DIED)
        elif self._recording is not None:
            problem = CaptureError(ErrorCode.RECORDER_STUCK, seconds=0)
        elif not recording.folder.is_dir() and self.on_disk:
            problem = disk_error(OSError(errno.ENOENT, ""), recording.folder, CaptureError)
        if problem is not None:
            self._say(rm.RollRefused(recording, problem))
            return
        self._recording, self._elapsed_s = recording, 0.0
        self._markers = (Marker(name=MarkerName.ROLL, at_s=0.0),)
        self.recorded.add(recording.folder)
        if self.on_disk:
            (recording.folder / "raw").mkdir()
            (recording.folder / "raw" / _RAW.name).write_bytes(_BYTES)
        self._say(rm.Rolled(recording))

    def _mark(self, name: MarkerName, note: str) -> None:
        assert self._recording is not None  # noqa: S101 - the caller has looked
        marker = Marker(name=name, at_s=round(self._elapsed_s, 3), note=note)
        self._markers += (marker,)
        self._say(rm.Marked(self._recording, marker))

    def _cut(self, recording: rm.Recording, reason: EndReason) -> None:
        if recording.purpose is not rm.Purpose.TAKE and reason is EndReason.ABANDONED:
            self._drop()
        else:
            self._develop(recording, reason)

    def _develop(self, recording: rm.Recording, reason: EndReason) -> None:
        self._recording = None
        problem = self._refusals.pop(rm.Cut, None)
        if problem is not None:
            self._say(rm.ProcessingRefused(recording, problem))
        elif recording.purpose is rm.Purpose.ROOM:
            self._say(rm.RoomProcessed(recording, self.room))
        elif recording.purpose is rm.Purpose.TAKE:
            finished = self._finished(recording.folder, reason)
            self._say(rm.TakeWatchable(recording, finished))
            raw = (_RAW,) if self.on_disk else ()
            self._say(rm.TakeProcessed(recording, ProcessedTake(finished, self.checks, raw=raw)))
        elif recording.purpose is rm.Purpose.SPOKEN:
            sound = recording.folder / FILE_NAMES[FileRole.SPOKEN_CONSENT]
            sound.write_bytes(self.media.get(FileRole.SPOKEN_CONSENT, _BYTES))
            self._say(rm.SpokenRecorded(recording, sound))
        elif recording.purpose is rm.Purpose.LOOPBACK:
            self._say(rm.ClicksMeasured(recording, self.loopback))
        else:
            self._say(rm.OffsetMeasured(recording, self.offset or _FOUND[recording.purpose]))

    def _finished(self, folder: Path, reason: EndReason) -> FinishedTake:
        cut = Marker(name=MarkerName.CUT, at_s=round(self._elapsed_s, 3))
        files = tuple(self._written(folder, role) for role in self.media) if self.on_disk else ()
        return FinishedTake(self._elapsed_s, reason, (*self._markers, cut), None, None, None, files)

    def _written(self, folder: Path, role: FileRole) -> FileEntry:
        name, content = FILE_NAMES[role], self.media[role]
        (folder / name).write_bytes(content)
        return FileEntry(role=role, name=name, size=len(content), sha256=sha256_hex(content))

    def _drop(self) -> None:
        recording, self._recording = self._recording, None
        if recording is not None:
            self._say(rm.RecordingDropped(recording))

    def _shut(self) -> None:
        self._drop()
        self._devices = self._lost_device = None


def _unknown(selection: DeviceSelection) -> DeviceError | None:
    camera, microphone = selection.camera, selection.microphone
    if camera is not None and not camera.id.startswith(PRACTICE):
        return DeviceError(ErrorCode.CAMERA_UNKNOWN, id=camera.id, known=PRACTICE)
    if not microphone.id.startswith(PRACTICE):
        return DeviceError(ErrorCode.MICROPHONE_UNKNOWN, id=microphone.id, known=PRACTICE)
    return None


@cache
def granted(selection: DeviceSelection) -> DevicesUsed:
    """What the practice devices grant."""
    return DevicesUsed(
        asked=selection,
        camera=_camera(selection.camera) if selection.camera is not None else None,
        microphone=_microphone(selection.microphone),
    )


def _camera(asked: CameraRequest) -> CameraGranted:
    return CameraGranted(
        id=asked.id, name="Practice camera", kind=DeviceKind.PRACTICE, backend="practice",
        width=asked.width, height=asked.height, fps=asked.fps, pixel_format="BGR",
    )  # fmt: skip


def _microphone(asked: MicrophoneRequest) -> MicrophoneGranted:
    return MicrophoneGranted(
        id=asked.id, name="Practice microphone", kind=DeviceKind.PRACTICE, host_api="practice", rate_hz=48000,
        channels=1, sample_format="int16", block_frames=480, latency_s=0.0,
    )  # fmt: skip
