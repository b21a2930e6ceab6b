"""A film that is played, turned by hand: every picture at its stamp, every sample at its moment, whatever the
loudspeaker does."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from perfstudio.capture.devices.speaker import SpeakerState
from perfstudio.capture.playing.film_pictures import FilmPictures, PictureFitter
from perfstudio.capture.playing.film_sound import FilmSound
from perfstudio.capture.playing.told import FilmBroken, FilmMoved, FilmUnheard
from rigs.turned_film import FPS, PICTURES, RATE, SECONDS, HandSpeaker, TurnedFilm, counted_film, number_of


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return counted_film(tmp_path_factory.mktemp("played") / "take.mp4")


@pytest.fixture
def pictures(film: Path) -> Iterator[FilmPictures]:
    with av.open(str(film)) as box:
        yield FilmPictures(box)


@pytest.fixture
def sound(film: Path) -> Iterator[FilmSound]:
    with av.open(str(film)) as box:
        yield FilmSound(box)


def floats(blocks: Iterator[bytes]) -> np.ndarray:
    """(frames, 2)"""
    return np.frombuffer(b"".join(blocks), np.float32).reshape(-1, 2)


# pictures


def test_the_picture_of_a_moment_is_exact_in_any_order(pictures: FilmPictures) -> None:
    chance = random.Random(3)
    for _ in range(60):
        number, inside = chance.randrange(PICTURES), chance.uniform(0.05, 0.95)
        shot = pictures.at((number + inside) / FPS)
        assert shot is not None
        assert number_of(shot.frame) == number
    for at_s, number in ((-1.0, 0), (0.0, 0), (round(40 / FPS, 3), 40), (SECONDS, PICTURES - 1), (99.0, PICTURES - 1)):
        shot = pictures.at(at_s)
        assert shot is not None
        assert number_of(shot.frame) == number, at_s


def test_steps_go_through_every_picture_both_ways(pictures: FilmPictures) -> None:
    shot, seen = pictures.at(1.0), []
    assert shot is not None
    for way in (pictures.before, pictures.after):
        seen.append(number_of(shot.frame))
        while (further := way(shot)) is not None:
            shot = further
            seen.append(number_of(shot.frame))
    assert seen == [*range(30, -1, -1), *range(PICTURES)]


def test_a_newer_wish_ends_the_way_to_an_older_one(pictures: FilmPictures) -> None:
    asked: list[bool] = []
    shot = pictures.at(39 / FPS, lambda: not asked.append(True) and len(asked) > 3)
    assert shot is not None
    assert 30 <= number_of(shot.frame) < 39, "what was reached by then is shown"
    there = pictures.at(39 / FPS)
    assert there is not None
    assert number_of(there.frame) == 39


def test_what_is_shown_is_as_large_as_its_place_in_its_own_colours(tmp_path: Path) -> None:
    path = tmp_path / "red.mp4"
    with av.open(str(path), "w") as box:
        stream = box.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        stream.set_display_rotation(90)
        red = np.zeros((180, 320, 3), np.uint8)
        red[..., 0] = 200
        box.mux(stream.encode(av.VideoFrame.from_ndarray(red, format="rgb24")))
        box.mux(stream.encode(None))
    with av.open(str(path)) as box:
        shot = FilmPictures(box).at(0.0)
        assert shot is not None
        fitter = PictureFitter()
        fitter.room = (90, 400)
        shown = fitter.fitted(shot)
    assert (shown.width, shown.height, shown.turns) == (160, 90, 3), "a quarter turn against the clock, and it fits"
    blue, green, seen_red = shown.pixels[4 * 80 + shown.line_bytes * 45 :][:3]
    assert abs(seen_red - 200) < 8
    assert max(blue, green) < 8


# sound


def test_sound_begins_and_ends_to_the_sample(sound: FilmSound, film: Path) -> None:
    told, _ = soundfile.read(film.with_suffix(".wav"), dtype="float32")
    for start_s, end_s in ((0.0, SECONDS), (1.23456, 2.0), (0.75, 0.751)):
        heard = floats(sound.blocks(start_s, end_s, RATE, 1.0, 1.0))
        first = round(start_s * RATE)
        assert len(heard) == round((end_s - start_s) * RATE)
        assert np.allclose(heard, told[first : first + len(heard), None], atol=1e-4), "both ears hear the same"
    beyond = floats(sound.blocks(SECONDS - 0.1, SECONDS + 0.2, RATE, 1.0, 0.5))
    assert len(beyond) == round(0.3 * RATE)
    assert np.allclose(beyond[: RATE // 10], told[-RATE // 10 :, None] / 2, atol=1e-4)
    assert not beyond[RATE // 10 :].any(), "behind its end there is silence"


@pytest.mark.parametrize("speed", [0.5, 2.0])
def test_another_speed_keeps_the_pitch_and_takes_its_time(tmp_path: Path, speed: float) -> None:
    path = tmp_path / "tone.flac"
    soundfile.write(path, np.sin(np.arange(2 * RATE) * 2 * np.pi * 440 / RATE) * 0.5, RATE)
    with av.open(str(path)) as box:
        heard = floats(FilmSound(box).blocks(0.0, 2.0, 44100, speed, 1.0))[:, 0]
    assert len(heard) == round(2.0 / speed * 44100)
    strongest = np.abs(np.fft.rfft(heard)).argmax() * 44100 / len(heard)
    assert strongest == pytest.approx(440, abs=8)


def test_a_damaged_piece_of_sound_is_silence_of_its_length(film: Path, tmp_path: Path) -> None:
    """What follows is heard at its own moment."""
    told, _ = soundfile.read(film.with_suffix(".wav"), dtype="float32")
    data = bytearray(film.read_bytes())
    with av.open(str(film)) as box:
        hurt = next(packet for packet in box.demux(audio=0) if packet.pts is not None and packet.pts >= RATE)
        at, size = hurt.pos, hurt.size
    data[at : at + size] = b"\xff" * size
    path = tmp_path / "hurt.mp4"
    path.write_bytes(data)
    with av.open(str(path)) as box:
        heard = floats(FilmSound(box).blocks(0.0, SECONDS, RATE, 1.0, 1.0))[:, 0]
    later = round(1.5 * RATE)
    assert np.allclose(heard[later:], told[later:], atol=1e-4)
    assert np.allclose(heard[: RATE // 2], told[: RATE // 2], atol=1e-4)


# played


@pytest.fixture
def room(film: Path) -> Iterator[Callable[..., TurnedFilm]]:
    with ExitStack() as stack:
        yield lambda speaker=None: TurnedFilm(film, stack, speaker)


def test_every_picture_is_shown_at_its_stamp_as_the_sound_is_heard(room: Callable[..., TurnedFilm], film: Path) -> None:
    stage = room(HandSpeaker())
    stage.wishes.goal(0.5)
    stage.wishes.play(True)
    stage.live(0.2, heard=False)
    assert stage.at() == 0.5, "nothing is heard yet, so nothing moves"
    stage.live(1.0)
    late = [at - stamp for at, stamp in stage.shown[1:]]
    assert [stamp for _, stamp in stage.shown] == pytest.approx([n / FPS for n in range(15, 15 + len(stage.shown))])
    assert len(stage.shown) >= 29
    assert max(late) < 0.0101
    assert min(late) > -0.0021
    told, _ = soundfile.read(film.with_suffix(".wav"), dtype="float32")
    assert stage.speaker is not None
    heard = np.frombuffer(b"".join(stage.speaker.heard), np.float32).reshape(-1, 2)
    assert np.allclose(heard, told[RATE // 2 : RATE // 2 + len(heard), None], atol=1e-4)


def test_a_loudspeaker_that_stands_still_holds_the_pictures(room: Callable[..., TurnedFilm]) -> None:
    stage = room(HandSpeaker())
    stage.wishes.play(True)
    stage.live(0.5)
    before = stage.at()
    stage.live(0.4, heard=False)
    assert stage.at() - before < 0.02
    stage.live(0.5)
    assert 0.35 < stage.at() - before < 0.55


def test_pause_seek_and_steps_stand_where_they_are_asked_to(room: Callable[..., TurnedFilm]) -> None:
    stage = room(HandSpeaker())
    stage.wishes.play(True)
    stage.live(0.3)
    stage.wishes.play(False)
    assert stage.turn() is None, "nothing to do until the next wish"
    stood = stage.at()
    stage.live(0.3)
    assert stage.at() == stood
    assert stage.speaker is not None
    assert stage.speaker.run is None
    stage.wishes.goal(1.01)
    stage.turn()
    assert (stage.at(), stage.shown[-1][1]) == (1.01, pytest.approx(1.0))
    for count, number in ((1, 31), (1, 32), (-3, 29), (-1, 28), (12, 40)):
        stage.wishes.step(count)
        stage.turn()
        assert stage.at() == stage.shown[-1][1] == pytest.approx(number / FPS)
    stage.wishes.step(-200)
    stage.turn()
    assert stage.at() == 0.0


def test_it_ends_at_the_out_point_and_plays_on_from_behind_it(room: Callable[..., TurnedFilm]) -> None:
    stage = room(HandSpeaker())
    stage.options = replace(stage.options, in_s=0.2, out_s=0.6)
    stage.wishes.goal(0.2)
    number = stage.wishes.play(True)
    stage.live(1.0)
    assert stage.told[-1] == FilmMoved(0.6, number, ended=True)
    assert stage.at() == 0.6
    assert stage.speaker is not None
    heard = np.frombuffer(b"".join(stage.speaker.heard), np.float32)
    assert not heard[round(0.4 * RATE) * 2 :].any(), "not a sample behind it is heard"
    stage.wishes.goal(2.0)
    stage.wishes.play(True)
    stage.live(1.0)
    assert stage.at() == pytest.approx(SECONDS), "whoever goes behind it hears the rest"


def test_a_loop_goes_round(room: Callable[..., TurnedFilm]) -> None:
    stage = room(HandSpeaker())
    stage.options = replace(stage.options, in_s=0.2, out_s=0.4, loops=True)
    stage.wishes.goal(0.2)
    stage.wishes.play(True)
    stage.live(1.0)
    assert sum(stamp == pytest.approx(0.2) for _, stamp in stage.shown) >= 4
    assert max(stamp for _, stamp in stage.shown) < 0.41
    assert not any(isinstance(told, FilmMoved) and told.ended for told in stage.told)


@pytest.mark.parametrize("heard", [True, False])
def test_twice_as_fast_is_twice_as_far(room: Callable[..., TurnedFilm], heard: bool) -> None:
    stage = room(HandSpeaker() if heard else None)
    stage.wishes.play(True)
    stage.live(0.3)
    stage.options = replace(stage.options, speed=2.0)
    before = stage.at()
    stage.live(0.5)
    assert stage.at() - before == pytest.approx(1.0, abs=0.06)


@pytest.mark.parametrize("state", [SpeakerState.NONE, SpeakerState.OPENING], ids=["none", "one that never opens"])
def test_without_a_loudspeaker_it_plays_and_says_so_once(room: Callable[..., TurnedFilm], state: SpeakerState) -> None:
    stage = room(HandSpeaker(state))
    stage.wishes.play(True)
    stage.live(3.2)
    assert stage.at() > 0.15
    stage.wishes.play(False)
    stage.live(0.1)
    stage.wishes.play(True)
    stage.live(0.2)
    assert stage.told.count(FilmUnheard()) == 1


def test_a_loudspeaker_that_goes_away_leaves_the_film_playing(room: Callable[..., TurnedFilm]) -> None:
    stage = room(HandSpeaker())
    stage.wishes.play(True)
    stage.live(0.5)
    assert stage.speaker is not None
    assert stage.speaker.run is not None
    before, stage.speaker.run.lost = stage.at(), True
    stage.live(0.5, heard=False)
    assert stage.at() - before == pytest.approx(0.5, abs=0.05)
    assert FilmUnheard() in stage.told


def test_one_that_opens_and_never_begins_is_not_waited_for(room: Callable[..., TurnedFilm]) -> None:
    stage = room(HandSpeaker())
    stage.wishes.play(True)
    stage.live(2.9, heard=False)
    assert stage.at() == 0.0
    stage.live(0.5, heard=False)
    assert stage.at() > 0.3


@pytest.mark.parametrize("heard", [True, False])
def test_a_film_that_was_cut_off_says_where(film: Path, tmp_path: Path, heard: bool) -> None:
    """Its head tells of more than there is."""
    data = film.read_bytes()
    torn = tmp_path / "torn.mp4"
    torn.write_bytes(data[: len(data) // 2])
    with ExitStack() as stack:
        stage = TurnedFilm(torn, stack, HandSpeaker() if heard else None)
        stage.wishes.play(True)
        stage.live(4.0)
        broken = [told for told in stage.told if isinstance(told, FilmBroken)]
        assert len(broken) == 1
        assert broken[0].at_s is not None
        assert 0.2 < broken[0].at_s < SECONDS - 0.5
        assert stage.at() == broken[0].at_s
        stage.wishes.goal(0.1)
        stage.turn()
        assert stage.shown[-1][1] == pytest.approx(0.1), "what is there can still be seen"
