"""One's own voice on its way to the line: read from the microphone's tap, 20 ms at a time, each packet with the frame
before it."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any, Final

import av
from aiortc import MediaStreamTrack

from perfstudio.call.media import TappedMicrophone, TappedPiece
from perfstudio.call.mending import FRAME, RATE_HZ
from perfstudio.call.opus import TIME_BASE, Frames, VoiceEncoder, packed

LOOK_S: Final = 0.005
"""How often the tap is looked at: a block comes every 10 ms."""
_MOST_WAITING: Final = 5
"""Frames that wait to go out. More is a process that was held up: the oldest are left out."""


class VoiceOut(MediaStreamTrack):
    """What aiortc sends: `recv` gives packets that are encoded already. Used on one event loop."""

    kind = "audio"

    def __init__(self, microphone: TappedMicrophone) -> None:
        super().__init__()
        self._microphone = microphone
        self._encoder: VoiceEncoder | None = None
        self._rate_hz = 0
        self._next_sample = 0
        self._number = 0
        self._before = b""
        self._due: deque[Frames] = deque(maxlen=_MOST_WAITING)
        self.speaks = False
        """Whether anything is sent. Until it is said, and while one is mute, nothing is."""

    async def recv(self) -> av.Packet[Any]:
        """The next packet, when there is one."""
        while True:
            while (piece := self._microphone.read()) is not None:
                self._hear(piece)
            if self._due:
                return self._packet(self._due.popleft())
            await asyncio.sleep(LOOK_S)

    def stop(self) -> None:
        """End, and let the microphone go."""
        super().stop()
        self._microphone.close()

    def _hear(self, piece: TappedPiece) -> None:
        if self._encoder is None or piece.rate_hz != self._rate_hz or piece.first_sample != self._next_sample:
            gone_s = (piece.first_sample - self._next_sample) / piece.rate_hz if self._encoder is not None else 0.0
            self._number += max(round(gone_s * RATE_HZ / FRAME), 0)
            self._encoder, self._rate_hz = VoiceEncoder(piece.rate_hz), piece.rate_hz
        self._next_sample = piece.first_sample + len(piece.samples)
        for frame in self._encoder.frames(piece.samples):
            if self.speaks:
                self._due.append(Frames(self._number, frame, self._before))
            self._before = frame if self.speaks else b""
            self._number += 1

    def _packet(self, frames: Frames) -> av.Packet[Any]:
        packet: av.Packet[Any] = av.Packet(packed(frames))
        packet.pts, packet.time_base = frames.number * FRAME, TIME_BASE
        return packet
