"""A clip of a kept take, agreed to and made in the window; and a colleague's clip, from its file to the brief."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui_window import new_window, nothing_ahead

from perfstudio.model.clip import ClipAgreed, ClipUse
from perfstudio.model.clock import utc_now
from perfstudio.model.device import PRACTICE, CameraRequest, DeviceSelection, MicrophoneRequest
from perfstudio.model.opening import address_of
from perfstudio.paths import AppPaths
from perfstudio.session.clips.clip_file import read_clip
from perfstudio.session.clips.making import make_clip
from perfstudio.session.headless.record import RecordingHooks, record_take
from perfstudio.session.home import Home
from perfstudio.texts import clips as words
from perfstudio.ui.coordinator import Coordinator
from perfstudio.ui.review.clip_card import ClipAsked
from perfstudio.ui.widgets import Button

SCENE = "two-chairs/handover"


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The home of Ana with a kept take, and a clip of it for Bo, to be heard and seen."""
    folder = tmp_path_factory.mktemp("ana")
    camera = CameraRequest(id=PRACTICE, width=640, height=360)
    pair = DeviceSelection(camera=camera, microphone=MicrophoneRequest(id=PRACTICE))
    at = utc_now()
    may = (ClipUse.HEAR, ClipUse.SEE)
    agreed = ClipAgreed(at=at, language="en", text="It goes out.", may=may, keep_until=at + timedelta(days=30))
    with Home(AppPaths(folder / "home")) as home:
        take = record_take(home, SCENE, pair, 1.5, RecordingHooks(threading.Event()), role="a")
        home.takes.keep(take.take_id)
        make_clip(home.library, home.paths.clips, take.take_id, folder / "ana.perfclip", agreed, called="Ana")
    return folder / "home", folder / "ana.perfclip"


@pytest.fixture
def ana(
    qapp: QApplication, recorded: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Coordinator]:
    nothing_ahead(monkeypatch)
    shutil.copytree(recorded[0], tmp_path / "ana")
    with new_window(qapp, tmp_path / "ana") as made:
        yield made


@pytest.fixture
def bo(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Coordinator]:
    nothing_ahead(monkeypatch)
    with new_window(qapp, tmp_path / "bo") as made:
        yield made


@pytest.fixture
def wait(qtbot: QtBot) -> Callable[[Callable[[], object]], None]:
    return lambda reached: qtbot.waitUntil(lambda: bool(reached()), timeout=60_000)


Wait = Callable[[Callable[[], object]], None]


def answer(window: Coordinator, words: str) -> None:
    """In the question: a page below it may have a button of the same words."""
    asked = window.main._question.findChildren(Button)
    next(button for button in asked if button.isVisible() and button.text() == words).click()


def notes(window: Coordinator) -> list[str]:
    return [banner.sentence.text() for banner in window.main._notes.banners]


