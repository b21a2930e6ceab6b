"""A page that is still being read says nothing of what it will show, and draws nothing before it has its room."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from ui_desks import ADULT, SECRET, Desk, Hall, Office
from ui_takes import Told, WaitingWorker, take_ids

from perfstudio.model.consent import UseId
from perfstudio.model.labels import Labels
from perfstudio.session.home import Home
from perfstudio.ui.pages.scenes import ScenesPage
from perfstudio.ui.widgets import EmptyState, PlainLabel


class Pressed(QObject):
    """Lines of text that were painted lower than they are."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - as Qt calls it
        """Look at every picture that is drawn."""
        if event.type() is QEvent.Type.Paint and isinstance(watched, PlainLabel):
            needed = watched.heightForWidth(watched.width()) if watched.wordWrap() else watched.sizeHint().height()
            if watched.height() < needed:
                self.found.append(watched.text())
        return False


@contextmanager
def no_line_is_pressed(app: QApplication) -> Iterator[None]:
    """Until what was changed meanwhile stands on the screen."""
    pressed = Pressed()
    app.installEventFilter(pressed)
    try:
        yield
        for _ in range(4):
            app.sendPostedEvents()
            app.processEvents()
    finally:
        app.removeEventFilter(pressed)
    assert pressed.found == []


def seen(page: QWidget, kind: type[QWidget] = QLabel) -> list[str]:
    return [part.accessibleName() or part.text() for part in page.findChildren(kind) if part.isVisible()]  # type: ignore[attr-defined]


def test_consent_shows_one_take_or_nothing(taken: Home, qtbot: QtBot, qapp: QApplication) -> None:
    """Of a take that is being read nothing of the one before is left; the lines come whole."""
    host = QWidget()
    host.resize(1196, 800)
    qtbot.addWidget(host)
    picture, sound = take_ids(taken)
    for take_id in (picture, sound):
        taken.takes.keep(take_id)
    taken.takes.label(sound, Labels(meant=("anger",)))
    worker = WaitingWorker()
    desk = Desk(taken, host, worker)  # type: ignore[arg-type]
    page = desk.page
    for take_id in (picture, sound):
        with no_line_is_pressed(qapp):
            page.show_take(take_id)
        assert [text for text in seen(page) if text.strip()] == ["Consent"]
        assert not page.sign_button.isVisible()
        with no_line_is_pressed(qapp):
            worker.go()
        assert page.sign_button.isVisible()
    desk.consents.sign(sound, frozenset({UseId.STORE_REVIEW}), "Ines", passphrase=lambda: SECRET, stated=ADULT)
    page.take_changed(sound)
    with no_line_is_pressed(qapp):
        worker.go()
    assert page.withdraw_button.isVisible()
    (taken.library.folder(sound) / "take.json").unlink()
    page.show_take(sound)
    worker.go()
    assert page.unreadable.isVisible()
    assert not page.sign_button.isVisible(), "nothing can be signed"
    page.show_take(picture)
    worker.go()
    assert (page.unreadable.isVisible(), page.sign_button.isVisible()) == (False, True)


@pytest.mark.parametrize("made", [Hall, Office])
def test_that_nothing_is_there_is_said_once_it_was_read(made: type[Hall | Office], taken: Home, qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    desk = made(taken, host)
    host.show()
    assert [part for part in desk.page.findChildren(EmptyState) if part.isVisible()] == []
    if isinstance(desk, Office):
        desk.close()


def test_no_scene_is_said_once_the_packs_were_read(qtbot: QtBot) -> None:
    page = ScenesPage(open_scene=Told(), import_file=Told(), choose_file=Told())
    qtbot.addWidget(page)
    page.show()
    assert [part for part in page.findChildren(EmptyState) if part.isVisible()] == []
    page.show_packs(())
    assert page.none_yet.isVisible()
