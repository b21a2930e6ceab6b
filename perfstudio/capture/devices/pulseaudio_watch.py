"""Noticing that the sound server moved our stream to another device, which it does without a word.

When a microphone vanishes (or a Bluetooth headset changes its profile), the server connects the stream to whatever is
left and goes on delivering; when headphones are pulled out, it plays in the loudspeakers. A take must not go on from
the wrong microphone, nor a partner be heard where nobody chose it. A subscription sleeps until the server
changes something; only then is it asked where the stream is.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from perfstudio.capture.devices import pulseaudio


class StreamWatch:
    """Watches one stream of this process: one that records from a source, or one that plays in a sink. Make it before
    the stream is opened, `begin` once it runs."""

    def __init__(self, device: pulseaudio.PulseSource | pulseaudio.PulseSink) -> None:
        plays = isinstance(device, pulseaudio.PulseSink)
        self._device = device.index
        self._streams: Callable[[int], dict[int, int] | None] = (
            pulseaudio.playing_of if plays else pulseaudio.streams_of
        )
        self._move = pulseaudio.move_playing if plays else pulseaudio.move
        self._before = set(self._streams(os.getpid()) or ())
        self._stream: int | None = None
        self._seeks = self._unsure = False
        """Whether the stream was not found, and whether the last look was not answered: the server is asked again."""
        self._server = pulseaudio.Subscription(*(("sink", "sink_input") if plays else ()))

    def begin(self) -> bool:
        """Find the stream that was just opened; False when the server put it elsewhere and will not move it."""
        now = self._streams(os.getpid())
        self._seeks = self._unsure = now is None
        self._stream = self._fresh(now)
        if self._is_elsewhere(now) and not (self._stream is not None and self._move(self._stream, self._device)):
            return False
        if self._seeks or self._stream is not None:
            self._server.start()
        return True

    def has_moved(self) -> bool:
        """Whether the stream is on another device now. Costs nothing while the server is quiet."""
        changed = self._server.take_changes()
        if not (changed or self._unsure):
            return False
        now = self._streams(os.getpid())
        self._unsure = now is None
        if self._seeks and now is not None:
            self._stream, self._seeks = self._fresh(now), False
        return self._is_elsewhere(now)

    def _fresh(self, now: dict[int, int] | None) -> int | None:
        return next((stream for stream in reversed(now or {}) if stream not in self._before), None)

    def _is_elsewhere(self, now: dict[int, int] | None) -> bool:
        return now is not None and self._stream is not None and now.get(self._stream, self._device) != self._device

    def close(self) -> None:
        """End the watch."""
        self._server.close()
