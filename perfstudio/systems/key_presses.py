"""Single keys of a terminal while a program works: each is read when it is pressed, without Return, and not shown.

Linux, macOS   termios(3): the terminal gives every character at once (not ICANON) and shows none (not ECHO); what ends
               a program (Ctrl-C) still does. It is given back as it was
Windows        _kbhit, _getwch (learn.microsoft.com, "Console and port I/O"). Not run
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any, Protocol, Self

from perfstudio.systems.consoles import is_terminal


class KeyPresses(Protocol):
    """A context manager; `pressed` gives what came since it was asked last, and never waits."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, bad: BaseException | None, at: TracebackType | None
    ) -> None: ...

    def pressed(self) -> str: ...


class TerminalKeys:
    """Of a terminal by its descriptor."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._before: list[Any] | None = None

    def __enter__(self) -> Self:
        import termios  # noqa: PLC0415 - does not exist on Windows

        self._before = termios.tcgetattr(self._descriptor)
        now = list(self._before)
        now[3] &= ~(termios.ICANON | termios.ECHO)
        termios.tcsetattr(self._descriptor, termios.TCSADRAIN, now)
        return self

    def __exit__(self, kind: type[BaseException] | None, bad: BaseException | None, at: TracebackType | None) -> None:
        import termios  # noqa: PLC0415 - as above

        if self._before is not None:
            termios.tcsetattr(self._descriptor, termios.TCSADRAIN, self._before)

    def pressed(self) -> str:
        """What was typed."""
        import select  # noqa: PLC0415 - of descriptors that are no sockets it knows nothing on Windows

        if not select.select([self._descriptor], [], [], 0.0)[0]:
            return ""
        return os.read(self._descriptor, 64).decode(errors="replace")


class ConsoleKeys:
    """Of the console of Windows. `kbhit` and `getwch` stand in for those of msvcrt in tests."""

    def __init__(self, kbhit: Callable[[], bool], getwch: Callable[[], str]) -> None:
        self._kbhit, self._getwch = kbhit, getwch

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, bad: BaseException | None, at: TracebackType | None) -> None:
        """A console is left as it is."""

    def pressed(self) -> str:
        """What was typed."""
        typed = ""
        while self._kbhit():
            typed += self._getwch()
        return typed


def for_system() -> KeyPresses | None:
    """The keys of whoever sits at standard input; None: nobody."""
    if not is_terminal(sys.stdin):
        return None
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - exists on Windows only

        return ConsoleKeys(msvcrt.kbhit, msvcrt.getwch)
    return TerminalKeys(sys.stdin.fileno())