def test_a_clip_is_made_only_of_what_was_read_and_agreed_to(
    ana: Coordinator, wait: Wait, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[ClipAsked] = []
    library = ana._session.home.library
    (row,) = library.list()
    ana.to_take(row.take_id)
    part = ana.review.clips.part
    monkeypatch.setattr(ana.review.clips, "_where", asked.append)
    part._make = ana.review.clips._where
    wait(part.open.isVisible)
    assert "30 days" not in part.went.text()
    assert "A clip went out on" in part.went.text(), "the one that was made before"
    part.open.click()
    wait(lambda: part.card is not None)
    card = part.card
    assert card is not None
    assert not part.open.isVisible()
    assert "cannot be fetched back" in card.line.text()
    assert "my voice in this clip" in card.line.text(), "sound alone unless somebody says otherwise"
    assert not card.save.isEnabled()
    card.agree.toggle.click()
    assert card.save.isEnabled()
    card.what.choose("both")
    assert "my voice and my picture" in card.line.text()
    assert not card.save.isEnabled(), "another line was agreed to"
    card.days.choose("365")
    card.called.setText("Ana")
    card.agree.toggle.click()
    card.save.click()
    (made,) = asked
    assert made.agreed.text == card.line.text()
    assert made.agreed.may == (ClipUse.HEAR, ClipUse.SEE)
    assert (made.agreed.keep_until - made.agreed.at).days == pytest.approx(365, abs=1)
    ana.review.clips.write(tmp_path / "for bo", made)
    wait(lambda: len(library.clips.of(row.take_id)) == 2)
    wait(lambda: part.card is None and part.went.text().count("A clip went out on") == 2)
    clip = read_clip(tmp_path / "for bo.perfclip")
    assert (clip.called, clip.agreed, clip.picture is not None) == ("Ana", made.agreed, True)


def test_the_menu_of_a_kept_take_leads_to_the_card(ana: Coordinator, wait: Wait) -> None:
    (row,) = ana._session.home.library.list()
    ana._go("takes")
    wait(lambda: ana.takes.page.field.tiles)
    tile = ana.takes.page.field.tiles[row.take_id]
    ana.takes.page.show_actions(tile)
    assert ana.takes.page.menu is not None
    entries = {entry.text().partition("\t")[0]: entry for entry in ana.takes.page.menu.actions()}
    entries[words.MAKE].trigger()
    part = ana.review.clips.part
    wait(lambda: ana.main.current == "review" and part.card is not None)
    card = part.card
    assert card is not None
    wait(lambda: card.what.stop().hasFocus())
    assert not card.holds.visibleRegion().isEmpty(), "and seen"
    part.close_card()
    ana.to_take(row.take_id)
    wait(part.open.isVisible)
    assert part.card is None, "asked for once"


def test_no_clip_is_offered_of_a_take_that_was_not_kept(ana: Coordinator, wait: Wait) -> None:
    library = ana._session.home.library
    (row,) = library.list()
    ana._session.home.takes.bin(row.take_id)
    ana.to_take(row.take_id)
    part = ana.review.clips.part
    wait(part.went.isVisible)
    assert not part.open.isVisible()


def test_a_colleagues_clip_opens_the_scene_that_it_is_for(
    bo: Coordinator, recorded: tuple[Path, Path], wait: Wait
) -> None:
    store = bo._session.home.clips.store
    bo.opened.open(address_of(recorded[1]))
    wait(lambda: "stage" in vars(bo) and bo.stage.brief._card is not None and bo.stage.brief.partner.colleague)
    brief = bo.stage.brief
    assert brief._card is not None
    assert brief._card.role == "b", "as who answers it"
    note = brief.partner.colleague
    assert note is not None
    assert note.sentence.text().startswith("Ana as ")
    assert "see it beside your take" in note.detail.text()
    view, wish = bo._session._asked_partner(brief._card) or (None, None)
    assert view is not None
    assert view.about == "Ana"
    assert wish is None, "no headphones are chosen yet, and that is said"
    assert view.problem is not None
    assert note.action is not None
    assert "It came as a file" in note.detail.text()
    note.action.click()
    question = bo.main._question
    assert "Delete the clip of Ana as" in question._heading.text()
    answer(bo, "Leave it")
    assert store.all(), "asked before anything goes"
    note.action.click()
    answer(bo, "Delete the clip")
    wait(lambda: not store.all() and brief.partner.colleague is None)
    wait(brief.partner.choose.isVisible)
    assert bo._session._asked_partner(brief._card) is None


def test_a_clip_that_cannot_be_played_here_is_told_and_not_kept(
    bo: Coordinator, recorded: tuple[Path, Path], wait: Wait, tmp_path: Path
) -> None:
    half = tmp_path / "half.perfclip"
    half.write_bytes(recorded[1].read_bytes()[:9000])
    bo.opened.open(address_of(half))
    wait(lambda: notes(bo))
    assert "its end is missing" in notes(bo)[0]
    assert bo._session.home.clips.store.all() == ()
    assert bo.main.current == "scenes"


def test_nobody_who_plays_is_spoken_to(bo: Coordinator, recorded: tuple[Path, Path], wait: Wait) -> None:
    home, arrival, recording = bo._session.home, bo.stage.clips, [True]
    kind = type(bo._session.director)
    before = kind.recording
    try:
        kind.recording = property(lambda _: recording[0])  # type: ignore[assignment,method-assign]
        arrival.look(recorded[1])
        wait(home.clips.store.all)
        wait(lambda: arrival._unsaid._waiting)
        assert bo.main.current == "scenes"
        recording[0] = False
        arrival._unsaid.now_or_later()
        assert bo.main.current == "brief"
    finally:
        kind.recording = before  # type: ignore[method-assign]


def test_a_scene_for_one_asks_for_no_colleague(bo: Coordinator, wait: Wait) -> None:
    card = bo._session.home.scenes.card("the-letter")
    bo.stage.read(card)
    assert bo.stage.brief.partner.choose.isHidden()
    pair = bo._session.home.scenes.card(SCENE, "b")
    bo.stage.read(pair)
    assert not bo.stage.brief.partner.choose.isHidden()
    assert bo.stage.brief.partner.choose.text() == words.OPEN
