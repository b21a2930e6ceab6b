"""Labels by keyboard alone: every letter and figure of them, in less than twenty seconds, and on the disk as said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from time import perf_counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from ui_review_room import ReviewRoom, shown
from ui_takes import take_ids

from perfstudio.model.errors import ErrorCode, LibraryError
from perfstudio.model.labels import Labels
from perfstudio.model.take_reading import read_take
from perfstudio.session.home import Home
from rigs.kept_takes import KEPT, SEALED

SCRIPT = "aq 746 8 y 355"
"""Anger, lightly; it felt pleasant, calm and in control; it rang true; the character held; and what it was meant to
feel. A space is no key here."""
KEY_S, DECISION_S = 0.28, 1.35
"""An average typist's key, and the thought before it (Card, Moran and Newell 1980, the keystroke-level model)."""


@pytest.fixture
def room(qtbot: QtBot, taken: Home) -> Iterator[ReviewRoom]:
    with shown(qtbot, taken, ReviewRoom) as made:
        made.page.show_take(take_ids(taken)[0])
        yield made


def test_a_take_is_labelled_by_ten_keys(room: ReviewRoom) -> None:
    begun = perf_counter()
    keys = SCRIPT.replace(" ", "")
    for key in keys:
        QTest.keyClick(room.page, key)
    room.page.labels.save_pending()
    took_s = perf_counter() - begun
    take_id = room.page.review.line.take_id
    folder = room.home.library.folder(take_id)
    labels = json.loads((folder / "take.json").read_bytes())["labels"]
    vocabulary = room.home.takes.manifest(take_id).vocabulary_of("anger")
    assert labels.pop("meant") == [{"term": "anger", "vocabulary": vocabulary}]
    assert labels == {
        "intensity": "light", "valence": 7, "arousal": 4, "dominance": 6, "held_character": "all_the_way", "note": "",
        "authenticity": 8, "meant_valence": 3, "meant_arousal": 5, "meant_dominance": 5,
        "scale": "SAM-9", "authenticity_scale": "perfstudio:authenticity-9",
    }  # fmt: skip
    person_s = len(keys) * (KEY_S + DECISION_S)
    print(f"labels by keyboard: {len(keys)} keys, {person_s:.1f} s of a person, {took_s * 1000:.0f} ms of perfstudio")
    assert person_s < 20


def test_a_letter_turns_its_chip_and_w_asks_for_another_word(room: ReviewRoom) -> None:
    labels = room.page.labels
    QTest.keyClick(room.page, "s")
    assert [term for term, chip in labels.meant.items() if chip.isChecked()] == ["tenderness"]
    QTest.keyClick(room.page, "s")
    assert labels.labels() is None
    QTest.keyClick(room.page, "w")
    assert room.page.focusWidget() is labels.own
    QTest.keyClicks(labels.own, "spite")
    QTest.keyClick(labels.own, Qt.Key.Key_Return)
    QTest.keyClick(labels.own, Qt.Key.Key_Escape)
    QTest.keyClick(room.page, "d")
    assert not labels.meant["spite"].isChecked(), "a word of one's own gets the next letter"
    assert labels.meant["spite"].accessibleDescription() == "D"


def test_takes_of_0_1_0_are_not_asked_for_what_they_cannot_hold(room: ReviewRoom) -> None:
    old = read_take((KEPT / SEALED[0] / "take.json").read_bytes())
    labels = room.page.labels
    assert labels.scales["authenticity"].isVisibleTo(labels)
    labels.show_take(old)
    assert not labels.scales["authenticity"].isVisibleTo(labels)
    assert labels.scales["valence"].isVisibleTo(labels)
    for _ in labels.scales:
        labels.rate(5)
    said = labels.labels()
    assert said is None or (said.valence, said.authenticity, said.meant_valence) == (5, None, None)
    with pytest.raises(LibraryError) as refused:
        old.labelled(Labels(meant=("joy",), authenticity=3))
    assert refused.value.code is ErrorCode.SCALES_NO_PLACE
