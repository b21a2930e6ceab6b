"""A pack that is opened from outside: shown in the window that is open, and in only by a press."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFileOpenEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from ui_settings import bridge, session, window

from perfstudio.cli.opened import opened
from perfstudio.model.errors import ErrorCode, PerfstudioError
from perfstudio.model.opening import address_of, opened_pack
from perfstudio.session.session import Session
from perfstudio.systems.file_addresses import path_of
from perfstudio.ui.application import WindowApplication
from perfstudio.ui.coordinator import Coordinator
from perfstudio.ui.main_window import SMALLEST
from perfstudio.ui.opening import Opening
from perfstudio.ui.scenes.offer_card import OfferCard
from perfstudio.ui.widgets import PlainLabel
from rigs.asking_pack import example_pack, write_pack

__all__ = ["bridge", "session", "window"]

LINK = "perfstudio://connect/?at=x"
posix = pytest.mark.skipif(sys.platform == "win32", reason="paths of POSIX")


@posix
@pytest.mark.parametrize(
    ("word", "path"),
    [
        ("/a/Ünser Paket.perfpack", "/a/Ünser Paket.perfpack"),
        ("file:///a/%C3%9Cnser%20Paket.PERFPACK", "/a/Ünser Paket.PERFPACK"),
        ("FILE://localhost/a/100%25%.perfpack", "/a/100%%.perfpack"),
        ("file:/a/x#1?.perfpack", "/a/x#1?.perfpack"),
        ("file:///a/%ff.perfpack", "/a/\udcff.perfpack"),
        ("/a/notes.txt", "/a/notes.txt"),
        ("file://elsewhere/a/x.perfpack", None),
        ("file:x.perfpack", None),
        ("/a/nul\0.perfpack", None),
        ("demo", None),
        ("", None),
        ("https://lab.example/x.perfpack", None),
    ],
)
def test_how_a_file_manager_names_a_pack(word: str, path: str | None) -> None:
    found = opened_pack(word)
    assert found == (Path(path) if path else None)
    if found is not None:
        assert address_of(found).isascii()
        assert opened_pack(address_of(found)) == found, "it goes through every door as it is"


def test_how_windows_names_a_file() -> None:
    for address, path in (
        ("file:///C:/a%20b/%C3%BC.perfpack", r"C:\a b\ü.perfpack"),
        ("file://attic/share/x.perfpack", r"\\attic\share\x.perfpack"),
        ("file:///x.perfpack", ""),
    ):
        assert path_of(address, "win32") == path


def test_packs_stand_in_the_place_of_a_verb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    there = [(Path.cwd() / name).as_uri() for name in ("a b.perfpack", "ü.PERFPACK")]
    words = ["--practice", "a b.perfpack", str(Path.cwd() / "ü.PERFPACK")]
    assert opened(words, words) == (tuple(there), ["--practice"]), "whoever opens them stands in another folder"
    for words in (["packs", "import", "a.perfpack"], ["perfpack"], ["demo", "/a"]):
        assert opened(words, words) == ((), words)
    for words, code in (
        (["a.perfpack", "demo"], ErrorCode.PACK_NOT_ALONE),
        (["a.perfpack", LINK], ErrorCode.PACK_NOT_ALONE),
        ([LINK, "a.perfpack"], ErrorCode.LINK_NOT_ALONE),
        (["https://lab.example/a.perfpack?token=secret"], ErrorCode.PACK_ADDRESS),
    ):
        with pytest.raises(PerfstudioError) as told:
            opened(words, words)
        assert told.value.code is code
        assert "secret" not in str(told.value.facts)


def test_files_come_as_events_too(tmp_path: Path) -> None:
    """macOS: those that came before the window, in their order."""
    came: list[str] = []
    app = cast("WindowApplication", SimpleNamespace(_opened=None, _waiting=[]))
    files = [tmp_path / "ü b.perfpack", tmp_path / "c.perfpack"]
    for file in files:
        assert WindowApplication.event(app, QFileOpenEvent(str(file)))
    WindowApplication.on_opened(app, came.append)
    assert WindowApplication.event(app, QFileOpenEvent(QUrl(LINK)))
    assert [opened_pack(address) for address in came[:2]] == files
    assert came[2:] == [LINK]


def test_what_is_opened_waits_until_the_take_is_safe(tmp_path: Path) -> None:
    rolls, shown = [True], list[object]()
    opening = Opening(lambda: rolls[0], invite=shown.append, bring=shown.append)
    for text in (LINK, address_of(tmp_path / "a.perfpack"), "", "nonsense"):
        opening.open(text)
    opening.settle()
    assert shown == []
    rolls[0] = False
    opening.settle()
    assert shown == [LINK, tmp_path / "a.perfpack"]


class Guest:
    """Who opens files from outside, and looks at the window."""

    def __init__(self, qtbot: QtBot, window: Coordinator, session: Session) -> None:
        self.qtbot, self.window, self.session = qtbot, window, session
        self.page = window.scenes.page

    @property
    def cards(self) -> list[OfferCard]:
        return self.page.offers.cards

    @property
    def notes(self) -> list[str]:
        return [banner.sentence.text() for banner in self.window.main._notes.banners]

    def titles(self) -> list[str]:
        return [pack.title for pack in self.session.home.scenes.packs()]

    def wait(self, reached: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(reached()), timeout=60_000)

    def open(self, file: Path, *, cards: int) -> None:
        self.window.opened.open(address_of(file))
        self.wait(lambda: len(self.cards) == cards)


@pytest.fixture
def guest(qtbot: QtBot, window: Coordinator, session: Session) -> Guest:
    return Guest(qtbot, window, session)


def pack_file(folder: Path, name: str, **changes: Any) -> Path:
    return write_pack(folder / name, example_pack() | changes)


def test_a_pack_is_shown_and_comes_in_by_a_press(guest: Guest, tmp_path: Path) -> None:
    """From another page; its facts, a second one, one that was left out, one that is here, and bad ones."""
    window, example = guest.window, example_pack()
    window.main.page_chosen.emit("settings")
    first = pack_file(tmp_path, "Ünser Paket.perfpack")
    guest.open(first, cards=1)
    assert window.main.current == "scenes"
    card = guest.cards[0]
    shown = [label.text() for label in card.findChildren(PlainLabel)]
    for text in (
        f"{example['title']}, version {example['version']}", str(len(example["prompts"])), "Not signed", first.name,
    ):  # fmt: skip
        assert text in shown
    assert any(example["studio"]["legal_name"] in text for text in shown)
    assert example["title"] not in guest.titles(), "nothing comes in by itself"
    assert card.leave_button.hasFocus(), "an Enter too many brings nothing in"
    other = pack_file(tmp_path, "other.perfpack", id="other", title="Another one")
    guest.open(other, cards=2)
    window.opened.open(address_of(first))
    guest.wait(lambda: guest.cards[-1].offer.file == first)
    guest.cards[0].leave_button.click()
    assert [card.offer.title for card in guest.cards] == [example["title"]], "the same pack is shown once"
    QTest.keyClick(guest.cards[0].bring_button, Qt.Key.Key_Return)
    guest.wait(lambda: not guest.cards)
    assert example["title"] in guest.titles()
    assert "Another one" not in guest.titles()
    window.opened.open(address_of(first))
    guest.wait(lambda: "is already here" in window.main.toast._words.text())
    bad = tmp_path / f"{'n' * 200}.perfpack"
    bad.write_text("these are notes")
    for file, said in ((bad, "is not a pack"), (tmp_path / "gone.perfpack", "cannot be read")):
        window.opened.open(address_of(file))
        guest.wait(lambda said=said: any(said in note for note in guest.notes))
        assert any(file.name in note for note in guest.notes)
    assert guest.cards == []
    assert window.main.centralWidget().minimumSizeHint().width() <= SMALLEST.width(), "no name widens the window"


def test_what_comes_in_is_what_was_shown(guest: Guest, tmp_path: Path) -> None:
    file = pack_file(tmp_path, "a.perfpack")
    guest.open(file, cards=1)
    pack_file(tmp_path, "a.perfpack", summary="Somebody was here meanwhile.")
    (card,) = guest.cards
    card.bring_button.click()
    guest.wait(card.problem.isVisible)
    assert "has changed since it was shown" in card.problem.text()
    assert guest.cards == [card]
    assert guest.titles() == ["Practice room", "Two chairs"]
    file.unlink()
    card.bring_button.click()
    guest.wait(lambda: "cannot be read" in card.problem.text())
    assert card.bring_button.isEnabled()


def test_a_pack_may_be_let_go_over_any_page(guest: Guest, tmp_path: Path) -> None:
    main = guest.window.main
    main.page_chosen.emit("settings")
    mime = QMimeData()
    names = [pack_file(tmp_path, "ü 1.perfpack"), tmp_path / "holiday.png"]
    mime.setUrls([QUrl.fromLocalFile(str(name)) for name in names])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), copy, mime, left, none)
    enter.ignore()
    main.dragEnterEvent(enter)
    assert enter.isAccepted()
    main.dropEvent(QDropEvent(QPointF(5, 5), copy, mime, left, none))
    guest.wait(lambda: len(guest.cards) == 1)
    assert main.current == "scenes"
