"""Every test of the window starts from the same look; without a screen Qt draws into memory. Practice takes are
recorded once for all of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from ui_desks import hall, office
from ui_review_room import room
from ui_takes import answered, recorded, taken

from perfstudio.capture.playing.beside_film import BesideFilm
from perfstudio.capture.playing.play_options import PlayOptions
from perfstudio.capture.playing.told import FilmTold
from perfstudio.ui import theme
from perfstudio.ui.key_map import put_in_force
from perfstudio.ui.palette import DARK
from perfstudio.ui.playback.film import PlayedFilm
from perfstudio.ui.widgets.heard import hear_by_role
from rigs.clip_studio import clip_home, studio

__all__ = ["answered", "clip_home", "hall", "office", "recorded", "room", "studio", "taken"]

hear_by_role()  # as the program does; in a process once
MACHINE_TALK = ("This plugin does not support",)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What Qt says about the machine is no warning about us: there is no window manager."""
    for item in items:
        own = [text for mark in item.iter_markers("qt_log_ignore") for text in mark.args]
        item.add_marker(pytest.mark.qt_log_ignore(*MACHINE_TALK, *own, extend=True), append=False)


@pytest.fixture(autouse=True)
def same_look(qapp: QApplication) -> Iterator[None]:
    """Dark, 100 %, no movement, keys as they came. What a test lets go is gone at its end, or a look reaches it."""
    wanted = theme.ThemeState(DARK, reduced_motion=True)
    if theme.theme_now() != wanted or not qapp.styleSheet():
        theme.apply(qapp, wanted)
    put_in_force({})
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(autouse=True)
def films_are_not_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test of the window looks for a loudspeaker, or plays anything to whoever runs it."""

    def muted(
        file: Path, tell: Callable[[FilmTold], None], options: PlayOptions, beside: BesideFilm | None = None
    ) -> PlayedFilm:
        from perfstudio.capture.playing.film_player import FilmPlayer

        return FilmPlayer(file, tell, options, make_speaker=None, beside=beside)

    monkeypatch.setattr("perfstudio.ui.playback.player.open_film", muted)


@pytest.fixture(autouse=True)
def no_word_of_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    """No window of a test asks this computer's system for its networks: Qt keeps a line to it for the whole process."""
    monkeypatch.setattr("perfstudio.ui.coordinator.Coordinator._watch_network", lambda self: None)
