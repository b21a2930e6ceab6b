"""Nothing is cut, covered or out of reach: every page, in small windows, with large text and long words, which were
chosen while the window was open."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from test_ui_language import OWN_NAMES, texts
from ui_heard import unheard
from ui_reach import faults
from ui_rooms import Tour, touring

from perfstudio.language.catalogue import language, speaking, translated
from perfstudio.texts import guide
from perfstudio.ui import coordinator, theme
from perfstudio.ui.palette import DARK
from perfstudio.ui.widgets import Button, Chip, PlainLabel
from rigs.strange_language import LANGUAGE, longer, of_the_bundled_packs, written

PICTURES = os.environ.get("PERFSTUDIO_PICTURES", "")
"""A folder that gets a picture of every page that is looked at; nothing by itself."""
SMALLEST, DESIGNED, LARGEST = (960, 600), (1280, 800), (3840, 2160)
EVERY = [
    (size, percent, words)
    for size in (SMALLEST, DESIGNED, LARGEST)
    for percent in (100, 150, 200)
    for words in ("en", "de", "longer")
    if (size, percent, words) != (SMALLEST, 200, "longer")
]

pytestmark = pytest.mark.timeout(300)


def choose(tour: Tour, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the open window, as in Settings."""
    wanted = str(written(tour.folder, longer)) if words == "longer" else words
    monkeypatch.setattr(coordinator, "asked_for", lambda _: (wanted,))
    rail = tour.main.rail
    tour.session.settings.change(language=words)
    tour.qtbot.waitUntil(lambda: words == "en" or tour.main.rail is not rail)


def untold(tour: Tour) -> set[str]:
    """What is said in English, though the language that is spoken has words for it. Where that has words of its own
    that are spelled as other English ones are (a German “Start”), nobody can tell: the strange one has none.
    """
    if language() != LANGUAGE:
        return set()
    brought = {"practice", *OWN_NAMES, *of_the_bundled_packs(), *(page.title for page in guide.pages())}
    return {text for text in texts(tour.main) if text not in brought and translated(text) not in (text, "")}


@pytest.mark.parametrize(
    "look",
    [(SMALLEST, 200, "longer"), *(pytest.param(one, marks=pytest.mark.soak) for one in EVERY)],
    ids=lambda one: f"{one[0][0]}-{one[1]}-{one[2]}",
)
def test_every_page_is_read_and_reached(
    qapp: QApplication,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    look: tuple[tuple[int, int], int, str],
) -> None:
    size, percent, words = look
    found: list[str] = []
    with speaking("en"), touring(qapp, qtbot, tmp_path, monkeypatch, (size, percent)) as tour:
        choose(tour, words, monkeypatch)
        for name in tour.everywhere():
            found += [f"{name}: {fault}" for fault in (*faults(tour.main), *unheard(tour.main), *untold(tour))]
            assert tour.main.size().toTuple() == size, f"{name} makes the window larger"
            if PICTURES:
                tour.main.grab().save(str(Path(PICTURES) / f"{name}.png"))
    assert found == []


def test_what_is_cut_covered_or_outside_is_found(qtbot: QtBot, qapp: QApplication) -> None:
    """The look itself."""
    theme.apply(qapp, theme.ThemeState(DARK))
    host, column = QWidget(), QVBoxLayout()
    qtbot.addWidget(host)
    host.setLayout(column)
    column.addWidget(PlainLabel("All of it is read", wrap=True))
    host.resize(400, 300)
    host.show()
    assert faults(host) == []
    for place, (made, said) in enumerate(
        {
            PlainLabel("Three words and more of them", wrap=True, parent=host): "px high",
            Button("Keep this one", parent=host): "of",
            Chip("strong", parent=host): "is not within",
            PlainLabel("over it", parent=host): "lies over",
        }.items()
    ):
        rects = ((10, 200, 90, 20), (10, 250, 40, 40), (380, 200, 80, 25), (12, 12, 60, 20))
        made.setGeometry(*rects[place])
        made.show()
        qapp.processEvents()
        assert any(said in fault for fault in faults(host)), said
        made.hide()
