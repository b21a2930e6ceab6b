"""How a take is played on Review: the takes before and after it, loop, speed and volume, by key and by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from ui_review_room import ReviewRoom, shown
from ui_takes import take_ids

from perfstudio.session.home import Home
from perfstudio.ui.review.player_bar import SPEEDS


@pytest.fixture
def room(qtbot: QtBot, taken: Home) -> Iterator[ReviewRoom]:
    with shown(qtbot, taken, ReviewRoom) as made:
        yield made


def said(room: ReviewRoom, *hints: QWidget) -> list[str]:
    return [hint.accessibleName() for hint in hints if hint.isVisible()]


def test_one_goes_from_take_to_take_of_a_scene(room: ReviewRoom) -> None:
    first, second = take_ids(room.home)
    player = room.page.player
    room.page.show_take(first)
    assert said(room, player.earlier, player.later) == ["Take 2"]
    room.press(Qt.Key.Key_P)
    assert room.page.title.text() == "The letter · take 1", "there is none before the first"
    room.press(Qt.Key.Key_N)
    assert room.page.title.text() == "The letter · take 2"
    assert said(room, player.earlier, player.later) == ["Take 1"]
    QTest.mouseClick(player.earlier, Qt.MouseButton.LeftButton)
    assert room.page.title.text() == "The letter · take 1"
    assert room.went == [second, first], "the window knows which take is worked on"
    room.home.takes.bin(second)
    room.page.show_take(first)
    assert said(room, player.earlier, player.later) == [], "what is in the bin is passed by"


def test_speed_and_loop_are_kept_for_the_next_take_and_said(room: ReviewRoom) -> None:
    first, second = take_ids(room.home)
    player, playback = room.page.player, room.page.playback
    room.page.show_take(first)
    for _ in SPEEDS:
        QTest.keyClick(room.page, Qt.Key.Key_Less)
    assert (playback.options.speed, player.speed.text()) == (0.5, "Speed 0.5×")
    QTest.keyClick(room.page, Qt.Key.Key_Greater)
    room.press(Qt.Key.Key_L)
    assert player.loop.isChecked()
    room.page.show_take(second)
    assert (playback.options.speed, playback.options.loops) == (0.75, True)
    assert (player.speed.text(), player.loop.text()) == ("Speed 0.75×", "Loop is on")
    QTest.mouseClick(player.loop, Qt.MouseButton.LeftButton)
    assert (playback.options.loops, player.loop.text()) == (False, "Loop")


def test_how_loud_it_is_played_is_told_to_whoever_remembers_it(room: ReviewRoom) -> None:
    player, playback = room.page.player, room.page.playback
    room.page.show_take(take_ids(room.home)[0])
    room.press(Qt.Key.Key_Minus)
    assert (playback.options.volume, room.volumes.calls) == (0.9, [90])
    room.press(Qt.Key.Key_Equal)
    room.press(Qt.Key.Key_Plus)
    assert (player.volume.value(), room.volumes.calls) == (100, [90, 100]), "no louder than it was recorded"
    QTest.mouseClick(player.volume, Qt.MouseButton.LeftButton, pos=QPoint(1, 5))
    assert (playback.options.volume, player.volume.value()) == (0.0, 0)
