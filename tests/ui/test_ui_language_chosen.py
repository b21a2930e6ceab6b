"""The language that is chosen in Settings is spoken at once on every page (see `test_ui_reach`), and the next time."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui_window import new_window, nothing_ahead

from perfstudio.language.catalogue import VARIABLE, available, language, speaking
from perfstudio.session.events import CopyMoved
from perfstudio.ui.consent.languages import own_name
from perfstudio.ui.coordinator import Coordinator
from perfstudio.ui.spoken_language import asked_for
from rigs.asking_pack import asking_pack, write_pack


def hearers(window: Coordinator) -> tuple[int, int]:
    """Of events, and of settings."""
    return sum(map(len, window._session.bus._hearers.values())), len(window._session.settings._heard)


def test_it_is_spoken_the_next_time_unless_the_environment_names_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert asked_for("es") == ("es",)
    monkeypatch.setenv(VARIABLE, "de")
    assert asked_for("es") == ("de",)


def test_what_the_old_pages_heard_they_hear_no_more(
    qapp: QApplication, qtbot: QtBot, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are deleted once the workers are done with them; nothing is heard twice, and there and back is as before."""
    nothing_ahead(monkeypatch)
    monkeypatch.delenv(VARIABLE, raising=False)
    with speaking("en"), new_window(qapp, home, practice=True) as window:
        window._go("takes")
        heard = hearers(window)
        for spoken in ("es", "en"):
            before = window.takes.page
            gone: list[bool] = []
            before.destroyed.connect(lambda _=None, gone=gone: gone.append(True))
            window._session.settings.change(language=spoken)
            qtbot.waitUntil(lambda spoken=spoken: language() == spoken)
            assert window.takes.page is not before
            qtbot.waitUntil(lambda gone=gone: bool(gone), timeout=60_000)
        assert hearers(window) == heard
        assert window.takes.page.title.text() == "Takes"


def test_nothing_begun_is_lost(qapp: QApplication, qtbot: QtBot, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pack that nobody has decided about, and a note, are there; a choice that nobody heard while a take was made
    or everything was copied is heard afterwards."""
    nothing_ahead(monkeypatch)
    monkeypatch.delenv(VARIABLE, raising=False)
    pack = write_pack(home.parent / "new.perfpack", asking_pack())
    with speaking("en"), new_window(qapp, home, practice=True) as window:
        window.main.note("Said before.")
        window.scenes.bring(pack)
        qtbot.waitUntil(lambda: len(window.scenes.page.offers.cards) == 1, timeout=60_000)
        window._go("settings")
        window.settings.page.turn_to("look")
        window.given.mine.copying = True
        window.settings.page.look.languages.choose("de")
        window._session.bus.publish(CopyMoved(0.5))
        window._bridge.post(lambda: setattr(window.given.mine, "copying", False))
        qtbot.waitUntil(lambda: not window.given.mine.copying)
        assert language() == "en"
        window._session.bus.publish(CopyMoved(1.0))
        qtbot.waitUntil(lambda: language() == "de")
        assert [note.sentence.text() for note in window.main._notes.banners] == ["Said before."]
        assert len(window.scenes.page.offers.cards) == 1
        assert (window.main.current, window.settings.page.section) == ("settings", "look")
        assert window.settings.page.look.languages.current() == "de"


def test_languages_are_offered_by_their_own_names() -> None:
    assert [own_name(code) for code in available()] == ["English", "Deutsch", "Español"]
