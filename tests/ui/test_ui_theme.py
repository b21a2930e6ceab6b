"""The look: contrast by computation, settings over system, sizes that follow, icons and faces that are there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

import perfstudio.ui
from perfstudio.resources import asset
from perfstudio.ui import theme
from perfstudio.ui.icons import MARK_SIZES, mark, pixmap
from perfstudio.ui.palette import DARK, LIGHT, READABLE, VISIBLE, Palette, contrast, sharpened
from perfstudio.ui.settings.setting_line import SettingLine, lines_card
from perfstudio.ui.theme import Appearance, Role, ThemeState
from perfstudio.ui.widgets import Button, Hairline, PlainLabel, SearchField, SecretField

PALETTES = (DARK, LIGHT, sharpened(DARK), sharpened(LIGHT))
SOURCES = sorted(Path(perfstudio.ui.__file__).parent.rglob("*.py"))


def test_contrast_is_that_of_wcag() -> None:
    """Anchored on the two values everybody knows."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("palette", PALETTES, ids=lambda p: p.name)
def test_text_is_readable_and_shapes_are_visible(palette: Palette) -> None:
    """WCAG 2.2 AA: 4.5:1 for text of any size, 3:1 for shapes that carry meaning."""
    low = []
    for table, least in ((READABLE, 4.5), (VISIBLE, 3.0)):
        for front, grounds in table:
            for ground in grounds:
                ratio = contrast(getattr(palette, front), getattr(palette, ground))
                if ratio < least:
                    low.append((front, ground, round(ratio, 2)))
    assert low == []


@pytest.mark.parametrize("palette", PALETTES, ids=lambda p: p.name)
def test_what_stands_in_an_empty_field_is_read_as_well(qapp: QApplication, qtbot: QtBot, palette: Palette) -> None:
    """A style sheet that colours a text makes its placeholder half of that, whatever the palette says."""
    theme.apply(qapp, theme.ThemeState(palette))
    for field in (QLineEdit(), SearchField("no limit"), SecretField("Passphrase")):
        qtbot.addWidget(field)
        field.ensurePolished()
        shown = field.palette().color(QPalette.ColorRole.PlaceholderText)
        assert (shown.alpha(), contrast(shown.name(), palette.ground2) >= 4.5) == (255, True)


def test_a_line_that_is_not_there_leaves_no_hairline(qtbot: QtBot) -> None:
    lines = [SettingLine(str(number), QWidget()) for number in range(3)]
    card = lines_card(lines)
    qtbot.addWidget(card)
    lines[2].hide()
    card.show()
    hairlines = card.findChildren(Hairline)
    assert [one.isVisible() for one in hairlines] == [True, False]
    lines[2].show()
    assert [one.isVisible() for one in hairlines] == [True, True]


def test_setting_wins_over_system(qapp: QApplication) -> None:
    """And numbers out of range are brought in."""
    assert theme.decide(qapp, Appearance.LIGHT).palette.name.startswith("light")
    assert theme.decide(qapp, Appearance.DARK).palette.name.startswith("dark")
    assert theme.decide(qapp, Appearance.DARK, scale=9).scale == theme.MAX_SCALE
    assert theme.decide(qapp, Appearance.DARK, reduced_motion=True).motion_ms == 0
    assert theme.decide(qapp, Appearance.DARK, reduced_motion=False).motion_ms == theme.MOTION_MS


def test_a_colour_that_is_changed_stays_changed_alone() -> None:
    """Callers set the alpha of a colour; the palette must not fade with it."""
    theme.theme_now().color("good").setAlphaF(0.1)
    assert theme.theme_now().color("good").alphaF() == 1


def test_bundled_faces_are_used(qapp: QApplication) -> None:
    """Inter in its three weights, with its licence beside it."""
    for role in Role:
        assert QFontInfo(theme.theme_now().font(role)).family() == "Inter"
    assert "SIL OPEN FONT LICENSE" in asset("fonts", "OFL.txt").read_text(encoding="utf-8")


