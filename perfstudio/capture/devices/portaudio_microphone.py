"""A microphone through PortAudio. The callback stamps and copies, nothing else; a watch of its own notices the end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

from perfstudio.capture.devices import alsa, permission_problems, portaudio
from perfstudio.capture.devices.camera import LostCall
from perfstudio.capture.devices.microphone import AudioBlock, BlockSink
from perfstudio.capture.devices.microphones import Microphone, find, microphones
from perfstudio.capture.devices.pulseaudio_watch import StreamWatch
from perfstudio.model.clock import host_ns
from perfstudio.model.device import DeviceKind, MicrophoneGranted, MicrophoneRequest
from perfstudio.model.errors import DeviceError, ErrorCode

BLOCK_S = 0.01
"""Blocks of 10 ms: small lumps keep the clock fit sharp."""
SERVER_BLOCK_S = 0.0
"""Of a sound server whatever is there: its pieces have lengths of their own, and what is left of one when a block is
full would make every later block late, as a loss does (measured: 8.7 ms of rough arrivals, 1.9 ms without)."""
SMALL_LATENCY_S = 0.04
SERVER_LATENCY_S = 0.16
"""A quarter of it comes at a time: to wake up is most of what a block costs."""
HARDWARE_LATENCY_S = 0.2
"""A bare ALSA card has no server that buffers for us, and nothing is monitored, so buffering is free."""
_FIRST_BLOCK_S = 6.0
"""The first block may be two seconds late on a sound server that has to wake the device."""
_DEAD_S = 10.0
"""A stream without callbacks for this long is lost; a sound server that hangs for less wakes up and delivers."""
_DOUBT_S = 0.4
_WATCH_S = 0.1
_PHONE_RATE = 44100
"""Below this a device is opened at its own rate: blowing a telephone band up to 48 kHz would only hide it."""
_BUSY_ERRORS = frozenset({-9985})  # paDeviceUnavailable
_FORMAT_ERRORS = frozenset({-9994, -9997, -9998})  # sample format, sample rate, channel count


def open_sound(request: MicrophoneRequest, also_known: tuple[str, ...] = ()) -> PortAudioMicrophone:
    """Open a microphone by id, or the system's choice for "default"."""
    there = microphones()
    microphone = find(request.id, there)
    if microphone is None:
        known = ", ".join((*(m.id for m in there), *also_known))
        raise DeviceError(ErrorCode.MICROPHONE_UNKNOWN, id=request.id, known=known)
    served = microphone.source is not None
    return permission_problems.open_let(microphone.id, lambda: PortAudioMicrophone(microphone, request), served=served)


