"""A film for the reel from Review: asked for, made, stopped, and said as it is."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import av
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from ui_review_room import ReviewRoom
from ui_takes import take_ids

from perfstudio.session.home import Home
from perfstudio.session.worker import InlineWorker
from perfstudio.texts import reel
from perfstudio.ui.flows import reel_making
from perfstudio.ui.flows.reel_making import ReelMaking
from perfstudio.ui.main_window import MainWindow
from perfstudio.ui.review.reel_card import ReelAsked, ReelCard
from perfstudio.ui.review.slate_picture import slate_lines, slate_picture


@pytest.fixture
def making(qtbot: QtBot, taken: Home) -> ReelMaking:
    window = MainWindow()
    qtbot.addWidget(window)
    return ReelMaking(window, cast(Any, SimpleNamespace(home=taken, background=InlineWorker(), bus=taken.bus)))


def card_of(room: ReviewRoom) -> ReelCard:
    card = room.page.reel.card
    assert card is not None
    return card


def test_e_says_what_goes_out_and_asks_for_a_place(room: ReviewRoom, qtbot: QtBot) -> None:
    room.press(Qt.Key.Key_E)
    card = card_of(room)
    qtbot.waitUntil(lambda: room.page.focusWidget() is card.save, timeout=60_000)
    assert "cannot be fetched back" in card.holds.text()
    assert card.name.isHidden()
    card.part.choose("whole")
    card.slate.choose("slated")
    assert card.holds.text().startswith("Picture and sound from 0:00 to 0:0")
    assert card.name.isVisible()
    card.name.setText(" Ines  Example ")
    card.save.click()
    asked = room.reels.calls[0]
    assert isinstance(asked, ReelAsked)
    assert (asked.whole, asked.slated, asked.name) == (True, True, "Ines Example")
    card.begin()
    assert room.page.focusWidget() is card.stop, "the keyboard stays with the card"
    card.end("There it is.")
    assert room.page.focusWidget() is card.save
    card.leave.click()
    assert room.page.reel.card is None
    room.press(Qt.Key.Key_E)
    room.page.show_take(take_ids(room.home)[1])
    assert room.page.reel.card is None, "what is asked is asked of one take"
    room.press(Qt.Key.Key_E)
    assert card_of(room).slate.isHidden(), "of a sound there is no slate"


def test_the_film_is_made_and_its_folder_is_shown(
    room: ReviewRoom, making: ReelMaking, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(reel_making, "open_folder", lambda folder, _note: opened.append(folder))
    making.part.show_review(room.page.review)
    making.part.ask()
    card = making.part.card
    assert card is not None
    out = tmp_path / "out"
    out.mkdir()
    making.write(out / "mine", ReelAsked(room.page.review, whole=False, slated=True, name="Ines Example"))
    assert card.told.text().startswith("mine.mp4 and mine.wav are there: ")
    with av.open(str(out / "mine.mp4")) as film:
        assert film.streams.video[0].codec_context.width == room.page.review.manifest.devices.camera.width
    card.show_it.click()
    assert opened == [out]


def test_a_film_that_is_stopped_is_said_to_be_none(
    room: ReviewRoom, making: ReelMaking, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    making.part.show_review(room.page.review)
    making.part.ask()
    card = making.part.card
    assert card is not None
    monkeypatch.setattr(card, "show_share", lambda _share: QTest.mouseClick(card.stop, Qt.MouseButton.LeftButton))
    out = tmp_path / "out"
    out.mkdir()
    making.write(out / "mine.mp4", ReelAsked(room.page.review, whole=True, slated=False, name=""))
    assert card.told.text() == reel.STOPPED
    assert list(out.iterdir()) == []
    assert not card.busy


def test_a_slate_says_scene_character_take_day_and_name(room: ReviewRoom) -> None:
    lines = slate_lines(room.page.review, "Ines Example")
    assert (lines[0], lines[2], lines[-1]) == ("The letter", "Take 1", "Ines Example")
    drawn = slate_picture(room.page.review, "Ines Example")
    assert len(drawn.pixels) == drawn.width * drawn.height * 4
    assert len(set(drawn.pixels)) > 20, "words are drawn on it"
