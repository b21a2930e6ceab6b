"""The window around the pages: the rail, the question before it closes, and its notes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from ui_gallery import window
from ui_scenes import scenes

from perfstudio.ui.main_window import MainWindow
from perfstudio.ui.widgets import Page, PageFoot, SearchField
from perfstudio.ui.widgets.question import Choice

__all__ = ["scenes"]


def test_window_hides_the_rail_for_the_stage_and_asks_before_closing(qtbot, scenes) -> None:
    made = window(scenes)
    qtbot.addWidget(made)
    full = QWidget()
    made.add_page("stage", full, area="scenes", full=True)
    made.show()
    assert made.rail.isVisible()
    made.go("stage")
    assert not made.rail.isVisible()
    made.show_recording(True)
    assert "Recording" in made.windowTitle()
    answered: list[str] = []
    made.may_close = lambda: False
    made.ask(
        "A take is rolling.", "Closing cuts it and saves it.", (Choice("Keep rolling", lambda: answered.append("no")),)
    )
    assert not made.close()
    assert made.isVisible()
    made.may_close = lambda: True
    assert made.close()


def test_the_title_says_what_is_in_front(qtbot, scenes) -> None:
    made = window(scenes)
    qtbot.addWidget(made)
    made.go("scenes")
    assert made.windowTitle() == "Scenes – perfstudio"
    page = Page("Review")
    made.add_page("review", page, area="takes")
    made.go("review")
    page.say("First chair · take 3")
    assert made.windowTitle() == "First chair · take 3 – perfstudio"
    made.show_recording(True)
    page.say("Another")
    assert made.windowTitle() == "● Recording – perfstudio"
    made.show_recording(False)
    assert made.windowTitle() == "Another – perfstudio"


def test_keys_of_the_whole_window(qtbot, scenes) -> None:
    made = window(scenes)
    qtbot.addWidget(made)
    made.go("scenes")
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow, timeout=60_000)
    search = made.findChild(SearchField)
    search.setText("chair")
    QTest.keyClick(made, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert search.hasFocus()
    assert search.selectedText() == "chair"
    for full in (True, False):
        QTest.keyClick(made, Qt.Key.Key_F11)
        assert made.isFullScreen() is full
    asked: list[bool] = []
    made.may_close = lambda: bool(asked.append(True))
    QTest.keyClick(made, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    assert asked
    assert made.isVisible()


def test_rail_asks_the_owner_and_does_not_jump(qtbot, scenes) -> None:
    made = window(scenes)
    qtbot.addWidget(made)
    heard: list[str] = []
    made.page_chosen.connect(heard.append)
    made.show()
    qtbot.mouseClick(made.rail.button("takes"), Qt.MouseButton.LeftButton)
    assert heard == ["takes"]
    assert made.current == "scenes"
    assert made.rail.button("scenes").isChecked()


def test_a_note_is_shown_once_until_it_is_closed(qtbot) -> None:
    made = MainWindow()
    qtbot.addWidget(made)
    for _ in range(3):
        made.note("One take was recovered.", "good")
    assert len(made._notes.banners) == 1
    made.clear_notes()
    assert len(made._notes.banners) == 0


def test_a_toast_leaves_the_actions_of_a_page_free(qtbot) -> None:
    made = MainWindow()
    qtbot.addWidget(made)
    row = QWidget()
    row.setMinimumHeight(68)
    acted = Page("A page with actions")
    acted.set_foot(row)
    made.add_page("acted", acted, area="takes")
    made.add_page("plain", Page("A page without"), area="takes")
    made.go("acted")
    made.show()
    foot = acted.findChild(PageFoot)

    def lies_over(height: int) -> bool:
        return made.toast.geometry().bottom() + 1 in range(height - 40, height)

    def top_of_foot() -> int:
        return foot.mapTo(made.centralWidget(), foot.rect().topLeft()).y()

    made.toast.show_message("Noted. It will be done as soon as the checks have finished.")
    qtbot.waitUntil(lambda: lies_over(top_of_foot()))
    row.setMinimumHeight(120)
    made.resize(960, 600)
    qtbot.waitUntil(lambda: foot.height() > 120 and lies_over(top_of_foot()))
    made.go("plain")
    qtbot.waitUntil(lambda: lies_over(made.centralWidget().height()))
