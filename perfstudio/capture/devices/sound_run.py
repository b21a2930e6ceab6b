"""One unbroken stretch of sound on its way to a loudspeaker: what waits to be played, and what has been heard."""

from __future__ import annotations

import threading
from collections import deque
from statistics import median
from typing import Any

_LOOKS = 8
"""Callbacks over which the moment of hearing is steadied."""
_JUMP_NS = 40e6
"""A moment that differs by more is no jitter: the loudspeaker stood still meanwhile."""
_MOST_DELAY_S = 2.0
"""A host interface that tells more is wrong (its clocks differ), and one that tells nothing does not know."""


class SoundRun:
    """Filled by one thread, emptied by PortAudio's, asked by any. `frame_bytes` is the size of one frame.

    What a callback asks for and is not there in time is silence: it is not counted, so the clock stands meanwhile.
    Callbacks that come in a burst fill an empty buffer, and nobody knows yet when it will be heard; the first that
    comes at the pace of the sound tells it.
    """

    def __init__(self, rate_hz: int, frame_bytes: int) -> None:
        self.rate_hz, self._frame_bytes = rate_hz, frame_bytes
        self._lock = threading.Lock()
        self._blocks: deque[bytes] = deque()
        self._waiting = self._given = 0
        self._starts_ns: deque[float] = deque(maxlen=_LOOKS)
        self.lost = False
        """Nothing more is heard: there is no loudspeaker, or it went away."""
        self.last_ns: int | None = None
        """When it was asked for sound last; None before the first time."""

    def put(self, block: bytes) -> None:
        """More to be heard."""
        with self._lock:
            self._blocks.append(block)
            self._waiting += len(block)

    @property
    def waiting_s(self) -> float:
        """How long what waits here will last."""
        return self._waiting / (self.rate_hz * self._frame_bytes)

    def heard_s(self, now_ns: int) -> float | None:
        """How much of it has been heard; None before anything has."""
        with self._lock:
            if not self._starts_ns:
                return None
            since_s = (now_ns - median(self._starts_ns)) / 1e9
            return max(0.0, min(since_s, self._given / self.rate_hz))

    def fill(self, out: Any, frames: int, delay_s: float, now_ns: int) -> None:
        """The loudspeaker wants frames, the first of which will be heard in `delay_s`."""
        wanted = frames * self._frame_bytes
        with self._lock:
            is_paced = self.last_ns is not None and now_ns - self.last_ns > frames / self.rate_hz * 0.5e9
            self.last_ns = now_ns
            data = self._taken(wanted)
            if data and is_paced:
                self._tell(now_ns + delay_s * 1e9 - self._given / self.rate_hz * 1e9)
            self._given += len(data) // self._frame_bytes
        out[: len(data)] = data
        if len(data) < wanted:
            out[len(data) : wanted] = bytes(wanted - len(data))

    def _tell(self, start_ns: float) -> None:
        """What this callback makes of the moment at which the first frame was heard."""
        if self._starts_ns and abs(start_ns - median(self._starts_ns)) > _JUMP_NS:
            self._starts_ns.clear()
        self._starts_ns.append(start_ns)

    def _taken(self, most: int) -> bytes:
        pieces: list[bytes] = []
        left = most
        while left and self._blocks:
            piece = self._blocks.popleft()
            if len(piece) > left:
                self._blocks.appendleft(piece[left:])
                piece = piece[:left]
            pieces.append(piece)
            left -= len(piece)
        self._waiting -= most - left
        return b"".join(pieces)


def believed_delay_s(told_s: float, latency_s: float) -> float:
    """How long a buffer takes to be heard, from what the host interface tells of it and of the whole stream."""
    return told_s if 0 < told_s < _MOST_DELAY_S else max(0.0, min(latency_s, _MOST_DELAY_S))
