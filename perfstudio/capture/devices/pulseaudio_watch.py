"""Noticing that the sound server moved our stream to another microphone, which it does without a word.

When a microphone vanishes (or a Bluetooth headset changes its profile), the server connects the stream to whatever is
left and goes on delivering. A take must not go on from the wrong microphone. A subscription sleeps until the server
changes something; only then is it asked where the stream is.
"""

from __future__ import annotations

import os

from perfstudio.capture.devices import pulseaudio


class StreamWatch:
    """Watches one stream of this process. Make it before the stream is opened, `begin` once it runs."""

    def __init__(self, source: pulseaudio.PulseSource) -> None:
        self._source = source
        self._before = set(pulseaudio.streams_of(os.getpid()) or ())
        self._stream: int | None = None
        self._server = pulseaudio.Subscription()

    def begin(self) -> bool:
        """Find the stream that was just opened; False when the server put it elsewhere and will not move it."""
        now = pulseaudio.streams_of(os.getpid()) or {}
        fresh = [stream for stream in now if stream not in self._before]
        if not fresh:
            return True
        self._stream = fresh[-1]
        if now[self._stream] != self._source.index and not pulseaudio.move(self._stream, self._source.index):
            return False
        self._server.start()
        return True

    def has_moved(self) -> bool:
        """Whether the stream is on another microphone now. Costs nothing while the server is quiet."""
        if self._stream is None or not self._server.take_changes():
            return False
        now = pulseaudio.streams_of(os.getpid())
        return now is not None and now.get(self._stream, self._source.index) != self._source.index

    def close(self) -> None:
        """End the watch."""
        self._server.close()
