"""Larger and smaller text by key, on any page, and never while a take is made."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui_window import new_window, nothing_ahead

from perfstudio.session.stage.director import Director

CTRL = Qt.KeyboardModifier.ControlModifier


def test_text_grows_and_shrinks_by_steps(
    qapp: QApplication, qtbot: QtBot, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing_ahead(monkeypatch)
    with new_window(qapp, home) as made:
        settings, main = made._session.settings, made.main
        main.activateWindow()
        qtbot.waitUntil(main.isActiveWindow, timeout=60_000)

        def press(key: Qt.Key) -> int:
            QTest.keyClick(main, key, CTRL)
            return settings.now.text_percent

        assert [press(Qt.Key.Key_Plus), press(Qt.Key.Key_Equal), press(Qt.Key.Key_Minus)] == [125, 150, 125]
        assert "125" in main.toast._words.text()
        settings.change(text_percent=200)
        assert press(Qt.Key.Key_Plus) == 200
        with monkeypatch.context() as rolling:
            rolling.setattr(Director, "recording", property(lambda _: True))
            assert press(Qt.Key.Key_Minus) == 200
        settings.change(text_percent=100)
