"""Files of strangers are opened by a process of their own: what leads a decoder astray takes nothing else with it.

That process has no surroundings of ours (no variables, no open files), writes nothing, and has its memory, its
processor time and its whole time limited. Whether it dies, hangs or babbles: that is an answer about the file.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from perfstudio import frozen
from perfstudio.model.media_claim import MediaClaim, Unfit
from perfstudio.session.guarded_child import OVER

CHILD = "perfstudio.session.guarded_child"
_BESIDE = Path(__file__).parents[2]
"""Where `-m` finds us without a variable that says so."""
_MOST_ANSWER = 64 << 10
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)
_OF_THE_SYSTEM = ("SYSTEMROOT", "WINDIR")
"""Without these Windows starts no program."""
_OF_THE_PACKER = ("_PYI_", "_MEIPASS")
"""Where a frozen app has unpacked itself."""
_CPU_LIMIT = 24
"""SIGXCPU, where there are signals."""


@dataclass(frozen=True, slots=True)
class GuardLimits:
    """What the process may take."""

    memory_bytes: int = 1536 << 20
    """Of address space where the system limits that, of memory elsewhere. A film of 4K takes some 500 MB."""
    cpu_s: float = 30.0
    wall_s: float = 120.0
    """A busy machine and a slow disk may take four times the processor's time."""


class MediaGuard:
    """Starts such processes, one for each list of files, and ends those that still work when it is stopped."""

    def __init__(self, command: tuple[str, ...] | None = None) -> None:
        """`command` stands in for the process in tests."""
        self._command = command
        self._lock = threading.Lock()
        self._working: set[subprocess.Popen[bytes]] = set()
        self._left: set[subprocess.Popen[bytes]] = set()

    def look(self, claims: Sequence[MediaClaim], limits: GuardLimits) -> tuple[Unfit | None, ...]:
        """What is wrong with each of the files, in their order, up to the first that ended the process.

        Raises OSError when no process can be started, or when it was ended by `stop`: that says nothing of the files.
        """
        order = {"memory_bytes": limits.memory_bytes, "cpu_s": limits.cpu_s, "claims": [asdict(c) for c in claims]}
        process = self._start()
        late = threading.Event()
        alarm = threading.Timer(limits.wall_s, _end, (process, late))
        alarm.daemon = True
        alarm.start()
        try:
            with process:
                said = _asked(process, json.dumps(order).encode() + b"\n")
        finally:
            alarm.cancel()
            with self._lock:
                self._working.discard(process)
                left = process in self._left
                self._left.discard(process)
        if left:
            raise InterruptedError
        over = late.is_set() or process.returncode in (OVER, -_CPU_LIMIT)
        return _read(said, len(claims), Unfit.TOO_COSTLY if over else Unfit.BREAKS_PLAYER)

    def stop(self) -> None:
        """End what works; nothing is found out about its files."""
        with self._lock:
            self._left |= self._working
            for process in self._working:
                process.kill()

    def _start(self) -> subprocess.Popen[bytes]:
        with self._lock:
            process = subprocess.Popen(
                self._command or frozen.command(CHILD), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, env=_surroundings(), cwd=None if frozen.is_frozen() else _BESIDE,
                creationflags=_NO_WINDOW,
            )  # fmt: skip
            self._working.add(process)
        return process


def _asked(process: subprocess.Popen[bytes], order: bytes) -> bytes:
    """What it says until it ends, or until it says more than there can be to say."""
    assert process.stdin is not None  # noqa: S101 - asked for
    assert process.stdout is not None  # noqa: S101 - asked for
    with contextlib.suppress(OSError):  # it ended before it was told anything
        process.stdin.write(order)
        process.stdin.close()
    said = process.stdout.read(_MOST_ANSWER)
    if len(said) == _MOST_ANSWER:
        process.kill()
    process.wait()
    return said


def _end(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def _surroundings() -> dict[str, str]:
    system = _OF_THE_SYSTEM if sys.platform == "win32" else ()
    packer = _OF_THE_PACKER if frozen.is_frozen() else ()
    return {name: value for name, value in os.environ.items() if name in system or name.startswith(packer)}


def _read(said: bytes, files: int, otherwise: Unfit) -> tuple[Unfit | None, ...]:
    """A line for each file; where there is none any more, the process ended over this one."""
    found: list[Unfit | None] = []
    known = {"": None, **{kind.value: kind for kind in Unfit}}
    for line in said.decode("ascii", "replace").splitlines(keepends=True)[:files]:
        word = line.removesuffix("\n").removesuffix("\r")
        if not line.endswith("\n") or word not in known:
            break
        found.append(known[word])
    return tuple(found) if len(found) == files else (*found, otherwise)
