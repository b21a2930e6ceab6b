"""Tells the session what the performer has in front, for the time in their own ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from perfstudio.session.work_clock import About, WorkClock
from perfstudio.ui.main_window import MainWindow

Abouts = Mapping[str, Callable[[], About | None]]
"""By page: what it is about now."""


def watch_work(app: QApplication, window: MainWindow, work: WorkClock, abouts: Abouts) -> None:
    """From now on. Somebody who works in another window is away; a page is asked what it is about when it comes."""

    def came(page: str) -> None:
        work.page(page, abouts[page]() if page in abouts else None)

    window.page_came.connect(came)
    app.applicationStateChanged.connect(lambda state: work.away(on=state is not Qt.ApplicationState.ApplicationActive))
