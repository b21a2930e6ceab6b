"""Between threads: callables come home to the window's thread by one queued signal; slow work goes to a small pool.

`Bridge.post` is the `post` of the bus and of every worker; `Bridge.after` is the one-shot timer that the stage's
director counts down with. The only timers and the only cross-thread signal of the window live here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal

T = TypeVar("T")

_log = logging.getLogger(__name__)


class Bridge(QObject):
    """Made on the GUI thread, used from any. After `close` nothing is delivered any more."""

    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open = True
        self._pool: ThreadPoolExecutor | None = None
        self._arrived.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def post(self, call: Callable[[], None]) -> None:
        """Run a callable on the GUI thread, soon and in order. From any thread, also from the GUI thread itself."""
        if self._open:
            self._arrived.emit(call)

    def run_in_background(
        self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[Exception], None]
    ) -> None:
        """Do `work` on a worker thread, then call exactly one of `done` and `failed` on the GUI thread."""
        if self._pool is None:
            self._pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="window")
        self._pool.submit(self._work, work, done, failed)

    def after(self, seconds: float, call: Callable[[], None]) -> Callable[[], None]:
        """Call once on the GUI thread after `seconds`; the answer cancels. Only from the GUI thread."""
        timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)

        waiting = [timer]

        def cancel() -> None:
            """Also after it rang, and twice: then there is nothing to cancel."""
            while waiting:
                stopped = waiting.pop()
                if shiboken6.isValid(stopped):  # else the bridge was closed
                    stopped.stop()
                    stopped.deleteLater()

        def ring() -> None:
            cancel()
            if self._open:
                call()

        timer.timeout.connect(ring)
        timer.start(round(seconds * 1000))
        return cancel

    def close(self) -> None:
        """Deliver nothing more; work that has begun ends by itself and its answer is dropped. Only from the GUI thread:
        timers end where they were begun, and not on whichever thread collects this as garbage."""
        self._open = False
        for timer in self.findChildren(QTimer):
            shiboken6.delete(timer)
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self, call: Callable[[], None]) -> None:
        if self._open:
            call()

    def _work(self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[Exception], None]) -> None:
        try:
            result = work()
        except Exception as problem:  # noqa: BLE001 - the top of a thread: it becomes an answer
            _log.debug("background work failed", exc_info=problem)
            told = problem
            self.post(lambda: failed(told))
        else:
            self.post(lambda: done(result))
