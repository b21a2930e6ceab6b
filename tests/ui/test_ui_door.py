"""Where a second start knocks: heard once it was heard, private, and proof against what else may come."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLockFile
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from perfstudio import app
from perfstudio.model.errors import ErrorCode, PerfstudioError
from perfstudio.model.links import is_invitation
from perfstudio.ui.door import FILE, MOST, Door, knock
from rigs.systems import mode_of, private

LINK = "perfstudio://connect?at=https%3A%2F%2Flab.example&code=abc&key=def"


class Hall:
    """A door with what came through it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.came: list[str] = []
        self.fronts = 0
        self.door = Door(home, front=self.front, opened=self.came.append)

    def front(self) -> None:
        self.fronts += 1


@pytest.fixture
def hall(qtbot: QtBot, tmp_path: Path) -> Iterator[Hall]:
    made = Hall(tmp_path)
    yield made
    made.door.close()
    assert not (tmp_path / FILE).exists()


def knocked(qtbot: QtBot, home: Path, text: str) -> bool:
    """From another thread, as another process would."""
    heard: list[bool] = []
    other = threading.Thread(target=lambda: heard.append(knock(home, text)))
    other.start()
    qtbot.waitUntil(lambda: bool(heard), timeout=60_000)
    other.join()
    return heard[0]


def test_a_link_is_heard_by_the_open_window(qtbot: QtBot, hall: Hall) -> None:
    assert mode_of(hall.home / FILE) == private(0o600), "its name is for this person alone"
    assert knocked(qtbot, hall.home, LINK)
    assert knocked(qtbot, hall.home, "")
    assert (hall.came, hall.fronts) == ([LINK], 2)
    for odd in ("two\nlines", "x" * (2 * MOST), "\udcff\x00"):
        assert knocked(qtbot, hall.home, odd)
    assert [len(text) for text in hall.came[1:3]] == [len("two lines"), MOST], "enough to be told that it is too long"
    assert not is_invitation(hall.came[3])


def test_who_says_nothing_is_not_waited_for(qtbot: QtBot, hall: Hall) -> None:
    silent = QLocalSocket()
    silent.connectToServer((hall.home / FILE).read_text())
    assert silent.waitForConnected(60_000)
    silent.write(b"half a ")
    silent.flush()
    assert knocked(qtbot, hall.home, LINK), "others come in meanwhile"
    silent.abort()
    qtbot.waitUntil(lambda: not hall.door._server.findChildren(QLocalSocket), timeout=60_000)
    assert hall.came == [LINK]


def test_where_nobody_answers_it_is_not_called_heard(tmp_path: Path) -> None:
    assert not knock(tmp_path, LINK)
    for name in (str(tmp_path / "nobody"), "", "x" * 900):
        (tmp_path / FILE).write_text(name)
        assert not knock(tmp_path, LINK)


def test_a_second_start_waits_for_the_first_and_says_when_it_is_silent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is just starting has no door yet; one that closes lets the second be the first."""
    first, second = QLockFile(str(tmp_path / "lock")), QLockFile(str(tmp_path / "lock"))
    assert first.tryLock(0)
    monkeypatch.setattr(app, "BETWEEN_MS", 1)
    answers = iter([False, False, True])
    monkeypatch.setattr(app, "knock", lambda home, link: next(answers))
    assert not app._is_first(second, tmp_path, [LINK])
    monkeypatch.setattr(app, "knock", lambda home, link: False)
    monkeypatch.setattr(app, "PATIENCE_S", 0.0)
    with pytest.raises(PerfstudioError) as told:
        app._is_first(second, tmp_path, [])
    assert (told.value.code, told.value.facts) == (ErrorCode.WINDOW_SILENT, {"host": ""}), "it is this computer's"

    def closes(home: Path, link: str) -> bool:
        first.unlock()
        return False

    monkeypatch.setattr(app, "PATIENCE_S", 60.0)
    monkeypatch.setattr(app, "knock", closes)
    assert app._is_first(second, tmp_path, [LINK])
    second.unlock()
