"""A film on its thread: it opens, tells, lets its file go at once, and leaves nothing behind."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from perfstudio.capture.playing import film_opening, film_pictures
from perfstudio.capture.playing.film_player import FilmPlayer
from perfstudio.capture.playing.held_file import HeldFile
from perfstudio.capture.playing.told import FilmBroken, FilmClosed, FilmMoved, FilmOpened, FilmTold, PictureReady
from rigs.small_media import film, flac
from rigs.waiting import until


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film(tmp_path_factory.mktemp("player") / "take.mp4")


@pytest.fixture(autouse=True)
def all_are_closed() -> Iterator[None]:
    yield
    while Watched.films:
        Watched.films.pop().close()


class Watched:
    """A film without a loudspeaker, and what it told."""

    films: ClassVar[list[FilmPlayer]] = []

    def __init__(self, path: Path) -> None:
        self.told: list[FilmTold] = []
        self.film = FilmPlayer(path, self.told.append, make_speaker=None)
        self.films.append(self.film)

    def heard(self, kind: type) -> Callable[[], bool]:
        """Whether it told one of a kind."""
        return lambda: any(isinstance(one, kind) for one in self.told)


def test_it_opens_seeks_steps_plays_to_its_end_and_closes(clip: Path) -> None:
    watched = Watched(clip)
    until(watched.heard(FilmOpened))
    assert isinstance(watched.told[0], PictureReady), "the first picture comes before anything else"
    first = watched.film.take_picture()
    assert first is not None
    assert first.at_s == 0
    assert watched.film.take_picture() is None
    watched.film.seek(1.0)
    number = watched.film.step(2)
    until(lambda: any(isinstance(told, FilmMoved) and told.number == number for told in watched.told))
    assert watched.film.position_s == pytest.approx(32 / 30)
    watched.film.seek(1.8)
    watched.film.play()
    until(lambda: any(isinstance(told, FilmMoved) and told.ended for told in watched.told))
    assert watched.film.position_s == pytest.approx(2.0)
    watched.film.close()
    until(watched.heard(FilmClosed))
    assert watched.told[-1] == FilmClosed()
    assert "film" not in [thread.name for thread in threading.enumerate()]


def test_sound_alone_is_a_film_too(tmp_path: Path) -> None:
    watched = Watched(flac(tmp_path / "sound.flac", 0.4))
    until(watched.heard(FilmOpened))
    watched.film.close()
    until(watched.heard(FilmClosed))


@pytest.mark.parametrize("what", ["none", "empty", "text", "no stream"])
def test_what_is_no_film_is_told_once(tmp_path: Path, what: str) -> None:
    path = tmp_path / "take.mp4"
    if what != "none":
        path.write_bytes({"empty": b"", "text": b"#EXTM3U\n/etc/passwd\n" * 400, "no stream": bytes(5000)}[what])
    watched = Watched(path)
    until(watched.heard(FilmClosed))
    assert watched.told == [FilmBroken(), FilmClosed()]


def test_a_list_of_other_files_opens_none_of_them(clip: Path, tmp_path: Path) -> None:
    listed = tmp_path / "take.mp4"
    listed.write_text(f"ffconcat version 1.0\nfile '{clip}'\n")
    watched = Watched(listed)
    until(watched.heard(FilmClosed))
    assert watched.told[0] == FilmBroken()


def test_closing_waits_for_no_decoder_and_lets_the_file_go_at_once(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside, go_on = threading.Event(), threading.Event()
    decoded = film_pictures.FilmPictures.at

    def slow(*what: object) -> object:
        inside.set()
        go_on.wait(60)
        return decoded(*what)  # type: ignore[arg-type]

    held: list[HeldFile] = []
    opened = film_opening.open_parts
    monkeypatch.setattr(film_pictures.FilmPictures, "at", slow)
    monkeypatch.setattr(film_opening, "open_parts", lambda file, *rest: held.append(file) or opened(file, *rest))
    watched = Watched(clip)
    until(inside.is_set)
    file = held[0]._open[0]
    watched.film.close()
    assert file.closed, "its folder may have another name now"
    assert watched.told == []
    go_on.set()
    until(watched.heard(FilmClosed))
    assert watched.told == [FilmClosed()], "whoever closed it hears of nothing else"


def test_a_file_that_was_let_go_is_never_opened_again(clip: Path) -> None:
    held = HeldFile(clip)
    reader = held.reader()
    assert len(reader.read(8)) == 8
    held.let_go()
    assert (reader.read(8), reader.seek(0), reader.tell()) == (b"", -1, -1)
    with pytest.raises(FileNotFoundError):
        held.reader()
