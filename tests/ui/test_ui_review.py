"""Review with real takes: it plays, steps, seeks by a sentence, labels by key, and every verb reaches the disk."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import av
import pytest
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from ui_review_room import ReviewRoom, shown
from ui_takes import Told, take_ids

from perfstudio.capture.playing.told import FilmMoved
from perfstudio.model.checks import CheckCode, CheckResult, Verdict
from perfstudio.model.consent import UseId
from perfstudio.model.errors import ErrorCode, MediaError
from perfstudio.model.played import Played
from perfstudio.model.take import Decision, EndReason, TakeState
from perfstudio.model.timing import Span
from perfstudio.session.consents import ConsentService
from perfstudio.session.home import Home
from perfstudio.session.statements import Statements
from perfstudio.session.takes.waveform import Waveform
from perfstudio.ui.pages import review as review_page
from perfstudio.ui.review.checks_list import ChecksList
from perfstudio.ui.review.moment_text import find_moments
from perfstudio.ui.review.timeline import UNREAD


class Room(ReviewRoom):
    """With what is on disk."""

    def manifest(self, take_id: str):  # type: ignore[no-untyped-def]
        return self.home.takes.manifest(take_id)


def stamps_of(film: Path) -> list[float]:
    """The stamp of every picture, in seconds."""
    with av.open(str(film)) as box:
        return [float(frame.pts * frame.time_base) for frame in box.decode(video=0)]


@pytest.fixture
def room(qtbot: QtBot, taken: Home) -> Iterator[Room]:
    with shown(qtbot, taken, Room) as made:
        yield made


def test_a_take_plays_at_once_and_steps(room: Room, qtbot: QtBot) -> None:
    picture, _ = take_ids(room.home)
    room.page.show_take(picture)
    assert room.page.title.text() == "The letter · take 1"
    assert "Ines, 50" in room.page.subtitle.text()
    assert "in sync within" in room.page.subtitle.text()
    qtbot.waitUntil(room.has_played, timeout=60_000)
    with qtbot.waitSignal(room.page.playback.frame, timeout=60_000):
        pass
    qtbot.waitUntil(lambda: room.page.playback.position_s > 0.1, timeout=60_000)
    room.press(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not room.page.playback.playing, timeout=60_000)
    stamps = stamps_of(room.page.review.picture)
    here = max(at for at in stamps if at <= 0.5)
    room.page.playback.seek(here + 0.005)  # well within it: just before the next stamp that one is seen already
    seen = Told()
    room.page.playback.frame.connect(seen)
    room.press(Qt.Key.Key_Period)
    qtbot.waitUntil(lambda: room.page.playback.position_s == stamps[stamps.index(here) + 1], timeout=60_000)
    room.press(Qt.Key.Key_Comma)
    qtbot.waitUntil(lambda: room.page.playback.position_s == here, timeout=60_000)
    qtbot.waitUntil(lambda: bool(seen.calls) and seen.calls[-1].at_s == here, timeout=60_000)
    room.press(Qt.Key.Key_Right)
    assert room.page.playback.position_s == here + 1
    room.press(Qt.Key.Key_Home)
    assert room.page.playback.position_s == 0


def test_out_of_sight_the_film_is_let_go_and_comes_back_where_it_was_left(room: Room, qtbot: QtBot) -> None:
    room.page.show_take(take_ids(room.home)[0])
    playback, picture = room.page.playback, room.page.picture
    qtbot.waitUntil(lambda: room.has_played() and picture.has_picture(), timeout=60_000)
    playback.pause()
    qtbot.waitUntil(lambda: not playback.playing, timeout=60_000)
    playback.seek(0.5)
    room.page.hide()
    qtbot.waitUntil(lambda: "film" not in (thread.name for thread in threading.enumerate()), timeout=60_000)
    assert not picture.has_picture()
    room.page.show()
    qtbot.waitUntil(picture.has_picture, timeout=60_000)
    assert not playback.playing
    assert playback.position_s == pytest.approx(0.5, abs=0.003)
    before = room.starts.count
    room.press(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: room.starts.count > before, timeout=60_000)


def test_sound_alone_has_its_wave_and_no_talk_of_sync(room: Room, qtbot: QtBot) -> None:
    _, sound = take_ids(room.home)
    room.page.show_take(sound)
    assert "sound only" in room.page.subtitle.text()
    assert room.page.timeline.has_wave()
    assert not any(f.result.code is CheckCode.SYNC for f in room.page.checks.findings)
    qtbot.waitUntil(room.has_played, timeout=60_000)


def test_a_wave_that_cannot_be_read_is_said_and_drawn_once_it_can(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that reads it may die over a damaged file; one that is on its way elsewhere is no fault."""
    _, sound = take_ids(room.home)
    codes = [ErrorCode.MEDIA_MISSING, ErrorCode.MEDIA_UNREADABLE]
    for code, said in zip(codes, ("", UNREAD), strict=True):

        def unread(file: Path, code: ErrorCode = code) -> Waveform:
            raise MediaError(code, file=file.name)

        monkeypatch.setattr(review_page, "read_waveform", unread)
        room.page.show_take(sound)
        assert (room.page.timeline._unread, room.page.timeline.has_wave()) == (said, False)
    room.page.timeline.grab()
    monkeypatch.undo()
    room.page.show_take(sound)
    assert (room.page.timeline._unread, room.page.timeline.has_wave()) == ("", True)


