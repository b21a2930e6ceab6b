"""A partner's film beside one's own: whatever is wished, what is seen and heard of both belongs to one moment."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import islice
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from perfstudio.capture.playing.beside_film import BesideFilm
from perfstudio.capture.playing.film_player import FilmPlayer
from perfstudio.capture.playing.film_sound import FilmSound
from perfstudio.capture.playing.laid_sound import LaidSound, MixedSound
from perfstudio.capture.playing.play_options import PlayOptions, WhoIsHeard
from perfstudio.capture.playing.told import BesideBroken, BesideReady, FilmClosed, FilmMoved, FilmTold
from perfstudio.model.heard_times import HeardTimes
from perfstudio.model.two_in_a_scene import Underrun
from rigs.turned_film import FPS, PICTURES, RATE, SECONDS, HandSpeaker, TurnedFilm, counted_film
from rigs.waiting import until

THEIR_FPS = 25
TIMES = HeardTimes(0.31, 1.003, 2.4, (Underrun(at_s=1.1, length_s=0.2),))
"""Heard from 0.31 s on, with a hole, on a clock that is 0.3 % slow: thirty times what the clocks of two sound devices
part by, so that three seconds show what a scene of two minutes would."""
FIRST = 0.1
"""The second of the clip that was heard first."""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return counted_film(tmp_path_factory.mktemp("own") / "take.mp4")


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return counted_film(tmp_path_factory.mktemp("theirs") / "clip.mp4", THEIR_FPS, seed=6)


@pytest.fixture
def stage(own: Path, theirs: Path) -> Iterator[TurnedFilm]:
    with ExitStack() as stack:
        yield TurnedFilm(own, stack, HandSpeaker(), BesideFilm(theirs, theirs, TIMES, round(FIRST * RATE)))


def number_at(take_s: float) -> float:
    """Which of the partner's pictures was to be seen at a take time, and how far into it."""
    heard_s = max(TIMES.take_at(FIRST), min(take_s, TIMES.until_s))
    return min(TIMES.clip_at(heard_s) * THEIR_FPS, PICTURES - 1)


def test_take_time_and_clip_time_are_each_the_others() -> None:
    assert TIMES.take_at(0.0) == 0.31
    assert TIMES.take_at(1.0) == pytest.approx(0.31 + 1.003 + 0.2)
    for clip_s in (0.0, 0.5, 0.9, 1.5):
        assert TIMES.clip_at(TIMES.take_at(clip_s)) == pytest.approx(clip_s)
    assert TIMES.clip_at(1.15) == TIMES.clip_at(1.3) == pytest.approx(TIMES.clip_at(1.1)), "in a hole it stands"
    spans = [(round(s.start_s, 4), round(s.end_s, 4)) for s in TIMES.stretches(FIRST)]
    assert spans == [(round(0.31 + 0.1003, 4), 1.1), (1.3, 2.4)]
    assert TIMES.of_file_from(-0.5).clip_at(0.31) == pytest.approx(0.5), "a file that begins before the sound"


def test_after_any_seek_and_step_both_pictures_are_of_one_moment(stage: TurnedFilm) -> None:
    chance = random.Random(8)
    for turn in range(120):
        if turn % 3:
            stage.wishes.goal(chance.uniform(0.0, SECONDS))
        else:
            stage.wishes.step(chance.choice((-7, -1, 1, 2)))
        stage.turn()
        number = number_at(stage.at())
        assert -0.05 < number - stage.beside[-1][1] < 1.05, stage.at()
        assert stage.shown[-1][1] <= stage.at() + 0.0006 < stage.shown[-1][1] + 1 / FPS + 0.001


@pytest.mark.parametrize("speed", [0.5, 1.0, 2.0])
def test_while_it_plays_both_are_shown_when_they_are_due(stage: TurnedFilm, speed: float) -> None:
    stage.options = replace(stage.options, speed=speed)
    stage.wishes.goal(0.5)
    stage.wishes.play(True)
    stage.turn()
    stage.beside.clear()
    stage.live(1.6 / speed)
    assert stage.at() > 1.9
    late = [at - stamp for at, _, stamp in stage.beside if stamp > 0.5]
    assert len(late) >= 25
    assert max(late) < 0.0101 * speed, "each at its stamp, to the step of this test"
    assert min(late) > -0.0021
    numbers = [number for _, number, _ in stage.beside]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), "none is left out"


def lag_s(heard: np.ndarray, told: np.ndarray, most_s: float = 0.02) -> float:
    """How much later than told something is heard, in seconds."""
    reach = round(most_s * RATE)
    inside = told[reach:-reach]
    likes = [float(heard[shift : shift + len(inside)] @ inside) for shift in range(2 * reach + 1)]
    assert max(likes) > 0.7 * float(inside @ inside), "it is not in what was heard"
    return (int(np.argmax(likes)) - reach) / RATE


def wanted(clip: np.ndarray, start_s: float, count: int) -> np.ndarray:
    """What of a clip is to be heard in so many samples from a take time on."""
    places = [TIMES.clip_at(start_s + n / RATE) * RATE for n in range(count)]
    return np.interp(places, np.arange(len(clip)), clip)


@pytest.fixture
def mixed(own: Path, theirs: Path) -> Iterator[MixedSound]:
    with av.open(str(own)) as mine, av.open(str(theirs)) as other:
        yield MixedSound(FilmSound(mine), LaidSound(FilmSound(other), TIMES, round(FIRST * RATE), 0.0))


