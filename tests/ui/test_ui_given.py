"""What I have given to whom: every line as it stands, one question before many are taken back, and a copy to keep."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from ui_takes import Told, WaitingWorker

from perfstudio.model.consent import UseId
from perfstudio.model.ruling import Ruling, RulingWord
from perfstudio.paths import AppPaths
from perfstudio.session.clips.clip_room import ClipsNow
from perfstudio.session.given import Given, GivenService, GivenTake
from perfstudio.session.home import Home
from perfstudio.session.worker import InlineWorker, Worker
from perfstudio.ui.given.given_row import GivenRow
from perfstudio.ui.given.pack_part import AT_ONCE, PackPart
from perfstudio.ui.given.unknown_card import UnknownCard
from perfstudio.ui.pages.given import UNFOLDED_TAKES, GivenPage
from perfstudio.ui.widgets import Toast
from perfstudio.ui.widgets.question import Choice
from rigs.signing_home import MINE, SECRET, SIGNED, USES, signed_home

TAKE = MINE[0]
KEEP, STUDY, ANALYSE = UseId.STORE_REVIEW, UseId.HUMAN_RESEARCH, UseId.MACHINE_ANALYSIS


class NoClips:
    """Nobody has left one, or may."""

    may_leave = staticmethod(lambda take_id: False)

    def now(self) -> ClipsNow:
        return ClipsNow()


class Room:
    """The page over real records, and what it asked the rest of the window for."""

    def __init__(
        self, home: Home, host: QWidget, worker: Worker | None = None, read: Callable[[], Given] | None = None
    ) -> None:
        self.home = home
        self.asked: list[tuple[str, str, tuple[Choice, ...]]] = []
        self.saved, self.opened, self.takes, self.copied = Told(), Told(), Told(), Told()
        self.toast = Toast(host)
        self.page = GivenPage(
            read=read or GivenService(home.library, home.shelf).read, consents=home.consents,
            worker=worker or InlineWorker(), toast=self.toast, ask=lambda *asked: self.asked.append(asked),
            save=self.saved, copy_all=self.copied, open_consent=self.opened, takes=self.takes,
            clips=NoClips(),
        )  # fmt: skip
        column = QVBoxLayout(host)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)
        host.show()
        self.page.refresh()

    @property
    def pack(self) -> PackPart:
        (card,) = self.page.cards
        (part,) = card.packs.values()
        return part

    def row(self, take_id: str = TAKE) -> GivenRow:
        found = self.page.row(take_id)
        assert found is not None
        if not found.opened:
            found.unfold()
        return found

    def standing(self, take_id: str = TAKE) -> frozenset[UseId]:
        return self.home.consents.record(take_id).granted()

    def choose(self, button: QAbstractButton, words: str) -> None:
        """An entry of the menu of a button of the pack."""
        button.click()
        menu = self.pack.bulk.menu
        assert menu is not None
        next(entry for entry in menu.actions() if entry.text().startswith(words)).trigger()
        menu.hide()

    def yes(self) -> str:
        """Answer the question with yes; what was asked."""
        heading, sentence, (_leave, take) = self.asked.pop()
        take.then()
        return f"{heading} {sentence}"


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    made = QWidget()
    made.resize(1196, 800)
    qtbot.addWidget(made)
    return made


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Home]:
    with Home(AppPaths(signed_home(tmp_path / "signed")), use_keyring=False) as home:
        yield home


@pytest.fixture
def room(opened: Home, host: QWidget) -> Room:
    return Room(opened, host)


def read(widget: QWidget) -> str:
    parts = [part for kind in (QLabel, QAbstractButton) for part in widget.findChildren(kind)]
    return "\n".join(part.text() for part in parts if part.isVisibleTo(widget)).replace("\N{ZERO WIDTH SPACE}", "")


def said(room: Room) -> str:
    return read(room.toast)


def several(takes: tuple[GivenTake, ...], number: int) -> Given:
    """So many takes of two packs of a studio with a long name."""
    name = "Gesellschaft für darstellende Sprach- und Bewegungsforschung mbH & Co. KG, Außenstelle Nordwest " * 2
    found = (
        replace(
            takes[n % len(takes)],
            take_id=f"{n:026d}",
            studio_name=name,
            pack_id=f"pack-{2 * n // number}",
            partner="Ben Okri" if n == 7 else "",
        )
        for n in range(number)
    )
    return Given(tuple(found))


def test_every_line_says_what_holds_since_when_and_until_when(room: Room) -> None:
    room.home.consents.withdraw(TAKE, frozenset({STUDY}), passphrase=lambda: SECRET)
    room.page.refresh()
    assert room.page.subtitle.text() == "4 takes · 1 studio · 4 with something allowed"
    row = room.row()
    assert row.chip.text() == "2 lines allowed"
    assert row.more.accessibleName().startswith("Hide details: "), "it says so from the first time on"
    assert "not delivered" in read(row)
    assert "until" in read(row.lines[KEEP])
    assert "taken back" in read(row.lines[STUDY])
    assert row.lines[UseId.PUBLISH_PERFORMANCE].act is None, "what was never given is decided about on its own page"
    row.findChildren(QAbstractButton)[-1].click()
    assert room.opened.calls == [TAKE]


def test_what_the_studio_decided_stands_on_the_take_and_in_the_copies(opened: Home, host: QWidget) -> None:
    """A rejected take with its reason and moment, an accepted one, and one that was accepted and is taken back."""
    takes = GivenService(opened.library, opened.shelf).read().takes
    words = [RulingWord.REJECTED, RulingWord.ACCEPTED, RulingWord.ACCEPTED]
    decided = [
        replace(take, ruling=Ruling(
            take_id=take.take_id, studio_id="lab", receipt_id="", number=1, word=word, ruled_at=take.signed, at_s=12.5,
            reason="The door slams",
        ), delivered=take.signed) for take, word in zip(takes, words, strict=False)
    ]  # fmt: skip
    decided[2] = replace(decided[2], taken_back=decided[2].signed)
    room = Room(opened, host, read=lambda: Given((*decided, takes[3])))
    again, accepted, back, none = (room.row(take.take_id) for take in takes)
    assert [row.decided and row.decided.text() for row in (again, accepted)] == ["to redo", "accepted"]
    assert "at 0:12: “The door slams”" in again.accessibleName()
    assert (back.decided, none.decided) == (None, None)
    assert "1 accepted · 1 to redo" in read(room.page.cards[0])
    room.page.copy_button.click()
    assert room.page.menu is not None
    room.page.menu.actions()[0].trigger()
    rows = list(csv.DictReader(io.StringIO(room.saved.calls[0][1].decode("utf-8-sig"))))  # type: ignore[index]
    assert {(row["decided"], row["reason"]) for row in rows if row["take_id"] == takes[0].take_id} == {
        ("rejected", "The door slams")
    }


def test_a_line_is_taken_back_and_given_again_here(room: Room) -> None:
    act = room.row().lines[STUDY].act
    assert act is not None
    act.link.click()
    act.yes.click()
    assert room.standing() == USES, "the passphrase comes first"
    room.page.key.field.setText(SECRET)
    act.yes.click()
    assert room.standing() == {KEEP, ANALYSE}
    again = room.row().lines[STUDY].act
    assert room.row().opened, "it is drawn anew, and stays unfolded"
    assert again is not None
    again.yes.click()
    assert room.standing() == USES
    assert room.asked == []


def test_a_pack_is_taken_back_after_one_question(room: Room) -> None:
    room.choose(room.pack.bulk.back, "Let people study")
    assert room.asked == [], "the passphrase comes first"
    room.page.key.field.setText("wrong horses")
    room.choose(room.pack.bulk.back, "Let people study")
    question = room.yes()
    assert "Take back “Let people study and annotate it” from the pack “Practice room”?" in question
    assert "4 takes" in question
    assert room.standing() == USES
    assert "not the passphrase" in said(room)
    room.page.key.field.setText(SECRET)
    room.choose(room.pack.bulk.back, "Everything")
    assert "This is about 4 takes. Nothing more of them is sent." in room.yes()
    assert room.page.key.field.text() == SECRET, "as long as somebody is here"
    assert all(room.standing(take_id) == frozenset() for take_id in (*MINE, SIGNED))
    assert "Taken back for 4 takes." in said(room)
    assert room.pack.bulk.back.isHidden(), "nothing stands any more"
    room.choose(room.pack.bulk.again, "Keep this take")
    assert "4 takes" in room.yes()
    assert room.standing() == {KEEP}
    assert "Given again for 3 takes. Not changed: 1 take." in said(room)
    room.page.hide()
    assert room.page.key.field.text() == "", "who comes next types it anew"


def test_no_is_the_safe_answer_and_while_it_is_signed_nothing_else_is_begun(opened: Home, host: QWidget) -> None:
    worker = WaitingWorker()
    room = Room(opened, host, worker)
    worker.go()
    room.page.key.field.setText(SECRET)
    room.choose(room.pack.bulk.back, "Everything")
    choices = room.asked[-1][2]
    assert choices[0].words == "Leave it"
    choices[0].then()
    choices[1].then()
    choices[1].then()
    for _ in range(3):
        room.page.take_changed()
    assert room.page.subtitle.text() == "Taking back … 3 takes so far"
    assert not room.page.cards[0].isEnabled()
    worker.go()
    assert room.standing() == frozenset()
    assert len(room.home.consents.record(TAKE).events) == 3, "given, refused, taken back once"
    worker.go()
    assert room.page.cards[0].isEnabled()


def test_nothing_given_yet_leads_to_the_takes(opened: Home, host: QWidget) -> None:
    room = Room(opened, host, read=lambda: Given(()))
    assert room.page.none_yet.isVisible()
    assert not room.page.tools.isVisible()
    assert room.page.copy_button.isVisible(), "takes can be copied though nothing was signed"
    assert not room.page.key.isVisible()
    room.page.none_yet.findChildren(QAbstractButton)[0].click()
    assert room.takes.calls == [()]


def test_of_a_thousand_takes_few_are_drawn_and_each_is_found(opened: Home, host: QWidget) -> None:
    takes = GivenService(opened.library, opened.shelf).read().takes
    room = Room(opened, host, read=lambda: several(takes, 1000))
    page = room.page
    assert [part.unfolded for part in page.cards[0].packs.values()] == [False, False]
    assert page.findChildren(GivenRow) == []
    part = page.cards[0].packs["pack-1"]
    part.more.click()
    assert len(part.rows) == AT_ONCE
    part.rest.click()
    assert len(part.rows) == 2 * AT_ONCE
    page.tools.search.setText(f"{700:026d}")
    (found,) = (row for card in page.cards for part in card.packs.values() for row in part.rows.values())
    assert found.take.take_id == f"{700:026d}"
    page.tools.search.setText("okri")
    (found,) = (row for card in page.cards for part in card.packs.values() for row in part.rows.values())
    assert (found.take.take_id, found.take.partner) == (f"{7:026d}", "Ben Okri"), "who played along may ask for it"
    page.tools.search.setText("nowhere")
    assert page.nothing.isVisible()
    page.tools.search.setText("")
    page.tools.filter.choose("back")
    assert page.nothing.isVisible()
    page.tools.filter.choose("allowed")
    assert list(page.cards[0].packs) == ["pack-0", "pack-1"]


def test_long_names_stay_inside_the_smallest_window(opened: Home, host: QWidget, qtbot: QtBot) -> None:
    takes = GivenService(opened.library, opened.shelf).read().takes
    host.resize(864, 600)
    room = Room(opened, host, read=lambda: several(takes, UNFOLDED_TAKES))
    area = room.page.area
    assert area is not None
    (row, *_) = (row for card in room.page.cards for part in card.packs.values() for row in part.rows.values())
    row.unfold()
    qtbot.waitUntil(lambda: area.widget().width() <= area.viewport().width(), timeout=20_000)


def test_a_copy_is_a_table_or_a_document(room: Room) -> None:
    for words in ("A table", "A document"):
        room.page.copy_button.click()
        menu = room.page.menu
        assert menu is not None
        next(entry for entry in menu.actions() if entry.text().startswith(words)).trigger()
        menu.hide()
    (table, data), (document, plain) = room.saved.calls  # type: ignore[misc]
    assert (table, document) == ("What I have given.csv", "What I have given.json")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert {row["take_id"] for row in rows} == {*MINE, SIGNED}
    assert len(json.loads(plain)["studios"][0]["packs"][0]["takes"]) == 4


def test_a_take_whose_papers_cannot_be_read_stays_and_says_so(room: Room) -> None:
    library = room.home.library
    (library.folder(TAKE) / "receipt.json").write_text("{")
    (library.folder(MINE[1]) / "consent.json").write_text("{")
    library.report_now()
    room.page.refresh()
    row = read(room.row())
    assert "its receipt cannot be read" in row
    assert room.row().minimumSizeHint().width() < room.page.width() / 2, "however long the name of a take is"
    assert "move the file out of the take's folder" in row
    assert room.row().lines[KEEP].act is not None, "it can be taken back all the same"
    (card,) = room.page.findChildren(UnknownCard)
    assert "Its consent.json is not valid. What you gave with it is not known here" in read(card)
    assert room.page.subtitle.text().endswith("2 papers cannot be read")
    room.page.tools.search.setText("nowhere")
    assert room.page.nothing.isVisible()
    for take_id in (*MINE, SIGNED):
        (library.folder(take_id) / "consent.json").write_text("{")
    library.report_now()
    room.page.tools.search.setText("")
    room.page.refresh()
    assert room.page.none_yet.isHidden(), "something was given"
    (card,) = (card for card in room.page.findChildren(UnknownCard) if room.page._place.indexOf(card) >= 0)
    assert sum("is not valid" in label.text() for label in card.findChildren(QLabel)) == 4
