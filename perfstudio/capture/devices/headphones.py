"""The headphones while a take is recorded: one stream that never stops, counts its samples, and stamps every callback.

Between clips it plays silence, so that its clock is known before the first word is heard. The callback copies what is
ready in memory, notes what it did, and does nothing else. A partner who is heard live is asked for each block instead,
in a process that records nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from perfstudio.capture.devices import portaudio
from perfstudio.capture.devices.outputs import SoundOutput, find, outputs
from perfstudio.capture.devices.pulseaudio_watch import StreamWatch
from perfstudio.model.clock import host_ns
from perfstudio.model.errors import DeviceError, ErrorCode

LATENCY_S: Final = 0.3
"""Longer than a busy computer lets us wait; when a clip is heard is measured, so that being late costs nothing."""
LIVE_LATENCY_S: Final = 0.03
"""For a voice that is answered: three blocks; when the process is held up for longer a gap is heard."""
CHANNELS: Final = 2
FRAME_BYTES: Final = 2 * CHANNELS
"""Interleaved 16 bit, left and right."""
RATES: Final = (48000, 44100)
"""What is tried where the output does not tell its own."""
_BLOCK_S: Final = 0.01
AWAKE_S: Final = 0.5
_DEAD_S: Final = 3.0
"""Headphones that ask for nothing for so long are gone. A sound server may take two seconds to wake them."""
NO_CLIP: Final = -1
"""In the place of a clip's sample: silence was played."""


@dataclass(frozen=True, slots=True)
class PlayedBlock:
    """One callback: what was given when, and when it will be heard by the driver's own word."""

    first_sample: int
    """Count of the block's first sample since the stream was opened."""
    host_ns: int
    dac_s: float
    """When the driver says that its first sample will be heard, on the driver's clock; 0 where it does not know."""
    current_s: float
    """The driver's own now."""
    frames: int
    underflow: bool
    """The driver says that it ran dry before. Never trusted alone."""
    clip_sample: int
    """The sample of the clip that is the block's first; NO_CLIP where none of it is in the block."""


Observe = Callable[[PlayedBlock], None]
Live = Callable[[int, int], bytes]
"""Is asked on PortAudio's thread: frames, and the rate at which they are played. Gives FRAME_BYTES each."""


def open_headphones(output_id: str, observe: Observe, called: str = "", live: Live | None = None) -> Headphones:
    """Open an output by its id; `called` is its name, where that is known. `live`: who is heard in the place of clips.

    Raises DeviceError (HEADPHONES_UNKNOWN, HEADPHONES_REFUSED, SOUND_SYSTEM_MISSING).
    """
    output = find(output_id, outputs())
    if output is None:
        raise DeviceError(ErrorCode.HEADPHONES_UNKNOWN, id=called or output_id)
    return Headphones(output, observe, live)


class Headphones:
    """Runs from the constructor on. `observe` is called on PortAudio's thread with every block and must return soon."""

    def __init__(self, output: SoundOutput, observe: Observe, live: Live | None = None) -> None:
        self.output = output
        self._observe = observe
        self._live = live
        self._clip: memoryview = memoryview(b"")
        self._at: int | None = None
        """Bytes of the clip that were given; None while it does not play."""
        self._given = 0
        self.rate_hz = 0
        self.gone = False
        """Whether they were given up."""
        self._last_ns = host_ns()
        self.latency_s = LATENCY_S
        """From a callback to the ear, by the driver's word."""
        self._ended = threading.Event()
        self._closed = False
        self._place = StreamWatch(output.sink) if output.sink is not None else None
        with portaudio.lock():
            self._stream = self._open()
            portaudio.claim(self)
        if self._place is not None and not self._place.begin():
            self.close()
            raise DeviceError(ErrorCode.HEADPHONES_REFUSED, id=output.name)
        self.latency_s = float(self._stream.latency)

    def load(self, clip: bytes) -> None:
        """What `play` plays: frames of FRAME_BYTES at `rate_hz`."""
        self._at = None
        self._clip = memoryview(clip)

    def play(self) -> None:
        """Begin with the next block. Once a load."""
        self._at = 0

    def hush(self) -> None:
        """Silence from the next block on."""
        self._at = None

    def give_up(self) -> None:
        """They are not what they were: nothing more is heard in them."""
        self.hush()
        self.gone = True

    def is_awake(self) -> bool:
        """Whether they ask for sound at the pace of sound: more than the buffer was filled with at the opening. A sound
        server may take two seconds to wake them; what is given before is heard when they are."""
        return self._given > self.rate_hz * max(AWAKE_S, 2 * self.latency_s)

    @property
    def is_well(self) -> bool:
        """Whether it still asks for sound, and is where it was opened."""
        age_s = (host_ns() - self._last_ns) / 1e9
        return (
            age_s < _DEAD_S and not self._ended.is_set() and not (self._place is not None and self._place.has_moved())
        )

    def close(self, deadline_s: float = 2.0) -> None:
        """Stop and close; may be called twice. A sound system that hangs is left behind on a daemon thread."""
        if self._closed:
            return
        self._closed, self._at = True, None
        closer = threading.Thread(target=self._close_stream, name="headphones-close", daemon=True)
        closer.start()
        closer.join(deadline_s)
        if self._place is not None:
            self._place.close()

    def _open(self) -> Any:
        """At the rate of the output itself where a sound server tells it: a server that converts delays what it is
        given by its filter (2.9 ms from 48 to 16 kHz, PulseAudio 16.1) and leaves that out of what it says.
        """
        sound, sink = portaudio.library(), self.output.sink
        for rate in dict.fromkeys((sink.rate_hz if sink is not None else 0, *RATES, self.output.output.rate_hz)):
            try:
                if rate:
                    return self._open_as(rate)
            except sound.PortAudioError:
                continue
        raise DeviceError(ErrorCode.HEADPHONES_REFUSED, id=self.output.name)

    def _open_as(self, rate_hz: int) -> Any:
        self.rate_hz = rate_hz  # its first callback comes before it is open
        sink = self.output.sink
        with portaudio.server_choice("PULSE_SINK", sink.name if sink is not None else ""):
            stream = portaudio.library().RawOutputStream(
                samplerate=rate_hz,
                blocksize=0 if sink is not None and self._live is None else round(rate_hz * _BLOCK_S),
                device=self.output.output.index,
                channels=CHANNELS,
                dtype="int16",
                latency=LATENCY_S if self._live is None else LIVE_LATENCY_S,
                callback=self._fill,
                finished_callback=self._ended.set,
            )
            return portaudio.started(stream)

    def _fill(self, out: Any, frames: int, times: Any, status: Any) -> None:
        now = self._last_ns = host_ns()
        at, clip, size = self._at, self._clip, frames * FRAME_BYTES
        data: bytes | memoryview = clip[at : at + size] if at is not None else b""
        if self._live is not None:
            data = self._live(frames, self.rate_hz)[:size]
        out[: len(data)] = data
        if len(data) < size:
            out[len(data) :] = bytes(size - len(data))
        sample = at // FRAME_BYTES if at is not None and len(data) else NO_CLIP
        if at is not None and self._at == at:
            self._at = at + size
        self._observe(
            PlayedBlock(
                self._given,
                now,
                times.outputBufferDacTime,
                times.currentTime,
                frames,
                bool(status.output_underflow),
                sample,
            )
        )
        self._given += frames

    def _close_stream(self) -> None:
        try:
            self._stream.abort()
            self._stream.close()
        except Exception:  # noqa: BLE001 - a stream whose device is gone may refuse; there is nothing left to keep
            self._ended.set()
        portaudio.give_back(self)
