"""What the PulseAudio or PipeWire server says; nothing where there is no server, or none that answers in time."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from perfstudio.capture.devices.device_names import readable
from perfstudio.capture.devices.pulseaudio_connection import NoServerError, PulseConnection, library
from perfstudio.capture.devices.pulseaudio_listener import PulseListener

_LIMIT_S = 2.0
_END_S = 2.0
_NOWHERE = 0xFFFFFFFF
_NAMES = ("device.description", "node.description", "device.product.name", "alsa.card_name", "node.nick")
"""Where else the name of a microphone may stand, the best first."""
_FINE_FORMATS = range(5, 13)
"""Everything after 16 bits in pa_sample_format: float, 24 and 32 bits."""
T = TypeVar("T")
_Streams = list[tuple[int, int, int, str]]
"""Index, device, client and process of each stream."""


@dataclass(frozen=True, slots=True)
class PulseSource:
    """One microphone of the sound server. `bits` is 16, or 24 where it gives more; other numbers 0 when unknown."""

    index: int
    name: str
    label: str
    channels: int
    rate_hz: int
    bits: int
    is_default: bool
    is_monitor: bool
    muted: bool


@dataclass(frozen=True, slots=True)
class PulseSink:
    """One output of the sound server."""

    index: int
    name: str
    label: str
    channels: int
    rate_hz: int
    is_default: bool


def sinks() -> tuple[PulseSink, ...]:
    """Every output."""

    def ask(line: PulseConnection) -> tuple[PulseSink, ...]:
        default = line.server(lambda told: _text(told.default_sink_name))
        return tuple(line.sinks(lambda told: _sink(told, default)))

    return _asked(ask) or ()


def sources() -> tuple[PulseSource, ...]:
    """Every source, monitors of outputs too."""

    def ask(line: PulseConnection) -> tuple[PulseSource, ...]:
        default = line.server(lambda told: _text(told.default_source_name))
        return tuple(line.sources(lambda told: _source(told, default)))

    return _asked(ask) or ()


def default_source() -> str:
    """The name of the source a program gets that asks for none; empty when unknown."""
    return _asked(lambda line: str(line.server(lambda told: _text(told.default_source_name)))) or ""


def find(name: str) -> PulseSource | None:
    """The source of a name, or None."""
    return next((source for source in sources() if source.name == name), None)


def streams_of(process_id: int) -> dict[int, int] | None:
    """Recording streams of a process: the source of each, by stream index. None when the server does not answer.

    Whose a stream is stands with it, or with its client only: so it is where PipeWire's plug-in for ALSA records.
    """

    def streams(line: PulseConnection) -> _Streams:
        return line.recordings(lambda told: (int(told.index), int(told.source), int(told.client), _owner(told)))

    return _asked(lambda line: _owned(line, str(process_id), streams(line)))


def playing_of(process_id: int) -> dict[int, int] | None:
    """Streams of a process that play: the output of each, by stream index. None when the server does not answer."""

    def streams(line: PulseConnection) -> _Streams:
        return line.playbacks(lambda told: (int(told.index), int(told.sink), int(told.client), _owner(told)))

    return _asked(lambda line: _owned(line, str(process_id), streams(line)))


def move(stream: int, source: int) -> bool:
    """Connect a recording stream to another source; whether the server did."""

    def ask(line: PulseConnection) -> bool:
        line.move(stream, source)
        return True

    return _asked(ask) is True


def move_playing(stream: int, sink: int) -> bool:
    """Connect a stream that plays to another output; whether the server did."""

    def ask(line: PulseConnection) -> bool:
        line.move_playback(stream, sink)
        return True

    return _asked(ask) is True


def _owned(line: PulseConnection, asked: str, streams: _Streams) -> dict[int, int]:
    """Where the streams of a process are, by stream index."""
    clients = {index for index, owner in line.clients(lambda told: (int(told.index), _owner(told))) if owner == asked}
    return {
        index: device for index, device, client, owner in streams if owner == asked or (not owner and client in clients)
    }


class Subscription:
    """Sleeps until the server changes something about its sources or recording streams, or about other `facilities`.

    Without a server, and when it goes, it ends.
    """

    def __init__(self, *facilities: str) -> None:
        self._changed = threading.Event()
        self._listener = PulseListener(*(facilities or ("source", "source_output")))
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to listen on a thread of its own."""
        if sys.platform.startswith("linux") and self._thread is None:
            self._thread = threading.Thread(target=self._run, name="sound-server", daemon=True)
            self._thread.start()

    def take_changes(self) -> bool:
        """Whether something changed since the last call. Costs nothing."""
        changed = self._changed.is_set()
        self._changed.clear()
        return changed

    def close(self) -> None:
        """End; may be called twice."""
        self._listener.hang_up()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(_END_S)

    def _run(self) -> None:
        self._listener.listen(self._changed.set, lambda _: self._changed.set())  # what changed before counts, too


def _asked(ask: Callable[[PulseConnection], T]) -> T | None:
    """The answer of a server that is reached for this; None when nobody answers in time."""
    try:
        with PulseConnection(_LIMIT_S) as line:
            line.connect()
            return ask(line)
    except NoServerError:
        return None


def _label(told: Any) -> str:
    labels = (readable(told.description), *(_property(told, key) for key in _NAMES), _text(told.name))
    return next((label for label in labels if label), "")


def _sink(told: Any, default: str) -> PulseSink:
    name, spec = _text(told.name), told.sample_spec
    return PulseSink(
        int(told.index), name, _label(told), int(spec.channels), int(spec.rate), is_default=name == default
    )


def _source(told: Any, default: str) -> PulseSource:
    name, spec = _text(told.name), told.sample_spec
    return PulseSource(
        index=int(told.index),
        name=name,
        label=_label(told),
        channels=int(spec.channels),
        rate_hz=int(spec.rate),
        bits=24 if spec.format in _FINE_FORMATS else 16,
        is_default=name == default,
        is_monitor=told.monitor_of_sink != _NOWHERE or name.endswith(".monitor"),
        muted=bool(told.mute),
    )


def _text(raw: bytes | None) -> str:
    """A name that the server knows things by: as it is."""
    return (raw or b"").decode("utf-8", "replace")


def _owner(told: Any) -> str:
    """The number of the process, as the server was told."""
    return _property(told, "application.process.id")


def _property(told: Any, key: str) -> str:
    """A property of a source or a stream; empty without it, or where it is no text."""
    return readable(library().pulsectl.c.pa.proplist_gets(told.proplist, key)) if told.proplist else ""
