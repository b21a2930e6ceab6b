"""The window opens where it was closed, and as large."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui_window import nothing_ahead

from perfstudio.paths import AppPaths
from perfstudio.session.recorder.fake import FakeRecorder
from perfstudio.session.session import Session
from perfstudio.ui.bridge import Bridge
from perfstudio.ui.coordinator import Coordinator

LOW_PX = 640
"""Lower than the window opens by itself, also on the screen of 800 by 800 that Qt draws into memory."""


def opened(qapp: QApplication, qtbot: QtBot, home: Path, *, left_at: int = 0, place: str | None = None) -> int:
    """Open it, leave it `left_at` pixels high, or with another `place` noted; how high it opened."""
    bridge = Bridge()
    session = Session(AppPaths(home).prepare(), bridge.post, bridge, practice=True, recorder=FakeRecorder)
    window = Coordinator(qapp, session, bridge)
    qtbot.addWidget(window.main)
    with qtbot.waitExposed(window.main):
        window.show()
    high = window.main.height()
    if left_at:
        window.main.resize(window.main.width(), left_at)
        qtbot.waitUntil(lambda: window.main.height() == left_at)
    window.main.close()
    window.close()
    if place is not None:
        session.settings.change(window_place=place)
    session.close()
    bridge.close()
    return high


def test_the_window_is_as_large_as_it_was_left(
    qapp: QApplication, qtbot: QtBot, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing_ahead(monkeypatch)
    designed = opened(qapp, qtbot, home, left_at=LOW_PX)
    assert designed > LOW_PX
    assert opened(qapp, qtbot, home, place="no place") == LOW_PX
    assert opened(qapp, qtbot, home) > LOW_PX, "what is no place is left aside"
