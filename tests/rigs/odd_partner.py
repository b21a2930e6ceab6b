"""A partner in this process: speaks a tone over a real line, or sends what no honest side would."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

import av
import numpy as np
from aiortc import MediaStreamTrack

from perfstudio.call.mending import FRAME, RATE_HZ
from perfstudio.call.opus import Frames, VoiceEncoder, packed
from perfstudio.call.papers import PAPER
from perfstudio.call.peer import Peer
from perfstudio.model.call_ways import NO_SERVERS

_TONE_HZ = 440.0


class OddVoice(MediaStreamTrack):
    """`does` is "speak", "be still", "talk nonsense" or "flood", and may be changed at any time."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self.does = "speak"
        self._encoder, self._number, self._begun = VoiceEncoder(RATE_HZ), 0, asyncio.get_running_loop().time()
        self._never = asyncio.Event()

    async def recv(self) -> av.Packet[Any]:
        """The next packet, in time; in a flood at once."""
        loop = asyncio.get_running_loop()
        while True:
            self._number += 1
            late_s = 0.0005 if self.does == "flood" else self._begun + self._number * 0.02 - loop.time()
            if self.does == "flood":
                self._begun = loop.time() - self._number * 0.02
            try:
                await asyncio.wait_for(self._never.wait(), max(late_s, 0.0))
            except TimeoutError:
                said = self._said()
            if said:
                packet: av.Packet[Any] = av.Packet(said)
                packet.pts, packet.time_base = self._number * FRAME, Fraction(1, RATE_HZ)
                return packet

    def _said(self) -> bytes:
        if self.does == "be still":
            return b""
        if self.does != "speak":
            return os.urandom(900)
        at = (np.arange(FRAME) + self._number * FRAME) / RATE_HZ
        tone = (np.sin(2 * np.pi * _TONE_HZ * at) * 2**29).astype(np.int32)[:, None]
        return b"".join(packed(Frames(self._number, frame, b"")) for frame in self._encoder.frames(tone)[:1])


class _Speaks:
    """What `Peer` asks of voices."""

    def __init__(self) -> None:
        self.voice_out = OddVoice()

    def arrived(self, packet: Any) -> None:
        """Nobody listens."""


class OddPartner:
    """Answers whoever begins. Its event loop runs on a thread."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="odd-partner", daemon=True)
        self._thread.start()
        self._peer, self.voice = self._on_loop(self._made())

    def answer(self, offer: str) -> str:
        """What the one who began is to hear."""
        said: str = self._on_loop(self._peer.answer(offer))
        return said

    def floods_with_papers(self, count: int) -> None:
        """So many documents, 10 kB each."""
        self._on_loop(self._flood(count))

    def close(self) -> None:
        """Leave."""
        self._on_loop(self._peer.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _made(self) -> tuple[Peer, OddVoice]:
        speaks: Any = _Speaks()
        return Peer(NO_SERVERS, speaks), speaks.voice_out

    async def _flood(self, count: int) -> None:
        for _ in range(count):
            self._peer.send(bytes([PAPER]) + os.urandom(10_000))

    def _on_loop(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)


@contextmanager
def odd_partner() -> Iterator[OddPartner]:
    """One that leaves at the end."""
    partner = OddPartner()
    try:
        yield partner
    finally:
        partner.close()
