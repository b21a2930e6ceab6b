"""What is seen, measured where it is drawn: rings and choices differ by 3:1 from what they were, words by 4.5:1."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from test_ui_enter import MAKERS

from perfstudio.ui import theme
from perfstudio.ui.palette import DARK, LIGHT, Palette, contrast, sharpened
from perfstudio.ui.review.scale9 import Scale9
from perfstudio.ui.review.volume import VolumeSlider
from perfstudio.ui.settings.choice_row import ChoiceRow
from perfstudio.ui.widgets import Button, ButtonKind, Chip, KeyHint, Link, PlainLabel, RailButton, StatusRing, Toggle
from perfstudio.ui.widgets.base import Focusable

PALETTES = (DARK, LIGHT, sharpened(DARK), sharpened(LIGHT))
SEEN, READ = 3.0, 4.5
"""WCAG 2.2, 1.4.11 and 2.4.13; 1.4.3."""
LEAST_PX = 40
"""So many pixels have to differ: a point is no sign."""
CHOSEN: dict[str, Callable[[], QAbstractButton]] = {
    "chip": lambda: Chip("Kept", checkable=True),
    "rail": lambda: RailButton("takes", "Takes"),
    "row": MAKERS[ChoiceRow],
    "toggle": lambda: Toggle("Training"),
}
WORDS: dict[str, Callable[[], QWidget]] = {
    **{f"button {kind}": lambda kind=kind: Button("Keep", kind, key="K") for kind in ButtonKind},  # type: ignore[misc]
    **{
        f"chip {tone}": lambda tone=tone: Chip("Kept", tone)  # type: ignore[misc]
        for tone in ("plain", "accent", "good", "look", "info", "danger")
    },
    **{
        f"label {tone}": lambda tone=tone: PlainLabel("Kept", tone=tone)  # type: ignore[misc]
        for tone in ("text1", "text2", "text3", "accent_text", "good", "look", "info", "danger")
    },
    "hint": lambda: KeyHint("K", "keep"),
    "link": lambda: Link("The full terms"),
    "rail": lambda: RailButton("takes", "Takes"),
}


def on_ground(qtbot: QtBot, widget: QWidget) -> QWidget:
    host = QWidget()
    qtbot.addWidget(host)
    QVBoxLayout(host).addWidget(widget)
    host.show()
    return host


def drawn(host: QWidget) -> QImage:
    return host.grab().toImage()


def colours(image: QImage) -> list[str]:
    return [image.pixelColor(x, y).name() for y in range(image.height()) for x in range(image.width())]


def told_apart(first: QImage, second: QImage) -> int:
    """How many pixels differ enough to be seen."""
    pairs = zip(colours(first), colours(second), strict=True)
    known: dict[tuple[str, str], bool] = {}
    seen = 0
    for pair in pairs:
        if pair[0] != pair[1]:
            if pair not in known:
                known[pair] = contrast(*pair) >= SEEN
            seen += known[pair]
    return seen


@pytest.fixture(params=PALETTES, ids=lambda palette: palette.name)
def palette(request: pytest.FixtureRequest, qapp: QApplication) -> Palette:
    theme.apply(qapp, theme.ThemeState(request.param, reduced_motion=True))
    return request.param


def test_a_ring_is_seen_on_whatever_can_have_the_focus(qtbot: QtBot, palette: Palette) -> None:
    weak = {}
    for kind, make in MAKERS.items():
        button = make()
        button.setVisible(True)
        host = on_ground(qtbot, button)
        without = drawn(host)
        assert isinstance(button, Focusable)
        button._ring = True
        button.hasFocus = lambda: True  # type: ignore[method-assign]
        button.update()
        seen, around = told_apart(without, drawn(host)), button.width() + button.height()
        if seen < around:
            weak[kind.__name__] = (seen, around)
    assert weak == {}


def test_what_is_chosen_is_told_from_what_is_not(qtbot: QtBot, palette: Palette) -> None:
    weak = {}
    for name, make in CHOSEN.items():
        button = make()
        button.setCheckable(True)
        host = on_ground(qtbot, button)
        button.setChecked(False)
        before = drawn(host)
        button.setChecked(True)
        if (seen := told_apart(before, drawn(host))) < LEAST_PX:
            weak[name] = seen
    assert weak == {}


def test_words_are_read_where_they_are_drawn(qtbot: QtBot, palette: Palette) -> None:
    """The strongest pixel of a word against what is under most of the widget."""
    weak = {}
    for name, make in WORDS.items():
        widget = make()
        host = on_ground(qtbot, widget)
        image = host.grab(widget.geometry().adjusted(6, 3, -6, -3)).toImage()
        found = colours(image)
        ground = max(set(found), key=found.count)
        best = max(contrast(ground, colour) for colour in set(found))
        if best < READ:
            weak[name] = round(best, 2)
    assert weak == {}


def test_what_is_not_done_yet_is_seen_too(qtbot: QtBot, palette: Palette) -> None:
    """An empty ring, an empty scale: shapes that say something stand out from their ground."""
    weak = {}
    for name, widget in {
        "ring": StatusRing(0.0, "accent_line", "untouched"),
        "scale": Scale9("Mood", "a", "b"),
        "figures": Scale9("Mood", "a", "b", figures="felt-arousal"),
        "volume": VolumeSlider(),
    }.items():
        widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        host = on_ground(qtbot, widget)
        found = colours(host.grab(widget.geometry()).toImage())
        ground = max(set(found), key=found.count)
        seen = sum(contrast(ground, colour) >= SEEN for colour in found)
        if seen < LEAST_PX:
            weak[name] = seen
    assert weak == {}
