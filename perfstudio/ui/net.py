"""The last net: an exception in a slot or a thread is written down and said once; the window and the take go on."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from types import TracebackType

from perfstudio.language.catalogue import N_, _

_log = logging.getLogger("perfstudio")

SENTENCE = N_(
    "Something inside perfstudio went wrong. Your takes are safe. "
    "If a page looks odd, close perfstudio and open it again."
)


class Net:
    """Installed while the window runs; `close` puts back what was there."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._caught
        threading.excepthook = self._caught_in_thread

    def close(self) -> None:
        """Put the hooks back that were there before."""
        sys.excepthook, threading.excepthook = self._before

    def _caught(self, kind: type[BaseException], bad: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._before[0](kind, bad, trace)
            return
        _log.error("an exception reached the window's edge", exc_info=(kind, bad, trace))
        self._say(_(SENTENCE))

    def _caught_in_thread(self, args: threading.ExceptHookArgs) -> None:
        name = args.thread.name if args.thread is not None else "a thread"
        told = args.exc_value or args.exc_type()
        _log.error("an exception ended %s", name, exc_info=(args.exc_type, told, args.exc_traceback))
        self._say(_(SENTENCE))
