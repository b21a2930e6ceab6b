"""Packs as studios of paid improv write them, in the window: each side is read alone, and light prompts are whole."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot
from ui_gig_packs import brought_in, sides, stage_of

from perfstudio.model.prompt_2 import RolePrompt
from perfstudio.paths import AppPaths
from perfstudio.session.home import Home
from perfstudio.session.views import PackView, StageState
from perfstudio.ui.pages.brief import BriefPage
from perfstudio.ui.scenes import scene_tile
from perfstudio.ui.scenes.scene_tile import SceneTile
from rigs.gig_packs import WRITTEN, document


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, tuple[PackView, ...]]]:
    """A home with all five."""
    place = tmp_path_factory.mktemp("gig")
    with Home(AppPaths(place / "home")) as home:
        yield home, brought_in(home, place)


def said(page: QWidget) -> str:
    """Every word on a page."""
    return " ".join(label.text() for label in page.findChildren(QLabel))


def test_five_packs_are_there_with_all_their_scenes(shelf: tuple[Home, tuple[PackView, ...]]) -> None:
    _, packs = shelf
    scenes = {pack.id: len(pack.cards) for pack in packs}
    assert scenes == {document(name)["id"]: len(document(name)["prompts"]) for name in WRITTEN} | {"one-liners": 16}


def test_brief_and_stage_hold_the_secret_of_their_own_role_alone(
    shelf: tuple[Home, tuple[PackView, ...]], qtbot: QtBot
) -> None:
    home, packs = shelf
    secrets = {
        (told["id"], prompt["id"], role["id"]): role["secret"]
        for told in map(document, WRITTEN)
        for prompt in told["prompts"]
        for role in prompt["roles"]
        if "secret" in role
    }
    assert len(secrets) >= 8
    kept = {pack for pack, _, _ in secrets}
    for card in (card for pack in packs if pack.id in kept for card in sides(home, pack)):
        page = BriefPage(go_on=lambda _: None, go_back=lambda: None)
        stage = stage_of(card, StageState.READY, (960, 600))
        qtbot.addWidget(page)
        qtbot.addWidget(stage)
        page.show_card(card, "")
        for (pack, prompt, role), secret in secrets.items():
            own = (pack, prompt, role) == (card.pack_id, card.prompt.id, card.role)
            assert (secret in said(page)) == own
            assert own or secret not in said(stage)


def test_a_light_prompt_is_read_whole_near_the_lens(shelf: tuple[Home, tuple[PackView, ...]], qtbot: QtBot) -> None:
    home, packs = shelf
    light = [card for pack in packs for card in sides(home, pack) if not card.prompt.line]
    assert len(light) >= 16
    for card in light:
        stage = stage_of(card, StageState.ROLLING, (960, 600))
        qtbot.addWidget(stage)
        short = len(card.prompt.situation) <= 90
        assert not short or card.prompt.situation in said(stage), card.prompt.id


def test_a_chip_is_whole_on_a_second_row_or_left_out(
    shelf: tuple[Home, tuple[PackView, ...]], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, _ = shelf
    rows: dict[str, float] = {}
    paint = scene_tile.paint_chip

    def painted(painter: QPainter, left: float, top: float, text: str, *more: str, **other: float) -> float:
        right = paint(painter, left, top, text, *more, **other)
        assert right - left == pytest.approx(scene_tile.chip_size(text).width(), abs=1), "never a piece of one"
        rows[text] = top
        return right

    monkeypatch.setattr(scene_tile, "paint_chip", painted)
    for reference, second in (("paired-improv-04/handover", True), ("glass-house/kettle", False)):
        rows.clear()
        card = home.scenes.card(reference)
        assert isinstance(card.prompt, RolePrompt)
        tile = SceneTile(card)
        qtbot.addWidget(tile)
        tile.resize(300, tile.sizeHint().height())
        tile.render(QImage(tile.size(), QImage.Format.Format_RGB32))
        partner = next((top for text, top in rows.items() if text.startswith("to a ")), None)
        assert (partner is not None) == second, "with notes below there is no second row"
        assert partner is None or partner > min(rows.values())
