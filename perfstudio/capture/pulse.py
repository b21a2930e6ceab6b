"""What the PulseAudio or PipeWire server says, asked through `pactl`; nothing when there is no server or no pactl."""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
from dataclasses import dataclass
from functools import cache
from shutil import which
from typing import Any

_LIMIT_S = 2.0
_REFUSED_S = 2.0
"""Within this time pactl has ended when there is no server."""


@dataclass(frozen=True, slots=True)
class Source:
    """One microphone of the sound server. `bits` is 16, or 24 where it gives more."""

    index: int
    name: str
    label: str
    channels: int
    rate_hz: int
    bits: int
    is_default: bool
    is_monitor: bool
    muted: bool


def sources() -> tuple[Source, ...]:
    """Every source, monitors of outputs too."""
    listed = _ask("list", "sources")
    default = default_source()
    return tuple(_source(entry, default) for entry in listed if isinstance(entry, dict)) if listed else ()


def default_source() -> str:
    """The name of the source a program gets that asks for none; empty when unknown."""
    answer = _ask("info")
    return str(answer.get("default_source_name", "")) if isinstance(answer, dict) else ""


def find(name: str) -> Source | None:
    """The source of a name, or None."""
    return next((source for source in sources() if source.name == name), None)


def streams_of(process_id: int) -> dict[int, int] | None:
    """Recording streams of a process: the source of each, by stream index. None when the server does not answer."""
    listed = _ask("list", "source-outputs")
    if not isinstance(listed, list):
        return None
    wanted = str(process_id)
    return {
        int(entry["index"]): int(entry["source"])
        for entry in listed
        if isinstance(entry, dict) and entry.get("properties", {}).get("application.process.id") == wanted
    }


def move(stream: int, source_name: str) -> bool:
    """Connect a stream to another source; whether the server did."""
    return _ask("move-source-output", str(stream), source_name) is not None


class Subscription:
    """Sleeps until the server changes something about its sources or recording streams.

    Without a server it ends at once; `start` may be called again, and does nothing while it still listens. That the
    server goes or comes back is a change as well.
    """

    def __init__(self) -> None:
        self._changed = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._since = 0.0
        self._there: bool | None = None

    def start(self) -> None:
        """Begin to listen on a thread of its own."""
        pactl = program()
        if pactl is None or (self._process is not None and self._process.poll() is None):
            return
        self._since = time.monotonic()
        self._process = subprocess.Popen(
            [pactl, "subscribe"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=os.environ | {"LC_ALL": "C"},
        )  # fmt: skip
        threading.Thread(target=self._listen, args=(self._process,), name="sound-server", daemon=True).start()

    def take_changes(self) -> bool:
        """Whether something changed since the last call. Costs nothing."""
        changed = self._changed.is_set()
        self._changed.clear()
        return self._is_back() or changed

    def close(self) -> None:
        """End; may be called twice."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _is_back(self) -> bool:
        alive = self._process is not None and self._process.poll() is None
        if self._there or not alive or time.monotonic() - self._since < _REFUSED_S:
            return False
        back, self._there = self._there is False, True
        return back

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        if process.stdout is None:
            return
        with process.stdout as lines:
            for line in lines:
                if b"source" in line:
                    self._changed.set()
        if self._there is not False:  # said once, not with every refusal
            self._there = False
            self._changed.set()


def _source(entry: dict[str, Any], default: str) -> Source:
    form, channels, rate = [*str(entry.get("sample_specification", "")).split(), "", "", ""][:3]
    name = str(entry.get("name", ""))
    return Source(
        index=int(entry.get("index", -1)),
        name=name,
        label=str(entry.get("description") or name),
        channels=int(channels.removesuffix("ch") or 1),
        rate_hz=int(rate.removesuffix("Hz") or 48000),
        bits=16 if form.startswith(("s16", "u8", "alaw", "ulaw")) else 24,
        is_default=name == default,
        is_monitor=bool(entry.get("monitor_source")) or name.endswith(".monitor"),
        muted=bool(entry.get("mute")),
    )


@cache
def program() -> str | None:
    """The pactl of this machine."""
    return which("pactl")


def _ask(*words: str) -> Any:
    """The answer as JSON; None when nobody answers in time."""
    pactl = program()
    if pactl is None:
        return None
    try:
        done = subprocess.run([pactl, "--format=json", *words], capture_output=True, timeout=_LIMIT_S, check=True)
        return json.loads(done.stdout or b"{}")
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
