"""The signals that ask a program to end, by name: each system has its own.

Linux, macOS   SIGTERM; SIGINT (Ctrl-C) and SIGHUP (the terminal is closed) reach every process of a terminal:
               signal(7)
Windows        SIGINT and SIGBREAK reach every process of a console (learn.microsoft.com, "signal"); a console that is
               closed ends them all the same, a moment later. Run under Wine.
"""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator
from typing import Any, Final


def _known(*names: str) -> tuple[signal.Signals, ...]:
    return tuple(getattr(signal, name) for name in names if hasattr(signal, name))


OF_A_TERMINAL: Final = _known("SIGINT", "SIGHUP", "SIGBREAK")
"""They reach what a program started, too, unasked."""
ENDING: Final = (signal.SIGTERM, *OF_A_TERMINAL)
_HANG_UP: Final = getattr(signal, "SIGHUP", None)


@contextlib.contextmanager
def heard(act: Callable[[], object]) -> Iterator[None]:
    """Call `act` at each of `ENDING` instead of what it meant before; on the main thread alone.

    Where whoever started the program had it ignore that the terminal is closed (`nohup`), it does.
    """
    before: dict[int, Any] = {}
    for number in ENDING:
        if number is not _HANG_UP or signal.getsignal(number) is not signal.SIG_IGN:
            before[number] = signal.signal(number, lambda *_: act())
    try:
        yield
    finally:
        for changed, handler in before.items():
            signal.signal(changed, handler)


def left_to_who_started() -> None:
    """What reaches every process of a terminal means nothing to this one: who started it decides what it does."""
    for number in OF_A_TERMINAL:
        signal.signal(number, signal.SIG_IGN)
