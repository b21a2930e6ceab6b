"""What is to be said or opened once no take rolls."""

from __future__ import annotations

from collections.abc import Callable

from perfstudio.session.events import StageChanged
from perfstudio.session.session import Session


class Unsaid:
    """What takes a while may be done while a take rolls: nobody who plays is spoken to, and it waits in its order."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._waiting: list[Callable[[], object]] = []
        session.bus.subscribe(StageChanged, lambda _: self.now_or_later())

    def now_or_later(self, *more: Callable[[], object]) -> None:
        """Now, or as soon as no take rolls."""
        self._waiting.extend(more)
        if not self._session.director.recording:
            waiting, self._waiting = self._waiting, []
            for act in waiting:
                act()
