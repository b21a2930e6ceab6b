"""From the camera's thread to the ring, the preview and, while rolling, the encoder.

A camera may change the size of its pictures: a telephone is turned, a camera has warmed up. While nothing rolls, the
size that stays becomes the camera's, and the next take has it. A take keeps the size that it began with and goes on:
pictures of another are shown whole in it, black beside them. Either is told once.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from queue import SimpleQueue
from typing import Final

from perfstudio.capture.devices.camera import Frame
from perfstudio.capture.devices.jpeg import JpegDecoder, brightness
from perfstudio.capture.devices.picture import Picture, take_in
from perfstudio.capture.devices.yuv420 import luma
from perfstudio.capture.recording.live_observer import LiveObserver
from perfstudio.capture.recording.messages import PictureChanged
from perfstudio.capture.recording.video_writer import VideoWriter
from perfstudio.capture.timing.timing_log import FrameFate
from perfstudio.model.device import CameraGranted

RING_BYTES: Final = 48 * 2**20
"""Bound of the pre-roll ring; beyond it waiting pictures are kept compressed."""
FLOOD_BYTES: Final = 48 * 2**20
"""Pictures that may wait for this thread; more are counted and given up."""
FIRST_PICTURE_S: Final = 3.0
"""How long a take that is to be encoded after the cut waits for a camera that was opened this moment."""
SIZE_STAYS: Final = 5
"""So many pictures of another size are a change; fewer are a slip, and nothing is said of them."""
BLACK_LUMA: Final = 20
"""Mean brightness of a black picture at limited range (black is 16)."""


class PictureIntake:
    """`sink` on the camera's thread only appends; one thread of its own converts and hands on."""

    def __init__(self, granted: CameraGranted, observer: Callable[[], LiveObserver | None], ring_s: float) -> None:
        self.granted = granted
        self.arrived_ns: int | None = None
        """When the last frame arrived."""
        self.changed_ns: int | None = None
        """When the last frame arrived that differed from the one before."""
        self.bright_ns: int | None = None
        """When the last frame arrived that was not black."""
        self.change: PictureChanged | None = None
        """A change of size, until somebody has taken notice."""
        self.decoder = JpegDecoder()
        """Shared by all who look at a picture, so that each is decoded once."""
        self._observer = observer
        self._ring_ns = round(ring_s * 1e9)
        self._driver = granted.frame_clock != "arrival"
        self._queue: SimpleQueue[Frame | None] = SimpleQueue()
        self._ring: deque[Picture] = deque()
        self._ring_held = 0
        self._lock = threading.Lock()
        self._writer: VideoWriter | None = None
        self._end_ns: int | None = None
        self._passed = threading.Event()
        self._first = threading.Event()
        self._compressed = False
        self._fixed = False
        self._others: dict[tuple[int, int], int] = {}
        self._check = -1
        self._judged_ns = 0
        self._thread = threading.Thread(target=self._run, name="perfstudio-frames", daemon=True)
        self._thread.start()

    def sink(self, frame: Frame) -> None:
        """The camera thread's only business."""
        if frame.jpeg != b"":  # what comes damaged has not arrived
            self.arrived_ns = frame.host_ns
        size = frame.image.nbytes if frame.image is not None else len(frame.jpeg or b"")
        if (self._queue.qsize() + 1) * size > FLOOD_BYTES:
            frame = replace(frame, image=None, jpeg=None)
        self._queue.put(frame)

    @property
    def size(self) -> tuple[int, int]:
        """Picture size as granted."""
        return self.granted.width, self.granted.height

    def sends_jpeg(self) -> bool:
        """Whether the last frame came compressed. Waits for the first one: without any, the answer is no."""
        self._first.wait(FIRST_PICTURE_S)
        return self._compressed

    def fix(self) -> CameraGranted:
        """A take is about to begin: until `loosen` the size stays what it is. What is granted now."""
        with self._lock:
            self._fixed = True
            self._others.clear()
            return self.granted

    def loosen(self) -> None:
        """No take rolls any more."""
        with self._lock:
            self._fixed = False
            self._others.clear()
            if self.change is not None and self.change.rolling:  # of the take that is over
                self.change = None

    def begin(self, start_ns: int, writer: VideoWriter) -> None:
        """Hand everything from host time `start_ns` on to the writer, the ring first."""
        with self._lock:
            for picture in self._ring:
                if picture.time_ns >= start_ns:
                    writer.offer(picture)
            self._ring.clear()
            self._ring_held = 0
            self._end_ns = None
            self._passed.clear()
            self._writer = writer

    def end(self, end_ns: int, patience_s: float) -> None:
        """Stop after the last frame up to `end_ns`; frames on their way get `patience_s`."""
        with self._lock:
            if self._writer is None:
                return
            self._end_ns = end_ns
        self._passed.wait(patience_s)
        with self._lock:
            self._writer = None

    def close(self) -> None:
        """End the thread."""
        self._queue.put(None)
        self._thread.join(5.0)

    def _run(self) -> None:
        while (frame := self._queue.get()) is not None:
            if frame.image is None and not frame.jpeg:
                self._give_up(frame, FrameFate.BACKLOG if frame.jpeg is None else FrameFate.DAMAGED)
                continue
            self._compressed = frame.jpeg is not None
            self._first.set()
            with self._lock:
                picture = take_in(frame, self._driver, self.size)
                self._heed_size((picture.width, picture.height))
                picture = picture.framed(self.size)
                self._hand_on(picture)
            self._judge(picture)
            if (observer := self._observer()) is not None:
                observer.picture(picture, self.decoder)

    def _heed_size(self, size: tuple[int, int]) -> None:
        """Counts pictures of other sizes: of a take all, in between those in a row."""
        if size == self.size:
            if not self._fixed:
                self._others.clear()
            return
        if not self._fixed and size not in self._others:
            self._others.clear()
        self._others[size] = self._others.get(size, 0) + 1
        if self._others[size] == SIZE_STAYS:
            self.change = PictureChanged(*size, rolling=self._fixed)
            if not self._fixed:
                self.granted = self.granted.model_copy(update={"width": size[0], "height": size[1]})
                self._others.clear()

    def _hand_on(self, picture: Picture) -> None:
        if self._writer is None:
            self._keep(picture)
        elif self._end_ns is not None and picture.time_ns > self._end_ns:
            self._passed.set()
        else:
            self._writer.offer(picture)

    def _keep(self, picture: Picture) -> None:
        held = picture.tightened() if self._ring_held > RING_BYTES else picture
        self._ring.append(held)
        self._ring_held += held.held_bytes
        while self._ring[0].time_ns < held.time_ns - self._ring_ns:
            self._ring_held -= self._ring.popleft().held_bytes

    def _give_up(self, frame: Frame, fate: FrameFate) -> None:
        with self._lock:
            if self._writer is not None:
                empty = Picture(frame.index, frame.host_ns, frame.device_ns, frame.host_ns, *self.size, check=0)
                self._writer.refuse(empty, fate)

    def _judge(self, picture: Picture) -> None:
        """Repeats on every frame; darkness is looked for once a second."""
        if picture.check != self._check:
            self.changed_ns = picture.host_ns
        self._check = picture.check
        if picture.host_ns - self._judged_ns >= 1_000_000_000:
            self._judged_ns = picture.host_ns
            level = luma(picture.planar) if picture.planar is not None else brightness(picture.jpeg or b"")
            if level is None or level > BLACK_LUMA or self.bright_ns is None:
                self.bright_ns = picture.host_ns
