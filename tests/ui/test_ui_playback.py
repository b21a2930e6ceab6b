"""The playback of a page on a film that a test holds in its hand: no decoder, no thread, no time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from ui_takes import Told

from perfstudio.capture.playing.beside_film import BesideFilm
from perfstudio.capture.playing.film_pictures import PictureFitter, Shot, ShownPicture
from perfstudio.capture.playing.play_options import PlayOptions
from perfstudio.capture.playing.told import (
    FilmBroken,
    FilmMoved,
    FilmOpened,
    FilmTold,
    FilmUnheard,
    PictureReady,
)
from perfstudio.ui.playback.picture import PlayedPicture
from perfstudio.ui.playback.player import Playback

TAKE = Path("take.mp4")


class HandFilm:
    """A film that does what a test says, and notes what was wished."""

    def __init__(self, file: Path, tell: Callable[[FilmTold], None], options: PlayOptions) -> None:
        self.file, self.tell, self.options = file, tell, options
        self.wishes: list[tuple[str, float]] = []
        self.position_s: float | None = None
        self.picture: ShownPicture | None = None
        self.closed = False

    def play(self) -> int:
        return self._wish("play", 0)

    def pause(self) -> int:
        return self._wish("pause", 0)

    def seek(self, seconds: float) -> int:
        return self._wish("seek", seconds)

    def step(self, count: int) -> int:
        return self._wish("step", count)

    def change(self, **options: object) -> None:
        self.wishes.append((*options, 0))  # type: ignore[arg-type]

    def take_picture(self) -> ShownPicture | None:
        taken, self.picture = self.picture, None
        return taken

    def close(self) -> None:
        self.closed = True

    def _wish(self, what: str, value: float) -> int:
        self.wishes.append((what, value))
        return len(self.wishes)


class Desk:
    """A playback and the films that it opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.films: list[HandFilm] = []
        monkeypatch.setattr("perfstudio.ui.playback.player.open_film", self._open)
        self.playback = Playback()
        self.failed, self.broke_off, self.moved, self.unheard = Told(), Told(), Told(), Told()
        for name in ("failed", "broke_off", "moved", "unheard"):
            getattr(self.playback, name).connect(getattr(self, name))

    def _open(
        self, file: Path, tell: Callable[[FilmTold], None], options: PlayOptions, beside: BesideFilm | None = None
    ) -> HandFilm:
        self.films.append(HandFilm(file, tell, options))
        self.films[-1].played_beside = beside
        return self.films[-1]

    @property
    def film(self) -> HandFilm:
        return self.films[-1]

    def tell(self, *told: FilmTold, film: HandFilm | None = None) -> None:
        for one in told:
            (film or self.film).tell(one)
        QCoreApplication.sendPostedEvents()


@pytest.fixture
def desk(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(monkeypatch)


def test_it_begins_at_the_in_point_once_it_is_open(desk: Desk) -> None:
    desk.playback.open(TAKE, 4.0)
    desk.playback.trim(0.5, 3.0)
    assert not desk.playback.playing
    desk.tell(FilmOpened(4.0))
    assert desk.playback.playing
    assert desk.film.wishes[-2:] == [("seek", 0.5), ("play", 0)]
    desk.tell(FilmMoved(3.0, number=99, ended=True))
    assert not desk.playback.playing
    assert desk.playback.position_s == 3.0
    desk.playback.toggle()
    assert desk.film.wishes[-2:] == [("seek", 0.5), ("play", 0)], "from its end it plays from its beginning"


def test_what_was_told_before_a_newer_wish_moves_nothing(desk: Desk) -> None:
    desk.playback.open(TAKE, 4.0)
    desk.tell(FilmOpened(4.0))
    desk.playback.seek(2.0)
    desk.film.position_s = 4.0
    desk.tell(FilmMoved(4.0, number=0, ended=True))
    assert desk.playback.position_s == 2.0
    assert desk.playback.playing
    desk.film.position_s = 2.1
    desk.tell(FilmMoved(2.0, number=len(desk.film.wishes)))
    assert desk.playback.position_s == 2.1


def test_steps_stand_and_speed_volume_and_loops_stay_inside_their_limits(desk: Desk) -> None:
    desk.playback.open(TAKE, 4.0)
    desk.tell(FilmOpened(4.0))
    desk.playback.step(-1)
    assert not desk.playback.playing
    assert desk.film.wishes[-1] == ("step", -1)
    desk.playback.set_speed(9.0)
    desk.playback.set_volume(-1.0)
    desk.playback.set_loops(True)
    assert [name for name, _ in desk.film.wishes[-3:]] == ["speed", "volume", "loops"]
    desk.playback.open(TAKE, 4.0)
    options = desk.film.options
    assert (options.speed, options.volume, options.loops) == (2.0, 0.0, True), "and the next film is played alike"


def test_a_film_that_moved_before_it_was_open_is_opened_anew(desk: Desk) -> None:
    desk.playback.open(TAKE, 4.0)
    desk.playback.move_to(Path("final.mp4"), play=True)
    desk.tell(FilmBroken())
    assert desk.film.file == Path("final.mp4")
    assert desk.films[0].closed
    assert desk.failed.calls == []
    desk.tell(FilmOpened(4.0), film=desk.films[0])
    assert not desk.playback.playing, "the first one is of no interest any more"
    desk.tell(FilmOpened(4.0))
    assert desk.playback.playing


def test_broken_at_once_and_broken_off_are_two_things(desk: Desk) -> None:
    desk.playback.open(TAKE, 4.0)
    desk.tell(FilmBroken())
    assert len(desk.failed.calls) == 1
    desk.playback.open(TAKE, 4.0)
    desk.tell(FilmOpened(4.0), FilmBroken(1.5))
    assert desk.broke_off.calls == [1.5]
    assert not desk.playback.playing
    desk.tell(FilmUnheard())
    assert len(desk.unheard.calls) == 1


def test_a_playback_that_is_gone_closes_its_film(desk: Desk) -> None:
    desk.playback.open(TAKE, 4.0)
    film = desk.film
    desk.playback.deleteLater()
    QCoreApplication.sendPostedEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert film.closed
    film.tell(PictureReady())


def test_a_picture_is_painted_as_it_came_and_asks_for_its_size(desk: Desk, qtbot: QtBot) -> None:
    import av
    import numpy as np

    widget = PlayedPicture()
    qtbot.addWidget(widget)
    sizes = Told()
    widget.sized.connect(sizes)
    widget.sized.connect(desk.playback.fit)
    desk.playback.frame.connect(widget.show_frame)
    desk.playback.open(TAKE, 4.0)
    widget.resize(320, 180)
    widget.show()
    assert sizes.calls[-1] == QSize(320, 180) * widget.devicePixelRatio()
    assert ("room", 0) in desk.film.wishes
    frame = av.VideoFrame.from_ndarray(np.full((180, 320, 3), (200, 40, 90), np.uint8), format="rgb24")
    fitter = PictureFitter()
    fitter.room = (320, 180)
    desk.film.picture = fitter.fitted(Shot(0.0, 0.0, frame))
    desk.tell(PictureReady())
    assert widget.has_picture()
    seen = QColor(widget.grab().toImage().pixel(160, 60))
    assert (seen.red(), seen.green(), seen.blue()) == pytest.approx((200, 40, 90), abs=6)
    widget.show_unheard()
    assert widget.grab().toImage() != seen
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
