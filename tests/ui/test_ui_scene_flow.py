"""The whole window with a scene for two: the role and the language go into the take, limits and skips hold at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui_window import SLOW_PAIR, new_window, nothing_ahead

from perfstudio.model.prompt_2 import role_in
from perfstudio.model.take_2 import TakeManifest2
from perfstudio.session.session import Session
from perfstudio.session.skips import SkipReason
from perfstudio.session.views import SceneState, StageState
from perfstudio.ui.coordinator import Coordinator
from rigs.duet_pack import SECRETS, pack_folder

PATIENCE_MS = 30_000


@pytest.fixture
def window(
    qapp: QApplication, qtbot: QtBot, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Coordinator]:
    nothing_ahead(monkeypatch)

    def before(session: Session) -> None:
        session.home.scenes.import_pack(pack_folder(tmp_path / "evening"))
        session.settings.change(camera=SLOW_PAIR.camera, microphone=SLOW_PAIR.microphone, countdown_s=0)

    with new_window(qapp, home, before) as made:
        qtbot.waitExposed(made.main)
        yield made


def shown(window: Coordinator) -> list[str]:
    return [tile.card.prompt.id for tile in window.scenes.page.tiles() if tile.card.pack_id == "evening"]


def test_a_scene_for_two_in_the_window(window: Coordinator, qtbot: QtBot) -> None:
    limits_and_skips_hold_at_once_and_are_taken_back(window, qtbot)
    from_the_choice_to_the_draft_of_the_take(window, qtbot)


def from_the_choice_to_the_draft_of_the_take(window: Coordinator, qtbot: QtBot) -> None:
    session, stage = window._session, window.stage
    stage.enter(session.home.scenes.card("evening/duet"))
    assert window.main.current == "brief", "who is played is asked first, from wherever one comes"
    brief = stage.brief
    assert brief.choosing is not None
    assert brief.choosing.roles is not None
    assert brief.choosing.languages is not None
    brief.choosing.languages.choose("yue")
    brief.choosing.roles.choose("b")
    qtbot.waitUntil(lambda: brief._card is not None and brief._card.role == "b", timeout=PATIENCE_MS)
    brief._on()
    qtbot.waitUntil(lambda: session.director.view.state is StageState.READY, timeout=PATIENCE_MS)
    assert stage.stage.hud._line.text() == "No."
    session.director.roll()
    qtbot.waitUntil(lambda: session.director.view.state is StageState.ROLLING, timeout=PATIENCE_MS)
    draft = session.director._take.draft
    assert isinstance(draft, TakeManifest2)
    assert draft.played is not None
    assert (role_in(draft.prompt.prompt), draft.played.language) == ("b", "yue")
    assert draft.prompt.content_tags == ("grief", "family-rift")
    assert SECRETS[0] not in str(draft.to_json())
    session.director.cut()


def limits_and_skips_hold_at_once_and_are_taken_back(window: Coordinator, qtbot: QtBot) -> None:
    session, page = window._session, window.scenes.page
    assert shown(window) == ["duet", "bus"]
    session.settings.change(tags_never=("grief",))
    qtbot.waitUntil(lambda: shown(window) == ["bus"], timeout=PATIENCE_MS)
    page.limits.link.click()
    assert (window.main.current, window.settings.page.section) == ("settings", "limits")
    window.settings.page.limits.choices["grief"].choose("play")
    qtbot.waitUntil(lambda: shown(window) == ["duet", "bus"], timeout=PATIENCE_MS)
    card = session.home.scenes.card("evening/bus")
    window.stage.read(card)
    window.stage._skip(card, SkipReason.UNCLEAR, "Which bus?", False)
    qtbot.waitUntil(lambda: window.main.current == "scenes", timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: page.tiles()[1].card.state is SceneState.SKIPPED, timeout=PATIENCE_MS)
    window.stage.read(page.tiles()[1].card)
    window.stage._take_up(page.tiles()[1].card)
    qtbot.waitUntil(lambda: page.tiles()[1].card.state is SceneState.UNTOUCHED, timeout=PATIENCE_MS)
    assert window.stage.brief._card is not None
    assert window.stage.brief._card.scene.skipped is None
