"""Everything of mine by one choice in the window: where to, how far, what is there; a take that rolls comes first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from perfstudio.paths import AppPaths
from perfstudio.session.events import StageChanged
from perfstudio.session.mine_export import HASHES, UNFINISHED
from perfstudio.session.recorder.fake import FakeRecorder
from perfstudio.session.session import Session
from perfstudio.ui.bridge import Bridge
from perfstudio.ui.coordinator import Coordinator
from perfstudio.ui.flows.mine_saving import MineSaving, folder_in
from perfstudio.ui.main_window import MainWindow
from perfstudio.ui.widgets import Banner
from rigs.signing_home import MINE, signed_home


class Saving:
    """The flow in a window, and what it said."""

    def __init__(self, session: Session, window: MainWindow) -> None:
        self.window = window
        self.shown: list[str] = []
        self.flow = MineSaving(window, session, self.shown.append)

    def notes(self) -> list[str]:
        return [banner.sentence.text() for banner in self.window.findChildren(Banner)]


@pytest.fixture
def session(tmp_path: Path, qtbot: QtBot) -> Iterator[Session]:
    bridge = Bridge()
    made = Session(AppPaths(signed_home(tmp_path / "home")).prepare(), bridge.post, bridge, recorder=FakeRecorder)
    yield made
    made.close()
    bridge.close()


@pytest.fixture
def saving(session: Session, qtbot: QtBot) -> Iterator[Saving]:
    window = MainWindow()
    window.add_page("given", QWidget(), area="given")
    qtbot.addWidget(window)
    made = Saving(session, window)
    yield made
    made.flow.close()


def test_it_is_said_once_it_was_read_back(saving: Saving, tmp_path: Path, qtbot: QtBot) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    saving.flow.begin(stick)
    assert saving.shown[0].startswith("Copying everything of mine")
    qtbot.waitUntil(lambda: bool(saving.notes()), timeout=30_000)
    (said,) = saving.notes()
    assert said.startswith("Copied and read back: 4 takes")
    assert saving.shown[-1] == ""
    (folder,) = stick.iterdir()
    assert (folder / HASHES).exists()
    assert str(folder) in said
    assert (folder / "takes" / MINE[0] / "take.json").exists()


def test_a_take_that_rolls_has_the_disk_to_itself(
    saving: Saving, session: Session, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(session.director), "recording", property(lambda self: True))
    session.bus.publish(StageChanged(session.director.view))
    qtbot.waitUntil(lambda: not saving.flow._go_on.is_set(), timeout=20_000)
    saving.flow.begin(tmp_path)
    qtbot.waitUntil(lambda: any(tmp_path.glob(f"*/{UNFINISHED}")), timeout=20_000)
    assert saving.notes() == []
    saving.flow.close()
    assert any(tmp_path.glob(f"*/{UNFINISHED}")), "the window closes: it says that it is unfinished"


def test_where_it_goes_on(tmp_path: Path) -> None:
    new = folder_in(tmp_path)
    assert new.parent == tmp_path
    begun = tmp_path / "perfstudio-2020-01-01"
    begun.mkdir()
    (begun / UNFINISHED).touch()
    assert folder_in(tmp_path) == begun
    assert folder_in(begun) == begun
    (begun / UNFINISHED).rename(begun / HASHES)
    assert folder_in(begun) == begun
    assert folder_in(tmp_path) == new


def test_the_settings_lead_to_it(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> None:
    bridge = Bridge()
    session = Session(AppPaths(tmp_path / "new").prepare(), bridge.post, bridge, recorder=FakeRecorder)
    window = Coordinator(qapp, session, bridge)
    qtbot.addWidget(window.main)
    asked: list[str] = []
    window.given.mine.ask = lambda: asked.append("where to")  # type: ignore[method-assign]
    window.settings.page.storage.copy_button.click()
    assert asked == ["where to"]
    window.close()
    session.close()
    bridge.close()
