"""Undo and redo by key in the whole window: the last decision, wherever it was made, and never while a take is made."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui_takes import take_ids
from ui_window import new_window, nothing_ahead

from perfstudio.model.take import Decision, Labels
from perfstudio.session.stage.director import Director
from perfstudio.ui.coordinator import Coordinator

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(qapp: QApplication, recorded: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Coordinator]:
    nothing_ahead(monkeypatch)
    shutil.copytree(recorded, home)
    with new_window(qapp, home) as made:
        yield made


def said(window: Coordinator) -> str:
    return window.main.toast._words.text()


def press(window: Coordinator, *, again: bool = False) -> None:
    window.main.activateWindow()
    QTest.keyClick(window.main, Qt.Key.Key_Z, CTRL | SHIFT if again else CTRL)


def test_the_keys_undo_and_redo_what_was_decided_last(window: Coordinator, qtbot: QtBot) -> None:
    takes = window._session.home.takes
    picture, _sound = take_ids(window._session.home)
    qtbot.waitUntil(window.main.isActiveWindow, timeout=60_000)
    press(window)
    qtbot.waitUntil(lambda: said(window) == "Nothing to undo.", timeout=60_000)
    takes.keep(picture)
    takes.bin(picture)
    press(window)
    qtbot.waitUntil(lambda: said(window) == "Undone: Bin (The letter, take 1).", timeout=60_000)
    assert takes.manifest(picture).decision is Decision.KEPT
    window.main.toast._button.click()
    qtbot.waitUntil(lambda: said(window) == "Done again: Bin (The letter, take 1).", timeout=60_000)
    assert takes.manifest(picture).decision is Decision.BINNED
    for decision, words in ((Decision.KEPT, "Bin"), (Decision.UNDECIDED, "Keep")):
        press(window)
        qtbot.waitUntil(lambda words=words: said(window).startswith(f"Undone: {words}"), timeout=60_000)
        assert takes.manifest(picture).decision is decision
    press(window, again=True)
    qtbot.waitUntil(lambda: said(window).startswith("Done again: Keep"), timeout=60_000)
    assert takes.manifest(picture).decision is Decision.KEPT


def test_labels_that_come_back_are_seen_on_review(window: Coordinator, qtbot: QtBot) -> None:
    takes = window._session.home.takes
    picture, _sound = take_ids(window._session.home)
    takes.label(picture, Labels(meant=("joy",)))
    takes.label(picture, Labels(meant=("joy", "anger")))
    window.to_take(picture)
    labels = window.review.page.labels
    qtbot.waitUntil(lambda: labels.labels() is not None and labels.labels().meant == ("anger", "joy"), timeout=60_000)  # type: ignore[union-attr]
    press(window)
    qtbot.waitUntil(lambda: labels.labels() is not None and labels.labels().meant == ("joy",), timeout=60_000)  # type: ignore[union-attr]


def test_while_a_take_is_made_nothing_is_undone(
    window: Coordinator, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    takes = window._session.home.takes
    picture, _sound = take_ids(window._session.home)
    takes.keep(picture)
    monkeypatch.setattr(Director, "recording", property(lambda _: True))
    qtbot.waitUntil(window.main.isActiveWindow, timeout=60_000)
    press(window)
    done: list[bool] = []
    window._session.worker.run(lambda: True, done.append, window._session.trouble)
    qtbot.waitUntil(lambda: bool(done), timeout=60_000)
    assert takes.manifest(picture).decision is Decision.KEPT