def test_keep_circle_bin_and_undo_are_on_disk(room: Room) -> None:
    picture, _ = take_ids(room.home)
    room.page.show_take(picture)
    room.press(Qt.Key.Key_K)
    assert room.manifest(picture).decision is Decision.KEPT
    assert room.page.verbs.next.isVisible()
    room.press(Qt.Key.Key_C)
    assert room.manifest(picture).circled
    assert room.page.verbs.circle.text() == "Circled"
    room.press(Qt.Key.Key_Delete)
    assert room.manifest(picture).decision is Decision.BINNED
    assert room.page.verbs.bin.text() == "Restore"
    room.toast._button.click()
    assert room.manifest(picture).circled, "undo brings back what was decided before"
    assert room.manifest(picture).decision is Decision.KEPT
    room.press(Qt.Key.Key_R)
    assert [review.line.take_id for review in room.again.calls] == [picture]  # type: ignore[attr-defined]
    room.press(Qt.Key.Key_Escape)
    assert len(room.leave.calls) == 1


def test_consent_comes_after_keep_only(room: Room) -> None:
    picture, _ = take_ids(room.home)
    room.page.show_take(picture)
    room.press(Qt.Key.Key_Return)
    assert room.consent.calls == []
    room.press(Qt.Key.Key_K)
    room.page.setFocus()
    room.press(Qt.Key.Key_Return)
    assert room.consent.calls == [picture]


def test_a_signed_take_without_a_label_says_so_and_leads_there(room: Room, qtbot: QtBot) -> None:
    picture, _ = take_ids(room.home)
    room.home.takes.keep(picture)
    home = room.home
    signing = ConsentService(home.library, home.shelf, home.settings, home.bus, home.paths.home, use_keyring=False)
    room.page.show_take(picture)
    assert room.page.notes.unlabelled.isHidden(), "kept and unsigned goes on by the button"
    signing.sign(
        picture,
        frozenset({UseId.STORE_REVIEW}),
        "Ines",
        passphrase=lambda: "correct horse",
        stated=Statements(adult=True),
    )
    room.page.resize(960, 600)
    room.page.show_take(picture, at_label=True)
    assert room.page.notes.unlabelled.isVisible()
    first = next(iter(room.page.labels.meant.values()))
    qtbot.waitUntil(lambda: room.page.focusWidget() is first, timeout=60_000)
    qtbot.waitUntil(lambda: first.visibleRegion().boundingRect() == first.rect(), timeout=60_000)
    QTest.keyClick(first, Qt.Key.Key_Return)
    room.page.labels.save_pending()
    assert room.manifest(picture).labels is not None
    assert room.home.takes.line(picture).state is TakeState.ACCEPTED
    assert room.page.notes.unlabelled.isHidden()


