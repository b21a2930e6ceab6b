"""A word of care in the window: over the page, between two takes, and never while one rolls."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui_takes import take_ids
from ui_window import new_window, nothing_ahead

from perfstudio.session.care import CareDue, CareKind
from perfstudio.session.stage.director import Director
from perfstudio.ui.widgets import Button


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


def test_a_take_that_was_too_much_is_gone_at_once_and_told_as_it_is(
    qapp: QApplication, qtbot: QtBot, recorded: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing_ahead(monkeypatch)
    shutil.copytree(recorded, home)
    with new_window(qapp, home) as made:
        session, question = made._session, made.main._question
        take_id, other = take_ids(session.home)
        made.to_take(take_id)

        def ask() -> None:
            session.bus.publish(CareDue(CareKind.COOL_DOWN, take_id=take_id))
            qtbot.waitUntil(lambda: bool(made.main._notes.banners), timeout=60_000)
            made.main._notes.banners[-1].action.click()
            qtbot.waitUntil(question.isVisible, timeout=60_000)

        def answer(words: str) -> None:
            next(b for b in question.findChildren(Button) if b.text() == words and b.isVisible()).click()

        ask()
        assert "flash disk" in question._sentence.text()
        answer("Keep it")
        assert session.home.library.row(take_id).take_id == take_id
        made.main.clear_notes()
        ask()
        answer("Delete it now")
        qtbot.waitUntil(lambda: "1 take deleted." in made.main.toast._words.text(), timeout=60_000)
        assert [line.take_id for line in session.home.takes.lines()] == [other]
        assert not list(home.rglob(f"{take_id}*/take.mp4"))
        assert made.main.current == "takes"
