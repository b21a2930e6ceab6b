"""What Review shows beside a take that was played to a partner's clip from a studio, and after it was taken back."""

from __future__ import annotations

from perfstudio.capture.playing.film_player import FilmPlayer
from perfstudio.capture.playing.told import BesideBroken, BesideReady, FilmClosed, FilmTold
from perfstudio.model.clip import ClipUse
from perfstudio.model.clip_waiting import ClipSent
from perfstudio.model.ids import new_id
from perfstudio.model.jws import SigningKey
from perfstudio.model.take_2 import TakeManifest2
from perfstudio.model.two_in_a_scene import RecordedPartner
from perfstudio.session.takes.side_view import OtherSide, SideAway
from rigs.clip_studio import ClipStudio
from rigs.pair_takes import draft, pack
from rigs.waiting import until


def answer(paper: ClipSent) -> TakeManifest2:
    """A take of Bo's that was made against this clip."""
    clip = paper.left.clip
    heard = RecordedPartner(
        sha256=clip.sound.sha256, take_id=clip.take_id, seal_sha256=clip.seal_sha256, first_heard_sample=0,
        offset_s=0.5, until_s=2.0, bound_s=0.03, constant_s=0.1, measured_by="reported_latency", headphones="Ears",
    )  # fmt: skip
    return draft("b", pack(), new_id()).model_copy(update={"partner": heard})


def side(studio: ClipStudio, paper: ClipSent) -> OtherSide:
    found = studio.bo.home.sides.of(answer(paper))
    assert found is not None
    return found


def test_a_partners_clip_is_seen_as_far_as_its_performer_let_it_and_while_it_may_be_kept(studio: ClipStudio) -> None:
    seen = studio.ana.leaves()
    assert side(studio, seen).away is SideAway.GONE, "it has not come yet"
    studio.matches(seen)
    studio.bo.hears()
    film = side(studio, seen).film
    assert film is not None
    assert seen.left.clip.picture is not None
    assert film.picture_from_s == seen.left.clip.picture.first_s
    told: list[FilmTold] = []
    player = FilmPlayer(film.sound, told.append, make_speaker=None, beside=film)
    until(lambda: BesideReady() in told or BesideBroken() in told)
    assert BesideBroken() not in told
    player.close()
    until(lambda: FilmClosed() in told)
    studio.ana.post.take_back(seen)
    studio.bo.hears()
    gone = side(studio, seen)
    assert (gone.film, gone.away) == (None, SideAway.TAKEN_BACK)


def test_one_clip_taken_back_leaves_the_other_of_the_same_sound(studio: ClipStudio) -> None:
    """Two clips of one take sound the same: what one is taken back of, the other still gives."""
    key = SigningKey.generate()
    first, second = (studio.ana.leaves((ClipUse.HEAR,), key=key) for _ in range(2))
    assert first.left.clip.sound.sha256 == second.left.clip.sound.sha256
    for paper in (first, second):
        studio.matches(paper)
    studio.bo.hears()
    studio.ana.post.take_back(first)
    studio.bo.hears()
    left = side(studio, second)
    assert (left.film is not None, left.is_seen) == (True, False), "heard, and nothing more was given"
