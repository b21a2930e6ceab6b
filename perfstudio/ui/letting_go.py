"""Pages that have been replaced: deleted once no worker still brings them anything."""

from __future__ import annotations

import shiboken6
from PySide6.QtWidgets import QWidget

from perfstudio.session.session import Session
from perfstudio.session.worker import Worker

_ROUNDS = 2
"""An answer may ask once more, as a list does that changed while it was read."""


class LettingGo:
    """`of` for hidden widgets without a parent; `close` when the window closes."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._widgets: list[QWidget] = []

    def of(self, widget: QWidget) -> None:
        """What was asked for on its behalf comes first."""
        self._widgets.append(widget)
        session = self._session
        self._after([session.worker, session.signing, session.background] * _ROUNDS, widget)

    def close(self) -> None:
        """At once."""
        for widget in self._widgets:
            if shiboken6.isValid(widget):
                shiboken6.delete(widget)
        self._widgets.clear()

    def _after(self, workers: list[Worker], widget: QWidget) -> None:
        if workers:
            workers[0].run(
                lambda: None, lambda _: self._after(workers[1:], widget), lambda _: self._after(workers[1:], widget)
            )
        elif widget in self._widgets:
            self._widgets.remove(widget)
            widget.deleteLater()
