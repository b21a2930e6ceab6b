"""Photographs the five packs of `rigs.gig_packs` in the window, to be looked at:

PYTHONPATH=.:tests QT_QPA_PLATFORM=offscreen .venv/bin/python tests/ui/ui_gig_packs.py build/gig-packs
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from PySide6.QtWidgets import QApplication
from ui_gallery import pulse, shoot, window

from perfstudio.paths import AppPaths
from perfstudio.session.headless.new_pack import NewPack, NewStudio, new_pack
from perfstudio.session.home import Home
from perfstudio.session.partner_view import PartnerView
from perfstudio.session.stage.state_machine import ACTIONS
from perfstudio.session.views import PackView, SceneCard, StageState, StageView
from perfstudio.ui import theme
from perfstudio.ui.pages.brief import BriefPage
from perfstudio.ui.pages.scenes import ScenesPage
from perfstudio.ui.pages.stage import StagePage
from perfstudio.ui.theme import DARK, LIGHT
from rigs.gig_packs import TABLE, WRITTEN, gig_pack

LOOKS = {
    "dark": (DARK, 1.0, (1280, 800)),
    "light-small": (LIGHT, 1.0, (960, 600)),
    "dark-200": (DARK, 2.0, (1280, 800)),
}


def brought_in(home: Home, folder: Path) -> tuple[PackView, ...]:
    """All five."""
    for name in WRITTEN:
        home.scenes.import_pack(gig_pack(name, folder))
    studio = NewStudio("Brisk Lab", "Brisk Lab Ltd", "a@brisk.example")
    new_pack(NewPack(folder / "one-liners", TABLE, studio=studio, title="One-liners"))
    home.scenes.import_pack(folder / "one-liners")
    return tuple(pack for pack in home.scenes.packs() if not pack.bundled)


def sides(home: Home, pack: PackView) -> list[SceneCard]:
    """Every scene of a pack, as each of its roles reads it."""
    found = []
    for card in pack.cards:
        for role in card.scene.roles or (None,):
            found.append(home.scenes.card(f"{pack.id}/{card.prompt.id}", role.id if role is not None else None))
    return found


def stage_of(card: SceneCard, state: StageState, size: tuple[int, int]) -> StagePage:
    """The stage, ready or rolling."""
    given = pulse()
    page = StagePage(poll=lambda: given, act=lambda _: None, hint_words=lambda _: "")
    page.resize(*size)
    partner = PartnerView("The harbour master", 12.0, "Sennheiser HD 25") if card.prompt.media else None
    page.show_view(StageView(state, ACTIONS[state], card, take_number=1, partner=partner))
    page.refresh()
    return page


def photograph(folder: Path) -> None:
    """Every page of every pack, in three looks."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, Home(AppPaths(Path(place) / "home")) as home:
        packs = brought_in(home, Path(place))
        for look, (palette, scale, size) in LOOKS.items():
            theme.apply(app, theme.ThemeState(palette, scale, reduced_motion=True))
            for pack in packs:
                scenes = ScenesPage(open_scene=lambda _: None, import_file=lambda _: None, choose_file=lambda: None)
                scenes.show_packs((pack,))
                shoot(window(scenes), folder / f"{pack.id}-scenes-{look}.png", size)
                for card in sides(home, pack)[:4]:
                    name = f"{pack.id}-{card.prompt.id}-{card.role or 'alone'}"
                    brief = BriefPage(go_on=lambda _: None, go_back=lambda: None)
                    brief.show_card(card, "Logitech Brio · Blue Yeti")
                    shoot(window(brief), folder / f"{name}-brief-{look}.png", size)
                    rolling = stage_of(card, StageState.ROLLING, size)
                    shoot(window(rolling, full=True), folder / f"{name}-stage-{look}.png", size)


if __name__ == "__main__":
    photograph(Path(sys.argv[1]))
