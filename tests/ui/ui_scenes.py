"""The Scenes page with the sample packs, for tests of the page and of the window around it."""

from __future__ import annotations

import pytest
from ui_gallery import packs

from perfstudio.ui.pages.scenes import ScenesPage


@pytest.fixture
def scenes(qtbot):
    """The page with every pack; it keeps what was opened and imported."""
    opened, imported = [], []
    page = ScenesPage(open_scene=opened.append, import_file=imported.append, choose_file=lambda: imported.append("ask"))
    page.opened, page.imported = opened, imported
    qtbot.addWidget(page)
    page.show_packs(packs())
    page.resize(1196, 800)
    with qtbot.waitExposed(page):
        page.show()
    return page
