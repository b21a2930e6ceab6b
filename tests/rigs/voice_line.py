"""A line that carries voices between two sides on this machine: one speaks a known sound, the other is listened to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from perfstudio.call.heard_frames import HeardFrames
from perfstudio.call.messages import MediaOrder, PlayOrder, Speak, VoiceNow
from perfstudio.capture.recording.recorder import Recorder
from perfstudio.capture.recording.sound_tap import SoundTap, SoundTapReader, TappedSound
from perfstudio.model.device import DeviceSelection, MicrophoneRequest
from perfstudio.session.duet.line_link import LineLink
from rigs.duet_relay import Relay, Way

DIRECT = Way()


@dataclass
class Side:
    """One side: the process of its line, and all that it told."""

    tap: SoundTap
    link: LineLink
    told: list[object] = field(default_factory=list)
    thread: threading.Thread | None = None

    def listens(self) -> None:
        """Keep all that is told, on a thread of its own."""
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def told_of(self, kind: type) -> list[object]:
        return [one for one in tuple(self.told) if isinstance(one, kind)]

    @property
    def voice(self) -> VoiceNow:
        now = [one for one in tuple(self.told) if isinstance(one, VoiceNow)]
        return now[-1] if now else VoiceNow(0.0, HeardFrames())

    @property
    def pid(self) -> int:
        assert self.link._process.pid is not None
        return self.link._process.pid

    def _listen(self) -> None:
        while (said := self.link.heard()) is not None:
            self.told.append(said)


@contextmanager
def voice_line(ears: tuple[str, str], way: Way | None = None) -> Iterator[tuple[Side, Side]]:
    """Two sides with headphones by these ids, connected, each way over such a stretch of network; both speak."""
    with ExitStack() as stack:
        stop = threading.Event()
        taps = [stack.enter_context(closing(SoundTap())) for _ in ears]
        orders = [
            PlayOrder(first, media=MediaOrder(tap.name, ear, ear))
            for first, tap, ear in zip((True, False), taps, ears, strict=True)
        ]
        one, other = (stack.enter_context(LineLink(order, stop)) for order in orders)
        relay = stack.enter_context(Relay(way, way)) if way is not None else None
        told = one.described()
        other.tell(relay.instead_of(told) if relay is not None else told)
        told = other.described()
        one.tell(relay.instead_of(told) if relay is not None else told)
        sides = Side(taps[0], one), Side(taps[1], other)
        for side in sides:
            side.link.wait_open()
            side.link.all_said()
            side.listens()
            side.link.send(Speak(on=True))
        try:
            yield sides
        finally:
            stop.set()


@dataclass
class Listener:
    """A microphone that is recorded by nobody: what it gave, and when."""

    recorder: Recorder
    reader: SoundTapReader
    pieces: list[TappedSound] = field(default_factory=list)

    def look(self) -> None:
        """Take in what has come."""
        self.pieces.extend(iter(self.reader.read, None))

    @property
    def seconds(self) -> float:
        return sum(len(piece.samples) for piece in self.pieces) / self.pieces[0].rate_hz if self.pieces else 0.0

    def sound(self) -> NDArray[np.float64]:
        """All of it, full scale 1."""
        return np.concatenate([piece.samples[:, 0] for piece in self.pieces]) / 2**31

    def began_ns(self) -> int:
        """When its first sample arrived: the earliest that any block allows."""
        first, rate = self.pieces[0].first_sample, self.pieces[0].rate_hz
        ends = [piece.first_sample - first + len(piece.samples) for piece in self.pieces]
        return min(piece.host_ns - round(end / rate * 1e9) for piece, end in zip(self.pieces, ends, strict=True))


@contextmanager
def listening(microphone: str, tap: SoundTap | None = None) -> Iterator[Listener]:
    """Hear a microphone by its id, through this tap or one of its own."""
    with ExitStack() as stack:
        tap = tap or stack.enter_context(closing(SoundTap()))
        reader = stack.enter_context(closing(SoundTapReader(tap.name)))
        only = DeviceSelection(camera=None, microphone=MicrophoneRequest(id=microphone))
        recorder = stack.enter_context(closing(Recorder(only, reserve_bytes=0)))
        recorder.open()
        recorder.tap_sound(tap.name)
        yield Listener(recorder, reader)


def delay_s(said: Listener, heard: Listener) -> float:
    """How much later the one is heard than it was said, of one and the same sound: mouth to ear, for what is said
    reaches its microphone as late as what is heard reaches its own."""
    rate = said.pieces[0].rate_hz
    one, other = said.sound(), heard.sound()
    size = 1 << (len(one) + len(other)).bit_length()
    across = np.fft.irfft(np.conj(np.fft.rfft(one, size)) * np.fft.rfft(other, size), size)
    lag = int(np.argmax(across))
    lag = lag - size if lag > size // 2 else lag
    return lag / rate + (heard.began_ns() - said.began_ns()) * 1e-9
