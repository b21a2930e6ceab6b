"""Review of a take that was played to a clip: the other side beside one's own, or one sentence why it is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from ui_review_room import ReviewRoom, shown

from perfstudio.capture.playing.play_options import WhoIsHeard
from perfstudio.model.heard_times import HeardTimes
from perfstudio.session.home import Home
from perfstudio.session.takes.side_view import SideAway
from perfstudio.texts import beside
from rigs.systems import posix_only


@pytest.fixture
def room(answered: tuple[Home, str, str], qtbot: QtBot) -> Iterator[ReviewRoom]:
    with shown(qtbot, answered[0], ReviewRoom) as made:
        made.page.resize(1196, 800)
        made.page.show()
        yield made


def test_the_other_side_is_seen_beside_ones_own(
    room: ReviewRoom, answered: tuple[Home, str, str], qtbot: QtBot
) -> None:
    _, first, answer = answered
    page, stamps = room.page, []
    page.playback.beside.connect(lambda picture: stamps.append(picture.at_s))
    page.show_take(answer)
    qtbot.waitUntil(lambda: page.partner.picture.has_picture() and page.picture.has_picture(), timeout=60_000)
    assert page.partner.picture.width() == pytest.approx(page.picture.width(), abs=2)
    assert page.partner.picture.height() == page.picture.height()
    assert page.partner.bar.sentence.text() == "Your partner plays as you heard them, accurate to 30 ms."
    page.playback.pause()
    page.playback.seek(1.2)
    times = HeardTimes.of(page.review.partner.heard)
    qtbot.waitUntil(lambda: bool(stamps) and abs(stamps[-1] - 1.2) < 1 / 30 + 0.001, timeout=60_000)
    assert times.clip_at(stamps[-1]) == pytest.approx(times.clip_at(1.2), abs=1 / 30 + 0.001)
    page.show_take(first)
    assert page.partner.picture.isHidden()
    assert page.partner.bar.isHidden()
    assert page.picture.width() > 600, "whoever played alone has the room alone"


def test_one_key_says_who_is_heard(room: ReviewRoom, answered: tuple[Home, str, str], qtbot: QtBot) -> None:
    page = room.page
    page.show_take(answered[2])
    qtbot.waitUntil(lambda: page.playback.position_s > 0, timeout=60_000)
    seen = []
    for _ in range(3):
        room.press(Qt.Key.Key_H)
        seen.append((page.playback.options.heard, page.partner.bar.button.text()))
    assert [heard for heard, _ in seen] == [WhoIsHeard.OWN, WhoIsHeard.PARTNER, WhoIsHeard.BOTH]
    assert [words.strip() for _, words in seen] == ["Heard: you", "Heard: your partner", "Heard: both"]
    page.show_take(answered[1])
    room.press(Qt.Key.Key_H)
    assert page.playback.options.heard is WhoIsHeard.BOTH, "with nobody beside one's own there is nothing to choose"


def test_where_only_the_sound_was_given_a_tile_says_so(
    room: ReviewRoom, answered: tuple[Home, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    side = answered[0].sides.of(answered[0].library.manifest(answered[2]))
    heard_only = replace(side, film=replace(side.film, picture=None))
    monkeypatch.setattr(answered[0].sides, "of", lambda manifest: heard_only)
    room.page.show_take(answered[2])
    assert not room.page.partner.picture.isHidden()
    assert not room.page.partner.picture.has_picture()
    assert room.page.partner.picture.accessibleDescription() == beside.HEARD_ONLY


@posix_only("a sound that is open cannot be removed")
def test_what_is_gone_or_cannot_be_read_is_one_sentence_and_ones_own_plays(
    room: ReviewRoom, answered: tuple[Home, str, str], qtbot: QtBot
) -> None:
    library, first, answer = answered[0].library, answered[1], answered[2]
    sound = library.folder(first) / "audio.flac"
    data = sound.read_bytes()
    try:
        sound.write_bytes(b"fLaC" + bytes(1000))
        room.page.show_take(answer)
        qtbot.waitUntil(lambda: room.page.partner.bar.sentence.text() == beside.UNREADABLE, timeout=60_000)
        qtbot.waitUntil(room.has_played, timeout=60_000)
        assert room.page.picture.width() > 600
        sound.unlink()
        room.page.show_take(answer)
        assert room.page.partner.bar.sentence.text() == beside.away(SideAway.GONE)
    finally:
        sound.write_bytes(data)
    library.bin(first)
    try:
        room.page.show_take(answer)
        assert room.page.partner.bar.sentence.text() == beside.away(SideAway.BINNED)
        assert room.page.partner.bar.button.isHidden()
        assert room.page.partner.picture.isHidden()
        qtbot.waitUntil(room.page.picture.has_picture, timeout=60_000)
    finally:
        library.restore(first)
