"""Marks on Review: made by key, worded, taken away, on the disk; drawn, explained, and read out as a list."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from ui_review_room import ReviewRoom

from perfstudio.model.checks import CheckCode, CheckResult, Verdict
from perfstudio.model.marks import OwnMark
from perfstudio.model.timing import Gap, GapCause, Marker, MarkerName, Span
from perfstudio.session.takes.moments import MomentKind, moments_of
from perfstudio.session.takes.waveform import LOUDNESS_FROM_S, Loudest, Waveform
from perfstudio.ui.review.signs import FACE, LOUDNESS


def test_m_marks_and_takes_a_word_and_b_says_that_it_broke(room: ReviewRoom) -> None:
    take_id, page = room.page.review.line.take_id, room.page
    page.playback.seek(0.5)
    room.press(Qt.Key.Key_M)
    field = page.focusWidget()
    assert field is page.moments.card.rows[0].word
    QTest.keyClicks(field, "  laugh, here")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert page.focusWidget() is page, "the page has the keys again"
    assert room.consent.calls == [], "Enter was the field's own"
    page.playback.seek(1.0)
    room.press(Qt.Key.Key_B)
    laugh = OwnMark(name=MarkerName.MARK, at_s=0.5, note="laugh, here")
    broke = OwnMark(name=MarkerName.BROKE, at_s=1.0)
    assert room.home.takes.manifest(take_id).own_marks() == (laugh, broke)
    assert [row.link.accessibleName() for row in page.moments.card.rows] == [
        "0:00 · laugh, here",
        "0:01 · broke character",
    ]
    assert set(page.moments.legend.signs) >= {MomentKind.MARKED, MomentKind.BROKE, FACE}
    page.moments.card.rows[1].link.click()
    assert page.playback.position_s == 1.0
    page.playback.pause()
    page.moments.card.rows[0].remove.click()
    assert room.home.takes.manifest(take_id).own_marks() == (broke,)
    turned = room.home.undo.back()
    assert turned is not None
    assert room.home.takes.manifest(take_id).own_marks() == (laugh, broke)


def test_what_went_wrong_is_a_moment_too(room: ReviewRoom) -> None:
    manifest = room.page.review.manifest
    video = manifest.video.model_copy(update={"gaps": (Gap(start_s=0.8, length_s=0.3, cause=GapCause.STALL),)})
    clipped, fine = (
        CheckResult(code=code, verdict=verdict, value=0.0, times=(Span(start_s=0.2, end_s=0.4),))
        for code, verdict in ((CheckCode.CLIPPING, Verdict.RETAKE), (CheckCode.TRUE_PEAK, Verdict.GOOD))
    )
    stage = Marker(name=MarkerName.MARK, at_s=1.2)
    found = moments_of(manifest.model_copy(update={"checks": (clipped, fine), "video": video, "markers": (stage,)}))
    assert [(one.kind, one.at_s, one.own) for one in found] == [
        (MomentKind.TOO_LOUD, 0.2, None), (MomentKind.LOST_PICTURES, 0.8, None), (MomentKind.MARKED, 1.2, None),
    ]  # fmt: skip
    timeline, card = room.page.timeline, room.page.moments.card
    timeline.show_moments(found, face=False)
    card.show_moments(found, can_mark=False)
    assert [row.link.accessibleName() for row in card.rows] == [
        "0:00 · too loud, 0.2 s", "0:00 · frames lost, 0.3 s", "0:01 · marked",
    ]  # fmt: skip
    assert timeline._words_at(0.9) == "0:00 · frames lost, 0.3 s"
    timeline.grab()


def test_how_loud_it_is_is_drawn_and_said(room: ReviewRoom) -> None:
    page = room.page
    page.moments.show_wave(Waveform(5.0, (0.5,) * 50, (-30.0, -18.6, -70.0), Loudest(LOUDNESS_FROM_S + 0.1, -18.6)))
    assert page.moments.card.loudest.text() == "Loudest around 0:01: −19 LUFS over 3 s."
    assert LOUDNESS in page.moments.legend.signs
    page.timeline.grab()
    page.moments.show_wave(Waveform(5.0, (0.0,) * 50))
    assert page.moments.card.loudest.isHidden()
    assert LOUDNESS not in page.moments.legend.signs
