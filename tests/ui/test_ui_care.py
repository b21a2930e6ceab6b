"""A word of care in the window: over the page, between two takes, and never while one rolls."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui_window import new_window, nothing_ahead

from perfstudio.session.care import CareDue, CareKind
from perfstudio.session.stage.director import Director


def test_it_waits_until_nobody_plays(
    qapp: QApplication, qtbot: QtBot, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing_ahead(monkeypatch)
    with new_window(qapp, home) as made:
        session, shown = made._session, lambda: [b.sentence.text() for b in made.main._notes.banners]
        with monkeypatch.context() as rolling:
            rolling.setattr(Director, "recording", property(lambda _: True))
            session.bus.publish(CareDue(CareKind.BREAK, 47))
            qapp.processEvents()
            assert shown() == []
        session.director.leave()
        session.bus.publish(CareDue(CareKind.COOL_DOWN))
        qtbot.waitUntil(lambda: len(shown()) > 0, timeout=60_000)
        assert any("heavy scene" in sentence for sentence in shown())
