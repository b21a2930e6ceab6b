"""From the microphone's callback to the ring, the live clock, the taps and, while rolling, the disk."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Final

from perfstudio.capture.devices.microphone import AudioBlock
from perfstudio.capture.recording.audio_writer import AudioWriter
from perfstudio.capture.recording.live_observer import LiveObserver
from perfstudio.capture.recording.sound_tap import SoundTapWriter
from perfstudio.capture.timing.clock import LiveClock
from perfstudio.model.device import MicrophoneGranted

RING_S: Final = 20.0
"""Arrivals are remembered this long, sound and all (4 MB): the clock map of a short take starts from here."""

PACE_S: Final = 1 / 30
"""Blocks are taken from the queue in small heaps: to wake for each of a hundred a second costs more than their work."""
SLOW_DISK_S: Final = 30.0
"""How long a cut waits for a disk that is behind."""
_STEP_S: Final = 0.02

MakeWriter = Callable[[AudioBlock, list[AudioBlock]], AudioWriter]
"""Given the take's first block and the arrivals before it, opens the files."""


class SoundIntake:
    """`sink` on the callback's thread only appends, and copies for a tap; one thread of its own does the rest."""

    def __init__(self, granted: MicrophoneGranted, observer: Callable[[], LiveObserver | None]) -> None:
        self.granted = granted
        self.live = LiveClock(granted.rate_hz)
        self.arrived_ns: int | None = None
        """When the last block arrived."""
        self.nonzero_ns: int | None = None
        """When the last block arrived that was not all zeros."""
        self._observer = observer
        self._queue: SimpleQueue[tuple[AudioBlock, bool] | None] = SimpleQueue()
        self._ring: deque[AudioBlock] = deque()
        self._lock = threading.Lock()
        self._writer: AudioWriter | None = None
        self._tap: SoundTapWriter | None = None
        self._end_sample: int | None = None
        self._ended = threading.Event()
        self._end_ns = 0
        self._thread = threading.Thread(target=self._run, name="perfstudio-sound", daemon=True)
        self._thread.start()

    def sink(self, block: AudioBlock) -> None:
        """The callback's only business."""
        zero = is_zero(block)  # a microsecond; a slow disk must not make it look muted
        if not zero:
            self.nonzero_ns = block.host_ns
        self.arrived_ns = block.host_ns
        self._queue.put((block, zero))
        if (tap := self._tap) is not None:
            tap.write(block)

    def tap_into(self, name: str | None) -> None:
        """Copy each block into the ring of this name (`sound_tap`) from now on; None: into none. Raises OSError where
        there is no such ring."""
        before, self._tap = self._tap, SoundTapWriter(name, self.granted) if name is not None else None
        if before is not None:
            before.close()

    @property
    def writer(self) -> AudioWriter | None:
        """The writer of the rolling take."""
        return self._writer

    def begin(self, start_ns: int, make: MakeWriter) -> tuple[AudioWriter, int] | None:
        """Start writing with the block that holds host time `start_ns`, or the oldest one kept.

        Returns the writer and the host time of its first sample; None while nothing has arrived. Errors of `make`
        pass through and leave everything as it was.
        """
        with self._lock:
            clock = self.live.clock
            if clock is None or not self._ring:
                return None
            blocks = list(self._ring)
            wanted = float(clock.sample_at(start_ns))
            first = next((i for i, block in enumerate(blocks) if block.first_sample + block.frames > wanted), -1)
            writer = make(blocks[first], blocks[:first])
            for block in blocks[first:]:
                self._write(writer, block, is_zero(block))
            writer.hand_over()
            self._end_sample = None
            self._ended.clear()
            self._writer = writer
            return writer, clock.host_at(blocks[first].first_sample)

    def end(self, end_ns: int, patience_s: float) -> int:
        """Stop writing with the block that holds `end_ns`, or when nothing has come for `patience_s`.

        What waits for a slow disk is waited for. Arrivals go on being observed until `release`, which firms the clock
        map up to the end. Returns the host time at which the written sound ends.
        """
        clock = self.live.clock
        if clock is None:
            return end_ns
        with self._lock:
            self._end_sample = round(float(clock.sample_at(end_ns)))
        self._await_end(patience_s)
        with self._lock:
            self._end_sample = -1
            return self._end_ns

    def _await_end(self, patience_s: float) -> None:
        quiet_s = waited_s = 0.0
        while quiet_s < patience_s and waited_s < SLOW_DISK_S and not self._ended.wait(_STEP_S):
            quiet_s = 0.0 if self._queue.qsize() else quiet_s + _STEP_S
            waited_s += _STEP_S

    def release(self) -> None:
        """Let go of the writer, which may then be closed."""
        with self._lock:
            self._writer = None

    def close(self) -> None:
        """End the thread, and let a tap go."""
        self.tap_into(None)
        self._queue.put(None)
        self._thread.join(5.0)

    def _run(self) -> None:
        while (item := self._queue.get()) is not None:
            block, zero = item
            with self._lock:
                self._take(block, zero)
                if self._writer is not None and self._queue.empty():
                    self._writer.hand_over()
            if (observer := self._observer()) is not None:
                observer.block(block)
            if self._queue.empty():
                time.sleep(PACE_S)

    def _take(self, block: AudioBlock, zero: bool) -> None:
        self.live.add(block.first_sample + block.frames, block.host_ns)
        self._ring.append(block)
        while self._ring[0].host_ns < block.host_ns - RING_S * 1e9:
            self._ring.popleft()
        if self._writer is None:
            return
        if self._end_sample is not None and block.first_sample >= self._end_sample:
            self._writer.observe(block)
            self._ended.set()
            return
        self._write(self._writer, block, zero)
        if (clock := self.live.clock) is not None:
            self._end_ns = clock.host_at(block.first_sample + block.frames)

    def _write(self, writer: AudioWriter, block: AudioBlock, zero: bool) -> None:
        writer.write(block, zero)
        if (observer := self._observer()) is not None:
            observer.written(block)


def is_zero(block: AudioBlock) -> bool:
    """Whether every sample is exactly zero: no microphone that is on is that quiet."""
    return block.data.count(0) == len(block.data)
