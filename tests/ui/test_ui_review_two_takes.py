"""Two takes of a scene side by side: locked at "go" or at the first word, one sound at a time, and alone again."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from ui_review_room import ReviewRoom, shown

from perfstudio.capture.playing.play_options import WhoIsHeard
from perfstudio.model.take_2 import VoiceActivity
from perfstudio.model.timing import Marker, MarkerName, Span
from perfstudio.session.home import Home
from perfstudio.session.takes.other_take import LockedAt
from perfstudio.session.takes.review import TakeReview, read_review
from perfstudio.session.takes.take_beside import laid_beside, to_compare


@pytest.fixture
def marked(answered: tuple[Home, str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The first take has "go" at 0.2 and a word at 0.9, the second at 0.5 and 0.8."""
    told = {answered[1]: (0.2, 0.9), answered[2]: (0.5, 0.8)}
    read = answered[0].takes.manifest

    def with_moments(take_id: str):  # type: ignore[no-untyped-def]
        manifest, (go_s, word_s) = read(take_id), told[take_id]
        spans = (Span(start_s=0.0, end_s=0.1), Span(start_s=word_s, end_s=1.5))
        voice = VoiceActivity.model_construct(method=None, room_dbfs=-60.0, spans=spans)
        return manifest.model_copy(update={"markers": (Marker(name=MarkerName.GO, at_s=go_s),), "voice": voice})

    monkeypatch.setattr(answered[0].takes, "manifest", with_moments)


def review_of(home: Home, take_id: str) -> TakeReview:
    return read_review(home.takes, home.sides, take_id)


@pytest.mark.usefixtures("marked")
def test_both_takes_are_at_one_moment(answered: tuple[Home, str, str]) -> None:
    made, first, second = answered
    review = review_of(made, first)
    other = to_compare(review)[0]
    assert other.take_id == second
    at_go = laid_beside(made.takes, review, other, LockedAt.GO)
    assert at_go.film.times.clip_at(0.2) == pytest.approx(0.5)
    assert at_go.other_lock
    at_word = laid_beside(made.takes, review, other, LockedAt.FIRST_WORD)
    assert at_word.film.times.clip_at(0.9) == pytest.approx(0.8)
    assert at_word.film.times.until_s == pytest.approx(2.0, abs=0.11)


def test_takes_without_such_moments_are_locked_where_they_begin(answered: tuple[Home, str, str]) -> None:
    review = review_of(answered[0], answered[1])
    found = laid_beside(answered[0].takes, review, to_compare(review)[0], LockedAt.FIRST_WORD)
    assert (found.locked, found.film.times.offset_s, found.other_lock) == (LockedAt.GO, 0.0, False)


@pytest.mark.usefixtures("marked")
def test_v_lays_a_take_beside_and_takes_it_away_again(answered: tuple[Home, str, str], qtbot: QtBot) -> None:
    with shown(qtbot, answered[0], ReviewRoom) as room:
        page, stamps = room.page, []
        page.playback.beside.connect(lambda picture: stamps.append(picture.at_s))
        page.show_take(answered[1])
        page.playback.pause()
        page.playback.seek(0.7)
        room.press(Qt.Key.Key_V)
        assert page.partner.bar.sentence.text() == "Take 2 plays beside it, both locked at “go”."
        assert page.playback.position_s == 0.7
        assert page.playback.options.heard is WhoIsHeard.OWN
        qtbot.waitUntil(lambda: bool(stamps) and abs(stamps[-1] - 0.7) < 0.04, timeout=60_000)
        assert page.partner.picture.height() == page.picture.height()
        room.press(Qt.Key.Key_H)
        assert page.playback.options.heard is WhoIsHeard.PARTNER
        assert page.partner.bar.button.text() == "Heard: take 2"
        room.press(Qt.Key.Key_G)
        assert page.partner.bar.sentence.text() == "Take 2 plays beside it, both locked at the first word."
        assert page.partner.bar.lock.text() == "Lock at “go”"
        room.press(Qt.Key.Key_V)
        assert page.partner.picture.isHidden()
        assert page.partner.bar.isHidden()
        page.show_take(answered[2])
        assert page.partner.bar.button.text() == "Heard: both", "a partner is heard as before"
        assert page.playback.options.heard is WhoIsHeard.BOTH


@pytest.mark.usefixtures("marked")
def test_a_take_whose_sound_is_gone_is_told_and_ones_own_plays(answered: tuple[Home, str, str], qtbot: QtBot) -> None:
    sound = answered[0].library.folder(answered[2]) / "audio.flac"
    moved = sound.rename(sound.with_suffix(".away"))
    try:
        with shown(qtbot, answered[0], ReviewRoom) as room:
            room.page.show_take(answered[1])
            room.press(Qt.Key.Key_V)
            assert room.page.partner.bar.isHidden()
            assert "audio.flac" in room.toast._words.text()
    finally:
        moved.rename(sound)