class PortAudioMicrophone:
    """A microphone source on one raw PortAudio stream. It runs from the constructor on; `start` begins to hand on."""

    def __init__(self, microphone: Microphone, request: MicrophoneRequest) -> None:
        self._microphone = microphone
        self._block_s, self._latency_s = _pace(microphone)
        self._sink: BlockSink | None = None
        self._lost: LostCall | None = None
        self._given = 0
        self._last_ns = host_ns()
        self._heard = False
        self._notified = False
        self._stop = threading.Event()
        self._ended = threading.Event()
        self.sink_errors = 0
        """Blocks whose receiver raised; the stream goes on, because a dead callback would end a take unseen."""
        self._watcher: threading.Thread | None = None
        self._place = StreamWatch(microphone.source) if microphone.source else None
        with portaudio.lock():
            self._stream, self._granted = self._open(request)
            portaudio.claim(self)
        if self._place is not None and not self._place.begin():
            self.close()
            raise DeviceError(ErrorCode.MICROPHONE_REFUSED, id=microphone.id, detail="another source")

    @property
    def granted(self) -> MicrophoneGranted:
        """What was really granted."""
        return self._granted

    def start(self, sink: BlockSink, lost: LostCall) -> None:
        """Begin to hand on blocks; they come on PortAudio's thread."""
        self._lost, self._sink = lost, sink
        self._watcher = threading.Thread(target=self._watch, name="microphone-watch", daemon=True)
        self._watcher.start()

    def close(self, deadline_s: float = 2.0) -> None:
        """Stop and close. A sound system that hangs is left behind on a daemon thread."""
        if self._stop.is_set():
            return
        self._stop.set()
        closer = threading.Thread(target=self._close_stream, name="microphone-close", daemon=True)
        closer.start()
        closer.join(deadline_s)
        if self._place is not None:
            self._place.close()
        if self._watcher is not None and self._watcher is not threading.current_thread():
            self._watcher.join(deadline_s)

    def _open(self, request: MicrophoneRequest) -> tuple[Any, MicrophoneGranted]:
        sound = portaudio.library()
        problem: Exception | None = None
        for rate, sample_format, channels in self._wishes(request):
            try:
                stream = self._open_as(rate, sample_format, channels)
            except sound.PortAudioError as refused:
                problem = refused
                if _number(refused) not in _FORMAT_ERRORS:
                    break
                continue
            return stream, self._describe(stream, rate, sample_format, channels)
        code = ErrorCode.MICROPHONE_BUSY if _number(problem) in _BUSY_ERRORS else ErrorCode.MICROPHONE_REFUSED
        raise DeviceError(code, id=self._microphone.id, detail=_text(problem)) from problem

    def _open_as(self, rate: int, sample_format: str, channels: int) -> Any:
        with portaudio.server_choice("PULSE_SOURCE", self._microphone.source.name if self._microphone.source else ""):
            stream = portaudio.library().RawInputStream(
                samplerate=rate,
                blocksize=round(rate * self._block_s),
                device=self._microphone.input.index,
                channels=channels,
                dtype=sample_format,
                latency=self._latency_s,
                callback=self._arrived,
                finished_callback=self._ended.set,
            )
            return portaudio.started(stream)

    def _wishes(self, request: MicrophoneRequest) -> Iterator[tuple[int, str, int]]:
        """What to try, best first: the rate asked for, then the device's own; 24 bits where it has them, then 16."""
        own, asked = self._microphone.rate_hz, request.rate_hz or 48000
        rates = [asked, own, 48000, 44100] if own >= _PHONE_RATE or own <= 0 else [own, asked]
        channels = request.channels or self._microphone.channels
        bits = alsa.sample_bits(self._microphone.input.name) if self._microphone.is_bare else self._microphone.bits
        formats = ["int24", "int16"] if bits > 16 else ["int16"]
        for count in dict.fromkeys(count for count in (channels, 1, 2) if count > 0):
            for rate in dict.fromkeys(rate for rate in rates if rate > 0):
                for sample_format in formats:
                    yield rate, sample_format, count

    def _describe(self, stream: Any, rate: int, sample_format: str, channels: int) -> MicrophoneGranted:
        return MicrophoneGranted(
            id=self._microphone.id,
            name=self._microphone.name,
            kind=DeviceKind.LOCAL,
            host_api=self._microphone.host_api,
            rate_hz=rate,
            channels=channels,
            sample_format=sample_format,
            block_frames=round(rate * self._block_s),
            latency_s=round(float(stream.latency), 4),
        )

    def _arrived(self, data: Any, frames: int, times: Any, status: Any) -> None:
        now = host_ns()
        self._last_ns, self._heard = now, True
        sink = self._sink
        if sink is None:
            return
        block = AudioBlock(
            bytes(data), frames, self._given, now, times.inputBufferAdcTime, times.currentTime, status.input_overflow
        )
        self._given += frames
        try:
            sink(block)
        except Exception:  # noqa: BLE001 - PortAudio would end the stream without a word
            self.sink_errors += 1

    def _watch(self) -> None:
        while not self._stop.wait(_WATCH_S):
            if self._ended.is_set() or not self._is_alive() or (self._place and self._place.has_moved()):
                self._tell_lost()
                return

    def _is_alive(self) -> bool:
        """Callbacks come; or they are late, but the stream can still be asked for its time."""
        age_s = (host_ns() - self._last_ns) / 1e9
        if age_s < _DOUBT_S:
            return True
        if age_s > (_DEAD_S if self._heard else _FIRST_BLOCK_S):
            return False
        try:
            return bool(self._stream.active) and self._stream.time >= 0
        except Exception:  # noqa: BLE001 - PortAudioError: the card is gone
            return False

    def _tell_lost(self) -> None:
        if self._notified or self._stop.is_set() or self._lost is None:
            return
        self._notified = True
        self._lost(permission_problems.silenced(self._microphone.id, served=self._microphone.source is not None))

    def _close_stream(self) -> None:
        try:
            self._stream.abort()
            self._stream.close()
        except Exception:  # noqa: BLE001 - a stream whose device is gone may refuse; there is nothing left to keep
            self.sink_errors += 0
        portaudio.give_back(self)


def _pace(microphone: Microphone) -> tuple[float, float]:
    """Seconds of a block and of the buffer behind it."""
    if microphone.is_bare:
        return BLOCK_S, HARDWARE_LATENCY_S
    return (SERVER_BLOCK_S, SERVER_LATENCY_S) if microphone.source else (BLOCK_S, SMALL_LATENCY_S)


def _number(problem: Exception | None) -> int:
    """PortAudio's error number, or 0."""
    numbers = [arg for arg in getattr(problem, "args", ()) if isinstance(arg, int)]
    return numbers[0] if numbers else 0


def _text(problem: Exception | None) -> str:
    return str(problem.args[0]) if problem is not None and problem.args else ""
