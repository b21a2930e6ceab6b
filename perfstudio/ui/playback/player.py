"""Plays one file for a page: seconds and signals in front of a film that lives on a thread of its own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Qt, QTimer, Signal

from perfstudio.capture.playing.beside_film import BesideFilm
from perfstudio.capture.playing.play_options import PlayOptions, WhoIsHeard
from perfstudio.capture.playing.told import (
    BesideBroken,
    BesideReady,
    FilmBroken,
    FilmClosed,
    FilmMoved,
    FilmOpened,
    FilmTold,
    FilmUnheard,
    PictureReady,
)
from perfstudio.session.recorder.process_memory import trim
from perfstudio.systems.durability import DURABILITY
from perfstudio.ui.playback.film import PlayedFilm, open_film

TICK_MS = 33


class Playback(QObject):
    """`moved` tells the position in seconds, `played` whether it runs, `frame` the newest picture (a ShownPicture),
    `failed` that the file cannot be played, `broke_off` that it ends at that second, before its time; `unheard` that it
    has sound and there is no loudspeaker. `beside` is the newest picture of the film beside it, `beside_failed` that
    this one cannot be played. Between in and out points it plays only what lies between them.

    The film, its decoders and their pictures exist only while a file is open: what rolls next needs the memory.
    """

    HOLDS_NAMES = DURABILITY.HOLDS_NAMES
    """Here a folder cannot get another name while one of its files is open."""

    moved = Signal(float)
    played = Signal(bool)
    frame = Signal(object)
    beside = Signal(object)
    beside_failed = Signal()
    failed = Signal()
    broke_off = Signal(float)
    unheard = Signal()
    _told = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._films: list[PlayedFilm] = []
        """The one that is open, if one is."""
        self._token = object()
        """Of the film that is open: what others still tell is of no interest."""
        self._file: Path | None = None
        self._opened: Path | None = None
        self._beside: BesideFilm | None = None
        self._is_open = self._failed = False
        self.options = PlayOptions()
        """How it is played; changed by the ways below."""
        self._duration_s = 0.0
        self._goal: float | None = None
        self._number = 0
        self._start = self._rested = self._plays_on = self._playing = False
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._on_tick)
        self._told.connect(self._on_told, Qt.ConnectionType.QueuedConnection)
        self.destroyed.connect(_closing(self._films))

    def open(self, file: Path, duration_s: float, *, play: bool = True, beside: BesideFilm | None = None) -> None:
        """Load a file, and one beside it, and play from the beginning."""
        self.close()
        self._beside = beside
        self.options = replace(self.options, in_s=0.0, out_s=None)
        self._load(file, duration_s, play=play)

    def put_beside(self, beside: BesideFilm | None) -> None:
        """Another film beside it, or none; it goes on where it stands."""
        self._beside = beside
        if self._film is not None and self._file is not None:
            plays, at = self._start or self.playing, self.position_s
            self._unload()
            self._goal = at
            self._load(self._file, self._duration_s, play=plays)

    def close(self) -> None:
        """Let the file go."""
        self._file = self._beside = None
        self._unload()
        self._goal, self._rested, self._plays_on = None, False, False

    def rest(self) -> None:
        """Let the file go for as long as nobody looks; `wake` goes on where it stood."""
        if self._film is not None:
            at = self.position_s
            self._unload()
            self._goal, self._rested = at, True

    def wake(self) -> None:
        """The file that rested, held at the moment where it was left."""
        if self._film is None and self._file is not None:
            self._load(self._file, self._duration_s, play=False)

    def let_go(self) -> None:
        """Its folder is about to move: where that needs it, the file is closed until `move_to`."""
        if self.HOLDS_NAMES:
            self._plays_on = self._plays_on or self._start or self.playing
            self.rest()

    def move_to(self, file: Path, *, play: bool) -> None:
        """The same file, by its new name. What played plays on where it was; with `play` False it rests on."""
        self._file = file
        plays_on, self._plays_on = self._plays_on, False
        if not play:
            return
        if self._film is None:
            self._load(file, self._duration_s, play=plays_on)
        elif self._failed:
            self._load_anew()

    def trim(self, in_s: float | None, out_s: float | None) -> None:
        """In and out points; None is the end of the file."""
        self._change(in_s=in_s or 0.0, out_s=out_s)
        if self._start and self._goal is None and self._film is not None:
            self._film.seek(self.options.in_s)  # where it will begin

    def fit(self, room: QSize) -> None:
        """How large its picture is painted, in pixels of the screen."""
        if not room.isEmpty():
            self._change(room=(room.width(), room.height()))

    def fit_beside(self, room: QSize) -> None:
        """The same for the picture beside it."""
        if not room.isEmpty():
            self._change(beside=(room.width(), room.height()))

    def set_heard(self, heard: WhoIsHeard) -> None:
        """Whose sound is heard, where there are two."""
        self._change(heard=heard)

    def set_speed(self, speed: float) -> None:
        """From half to twice as fast, with the pitch of the voice kept."""
        self._change(speed=max(0.5, min(speed, 2.0)))

    def set_volume(self, volume: float) -> None:
        """0 is silence, 1 as recorded."""
        self._change(volume=max(0.0, min(volume, 1.0)))

    def set_loops(self, loops: bool) -> None:
        """From the out point back to the in point, again and again."""
        self._change(loops=loops)

    @property
    def duration_s(self) -> float:
        """Length of the file in seconds, 0 before one is asked for."""
        return self._duration_s

    @property
    def position_s(self) -> float:
        """Where it stands, in seconds."""
        if self._goal is not None:
            return self._goal
        return (self._film.position_s if self._film is not None else None) or 0.0

    @property
    def playing(self) -> bool:
        """Whether the film is playing."""
        return self._playing

    def toggle(self) -> None:
        """Play or pause."""
        if self.playing:
            self.pause()
        else:
            self.play()

    def play(self) -> None:
        """Go on; from the in point when it stands at the end."""
        if self.position_s >= self._out_s - 0.05 or self.position_s < self.options.in_s - 0.05:
            self.seek(self.options.in_s)
        self._run()

    def pause(self) -> None:
        """Pause at the current frame."""
        if self._film is not None:
            self._start = False
            self._number = self._film.pause()
            self._show_playing(False)

    def play_from(self, seconds: float) -> None:
        """Play from a moment, wherever it lies."""
        self.seek(seconds)
        self._run()

    def seek(self, seconds: float) -> None:
        """Go to a take time in seconds."""
        if self._film is not None:
            self._goal = max(0.0, min(seconds, self._duration_s))
            self._number = self._film.seek(self._goal)
            self.moved.emit(self._goal)

    def step(self, count: int) -> None:
        """Pause, so many pictures further or back: exactly, whatever their stamps are."""
        if self._film is not None:
            self._start = False
            self._number = self._film.step(count)
            self._show_playing(False)

    @property
    def _film(self) -> PlayedFilm | None:
        return self._films[0] if self._films else None

    @property
    def _out_s(self) -> float:
        return self.options.out_s if self.options.out_s is not None else self._duration_s

    def _change(self, **options: object) -> None:
        changed = replace(self.options, **options)  # type: ignore[arg-type]
        if changed != self.options:
            self.options = changed
            if self._film is not None:
                self._film.change(**options)

    def _load(self, file: Path, duration_s: float, *, play: bool) -> None:
        self._file = self._opened = file
        self._duration_s, self._start = duration_s, play
        self._is_open = self._failed = False
        self._token = token = object()
        told = self._told

        def tell(what: FilmTold) -> None:
            with suppress(RuntimeError):  # the window that asked is gone
                told.emit(token, what)

        film = open_film(file, tell, self.options, self._beside)
        self._films[:] = [film]
        if self._goal is not None:
            self._number = film.seek(self._goal)

    def _unload(self) -> None:
        self._tick.stop()
        self._start = False
        self._token = object()
        while self._films:
            self._films.pop().close()
        self._show_playing(False)

    def _load_anew(self) -> None:
        """It moved before it was open."""
        wanted = self._start
        self._unload()
        if self._file is not None:
            self._load(self._file, self._duration_s, play=wanted)

    def _run(self) -> None:
        if self._film is not None:
            if not self._is_open:
                self._start = True
                return
            self._number = self._film.play()
            self._show_playing(True)

    def _show_playing(self, playing: bool) -> None:
        if playing is self._playing:
            return
        self._playing = playing
        if playing:
            self._tick.start()
        else:
            self._tick.stop()
        self.played.emit(playing)

    def _on_told(self, token: object, told: FilmTold) -> None:
        if isinstance(told, FilmClosed):
            trim()
        if token is not self._token or self._film is None:
            return
        match told:
            case PictureReady():
                self._on_picture()
            case BesideReady():
                self._on_picture_beside()
            case BesideBroken():
                self.beside_failed.emit()
            case FilmMoved():
                self._on_moved(told)
            case FilmOpened():
                self._on_opened(told)
            case FilmBroken():
                self._on_broken(told)
            case FilmUnheard():
                self.unheard.emit()

    def _on_picture(self) -> None:
        picture = self._film.take_picture() if self._film is not None else None
        if picture is not None:
            self.frame.emit(picture)

    def _on_picture_beside(self) -> None:
        picture = self._film.take_beside() if self._film is not None else None
        if picture is not None:
            self.beside.emit(picture)

    def _on_opened(self, told: FilmOpened) -> None:
        self._is_open, self._duration_s = True, told.duration_s
        start, rested = self._start, self._rested
        self._start = self._rested = False
        if rested:
            self.moved.emit(self.position_s)
        if start:
            self.play()

    def _on_moved(self, told: FilmMoved) -> None:
        if told.number < self._number:
            return  # something newer was asked for meanwhile
        self._goal = told.at_s if told.ended else None
        if told.ended:
            self._show_playing(False)
        self.moved.emit(told.at_s)

    def _on_broken(self, told: FilmBroken) -> None:
        if not self._is_open and self._file != self._opened:
            self._load_anew()
            return
        self._show_playing(False)
        if told.at_s is None or not self._is_open:
            self._failed = True
            self.failed.emit()
        else:
            self._goal = None
            self.moved.emit(told.at_s)
            self.broke_off.emit(told.at_s)

    def _on_tick(self) -> None:
        self.moved.emit(self.position_s)


def _closing(films: list[PlayedFilm]) -> Callable[[], None]:
    """What closes the film of a playback that is gone itself."""

    def close() -> None:
        while films:
            films.pop().close()

    return close
