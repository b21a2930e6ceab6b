"""What a recorder says, and waiting for it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from perfstudio.capture.recording.messages import Notice
from perfstudio.model.clock import host_ns


class Told:
    """Notices as they come, with their moment on the host clock."""

    def __init__(self) -> None:
        self.notices: list[tuple[int, Notice]] = []
        self._changed = threading.Condition()

    def __call__(self, notice: Notice) -> None:
        with self._changed:
            self.notices.append((host_ns(), notice))
            self._changed.notify_all()

    def wait(self, kind: type, timeout_s: float = 60.0) -> tuple[int, Notice]:
        """The first notice of a kind."""
        return self.until(lambda notice: isinstance(notice, kind), timeout_s)

    def until(self, is_it: Callable[[Notice], bool], timeout_s: float = 60.0) -> tuple[int, Notice]:
        """The first notice for which this is so."""

        def found() -> tuple[int, Notice] | None:
            return next(((at, n) for at, n in self.notices if is_it(n)), None)

        with self._changed:
            assert self._changed.wait_for(lambda: found() is not None, timeout_s), self.notices
            out = found()
            assert out is not None
            return out

    def kinds(self) -> set[type]:
        return {type(n) for _, n in self.notices}