def heard_in(mixed: MixedSound, start_s: float, end_s: float, **options: object) -> np.ndarray:
    wanted = replace(PlayOptions(), **options)  # type: ignore[arg-type]
    return np.frombuffer(b"".join(mixed.played(start_s, end_s, RATE, wanted)), np.float32).reshape(-1, 2)[:, 0]


def test_after_any_seek_both_sounds_are_of_one_moment(mixed: MixedSound, own: Path, theirs: Path) -> None:
    mine, _ = soundfile.read(own.with_suffix(".wav"), dtype="float32")
    other, _ = soundfile.read(theirs.with_suffix(".wav"), dtype="float32")
    chance = random.Random(4)
    starts = [chance.uniform(0.45, 0.65) for _ in range(4)] + [chance.uniform(1.32, 1.95) for _ in range(6)]
    for start_s in starts:
        heard = heard_in(mixed, start_s, start_s + 0.4)
        assert len(heard) == round(0.4 * RATE)
        first = round(start_s * RATE)
        assert abs(lag_s(heard, mine[first : first + len(heard)])) <= 1 / RATE
        assert abs(lag_s(heard, wanted(other, start_s, len(heard)))) <= 1 / RATE


def test_a_slow_clock_is_followed_to_the_end(mixed: MixedSound, theirs: Path) -> None:
    other, _ = soundfile.read(theirs.with_suffix(".wav"), dtype="float32")
    heard = heard_in(mixed, 1.3, 2.4, heard=WhoIsHeard.PARTNER)[-6000:]
    assert abs(lag_s(heard, wanted(other, 2.4 - 6000 / RATE, 6000))) <= 1 / RATE


def test_in_a_hole_and_where_it_was_not_heard_there_is_silence(mixed: MixedSound) -> None:
    heard = heard_in(mixed, 0.0, SECONDS, heard=WhoIsHeard.PARTNER)
    assert len(heard) == round(SECONDS * RATE)
    for start_s, end_s in ((0.0, 0.409), (1.101, 1.299), (2.401, SECONDS)):
        assert not heard[round(start_s * RATE) : round(end_s * RATE)].any()
    for start_s, end_s in ((0.42, 1.09), (1.31, 2.39)):
        assert np.count_nonzero(heard[round(start_s * RATE) : round(end_s * RATE)]) > (end_s - start_s) * RATE * 0.95


def test_one_may_be_heard_alone(mixed: MixedSound, own: Path) -> None:
    mine, _ = soundfile.read(own.with_suffix(".wav"), dtype="float32")
    heard = heard_in(mixed, 0.5, 0.7, heard=WhoIsHeard.OWN)
    assert np.allclose(heard, mine[RATE // 2 : RATE // 2 + len(heard)], atol=1e-4)
    other = heard_in(mixed, 0.5, 0.7, heard=WhoIsHeard.PARTNER)
    both = heard_in(mixed, 0.5, 0.7)
    assert np.allclose(both, heard + other, atol=1e-4)
    assert np.allclose(heard_in(mixed, 0.5, 0.7, volume=0.5), both / 2, atol=1e-4)


@pytest.mark.parametrize("speed", [0.5, 2.0])
def test_at_another_speed_they_stay_together(tmp_path: Path, speed: float) -> None:
    """The same sound on both sides is the same sound twice as loud, wherever a change of speed cuts it."""
    wave = np.random.default_rng(2).normal(0.0, 0.05, 3 * RATE)
    soundfile.write(tmp_path / "own.flac", wave, RATE)
    soundfile.write(tmp_path / "theirs.flac", wave[RATE // 4 :], RATE)
    with av.open(str(tmp_path / "own.flac")) as mine, av.open(str(tmp_path / "theirs.flac")) as other:
        mixed = MixedSound(FilmSound(mine), LaidSound(FilmSound(other), HeardTimes(0.25, 1.0, 3.0), 0, 0.0))
        own, both = (heard_in(mixed, 0.3, 2.7, speed=speed, heard=heard) for heard in (WhoIsHeard.OWN, WhoIsHeard.BOTH))
    assert len(own) == len(both) == round(2.4 / speed * RATE)
    assert np.count_nonzero(own) > 0.9 * len(own)
    assert np.allclose(both, 2 * own, atol=1e-4)


def test_a_partners_film_that_cannot_be_read_is_told_and_ones_own_plays(own: Path, tmp_path: Path) -> None:
    bad = tmp_path / "clip.flac"
    for data in (None, b"", b"fLaC" + bytes(500)):
        if data is not None:
            bad.write_bytes(data)
        told: list[FilmTold] = []
        film = FilmPlayer(own, told.append, make_speaker=None, beside=BesideFilm(bad, None, TIMES))
        number = film.seek(1.0)
        until(lambda told=told, number=number: any(isinstance(t, FilmMoved) and t.number == number for t in told))
        assert told.count(BesideBroken()) == 1
        assert film.take_picture() is not None
        assert film.take_beside() is None
        film.close()
        until(lambda told=told: FilmClosed() in told)


def test_the_partners_picture_is_taken_and_its_files_are_let_go(own: Path, theirs: Path) -> None:
    told: list[FilmTold] = []
    film = FilmPlayer(own, told.append, make_speaker=None, beside=BesideFilm(theirs, theirs, TIMES))
    until(lambda: BesideReady() in told)
    until(lambda: film.position_s is not None)
    assert film.take_beside() is not None
    film.change(beside=(32, 24))
    until(lambda: (shown := film.take_beside()) is not None and shown.width == 32)
    film.close()
    until(lambda: told[-1] == FilmClosed())
    assert not list(islice((f for f in film._beside_files if f._open), 1))
