"""What a screen reader is told: roles, names, what is chosen; and that what it presses is pressed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAccessibleInterface
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from ui_heard import Heard, find, heard, name_of, press, unheard

from perfstudio.ui.review.moment_text import MomentText
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Banner, Chip, PlainLabel, Rail, SegmentedFilter, ThemedIcon
from perfstudio.ui.widgets.heard import HeardWidget


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    """A window of their own."""
    window = QWidget()
    window.setLayout(QVBoxLayout())
    qtbot.addWidget(window)
    return window


def told(host: QWidget, *parts: QWidget) -> list[QAccessibleInterface]:
    """What is heard of these, without what only holds them."""
    for part in parts:
        host.layout().addWidget(part)
    host.show()
    QCoreApplication.sendPostedEvents()  # what is added to a window is shown a turn later
    return [node for node in heard(host) if isinstance(node, HeardWidget)]


def test_a_chip_that_only_says_something_is_no_button(host: QWidget) -> None:
    clicks: list[str] = []
    says, does = Chip("practice"), Chip("Play it", on_click=lambda: clicks.append("played"))
    said, done, ticked = told(host, says, does, Chip("sad", checkable=True))
    assert (said.role(), name_of(said), said.actionInterface().actionNames()) == (Heard.StaticText, "practice", [])
    assert (done.role(), ticked.role()) == (Heard.Button, Heard.CheckBox)
    press(done)
    assert clicks == ["played"]
    press(ticked)
    assert ticked.state().checked


def test_one_of_several_is_a_radio_button(host: QWidget) -> None:
    row = SegmentedFilter("Show", {"all": "All", "kept": "Kept"})
    chosen: list[str] = []
    row.chosen.connect(chosen.append)
    group, every, kept = told(host, row)
    assert (group.role(), name_of(group)) == (Heard.Grouping, "Show")
    assert (every.role(), bool(every.state().checked), bool(kept.state().checked)) == (Heard.RadioButton, True, False)
    press(kept)
    assert (chosen, bool(every.state().checked), bool(kept.state().checked)) == (["kept"], False, True)


def test_rooms_are_tabs_of_which_one_is_selected(host: QWidget) -> None:
    rail = Rail({"scenes": ("scenes", "Scenes"), "takes": ("takes", "Takes")}, "takes")
    rail.mark("takes")
    rooms, scenes, takes = told(host, rail)
    assert (rooms.role(), scenes.role()) == (Heard.PageTabList, Heard.PageTab)
    assert (bool(scenes.state().selected), bool(takes.state().selected)) == (False, True)


def test_headings_are_headings_and_decoration_is_not_there(host: QWidget) -> None:
    parts = (
        PlainLabel("Takes", Role.TITLE), PlainLabel("0:12", Role.TITLE, tabular=True),
        PlainLabel("Read this out", Role.HEADING, selectable=True), ThemedIcon("good", "good"), PlainLabel("a word"),
    )  # fmt: skip
    nodes = told(host, *parts)
    assert [(node.role(), name_of(node)) for node in nodes] == [
        (Heard.Heading, "Takes"),
        (Heard.StaticText, "0:12"),
        (Heard.StaticText, "Read this out"),
        (Heard.StaticText, "a word"),
    ]


def test_a_banner_and_a_sentence_with_moments(host: QWidget) -> None:
    banner, *_, sentence = told(host, Banner("The disk is nearly full", "look"), MomentText("It is loud."))
    assert (banner.role(), name_of(banner)) == (Heard.Notification, "The disk is nearly full")
    assert (sentence.role(), name_of(sentence)) == (Heard.StaticText, "It is loud.")


def test_what_cannot_be_understood_is_found(host: QWidget) -> None:
    """The look itself."""
    nameless = Chip("", on_click=lambda: None)
    told(host, nameless)
    assert unheard(host) == ["Chip '': a Button without a name", "no heading to leap to"]
    told(host, PlainLabel("Here", Role.HEADING))
    nameless.say("Play it")
    assert unheard(host) == []
    press(find(host, Heard.Button, "Play"))