def test_verbs_do_not_move_when_a_take_is_kept(room: Room) -> None:
    picture, _ = take_ids(room.home)
    room.page.show_take(picture)
    verbs = room.page.verbs
    before = [b.mapTo(room.page, QPoint(0, 0)) for b in (verbs.keep, verbs.circle, verbs.again, verbs.bin)]
    room.press(Qt.Key.Key_K)
    room.page.layout().activate()
    after = [b.mapTo(room.page, QPoint(0, 0)) for b in (verbs.kept, verbs.circle, verbs.again, verbs.bin)]
    assert before == after


def test_how_it_was_played_reaches_the_disk(room: Room) -> None:
    picture, _ = take_ids(room.home)
    room.page.show_take(picture)
    fields = room.page.labels.played
    assert (fields.language.text(), fields.accent.text(), fields.age.text()) == ("English", "", "")
    for field, words in ((fields.language, "es"), (fields.accent, "Leeds"), (fields.age, "81")):
        field.clear()
        QTest.keyClicks(field, words)
    room.page.labels.save_pending()
    assert room.manifest(picture).how_played() == Played(language="es", accent="Leeds", age=81)
    QTest.keyClick(fields.language, Qt.Key.Key_Return)
    assert fields.language.text() == "Spanish", "and not Estonian"
    for field, words in ((fields.language, "Spanisch-ish"), (fields.age, "999")):
        before = field.text()
        field.clear()
        QTest.keyClicks(field, words)
        room.page.labels.save_pending()
        assert fields.problem.isVisibleTo(room.page), words
        field.setText(before)
        QTest.keyClicks(field, " ")
    fields.accent.clear()
    QTest.keyClicks(fields.accent, " ")
    room.page.labels.save_pending()
    assert not fields.problem.isVisibleTo(room.page)
    assert room.manifest(picture).how_played() == Played(language="es", age=81)


def test_labels_by_keyboard_reach_the_disk(room: Room) -> None:
    picture, _ = take_ids(room.home)
    room.page.show_take(picture)
    assert list(room.page.labels.meant) == ["anger", "tenderness"], "asked for, and not chosen for anybody"
    assert room.page.labels.labels() is None
    room.page.labels.meant["anger"].click()
    for digit in (Qt.Key.Key_3, Qt.Key.Key_8, Qt.Key.Key_6):
        room.press(digit)
    room.page.labels.own.setText("spite")
    QTest.keyClick(room.page.labels.own, Qt.Key.Key_Return)
    room.page.labels.held["slipped"].click()
    QTest.keyClicks(room.page.labels.note, "K was not a key here")
    room.page.labels.save_pending()
    said = room.manifest(picture).said()
    assert said.meant == ("anger", "spite")
    assert (said.valence, said.arousal, said.dominance) == (3, 8, 6)
    assert said.held_character == "slipped"
    assert said.note == "K was not a key here"
    assert room.manifest(picture).decision is Decision.UNDECIDED


def test_in_and_out_points_change_no_file(room: Room, qtbot: QtBot) -> None:
    picture, _ = take_ids(room.home)
    room.page.show_take(picture)
    qtbot.waitUntil(room.has_played, timeout=60_000)
    room.page.playback.pause()
    qtbot.waitUntil(lambda: not room.page.playback.playing, timeout=60_000)
    seal, own = room.manifest(picture).seal_sha256, room.manifest(picture).trim
    assert own.in_s is not None, "a take begins to play where it rolled"
    assert own.out_s is not None, "and ends where it was cut"
    third = (own.out_s - own.in_s) / 3
    first, last = round(own.in_s + third, 3), round(own.out_s - third, 3)
    room.page.playback.seek(first)
    room.press(Qt.Key.Key_I)
    room.page.playback.seek(last)
    room.press(Qt.Key.Key_O)
    trim = room.manifest(picture).trim
    assert (trim.in_s, trim.out_s) == (first, last)
    assert room.manifest(picture).seal() == seal
    room.page.playback.seek(first)
    room.press(Qt.Key.Key_I)
    assert room.manifest(picture).trim.in_s is None, "the same point once more takes it away"


