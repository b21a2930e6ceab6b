"""Keys that the performer chose: every one can be changed, pages hear them as their own, and caps show them at once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from ui_gallery import stage_page

from perfstudio.session.settings import SettingsStore
from perfstudio.session.views import StageState
from perfstudio.ui.key_map import Chosen, Deed, KeyMap, deeds, key_map, put_in_force
from perfstudio.ui.key_sheet import EVERYWHERE
from perfstudio.ui.keyboard import CTRL as CTRL_CAP
from perfstudio.ui.keyboard import Press, combined, kept_as, press_of, presses
from perfstudio.ui.main_window import PAGES, MainWindow
from perfstudio.ui.settings.keys_section import KeysSection
from perfstudio.ui.widgets import Button, KeyHint

FREE, OTHER = combined(Qt.Key.Key_F9), combined(Qt.Key.Key_PageDown)
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


class Page(QWidget):
    """Notes every key that it hears."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.heard: list[Press] = []
        self.field, self.button = QLineEdit(), Button("Press", key="K")
        for part in (self.field, self.button):
            QVBoxLayout(self).addWidget(part) if self.layout() is None else self.layout().addWidget(part)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt names it
        if (heard := press_of(event)) is not None:
            self.heard.append(heard)


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    made = MainWindow()
    for name in {deed.page for deed in deeds()} | set(PAGES):
        made.add_page(name, Page(), area="scenes")
    qtbot.addWidget(made)
    made.go("review")
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow, timeout=60_000)
    yield made
    put_in_force({})


def page_of(window: MainWindow, name: str = "review") -> Page:
    window.go(name)
    page = window._stack.currentWidget()
    assert isinstance(page, Page)
    page.heard.clear()
    return page


def press(window: MainWindow, key: Press) -> None:
    combination = QKeyCombination.fromCombined(key)
    QTest.keyClick(window.windowHandle(), combination.key(), combination.keyboardModifiers())


def deed(page: str, cap: str) -> Deed:
    return next(d for d in deeds() if (d.page, d.cap) == (page, cap))


def only(what: Deed, *keys: Press) -> Chosen:
    return {what.page: {what.kept_as: tuple(map(kept_as, keys))}}


def test_every_key_of_the_sheet_can_be_another_one(window: MainWindow) -> None:
    asked: list[str] = []
    window.may_close = lambda: False
    for cap, shortcut in window._shortcuts.items():
        shortcut.activated.connect(partial(asked.append, cap))
    flows = {f"{CTRL_CAP} Z", f"⇧ {CTRL_CAP} Z", f"{CTRL_CAP} +", f"{CTRL_CAP} −"}
    changeable = [d for d in deeds() if not d.fixed and d.cap not in flows]
    assert len({(d.page, d.cap) for d in changeable}) == len(changeable) > 80
    for what in changeable:
        put_in_force(only(what, FREE))
        if what.heading == EVERYWHERE:
            asked.clear()
            press(window, FREE)
            press(window, presses(what.cap)[0])
            assert asked == [what.cap]
            continue
        page = page_of(window, what.page)
        press(window, FREE)
        assert page.heard == [presses(what.cap)[0]], what
        for old in presses(what.cap):
            press(window, old)
        assert page.heard == [presses(what.cap)[0]], f"{what} still hears the key that it gave away"


def test_a_pedal_does_what_a_key_does_beside_it(window: MainWindow) -> None:
    put_in_force(KeyMap({}).given(deed("review", "K"), OTHER, also=True))
    page = page_of(window)
    press(window, OTHER)
    press(window, combined(Qt.Key.Key_K))
    assert page.heard == [combined(Qt.Key.Key_K)] * 2
    page.button.setFocus()
    press(window, OTHER)
    assert len(page.heard) == 3, "on a control, too"


def test_who_types_types_and_a_control_is_pressed(window: MainWindow) -> None:
    put_in_force({"review": {"Space": ("P",), "K": ("Space",)}})
    page, pressed = page_of(window), []
    page.button.clicked.connect(lambda: pressed.append(True))
    page.field.setFocus()
    for key in (Qt.Key.Key_P, Qt.Key.Key_K):
        QTest.keyClick(window.windowHandle(), key)
    assert page.field.text() == "pk"
    assert page.heard == []
    page.button.setFocus()
    press(window, combined(Qt.Key.Key_Space))
    assert pressed == [True]
    press(window, combined(Qt.Key.Key_P))
    assert (len(pressed), page.heard) == (1, [combined(Qt.Key.Key_Space)]), "play, and not the button"
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_P, SHIFT)
    assert len(page.heard) == 2, "Shift changes no letter"


