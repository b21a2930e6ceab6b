"""Review while the checks still run: the film plays, what is decided waits for the seal, and nothing is said twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from ui_review_room import ReviewRoom, shown
from ui_takes import take_ids

from perfstudio.model.errors import ErrorCode, LibraryError
from perfstudio.model.take import Decision, TakeManifest
from perfstudio.session.home import Home
from perfstudio.session.takes.review import TakeReview, read_review
from perfstudio.texts import errors, states
from perfstudio.ui.playback.player import Playback
from perfstudio.ui.widgets import PlainLabel

PATIENCE_MS = 60_000


class Room(ReviewRoom):
    """The page with a take that is not sealed yet; `seal` gives its folder the final name, as the library does."""

    def __init__(self, home: Home, host: QWidget) -> None:
        super().__init__(home, host)
        self.take_id = take_ids(home)[0]
        self.final = home.library.folder(self.take_id)
        self.part = self.final.with_name(self.final.name + ".part")

    def early(self) -> TakeReview:
        done = read_review(self.home.takes, self.home.sides, self.take_id)
        manifest = done.manifest.model_copy(update={"checks": ()})
        files = {"picture": self.part / "take.mp4", "sound": self.part / "audio.flac"}
        return replace(done, manifest=manifest, sealed=False, **files)

    def watch(self) -> None:
        review = self.early()
        self.final.rename(self.part)
        self.decisions.begin(self.take_id)
        self.page.show_film(review)

    def seal(self) -> None:
        self.page.take_moving(self.take_id)
        self.part.rename(self.final)
        self.decisions.sealed(self.take_id)
        self.page.take_sealed(self.take_id)

    @property
    def manifest(self) -> TakeManifest:
        return self.home.takes.manifest(self.take_id)

    def checks_say(self, sentence: str) -> bool:
        labels = self.page.checks.findChildren(PlainLabel)
        return any(sentence in label.text() for label in labels if label.isVisibleTo(self.page))


@pytest.fixture
def room(qtbot: QtBot, taken: Home) -> Iterator[Room]:
    with shown(qtbot, taken, Room) as made:
        yield made


@pytest.mark.parametrize("holds_names", [False, True], ids=["names are free", "open files hold their names"])
def test_the_film_plays_through_the_seal(
    room: Room, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, holds_names: bool
) -> None:
    monkeypatch.setattr(Playback, "HOLDS_NAMES", holds_names)
    room.watch()
    player = room.page.playback
    qtbot.waitUntil(lambda: player.playing and player.position_s > 0.3, timeout=PATIENCE_MS)
    at, before = player.position_s, room.starts.count
    room.page.take_moving(room.take_id)
    assert player.playing is not holds_names, "where an open file holds its name, it is let go"
    room.seal()
    qtbot.waitUntil(lambda: player.playing or room.starts.count > before, timeout=PATIENCE_MS)
    assert player.position_s >= at - 0.05, "and goes on where it was"
    qtbot.waitUntil(lambda: not player.playing, timeout=PATIENCE_MS)  # to its end
    room.press(Qt.Key.Key_Home)
    with qtbot.waitSignal(player.frame, timeout=PATIENCE_MS):
        room.press(Qt.Key.Key_Space)
    room.page.hide()
    room.page.show()
    qtbot.waitUntil(room.page.picture.has_picture, timeout=PATIENCE_MS)


@pytest.mark.parametrize("holds_names", [False, True], ids=["names are free", "open files hold their names"])
def test_a_film_that_moves_before_it_is_open_plays_all_the_same(
    room: Room, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, holds_names: bool
) -> None:
    """A computer that is held up hears of the cut and of the seal at once."""
    monkeypatch.setattr(Playback, "HOLDS_NAMES", holds_names)
    room.watch()
    room.seal()
    qtbot.waitUntil(room.has_played, timeout=PATIENCE_MS)


def test_a_film_that_could_not_be_opened_in_time_is_opened_at_its_new_place(room: Room, qtbot: QtBot) -> None:
    with qtbot.waitSignal(room.page.playback.failed, timeout=PATIENCE_MS):
        room.page.show_film(room.early())
    room.page.take_sealed(room.take_id)
    qtbot.waitUntil(room.has_played, timeout=PATIENCE_MS)


def test_the_checks_come_when_they_are_done(room: Room, qtbot: QtBot) -> None:
    room.watch()
    qtbot.waitUntil(lambda: room.checks_say("Checking this take"), timeout=PATIENCE_MS)
    assert room.page.checks.findings == []
    assert room.page.waiting
    room.seal()
    assert not room.page.waiting
    assert room.page.checks.findings
    assert not room.checks_say("Checking this take")
    assert room.page.timeline.has_wave()
    room.page.take_sealed(room.take_id)
    assert not room.page.waiting, "heard twice is done once"


def test_what_is_decided_early_is_done_with_the_seal(room: Room) -> None:
    room.watch()
    room.press(Qt.Key.Key_C)
    assert room.toast._words.text() == states.NOTED
    room.page.labels.rate(7)
    room.page.labels.save_pending()
    room.page.playback.seek(0.4)
    room.press(Qt.Key.Key_K)
    room.press(Qt.Key.Key_Return)
    assert room.consent.calls == [], "what is not kept goes nowhere"
    room.press(Qt.Key.Key_R)
    assert len(room.again.calls) == 1, "the next take can be asked for at once"
    room.seal()
    assert room.manifest.circled
    assert room.manifest.decision is Decision.KEPT
    assert room.page.verbs.circle.text() == "Circled"


def test_what_is_decided_early_is_not_lost_when_another_take_is_shown(room: Room) -> None:
    room.watch()
    room.press(Qt.Key.Key_K)
    sound = take_ids(room.home)[1]
    room.page.show_take(sound)
    room.seal()
    assert room.manifest.decision is Decision.KEPT
    assert room.page.review is not None
    assert room.page.review.line.take_id == sound


def test_a_take_that_cannot_be_sealed_says_why_and_still_plays(room: Room, qtbot: QtBot) -> None:
    room.watch()
    room.press(Qt.Key.Key_K)
    problem = LibraryError(ErrorCode.DISK_FULL)
    room.decisions.cannot_seal(problem)
    room.page.cannot_seal(errors.sentence(problem))
    qtbot.waitUntil(lambda: room.checks_say("The disk is full."), timeout=PATIENCE_MS)
    room.press(Qt.Key.Key_C)
    assert room.toast._words.text() == errors.sentence(problem)
    qtbot.waitUntil(room.has_played, timeout=PATIENCE_MS)
    assert room.part.is_dir()


def test_a_wave_that_was_read_while_the_folder_moved_comes_all_the_same(room: Room, tmp_path: Path) -> None:
    room.watch()
    room.page.timeline.show_take(room.page.review.duration_s)  # type: ignore[union-attr]
    assert not room.page.timeline.has_wave()
    room.seal()
    assert room.page.timeline.has_wave()
