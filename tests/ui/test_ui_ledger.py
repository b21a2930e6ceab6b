"""The Ledger page over signed takes and a time that was measured: what it says, and what is saved of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from ui_takes import Told
from ui_window import new_window, nothing_ahead

from perfstudio.session.given import GivenService
from perfstudio.session.home import Home
from perfstudio.session.ledger import Ledger, ledger_of
from perfstudio.session.time_spent import Spell, Work
from perfstudio.session.worker import InlineWorker
from perfstudio.ui.coordinator import Coordinator
from perfstudio.ui.pages.ledger import LedgerPage, LedgerRead
from perfstudio.ui.widgets import Toast
from rigs.signing_home import MINE, opened_home, signed_home

LAST_MONTH, TODAY = datetime(2026, 2, 27, 9, tzinfo=UTC), datetime(2026, 3, 3, 9, tzinfo=UTC)
SPELLS = (
    Spell(LAST_MONTH, "evening", "the-letter", "The letter", Work.ROLLING, 600.0),
    Spell(TODAY, "evening", "the-letter", "The letter", Work.PREPARING, 90.0),
    Spell(TODAY, "evening", "first-chair", "First chair", Work.LOST, 45.0),
)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with opened_home(signed_home(tmp_path / "home")) as (opened, _service):
        yield opened


class Book:
    """The page, and the files that it wanted to save."""

    def __init__(self, read: LedgerRead, qtbot: QtBot) -> None:
        self.saved, self.scenes, host = Told(), Told(), QWidget()
        self.page = LedgerPage(
            read=lambda: read, worker=InlineWorker(), toast=Toast(host), save=self.saved, scenes=self.scenes,
            today=lambda: date(2026, 3, 3),
        )  # fmt: skip
        qtbot.addWidget(host)
        qtbot.addWidget(self.page)
        self.page.resize(900, 700)
        self.page.show()
        self.page.refresh()

    def said(self) -> str:
        return "\n".join(label.text() for label in self.page.findChildren(QLabel) if label.isVisibleTo(self.page))

    def copy(self, number: int) -> bytes:
        self.page.copy_button.click()
        assert self.page.menu is not None
        self.page.menu.actions()[number].trigger()
        self.page.menu.close()
        return self.saved.calls[-1][1]  # type: ignore[index]


@pytest.fixture
def book(home: Home, qtbot: QtBot) -> Book:
    for spell in SPELLS:
        home.time_spent.add(spell)
    given = GivenService(home.library, home.shelf, lambda: ()).read()
    return Book(LedgerRead(ledger_of(given), home.time_spent.all()), qtbot)


def test_time_by_scene_and_takes_by_studio(book: Book) -> None:
    said = book.said()
    assert "12 min 15 s · 2 scenes" in said
    assert "preparing 1 min 30 s · rolling 10 min" in said
    assert "lost to technology 45 s" in said
    assert "It stays on this computer" in said
    (card,) = book.page.cards
    assert f"{len(MINE) + 1} not delivered" in said
    assert card.isVisible()
    book.page.span.choose("day")
    assert "2 min 15 s · 2 scenes" in book.said()
    assert "rolling" not in book.said()
    book.page.span.choose("month")
    assert "2 min 15 s · 2 scenes" in book.said()


def test_copies(book: Book, qapp: QApplication) -> None:
    pdf = PdfDocument(book.copy(0))
    text = " ".join(page.get_textpage().get_text_bounded() for page in pdf).replace("\r\n", " ")
    for words in ("Ledger", "Your time", "12 min 15 s", "lost to technology 45 s", "not delivered"):
        assert words in text
    takes = list(csv.DictReader(io.StringIO(book.copy(1).decode("utf-8-sig"))))
    assert {row["take_id"] for row in takes} >= set(MINE)
    time = list(csv.DictReader(io.StringIO(book.copy(2).decode("utf-8-sig"))))
    assert [row["total_s"] for row in time] == ["600.0", "90.0", "45.0"]
    assert [name for name, _data in book.saved.calls] == ["Ledger.pdf", "Ledger.csv", "Time spent.csv"]  # type: ignore[misc]


def test_with_nothing_yet_it_says_what_will_be_here(qtbot: QtBot) -> None:
    book = Book(LedgerRead(Ledger(()), ()), qtbot)
    assert book.page.none_yet.isVisible()
    assert not book.page.time.isVisible()
    assert not book.page.copy_button.isEnabled()


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Coordinator]:
    nothing_ahead(monkeypatch)
    with new_window(qapp, signed_home(tmp_path / "signed")) as made:
        yield made


def test_a_brief_and_a_review_that_were_in_front_are_in_the_ledger(
    window: Coordinator, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, now = window._session, [0.0]
    session.work._now_s = lambda: now[0]
    monkeypatch.setattr(session.work, "away", lambda *, on: None)  # other windows of the tests come and go
    session.work._away = False
    card = session.home.scenes.packs()[0].cards[0]
    window.stage.read(card)
    now[0] = 120.0
    window.to_take(MINE[0])
    now[0] = 180.0
    window._go("ledger")
    scenes = session.home.time_spent.all
    qtbot.waitUntil(lambda: len(scenes()) == 2, timeout=60_000)
    row = session.home.library.row(MINE[0])
    found = {(one.title, one.work): one.seconds for one in scenes()}
    assert found == {(card.prompt.title, Work.PREPARING): 120.0, (row.prompt_title, Work.LABELLING): 60.0}
