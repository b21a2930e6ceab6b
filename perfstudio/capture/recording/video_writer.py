"""The picture of a rolling take: a queue, a thread that writes it, and raw/frames.bin with every frame's fate.

When the encoder falls behind it goes faster, step by step; when its fastest is too slow and the camera sends JPEG, the
rest of the take is kept as sent. Memory has a bound; beyond it frames are given up, counted and logged.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Final

import av

from perfstudio.capture.devices.jpeg import JpegDecoder, is_whole
from perfstudio.capture.devices.picture import Picture
from perfstudio.capture.devices.yuv420 import luma
from perfstudio.capture.files.durable_file import DurableFile
from perfstudio.capture.files.encoders import encoder_error
from perfstudio.capture.files.live_mp4 import LiveMp4
from perfstudio.capture.files.raw_video_files import AS_SENT, PICTURE_FILE, STEPS, H264File, JpegFile
from perfstudio.capture.files.video_encoder import SPEEDS
from perfstudio.capture.recording.messages import Backlog
from perfstudio.capture.timing.timing_log import FRAME_LOG, FRAMES, NO_STAMP, FrameFate, LogWriter
from perfstudio.model.clock import host_ns
from perfstudio.model.errors import CaptureError

STEP_BACKLOG_S: Final = 0.5
"""Behind by more than this, the encoder goes one speed faster."""
PASS_BACKLOG_S: Final = 1.0
"""Behind by more than this at its fastest, it is left out for the rest of the take."""
SETTLE_S: Final = 2.0
"""Time a new speed gets before it is judged."""
SENT_PACE_S: Final = 0.1
"""Pictures that are kept as sent go to the disk in small heaps."""
TIGHT_BYTES: Final = 32 * 2**20
"""From here on waiting pictures are compressed."""
FULL_BYTES: Final = 96 * 2**20
"""From here on a frame is given up, counted and logged: memory has a bound."""


class VideoWriter:
    """`offer` from any one thread; everything else happens on the writer's own thread until `close`."""

    def __init__(
        self,
        raw: Path,
        size: tuple[int, int],
        fps: float,
        base_ns: int,
        *,
        speed: int,
        grace_s: float,
        relief: Callable[[], bool],
        notify: Callable[[Backlog], None],
        decoder: JpegDecoder | None = None,
        movie: LiveMp4 | None = None,
    ) -> None:
        """`speed`: an index into STEPS. AS_SENT is for cameras that send JPEG: any other picture is then damaged."""
        self.problem: CaptureError | None = None
        self.speed = speed
        self.frames = 0
        self.dropped = 0
        self.size = size
        self._raw, self._fps, self._relief, self._notify = raw, fps, relief, notify
        self._decoder = decoder or JpegDecoder()
        self._movie = movie
        self._base_ns = base_ns
        self._grace_ns = round(grace_s * 1e9)
        self._changed_ns = self._opened_ns = host_ns()
        self._last_pts = -1
        self._waiting: deque[Picture] = deque()
        self._held = 0
        self._ready = threading.Condition()
        self._closing = threading.Event()
        self.log = LogWriter(raw / FRAME_LOG, FRAMES, relief)
        self._logged_ns = 0
        self._even = (size[0] & ~1, size[1] & ~1)
        self._encoded: H264File | None = None
        self._sent: JpegFile | None = None
        self._earlier_bytes = 0
        if speed == AS_SENT:
            self._sent = JpegFile(raw, size, fps, relief)
        else:
            follow = movie.picture if movie is not None else _nobody
            self._encoded = H264File(raw, self._even, fps, speed, relief=relief, follow=follow)
        self._thread = threading.Thread(target=self._run, name="perfstudio-picture", daemon=True)
        self._thread.start()

    @property
    def preset(self) -> str:
        """What is done with the pictures now: a preset of the encoder, or the step behind them all."""
        return STEPS[self.speed]

    @property
    def backlog_s(self) -> float:
        """How much picture time waits for the encoder."""
        with self._ready:
            return (self._waiting[-1].time_ns - self._waiting[0].time_ns) * 1e-9 if self._waiting else 0.0

    def written_bytes(self) -> int:
        """Bytes on the disk, as the system says."""
        return self._earlier_bytes + sum(file.size() for file in self._files())

    def sync(self) -> None:
        """Make what was written safe against power loss."""
        for file in (*self._files(), self.log.file):
            file.sync()

    def offer(self, picture: Picture) -> None:
        """Hand over a picture of the take. Never waits; at the bound of memory the frame is counted as dropped.

        One of another size than the take's is shown whole in the take's: what rolls is not given up for it.
        """
        picture = picture.framed(self.size)
        if self._held > TIGHT_BYTES:
            picture = picture.tightened()
        with self._ready:
            full = self._held + picture.held_bytes > FULL_BYTES
            if not full:
                self._waiting.append(picture)
                self._held += picture.held_bytes
                self._ready.notify()
        if full:
            self.refuse(picture, FrameFate.BACKLOG)

    def refuse(self, picture: Picture, fate: FrameFate) -> None:
        """Log a frame that is not written, and why."""
        self.dropped += 1
        self._note(picture, NO_STAMP, fate, 0)

    def close(self, deadline_s: float = 30.0) -> None:
        """Write what waits, complete the files, end the thread. What fails shows in `problem`."""
        with self._ready:
            self._closing.set()
            self._ready.notify()
        self._thread.join(deadline_s)

    # the writer's own thread

    def _run(self) -> None:
        while (picture := self._next()) is not None:
            self._take(picture)
            if self._sent is not None and not self._waiting:
                self._closing.wait(SENT_PACE_S)  # there is no work but to write
        self._finish()

    def _next(self) -> Picture | None:
        with self._ready:
            while not self._waiting and not self._closing.is_set():
                self._ready.wait()
            if not self._waiting:
                return None
            picture = self._waiting.popleft()
            self._held -= picture.held_bytes
            return picture

    def _take(self, picture: Picture) -> None:
        pts = (picture.time_ns - self._base_ns) // 1000
        if self.problem is None:
            self._guard(lambda: self._keep_up(picture))
        fate, brightness = self._keep(picture, pts) if self._sent is not None else self._encode(picture, pts)
        if fate is not FrameFate.WRITTEN:
            self.refuse(picture, fate)
            return
        self.frames += 1
        self._last_pts = pts
        self._note(picture, pts, fate, brightness)

    def _keep(self, picture: Picture, pts: int) -> tuple[FrameFate, int]:
        """As it was sent; its brightness is not looked at."""
        file, jpeg = self._sent, picture.jpeg or b""
        fate = self._judge(picture, pts, damaged=not is_whole(jpeg))
        return self._written(fate, lambda: file.write(jpeg, pts) if file else None), 0

    def _encode(self, picture: Picture, pts: int) -> tuple[FrameFate, int]:
        planar = picture.as_planar(self._decoder) if self.problem is None else None
        fate = self._judge(picture, pts, damaged=planar is None)
        if planar is None or fate is not FrameFate.WRITTEN:
            return fate, 0
        file = self._encoded
        return self._written(fate, lambda: file.write(planar, pts) if file else None), luma(planar)

    def _written(self, fate: FrameFate, write: Callable[[], object]) -> FrameFate:
        if fate is not FrameFate.WRITTEN:
            return fate
        self._guard(write)
        return FrameFate.WRITTEN if self.problem is None else FrameFate.DISK

    def _judge(self, picture: Picture, pts: int, *, damaged: bool) -> FrameFate:
        if self.problem is not None:
            return FrameFate.DISK
        if damaged:
            return FrameFate.DAMAGED
        return FrameFate.WRITTEN if pts > self._last_pts else FrameFate.CLOCK

    def _keep_up(self, picture: Picture) -> None:
        """One step further when the queue says so; the pre-roll that waits at the start is given time to drain."""
        if self._encoded is None or self._sent is not None:
            return
        now = host_ns()
        backlog = self.backlog_s
        grace = max(0, self._grace_ns - (now - self._opened_ns) // 10) * 1e-9
        if backlog <= STEP_BACKLOG_S + grace or now - self._changed_ns <= SETTLE_S * 1e9:
            return
        if self.speed + 1 < len(SPEEDS):
            self._encoded.faster()
        elif backlog > PASS_BACKLOG_S + grace and picture.jpeg is not None:
            self._leave_the_encoder(self._encoded)
        else:
            return
        self.speed += 1
        self._changed_ns = now
        self._notify(Backlog(backlog, self.preset, self.dropped))

    def _leave_the_encoder(self, encoded: H264File) -> None:
        if self._movie is not None:
            self._movie.give_up()  # its pictures are made after the cut
        self._sent = JpegFile(self._raw, self.size, self._fps, self._relief)
        self._earlier_bytes = encoded.file.size()
        self._encoded = None
        encoded.close()

    def _note(self, picture: Picture, pts: int, fate: FrameFate, brightness: int) -> None:
        device = NO_STAMP if picture.device_ns is None else picture.device_ns
        self.log.add((picture.index, picture.host_ns, device, pts, picture.check, int(fate), brightness, self.speed))
        now = host_ns()
        if now - self._logged_ns > 200_000_000 and threading.current_thread() is self._thread:
            self._logged_ns = now
            self._guard(self.log.flush)

    def _files(self) -> tuple[DurableFile, ...]:
        return tuple(part.file for part in (self._encoded, self._sent) if part is not None)

    def _finish(self) -> None:
        for part in (self._encoded, self._sent):
            if part is not None:
                self._guard(part.close)
                self.problem = self.problem or part.file.problem
        self._guard(self.log.close)

    def _guard(self, step: Callable[[], object]) -> None:
        try:
            step()
        except CaptureError as problem:
            self.problem = self.problem or problem
        except av.FFmpegError as problem:
            self.problem = self.problem or encoder_error(problem, PICTURE_FILE)


def _nobody(_packet: bytes, _pts_us: int, _keyframe: bool) -> None:
    """In the place of a follower, where nobody follows."""
