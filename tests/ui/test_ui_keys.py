"""The sheet of keys is held to the keys: what it lists works, and what works is listed."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from dataclasses import fields

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from test_ui_consent import Desk
from test_ui_green_room import Acted, stage
from ui_desks import Hall
from ui_gallery import brief_page, pulse, scenes_page, stage_page
from ui_review_room import ReviewRoom, shown
from ui_takes import Told, take_ids

import perfstudio.ui.pages
from perfstudio.model.consent import UseId
from perfstudio.session.home import Home
from perfstudio.session.room_views import RoomCheckView, RoomState
from perfstudio.session.views import StageState
from perfstudio.ui.key_sheet import KEYS
from perfstudio.ui.main_window import PAGES, MainWindow
from perfstudio.ui.pages.help import HelpPage
from perfstudio.ui.pages.settings import SettingsPage
from perfstudio.ui.settings.devices_section import DeviceActs

Press = tuple[Qt.Key, Qt.KeyboardModifier]
PLAIN, SHIFT, CTRL = (
    Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier,
)  # fmt: skip
NAMED = {
    "Space": (Qt.Key.Key_Space,), "Esc": (Qt.Key.Key_Escape,), "Tab": (Qt.Key.Key_Tab,),
    "↵": (Qt.Key.Key_Return, Qt.Key.Key_Enter), "←": (Qt.Key.Key_Left,), "→": (Qt.Key.Key_Right,),
    "↑": (Qt.Key.Key_Up,), "↓": (Qt.Key.Key_Down,), "Home": (Qt.Key.Key_Home,), "End": (Qt.Key.Key_End,),
    "PgUp": (Qt.Key.Key_PageUp,), "PgDn": (Qt.Key.Key_PageDown,), "F10": (Qt.Key.Key_F10,),
    "Del": (Qt.Key.Key_Delete,), "⌫": (Qt.Key.Key_Backspace,), ",": (Qt.Key.Key_Comma,), ".": (Qt.Key.Key_Period,),
    "+": (Qt.Key.Key_Plus,), "−": (Qt.Key.Key_Minus,), "1–9": tuple(Qt.Key(Qt.Key.Key_0 + n) for n in range(1, 10)),
}  # fmt: skip
NOT_THE_WINDOWS = ("Ctrl +, Ctrl −", "Ctrl Z", "Shift Ctrl Z", "Tab", "Enter")
"""What is heard on every page and is a flow's (size of text, undo, redo) or Qt's own."""
SAME = {Qt.Key.Key_Equal, Qt.Key.Key_Backspace, Qt.Key.Key_Delete, Qt.Key.Key_Menu}
"""Other keys for what is listed: + without Shift, the other key that deletes, the key that is there for menus."""
PROBED = [
    *(Qt.Key(code) for code in range(Qt.Key.Key_A, Qt.Key.Key_Z + 1)),
    *(Qt.Key(code) for code in range(Qt.Key.Key_0, Qt.Key.Key_9 + 1)),
    *(Qt.Key(code) for code in range(Qt.Key.Key_F1, Qt.Key.Key_F12 + 1)),
    *{key for keys in NAMED.values() for key in keys if key is not Qt.Key.Key_Tab},
    *SAME, Qt.Key.Key_Question, Qt.Key.Key_Slash, Qt.Key.Key_Insert,
]  # fmt: skip


def presses(cap: str) -> Iterator[Press]:
    *with_, name = cap.split(" ")
    modifier = {"": PLAIN, "⇧": SHIFT, "Ctrl": CTRL, "⌘": CTRL}[with_[0] if with_ else ""]
    for key in NAMED.get(name) or (QKeySequence(name)[0].key(),):
        yield key, modifier


def listed(page: str) -> set[Press]:
    return {press for caps, _ in KEYS[page] for cap in caps for press in presses(cap)}


def taken_by(target: QWidget, press: Press) -> bool:
    """Whether the page under `target` does something with a key."""
    event = QKeyEvent(QEvent.Type.KeyPress, press[0], press[1])
    QApplication.sendEvent(target, event)
    return event.isAccepted()


def hold(page: str, targets: Iterable[QWidget]) -> None:
    """What is listed works somewhere on the page; nothing else does anything."""
    targets, asked = list(targets), listed(page)
    everywhere = {press for caps, _ in KEYS["Everywhere"] for cap in caps for press in presses(cap)}
    for press in [*((key, PLAIN) for key in PROBED), *(asked - {(key, PLAIN) for key in PROBED})]:
        works = True in [taken_by(target, press) for target in targets]
        if press in asked:
            assert works, f"{press} is listed and does nothing"
        elif press not in everywhere and press[0] not in SAME:
            assert not works, f"{press} works and is not listed"


def show(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.addWidget(widget)
    widget.resize(900, 620)
    widget.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow, timeout=60_000)


def test_rooms_have_the_keys_that_are_listed(qtbot: QtBot) -> None:
    window = MainWindow()
    for name in PAGES:
        window.add_page(name, QWidget(), area=name)
    show(qtbot, window)
    went: list[str] = []
    window.page_chosen.connect(went.append)
    words = [said for caps, said in KEYS["Everywhere"] if caps[0].split(" ")[-1].isdigit()]
    assert words == [word for _, word in PAGES.values()]
    for number in range(1, len(words) + 1):
        QTest.keyClick(window, Qt.Key(Qt.Key.Key_0 + number), CTRL)
    assert went == list(PAGES)
    listed_here = len(KEYS["Everywhere"]) - len(NOT_THE_WINDOWS)
    assert len(window.findChildren(QShortcut)) == listed_here, "a key of the whole window that is not listed"
    QTest.keyClick(window, Qt.Key.Key_Comma, CTRL)
    assert went[-1] == "settings"


def test_keys_of_scenes(qtbot: QtBot) -> None:
    page = scenes_page()
    show(qtbot, page)
    tiles = page.tiles()
    ends = [tiles[0], tiles[len(tiles) // 2], tiles[-1]]

    def works(press: Press) -> bool:
        found = False
        for tile in ends:
            tile.setFocus()
            found |= taken_by(tile, press)
        return found

    for press in listed("Scenes"):
        assert works(press), press
    for key in PROBED:
        if (key, PLAIN) not in listed("Scenes") | listed("Everywhere"):
            assert not works((key, PLAIN)), key


def test_keys_of_the_brief(qtbot: QtBot) -> None:
    page = brief_page()
    show(qtbot, page)
    hold("Brief", [page])


def test_keys_of_the_green_room(qtbot: QtBot) -> None:
    made = Acted()
    show(qtbot, made.page)
    made.page.show_view(RoomCheckView(RoomState.LOOK, stage()), "Camera · Microphone")
    hold("Green room", [made.page])


@pytest.mark.parametrize("state", [StageState.READY, StageState.ROLLING])
def test_keys_of_the_stage(qtbot: QtBot, state: StageState) -> None:
    page = stage_page(state)
    show(qtbot, page)
    hold("Stage", [page])


def test_keys_of_review(qtbot: QtBot, taken: Home) -> None:
    with shown(qtbot, taken, ReviewRoom) as room:
        room.page.show_take(take_ids(taken)[0])
        hold("Review", [room.page])


def test_keys_of_consent(qtbot: QtBot, taken: Home) -> None:
    host = QWidget()
    show(qtbot, host)
    take_id = take_ids(taken)[0]
    taken.takes.keep(take_id)
    desk = Desk(taken, host)
    desk.show(take_id)
    desk.page.grid.lines[UseId.STORE_REVIEW].toggle.click()
    desk.type_in()
    desk.page.sign()
    hold("Consent", [desk.page, desk.page.reader])


def test_keys_of_takes(qtbot: QtBot, taken: Home) -> None:
    host = QWidget()
    page = Hall(taken, host).page
    show(qtbot, host)
    page.refresh()
    newest, oldest = take_ids(taken)[::-1]
    asked = listed("Takes")

    def focus(tile: QWidget) -> None:
        def has_it() -> bool:
            host.activateWindow()  # after a menu
            tile.setFocus()
            return tile.hasFocus() and tile.isVisible()

        qtbot.waitUntil(has_it, timeout=60_000)

    def press_on(take_id: str, press: Press) -> bool:
        page.refresh()
        page.field.choose_none()
        focus(page.tiles[take_id])
        works = taken_by(page.tiles[take_id], press)
        if page.menu is not None:
            page.menu.close()
            page.menu = None
        return works

    def decide_anew(take_id: str, *, kept: bool) -> str:
        taken.takes.bin(take_id)
        taken.takes.restore(take_id)
        if kept:
            taken.takes.keep(take_id)
        return take_id

    states = ((newest, True), (oldest, True), (oldest, False))
    for key in PROBED:
        if (key, PLAIN) not in asked | listed("Everywhere") and key not in SAME:
            assert not press_on(newest, (key, PLAIN)), key
    for press in asked:
        works = any(press_on(decide_anew(take_id, kept=kept), press) for take_id, kept in states)
        moves = press[0] in (Qt.Key.Key_Up, Qt.Key.Key_Down)  # two takes stand in one row
        assert works or moves or press == (Qt.Key.Key_Escape, PLAIN), press
    page.field.choose_all()
    assert taken_by(page, (Qt.Key.Key_Escape, PLAIN)), "what is chosen is chosen no more"


def test_keys_of_the_settings(qtbot: QtBot) -> None:
    told = Told()
    acts = DeviceActs(**{field.name: told for field in fields(DeviceActs)})
    page = SettingsPage(
        poll=pulse,
        acts=acts,
        change=told,
        open_folder=told,
        rebuild=told,
        turned=told,
        checks=QWidget(),
        sending=QWidget(),
    )
    show(qtbot, page)
    asked = listed("Settings")
    for key in PROBED:
        page.turn_to("look")
        page.setFocus()
        works = taken_by(page, (key, PLAIN))
        assert works is ((key, PLAIN) in asked), key


def test_keys_of_help(qtbot: QtBot) -> None:
    told = Told()
    page = HelpPage(lead=told, leave=told)
    show(qtbot, page)
    hold("Help", [page])


def test_every_page_with_keys_is_on_the_sheet() -> None:
    assert set(KEYS) == {
        "Everywhere", "Scenes", "Brief", "Green room", "Stage", "Review", "Consent", "Takes", "Settings", "Help",
    }  # fmt: skip
    own = {name for name, page in pages() if "keyPressEvent" in vars(page)}
    assert own == {
        "BriefPage", "GreenRoomPage", "StagePage", "ReviewPage", "ConsentPage", "TakesPage", "SettingsPage", "HelpPage",
    }  # fmt: skip


def pages() -> Iterator[tuple[str, type]]:
    for module in pkgutil.iter_modules(perfstudio.ui.pages.__path__, "perfstudio.ui.pages."):
        for name, thing in vars(importlib.import_module(module.name)).items():
            if isinstance(thing, type) and name.endswith("Page") and thing.__module__ == module.name:
                yield name, thing
