"""The system's choice of a loudspeaker, through PortAudio.

Everything that a sound system may hold up (opening, starting, stopping) happens on a thread of its own: who plays never
waits for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from enum import Enum
from typing import Any

from perfstudio.capture.devices import portaudio
from perfstudio.capture.devices.portaudio import PortAudioOutput
from perfstudio.capture.devices.sound_run import SoundRun, believed_delay_s
from perfstudio.model.clock import host_ns
from perfstudio.model.errors import DeviceError

LATENCY_S = 0.16
"""As long as the window may hold Python's lock; a pause is heard at once all the same, for what waits is dropped."""
_DEAD_S = 3.0
"""A loudspeaker that asks for nothing for so long is gone. A sound server may take two seconds to wake one."""
_WATCH_S = 0.25
_CHANNELS = 2


class SpeakerState(Enum):
    """What is known of the loudspeaker."""

    OPENING = "opening"
    READY = "ready"
    NONE = "none"


class Speaker:
    """Opens at once, in stereo and floating point; `changed` tells on its thread that `state` is another one, or that a
    run is lost. `rate_hz` counts once it is READY."""

    def __init__(self, rate_hz: int, changed: Callable[[], None]) -> None:
        self.rate_hz = rate_hz
        self.state = SpeakerState.OPENING
        self._changed = changed
        self._wake = threading.Condition()
        self._wanted: SoundRun | None = None
        self._run: SoundRun | None = None
        self._closing = False
        self._stream: Any = None
        self._begun_ns = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name="speaker", daemon=True)
        self._thread.start()

    def play(self, run: SoundRun) -> None:
        """This from now on, and nothing of what was heard before."""
        with self._wake:
            self._wanted = run
            self._wake.notify()

    def hush(self) -> None:
        """Be silent at once."""
        with self._wake:
            self._wanted = None
            self._wake.notify()

    def try_again(self) -> None:
        """There was none; there may be one now."""
        with self._wake:
            if self.state is SpeakerState.NONE:
                self.state = SpeakerState.OPENING
                self._wake.notify()

    def close(self) -> None:
        """Give the device back, soon."""
        with self._wake:
            self._closing, self._wanted = True, None
            self._wake.notify()

    def _work(self) -> None:
        while not self._closing:
            if self.state is SpeakerState.OPENING:
                self._open()
                self._changed()
            self._follow()
            with self._wake:
                if self._is_calm():
                    self._wake.wait(_WATCH_S if self._run is not None else None)
        self._close_stream()

    def _is_calm(self) -> bool:
        return self._wanted is self._run and not self._closing and self.state is not SpeakerState.OPENING

    def _follow(self) -> None:
        """Bring the device to what is wanted of it."""
        with self._wake:
            wanted = self._wanted
        if wanted is not self._run:
            self._stop()
            self._run = wanted
            if wanted is not None:
                self._begin(wanted)
        elif wanted is not None and not self._is_alive(wanted):
            self._lose()

    def _open(self) -> None:
        try:
            with portaudio.lock():
                self._stream = self._opened()
                if self._stream is not None:
                    portaudio.claim(self)
                else:
                    portaudio.forget_lists()
        except DeviceError:
            self._stream = None
        self.state = SpeakerState.NONE if self._stream is None else SpeakerState.READY

    def _opened(self) -> Any:
        """The first way that works, or None."""
        for output in portaudio.outputs():
            for rate in dict.fromkeys((self.rate_hz, output.rate_hz, 48000)):
                stream = self._opened_as(output, rate) if rate else None
                if stream is not None:
                    self.rate_hz = rate
                    return stream
        return None

    def _opened_as(self, output: PortAudioOutput, rate_hz: int) -> Any:
        sound = portaudio.library()
        try:
            return sound.RawOutputStream(
                samplerate=rate_hz,
                device=output.index,
                channels=_CHANNELS,
                dtype="float32",
                latency=LATENCY_S,
                callback=self._fill,
                finished_callback=self._ended.set,
            )
        except sound.PortAudioError:
            return None

    def _begin(self, run: SoundRun) -> None:
        try:
            self._ended.clear()
            self._begun_ns = host_ns()
            self._stream.start()
        except Exception:  # noqa: BLE001 - PortAudioError, or no stream: the device is gone
            self._lose()

    def _stop(self) -> None:
        if self._run is None or self._stream is None:
            return
        try:
            self._stream.abort()
        except Exception:  # noqa: BLE001 - as above
            self._lose()

    def _lose(self) -> None:
        """It went away; whoever plays goes on in silence."""
        run, self._run = self._run, None
        with self._wake:
            if self._wanted is run:
                self._wanted = None
        self._close_stream()
        self.state = SpeakerState.NONE
        if run is not None:
            run.lost = True
        self._changed()

    def _is_alive(self, run: SoundRun) -> bool:
        age_s = (host_ns() - (run.last_ns or self._begun_ns)) / 1e9
        return age_s < _DEAD_S and not self._ended.is_set()

    def _close_stream(self) -> None:
        stream, self._stream = self._stream, None
        if stream is None:
            return
        try:
            with portaudio.lock():
                stream.abort()
                stream.close()
        except Exception:  # noqa: BLE001 - a stream whose device is gone may refuse; nothing is left to keep
            self._run = None
        portaudio.give_back(self)

    def _fill(self, out: Any, frames: int, times: Any, _status: Any) -> None:
        """On PortAudio's thread: what is wanted next, and when it will be heard."""
        now, run = host_ns(), self._run
        if run is None:
            out[:] = bytes(len(out))
            return
        told_s = times.outputBufferDacTime - times.currentTime
        stream = self._stream
        run.fill(out, frames, believed_delay_s(told_s, float(stream.latency) if stream is not None else 0.0), now)
