"""Why there is no window is seen without a terminal: a second start that is not answered, a home that is not ours."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from PySide6.QtCore import QLockFile, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from perfstudio import app
from perfstudio.cli import main, terminal
from perfstudio.cli.verbs import window
from perfstudio.model.errors import ErrorCode, PerfstudioError
from perfstudio.texts.errors import sentence
from perfstudio.ui import refusal
from perfstudio.ui.theme import theme_now
from perfstudio.ui.widgets import PlainLabel


@pytest.fixture
def boxes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was shown in boxes, as if somebody sat here without a terminal."""
    shown: list[str] = []
    monkeypatch.setattr(window, "is_seen", lambda: True)
    monkeypatch.setattr(terminal, "is_read", lambda: False)
    monkeypatch.setattr(app, "refuse", shown.append)
    return shown


def test_what_is_refused_is_said_in_a_box_and_on_the_error_stream(
    boxes: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = tmp_path / "file"
    busy.touch()
    link = "perfstudio://connect?x"
    for words in (["--home", str(busy)], [link, "rebuild"], ["a.perfpack", "demo"], ["https://lab.example/a.perfpack"]):
        assert main.run(words) == 1
        said = capsys.readouterr().err
        assert said == boxes.pop() + "\n"
    assert main.run(["takes", "list", "--home", str(busy)]) == 1
    assert boxes == [], "a verb speaks to its terminal"

    def breaks(*_: object, **__: object) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(app, "open_window", breaks)
    assert main.run(["--home", str(tmp_path / "home")]) == 1
    assert "unexpected" in boxes.pop()
    for name in ("is_seen", "is_read"):
        monkeypatch.setattr(window if name == "is_seen" else terminal, name, lambda name=name: name == "is_read")
        assert main.run(["a.perfpack", "demo"]) == 1
        assert boxes == [], "nobody would see it, or it has been read"


@pytest.mark.skipif(sys.platform == "win32" or not hasattr(os, "geteuid"), reason="modes")
def test_who_holds_the_home_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = QLockFile(str(tmp_path / "gone" / "window.lock"))
    with pytest.raises(PerfstudioError) as told:
        app._is_first(lock, tmp_path, [])
    assert told.value.code is ErrorCode.DISK_GONE, "not that a window is open, which nobody has seen"
    denied = SimpleNamespace(tryLock=lambda pause_ms: False, error=lambda: QLockFile.LockError.PermissionError)
    with pytest.raises(PerfstudioError) as told:
        app._is_first(cast("QLockFile", denied), tmp_path, [])
    assert told.value.code is ErrorCode.FOLDER_NOT_WRITABLE, "another account's"
    silent = PerfstudioError(ErrorCode.WINDOW_SILENT, host="attic")
    assert "already open on the computer attic and" in sentence(silent)
    assert "already open and" in sentence(PerfstudioError(ErrorCode.WINDOW_SILENT, host=""))


def test_the_box_is_read_and_closed_by_a_key(qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    before = theme_now()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        read: list[str] = []

        def press(key: Qt.Key = key, read: list[str] = read) -> None:
            box = next(w for w in qapp.topLevelWidgets() if isinstance(w, refusal.RefusalBox) and w.isVisible())
            read.extend(label.text() for label in box.findChildren(PlainLabel))
            QTest.keyClick(box.close_button, key)

        QTimer.singleShot(0, press)
        refusal.show_refusal(qapp, "<b>why</b>")
        assert "<b>why</b>" in read
    refusal.theme.apply(qapp, before)
