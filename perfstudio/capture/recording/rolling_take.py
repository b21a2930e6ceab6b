"""One rolling take: its raw folder, its writers, its events, and the room that is left for it on the disk."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from perfstudio.capture.devices.microphone import AudioBlock
from perfstudio.capture.files.durable_file import Ballast, DurableFile, write_saved
from perfstudio.capture.files.live_mp4 import LiveMp4
from perfstudio.capture.files.raw_video_files import AS_SENT
from perfstudio.capture.recording.audio_writer import AudioWriter
from perfstudio.capture.recording.messages import Backlog
from perfstudio.capture.recording.picture_intake import PictureIntake
from perfstudio.capture.recording.sound_intake import SoundIntake
from perfstudio.capture.recording.video_writer import VideoWriter
from perfstudio.capture.timing.timing_log import CAPTURE_FILE, EVENTS_FILE
from perfstudio.durable import disk_error, disk_full, file_error, free_bytes, sync_folder
from perfstudio.model.clock import host_ns
from perfstudio.model.device import DevicesUsed
from perfstudio.model.errors import CaptureError, ErrorCode
from perfstudio.model.take import FILE_NAMES, EndReason, FileRole
from perfstudio.model.timing import Marker, MarkerName

RAW: Final = "raw"
BALLAST_FILE: Final = "ballast.bin"
LEAD_NS: Final = 50_000_000
"""The sound begins this much before the picture, so that no frame lies before take time zero."""
START_S: Final = 60.0
"""Recording time that must fit on the disk before a take may start, at START_BYTES_PER_S."""
START_BYTES_PER_S: Final = 1_000_000
"""Bytes a second that a take is reckoned with; 720p seldom reaches it."""


class RollingTake:
    """Opens everything in `folder/raw`, begins both lanes, closes them in order. Raises CaptureError when it cannot."""

    def __init__(
        self,
        folder: Path,
        devices: DevicesUsed,
        sound: SoundIntake,
        picture: PictureIntake | None,
        *,
        roll_ns: int,
        pre_roll_s: float,
        speed: int,
        reserve_bytes: int,
        notify: Callable[[Backlog], None],
    ) -> None:
        self.roll_ns = roll_ns
        self.raw = folder / RAW
        self.video: VideoWriter | None = None
        self._sound, self._picture, self._devices = sound, picture, devices
        self._reserve = reserve_bytes
        self._require_free_space(folder)
        self._make_folder()
        self.closing = False
        """The cut has begun: nothing that is seen from now on ends the take once more."""
        self.ballast = Ballast(self.raw / BALLAST_FILE)
        self._place_problem: CaptureError | None = None
        self._events = DurableFile(self.raw / EVENTS_FILE, self._free_ballast)
        final = folder / FILE_NAMES[FileRole.PICTURE]
        self.movie = LiveMp4(final) if picture is not None and speed != AS_SENT else None
        """The finished film as it grows, where it can."""
        start_ns = self.roll_ns - round(pre_roll_s * 1e9)
        begun = sound.begin(start_ns - LEAD_NS, self._open_sound)
        if begun is None:
            raise CaptureError(ErrorCode.MICROPHONE_SILENT, id=sound.granted.id, seconds=0)
        self.audio, zero_ns = begun
        try:
            self.note(MarkerName.ROLL, self.roll_ns)
            if picture is not None:
                self.video = self._open_picture(picture, zero_ns, speed, pre_roll_s, notify)
                picture.begin(max(start_ns, zero_ns), self.video)
        except BaseException as problem:
            self._let_go()
            if isinstance(problem, OSError):
                raise disk_error(problem, self.raw, CaptureError) from problem
            raise
        self._keep_names()

    def note(self, event: str, at_ns: int, **facts: str | float) -> None:
        """Append an event, safe against power loss before it returns. Raises CaptureError."""
        line = json.dumps({"event": str(event), "host_ns": at_ns, **facts}) + "\n"
        self._events.write(line.encode())
        self._events.sync()

    def marker(self, name: MarkerName, at_ns: int, note: str) -> Marker:
        """Record a marker; its time in the answer is provisional (live clock) and exact after the cut."""
        self.note(name, at_ns, note=note)
        return Marker(name=name, at_s=round(self.take_s(at_ns), 4), note=note)

    def take_s(self, at_ns: int) -> float:
        """Provisional take time of a host moment."""
        clock = self._sound.live.clock
        if clock is None:
            return 0.0
        return float(clock.sample_at(at_ns) - self._first_sample) / self._sound.granted.rate_hz

    @property
    def problem(self) -> CaptureError | None:
        """What the disk said, if it gave up; a released ballast means: full."""
        found = self.audio.problem or (self.video.problem if self.video else None) or self._events.problem
        found = found or self._place_problem
        if found is None and self.ballast.released:
            return self.full()
        return found

    def full(self) -> CaptureError:
        """The disk is full, as an error with facts."""
        return disk_full(self.raw, CaptureError, self._reserve + self._copy_left())

    def seconds_left(self, elapsed_s: float) -> float | None:
        """Recording time that fits, the finished copy and the reserve counted too; None in the first seconds."""
        if elapsed_s < 2.0:
            return None
        rate = max(self._copy_bytes() / elapsed_s, 1000.0)
        return (free_bytes(self.raw) - self._reserve - self._copy_left()) / (2 * rate)

    def sync(self) -> None:
        """Make what was written safe against power loss."""
        self.audio.file.sync()
        self.audio.log.file.sync()
        if self.video is not None:
            self.video.sync()
        if self.movie is not None:
            self.movie.sync()
        try:
            self.raw.stat()  # open files would go on growing in a folder that is gone
        except OSError as problem:
            self._place_problem = disk_error(problem, self.raw, CaptureError)

    def close(self, reason: EndReason, end_ns: int, patience_s: float) -> None:
        """End both lanes at host time `end_ns` and close every file. Never raises: what failed shows in `problem`."""
        self.closing = True
        sound_end_ns = self._sound.end(end_ns, patience_s)
        if self._picture is not None and self.video is not None:
            self._picture.end(sound_end_ns, 0.2)
            self.video.close()
        self._sound.release()
        self.audio.close()
        if self.movie is not None:
            self.movie.close()
        failed = self.problem
        self.ballast.release()
        try:
            self.note("end", host_ns(), reason=reason)
        except CaptureError as problem:
            failed = failed or problem
        self._events.close()
        self._keep_names()

    def _keep_names(self) -> None:
        try:
            sync_folder(self.raw)
        except OSError as problem:
            self._place_problem = self._place_problem or disk_error(problem, self.raw, CaptureError)

    def _copy_bytes(self) -> int:
        """Size of the finished picture file to come: raw picture and raw sound."""
        return (self.video.written_bytes() if self.video else 0) + self.audio.file.size()

    def _copy_left(self) -> int:
        """How much of it is still to be written."""
        return max(0, self._copy_bytes() - (self.movie.size() if self.movie is not None else 0))

    def _free_ballast(self) -> bool:
        """A full disk: what can be made again goes first."""
        return (self.movie is not None and self.movie.give_up()) or self.ballast.release()

    def _require_free_space(self, folder: Path) -> None:
        needed = self._reserve + round(START_S * START_BYTES_PER_S)
        if self._reserve and free_bytes(folder) < needed:
            raise disk_full(folder, CaptureError, needed)

    def _make_folder(self) -> None:
        try:
            self.raw.mkdir(mode=0o700)
        except OSError as problem:
            raise file_error(problem, self.raw, CaptureError) from problem

    def _open_picture(
        self, picture: PictureIntake, zero_ns: int, speed: int, grace_s: float, notify: Callable[[Backlog], None]
    ) -> VideoWriter:
        return VideoWriter(
            self.raw,
            picture.size,
            picture.granted.fps,
            zero_ns,
            speed=speed,
            grace_s=grace_s,
            relief=self._free_ballast,
            notify=notify,
            decoder=picture.decoder,
            movie=self.movie,
        )

    def _let_go(self) -> None:
        """A take that could not begin: the sound goes no further, and its files are closed."""
        self._sound.release()
        self.audio.close()
        if self.movie is not None:
            self.movie.give_up()
        self.ballast.release()
        self._events.close()

    def _open_sound(self, first: AudioBlock, before: list[AudioBlock]) -> AudioWriter:
        self._first_sample = first.first_sample
        clock = self._sound.live.clock
        facts: dict[str, Any] = {
            "format": "perfstudio-capture/1",
            "devices": self._devices.to_json(),
            "first_sample": first.first_sample,
            "base_ns": clock.host_at(first.first_sample) if clock else first.host_ns,
        }
        write_saved(self.raw / CAPTURE_FILE, json.dumps(facts, indent=1).encode())
        follow = self.movie.sound if self.movie is not None else lambda _, __: None
        return AudioWriter(self.raw, self._sound.granted, self._free_ballast, before, follow)
