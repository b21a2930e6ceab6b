"""The picture of a rolling take: its own thread encodes into raw/picture.mp4 and logs every frame in raw/frames.bin.

The file is one that stays readable whatever ends it, with picture and sound in step: fragmented MP4 with *all* of
`hybrid_fragmented`, `delay_moov`, no B-frames and a movie timescale of 1 000 000 (without any one of them the first
frame is shown at a wrong time). Presentation times are host time since `base_ns` in microseconds; the take's final
times come from the map that is fitted after the cut.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, cast

import av

from perfstudio.capture.durable import DurableFile
from perfstudio.capture.messages import Backlog
from perfstudio.capture.observations import FRAMES, NO_STAMP, FrameFate, LogWriter
from perfstudio.capture.picture import Picture, Planar, luma
from perfstudio.capture.video_encoder import MICROSECOND, SPEEDS, new_encoder, picture_frame, set_up
from perfstudio.model.clock import host_ns
from perfstudio.model.errors import CaptureError, ErrorCode

PICTURE_FILE: Final = "picture.mp4"
FRAME_LOG: Final = "frames.bin"

KEYFRAME_US: Final = 1_000_000
STEP_BACKLOG_S: Final = 0.5
"""Behind by more than this, the encoder goes one speed faster."""
SETTLE_S: Final = 2.0
"""Time a new speed gets before it is judged."""
TIGHT_BYTES: Final = 32 * 2**20
"""From here on waiting pictures are compressed."""
FULL_BYTES: Final = 96 * 2**20
"""From here on a frame is given up, counted and logged: memory has a bound."""
_MOVIE_OPTIONS: Final = {
    "movflags": "hybrid_fragmented+delay_moov",
    "movie_timescale": "1000000",
    "frag_duration": "150000",
    "flush_packets": "1",
}


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
    ) -> None:
        self.problem: CaptureError | None = None
        self.speed = speed
        self.frames = 0
        self.dropped = 0
        self.size = size
        self._notify = notify
        self._base_ns = base_ns
        self._fps = fps
        self._grace_ns = round(grace_s * 1e9)
        self._changed_ns = self._opened_ns = host_ns()
        self._last_pts = -1
        self._key_pts = -KEYFRAME_US
        self._waiting: deque[Picture] = deque()
        self._held = 0
        self._ready = threading.Condition()
        self._closing = False
        self.log = LogWriter(raw / FRAME_LOG, FRAMES, relief)
        self._logged_ns = 0
        self.file = DurableFile(raw / PICTURE_FILE, relief)
        self._container = av.open(cast(Any, self.file), "w", format="mp4", options=_MOVIE_OPTIONS)
        even = (size[0] & ~1, size[1] & ~1)
        self._even = even
        self._stream = self._container.add_stream("libx264", rate=round(fps) or 30)
        assert isinstance(self._stream, av.VideoStream)  # noqa: S101 - libx264 is a video codec
        set_up(self._stream.codec_context, *even, fps, speed)
        self._stream.time_base = MICROSECOND
        self._codec = self._stream.codec_context
        self._thread = threading.Thread(target=self._run, name="perfstudio-picture", daemon=True)
        self._thread.start()

    @property
    def preset(self) -> str:
        """The encoder's present preset."""
        return SPEEDS[self.speed]

    @property
    def backlog_s(self) -> float:
        """How much picture time waits for the encoder."""
        with self._ready:
            return (self._waiting[-1].time_ns - self._waiting[0].time_ns) * 1e-9 if self._waiting else 0.0

    def offer(self, picture: Picture) -> None:
        """Hand over a picture of the take. Never waits; at the bound of memory the frame is counted as dropped."""
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
        """Encode what waits, complete the file, end the thread. What fails shows in `problem`."""
        with self._ready:
            self._closing = True
            self._ready.notify()
        self._thread.join(deadline_s)

    # the writer's own thread

    def _run(self) -> None:
        while (picture := self._next()) is not None:
            self._take(picture)
        self._finish()

    def _next(self) -> Picture | None:
        with self._ready:
            while not self._waiting and not self._closing:
                self._ready.wait()
            if not self._waiting:
                return None
            picture = self._waiting.popleft()
            self._held -= picture.held_bytes
            return picture

    def _take(self, picture: Picture) -> None:
        pts = (picture.time_ns - self._base_ns) // 1000
        planar = picture.as_planar() if self.problem is None else None
        fate = self._judge(picture, planar, pts)
        if fate is FrameFate.WRITTEN and planar is not None:
            self._guard(lambda: self._write(planar, pts))
            fate = FrameFate.WRITTEN if self.problem is None else FrameFate.DISK
        if fate is FrameFate.WRITTEN and planar is not None:
            self.frames += 1
            self._note(picture, pts, fate, luma(planar))
        else:
            self.refuse(picture, fate)

    def _judge(self, picture: Picture, planar: Planar | None, pts: int) -> FrameFate:
        if self.problem is not None:
            return FrameFate.DISK
        if planar is None:
            return FrameFate.DAMAGED
        if (picture.width, picture.height) != self.size or planar.shape[1] != self._even[0]:
            return FrameFate.RESIZED
        return FrameFate.WRITTEN if pts > self._last_pts else FrameFate.CLOCK

    def _write(self, planar: Planar, pts: int) -> None:
        self._keep_up(pts)
        self._encode(planar, pts)

    def _encode(self, planar: Planar, pts: int) -> None:
        keyframe = pts - self._key_pts >= KEYFRAME_US
        self._last_pts = pts
        if keyframe:
            self._key_pts = pts
        for packet in self._codec.encode(picture_frame(planar, pts, keyframe)):
            self._mux(packet)

    def _mux(self, packet: av.Packet[Any]) -> None:
        if packet.size:
            packet.stream = self._stream
            self._container.mux(packet)

    def _keep_up(self, pts: int) -> None:
        """One speed faster when the queue says so; the pre-roll that waits at the start is given time to drain."""
        now = host_ns()
        backlog = self.backlog_s
        grace = max(0, self._grace_ns - (now - self._opened_ns) // 10) * 1e-9
        settled = now - self._changed_ns > SETTLE_S * 1e9
        if backlog <= STEP_BACKLOG_S + grace or not settled or self.speed + 1 >= len(SPEEDS):
            return
        for packet in self._codec.encode(None):
            self._mux(packet)
        self.speed += 1
        self._changed_ns = now
        self._codec = new_encoder(*self._even, self._fps, self.speed)
        self._key_pts = pts - KEYFRAME_US
        self._notify(Backlog(backlog, self.preset, self.dropped))

    def _note(self, picture: Picture, pts: int, fate: FrameFate, brightness: int) -> None:
        device = NO_STAMP if picture.device_ns is None else picture.device_ns
        self.log.add((picture.index, picture.host_ns, device, pts, picture.check, int(fate), brightness, self.speed))
        now = host_ns()
        if now - self._logged_ns > 200_000_000 and threading.current_thread() is self._thread:
            self._logged_ns = now
            self._guard(self.log.flush)

    def _finish(self) -> None:
        if self.problem is None:
            self._guard(self._drain)
        self._guard(self._container.close)
        self._guard(self.log.close)
        self.file.close()
        self.problem = self.problem or self.file.problem

    def _drain(self) -> None:
        if self._codec.is_open:
            for packet in self._codec.encode(None):
                self._mux(packet)

    def _guard(self, step: Callable[[], object]) -> None:
        try:
            step()
        except CaptureError as problem:
            self.problem = self.problem or problem
        except av.FFmpegError as problem:
            self.problem = self.problem or _broken(problem)


def _broken(problem: av.FFmpegError) -> CaptureError:
    return CaptureError(ErrorCode.DISK_WRITE, file=PICTURE_FILE, detail=type(problem).__name__)