class Dressed(PlainLabel):
    """Counts how often it is told of a new look."""

    told = 0

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        super().changeEvent(event)
        self.told += event.type() is QEvent.Type.StyleChange


def test_a_new_look_costs_a_widget_that_lies_deep_no_more(qapp: QApplication, qtbot: QtBot) -> None:
    """Qt itself tells a widget once for each of its ancestors."""
    host = inner = QWidget()
    qtbot.addWidget(host)
    shallow, deep = Dressed("near", parent=host), Dressed("far")
    for _ in range(8):
        inner = QWidget(inner)
    deep.setParent(inner)
    host.show()
    shallow.told = deep.told = 0
    theme.apply(qapp, ThemeState(LIGHT))
    assert deep.told == shallow.told
    assert deep.font() == theme.theme_now().font(Role.BODY)


def test_a_new_look_reaches_every_widget(qtbot, qapp: QApplication) -> None:
    """Sizes and colours follow without making anything new."""
    label, button = PlainLabel("Take"), Button("Keep", key="K")
    qtbot.addWidget(label)
    qtbot.addWidget(button)
    before = label.font().pixelSize(), button.sizeHint().width()
    theme.apply(qapp, ThemeState(LIGHT, 2.0))
    assert label.font().pixelSize() == 2 * before[0]
    assert button.sizeHint().width() > 1.7 * before[1]
    assert label.palette().windowText().color() == QColor(LIGHT.text1)
    theme.apply(qapp, ThemeState(DARK, 1.0))
    assert label.font().pixelSize() == before[0]


def test_every_icon_draws_in_the_colour_asked_for(qapp: QApplication) -> None:
    """One stroke width, one colour, and something to see."""
    for file in asset("icons").glob("*.svg"):
        source = file.read_text(encoding="utf-8")
        assert 'stroke-width="1.6"' in source, file.name
        assert set(re.findall(r'(?:fill|stroke)="([^"]+)"', source)) <= {"none", "currentColor"}, file.name
        image = pixmap(file.stem, QColor("#ff0000"), 24, 1.0).toImage()
        inked = [image.pixelColor(x, y) for x in range(24) for y in range(24) if image.pixelColor(x, y).alpha() > 250]
        assert inked, file.name
        assert all(c.red() > 250 and c.green() < 5 for c in inked), file.name


def test_the_mark_can_be_told_at_every_size(qapp: QApplication) -> None:
    """Ground, voice and the pen's circle, each seen, also in the smallest list."""
    icon = mark()
    for pixels in MARK_SIZES:
        image = icon.pixmap(pixels, pixels).toImage().scaled(pixels, pixels)
        seen = [image.pixelColor(x, y) for x in range(pixels) for y in range(pixels)]
        assert any(c.lightness() < 40 and c.alpha() > 250 for c in seen), pixels
        assert any(c.lightness() > 120 and c.saturation() < 30 for c in seen), pixels
        assert any(c.red() - c.blue() > 70 for c in seen), pixels
        assert seen[0].alpha() == 0, pixels


def test_every_icon_that_is_named_exists() -> None:
    """Names in calls like icon="keep" and Mark("note", …)."""
    named = set()
    for source in SOURCES:
        text = source.read_text(encoding="utf-8")
        named |= set(re.findall(r'icon="([a-z-]+)"', text))
        named |= set(re.findall(r'(?:Mark|EmptyState|IconButton|pixmap)\(\s*"([a-z-]+)"', text))
    assert named
    assert {name for name in named if not asset("icons", f"{name}.svg").is_file()} == set()


def test_no_label_interprets_its_text() -> None:
    """QLabel guesses rich text unless told otherwise: only classes that say PlainText may derive from it."""
    for source in SOURCES:
        text = source.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in {"QLabel", "QTextBrowser"}, source
            if isinstance(node, ast.ClassDef) and any(isinstance(b, ast.Name) and b.id == "QLabel" for b in node.bases):
                assert "TextFormat.PlainText" in ast.unparse(node), f"{source}: {node.name}"