def test_the_word_of_the_end_that_comes_late_moves_nothing(room: Room, qtbot: QtBot) -> None:
    picture, _ = take_ids(room.home)
    room.page.show_take(picture)
    playback = room.page.playback
    qtbot.waitUntil(room.has_played, timeout=60_000)
    playback.pause()
    qtbot.waitUntil(lambda: not playback.playing, timeout=60_000)
    playback.seek(0.4)
    playback._told.emit(playback._token, FilmMoved(playback.duration_s, number=0, ended=True))
    QCoreApplication.sendPostedEvents()
    assert playback.position_s == 0.4


def test_a_sentence_leads_to_its_moment(qtbot: QtBot) -> None:
    went, meant = Told(), Told()
    card = ChecksList(play_from=went, intend=meant)
    qtbot.addWidget(card)
    card.resize(380, 400)
    shout = CheckResult(
        code=CheckCode.CLIPPING, verdict=Verdict.LOOK, times=(Span(start_s=91.2, end_s=91.6),), facts={}
    )
    lost = CheckResult(code=CheckCode.DROPS, verdict=Verdict.LOOK, value=2, unit="percent")
    card.show_checks((shout, lost, CheckResult(code=CheckCode.FOCUS, verdict=Verdict.GOOD)))
    card.show()
    finding, machine = card.findings
    assert [one.accessibleName() for one in card.findings] == ["Clipping: have a look", "Lost frames: have a look"]
    assert [m.at_s for m in finding.text.moments] == [91.2]
    QTest.keyClick(finding.text, Qt.Key.Key_Return)
    assert finding.play is not None
    finding.play.click()
    assert went.calls == [91.2, pytest.approx(90.5)]
    assert finding.intended is not None
    finding.intended.click()
    assert meant.calls == [(CheckCode.CLIPPING, True)]
    assert finding.intended.text() == "Intended"
    assert machine.intended is None, "nobody intends lost pictures"
    assert card.held is not None


def test_intended_survives_a_new_look(room: Room) -> None:
    picture, _ = take_ids(room.home)
    room.page._take_id = picture
    room.page._intend(CheckCode.CLIPPING, True)
    assert room.manifest(picture).intended == (CheckCode.CLIPPING,)


@pytest.mark.parametrize(
    ("sentence", "at", "found"),
    [("at 1:31.", 91.0, 1), ("at 11:31.", 91.0, 0), ("at 1:31:02.", 91.0, 0), ("of 0:04 and 0:04", 4.2, 1)],
)
def test_moments_are_found_whole(sentence: str, at: float, found: int) -> None:
    assert len(find_moments(sentence, (Span(start_s=at, end_s=at + 1),))) == found


def test_an_end_that_was_no_cut_is_said(room: Room) -> None:
    picture, _ = take_ids(room.home)
    room.page.show_take(picture)
    assert room.page.notes.end.isHidden()
    lost = room.page.review.manifest.model_copy(update={"ended": EndReason.CAMERA_LOST})  # type: ignore[union-attr]
    from perfstudio.session.takes.review import TakeReview

    review = room.page.review
    assert review is not None
    room.page._fill(TakeReview(review.line, lost, review.picture, review.sound))
    assert room.page.notes.end.isVisible()
    assert "The camera sent no more pictures" in room.page.notes.end.sentence.text()


def test_a_take_that_is_not_there_is_said(room: Room) -> None:
    room.page.show_take("0" * 26)
    assert room.page.review is None
    room.press(Qt.Key.Key_K)
    room.press(Qt.Key.Key_Delete)
    assert not room.page.verbs.keep.isEnabled()