def test_caps_follow_at_once(window: MainWindow, qtbot: QtBot) -> None:
    stage = stage_page(StageState.READY)
    window.add_page("stage", stage, area="scenes", full=True)
    roll = stage.hud.keys.hint("roll")
    keep = page_of(window).button
    assert (roll.cap, keep.cap) == ("Space", "K")
    put_in_force({"stage": {"Space": ("PgDown", "Space")}, "review": {"K": ("Media Next",)}})
    assert (roll.cap, keep.cap, keep.accessibleDescription()) == ("PgDn", "Next", "Next")
    loose = KeyHint("Space", "roll")
    qtbot.addWidget(loose)
    assert loose.cap == "Space", "what stands on no page shows what it was made with"


def test_two_change_keys_with_each_other_and_reset_undoes_both() -> None:
    keep, circle = deed("review", "K"), deed("review", "C")
    chosen = KeyMap({}).given(keep, combined(Qt.Key.Key_C), also=False)
    both = KeyMap(chosen)
    assert (both.caps(keep), both.caps(circle)) == (("C",), ("K",))
    assert both.meant("review", combined(Qt.Key.Key_K)) == combined(Qt.Key.Key_C)
    assert both.reset(keep) == {}
    taken = KeyMap(KeyMap({}).given(keep, combined(Qt.Key.Key_C), also=True))
    assert taken.presses(circle), "nobody is left without a key"


@pytest.mark.parametrize(
    ("page", "cap", "key", "said"),
    [
        ("review", "K", "C", "C is “circle” here."),
        ("review", "K", "Ctrl 3", "Ctrl 3 is “Takes” on every page. Choose another key."),
        ("stage", "M", "Tab", "Tab is “the next control” on every page. Choose another key."),
        ("everywhere", "Ctrl 1", "B", "B is “broke character” on the page Stage. Choose another key."),
        ("review", "K", "7", "7 is “how it felt” on the page Review. Choose another key."),
    ],
)
def test_a_key_that_is_taken_is_told_with_the_name_of_what_has_it(
    qtbot: QtBot, page: str, cap: str, key: str, said: str
) -> None:
    changed: list[object] = []
    section = KeysSection(lambda **values: changed.append(values))
    qtbot.addWidget(section)
    line, button = next((ln, b) for ln in section.lines for b in ln.buttons if b.deed == deed(page, cap))
    section.ask(line, button)
    card = section.learning
    assert card is not None
    card.hear(presses(key)[0])
    assert (card.told.text(), changed) == (said, [])
    assert card.exchange.isHidden() is (key != "C")
    card.hear(None)
    assert "no name" in card.told.text()


def test_a_key_is_learned_where_it_is_asked_for(window: MainWindow, qtbot: QtBot) -> None:
    kept: dict[str, object] = {}
    section = KeysSection(kept.update)
    window.add_page("settings", section, area="settings")
    window.go("settings")
    asked: list[str] = []
    window.page_chosen.connect(asked.append)
    line, button = next((ln, b) for ln in section.lines for b in ln.buttons if b.deed == deed("stage", "Space"))
    button.click()
    assert section.learning is not None
    section.learning.how.choose("also")
    qtbot.waitUntil(section.learning.field.hasFocus, timeout=60_000)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_3, CTRL)
    assert asked == [], "a key that is asked for does nothing else"
    press(window, OTHER)
    assert kept == {"keys": {"stage": {"Space": ("Space", "PgDown")}}}
    assert (button.caps, section.learning, button.hasFocus()) == (("Space", "PgDn"), None, True)
    assert "PgDn" in button.accessibleName()
    section.ask(line, button)
    assert section.learning is not None
    section.learning.reset.click()
    assert (kept, button.caps, section.all.isHidden()) == ({"keys": {}}, ("Space",), True)
    section.ask(line, button)
    press(window, combined(Qt.Key.Key_Escape))
    assert section.learning is None
    put_in_force(only(deed("review", "K"), FREE))
    section.all.click()
    assert not key_map().any_changed


def test_keys_are_kept_and_nonsense_is_passed_over(tmp_path: Path) -> None:
    store = SettingsStore(tmp_path / "settings.json")
    store.change(keys=KeyMap({}).given(deed("stage", "Space"), OTHER, also=False))
    now = SettingsStore(tmp_path / "settings.json").now.keys
    assert KeyMap(now).caps(deed("stage", "Space")) == ("PgDn",)
    odd = KeyMap({"stage": {"Space": ("", "no key", "Ctrl+K, Ctrl+C"), "Nothing": ("A",)}, "nowhere": {"A": ("B",)}})
    assert (odd.any_changed, odd.caps(deed("stage", "Space"))) == (False, ("Space",))
