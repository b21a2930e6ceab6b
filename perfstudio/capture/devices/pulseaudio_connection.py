"""A line to the PulseAudio or PipeWire server through its own library: numbers and bytes, in no language.

libpulse waits for a server that hangs as long as it hangs. Here every wait has an end: its loop leaves the sleeping to
us, and we hang up when the time is over or when somebody rings the bell.
"""

from __future__ import annotations

import os
import select
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any


class NoServerError(Exception):
    """There is no sound server, or none that answers in time."""


class PulseConnection:
    """One connection, used by one thread; only `ring` may come from another. Raises NoServerError at every step."""

    def __init__(self, limit_s: float) -> None:
        self._until: float | None = time.monotonic() + limit_s
        self._library = library()
        if self._library is None:
            raise NoServerError
        with self._conversation():
            self._pulse = self._library.Pulse("perfstudio", connect=False)
            self._pulse.set_poll_func(self._sleep, lambda *_: None)
        self._bell = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)

    def __enter__(self) -> PulseConnection:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up; may be called twice."""
        self._pulse.close()
        if self._bell >= 0:
            os.close(self._bell)
            self._bell = -1

    def ring(self) -> None:
        """Whatever waits, ends. From any thread, before `close`."""
        os.eventfd_write(self._bell, 1)

    def connect(self) -> None:
        """Find the server. None is started: PortAudio, which looks for devices first, has done so where it is usual."""
        with self._conversation():
            self._pulse.connect()

    def sources(self, made: Callable[[Any], Any]) -> list[Any]:
        """What `made` makes of every source (a `pa_source_info`)."""
        c = self._library.pulsectl.c
        return list(self._asked(c.PA_SOURCE_INFO_CB_T, c.pa.context_get_source_info_list, made))

    def recordings(self, made: Callable[[Any], Any]) -> list[Any]:
        """What `made` makes of every recording stream (a `pa_source_output_info`)."""
        c = self._library.pulsectl.c
        return list(self._asked(c.PA_SOURCE_OUTPUT_INFO_CB_T, c.pa.context_get_source_output_info_list, made))

    def sinks(self, made: Callable[[Any], Any]) -> list[Any]:
        """What `made` makes of every output (a `pa_sink_info`)."""
        c = self._library.pulsectl.c
        return list(self._asked(c.PA_SINK_INFO_CB_T, c.pa.context_get_sink_info_list, made))

    def playbacks(self, made: Callable[[Any], Any]) -> list[Any]:
        """What `made` makes of every stream that plays (a `pa_sink_input_info`)."""
        c = self._library.pulsectl.c
        return list(self._asked(c.PA_SINK_INPUT_INFO_CB_T, c.pa.context_get_sink_input_info_list, made))

    def clients(self, made: Callable[[Any], Any]) -> list[Any]:
        """What `made` makes of every program that is connected (a `pa_client_info`)."""
        c = self._library.pulsectl.c
        return list(self._asked(c.PA_CLIENT_INFO_CB_T, c.pa.context_get_client_info_list, made))

    def server(self, made: Callable[[Any], Any]) -> Any:
        """What `made` makes of the server's own facts (a `pa_server_info`)."""
        c = self._library.pulsectl.c
        return self._asked(c.PA_SERVER_INFO_CB_T, c.pa.context_get_server_info, made, singleton=True)

    def move(self, recording: int, source: int) -> None:
        """Connect a recording stream to another source."""
        with self._conversation():
            self._pulse.source_output_move(recording, source)

    def move_playback(self, playback: int, sink: int) -> None:
        """Connect a stream that plays to another output."""
        with self._conversation():
            self._pulse.sink_input_move(playback, sink)

    def listen(self, facilities: tuple[str, ...], there: Callable[[], None], changed: Callable[[Any], None]) -> None:
        """Call `there` once the server tells of these facilities, then `changed` with each event (pulsectl's), until
        the bell or the server's end."""
        with self._conversation():
            self._pulse.event_mask_set(*facilities)
            self._pulse.event_callback_set(changed)
            self._until = None
            there()
            self._pulse.event_listen()

    def _asked(self, shape: Any, question: Any, made: Callable[[Any], Any], *, singleton: bool = False) -> Any:
        """A list as pulsectl asks for it, with our values: its own refuse names that are no UTF-8, and never end."""
        ask = self._library.Pulse._pulse_get_list(shape, question, made, singleton=singleton)
        with self._conversation():
            return ask(self._pulse)

    @contextmanager
    def _conversation(self) -> Iterator[None]:
        known = self._library
        try:
            yield
        except (known.PulseError, known.PulseDisconnected, known.pulsectl.c.pa.CallError) as problem:
            raise NoServerError from problem

    def _sleep(self, descriptors: Sequence[Any], wish_s: float) -> int:
        """Until one of libpulse's descriptors is ready. Its loop is ended, not failed, for that it would print."""
        left_s = None if self._until is None else max(0.0, self._until - time.monotonic())
        limits = [limit for limit in (left_s, wish_s if wish_s >= 0 else None) if limit is not None]
        wanted = {self._bell: select.POLLIN}
        for entry in descriptors:
            wanted[entry.fd] = wanted.get(entry.fd, 0) | entry.events
        poll = select.poll()
        for descriptor, events in wanted.items():
            poll.register(descriptor, events)
        ready = dict(poll.poll(min(limits) * 1000 if limits else None))
        for entry in descriptors:
            entry.revents = ready.get(entry.fd, 0) & (entry.events | select.POLLERR | select.POLLHUP | select.POLLNVAL)
        if self._bell in ready or left_s == 0.0:
            self._pulse.close()  # from inside its loop this only ends the loop, which closes itself then
        return sum(1 for entry in descriptors if entry.revents)


@cache
def library() -> Any:
    """pulsectl; None where it or libpulse is not there."""
    try:
        import pulsectl  # noqa: PLC0415 - loads the C library, and only who asks a sound server needs it
    except (ImportError, OSError, AttributeError):
        return None
    return pulsectl
