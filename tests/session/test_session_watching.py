"""A take that has just been cut can be watched before its checks are done; what happens meanwhile costs nothing."""

from __future__ import annotations

import av
import pytest

from perfstudio.session.events import TakeFinished, TakeMoving
from perfstudio.session.session import Session
from perfstudio.session.takes.review import read_review, watchable_review
from perfstudio.session.takes.verify_bundle import verify_bundle
from perfstudio.session.views import StageState
from rigs.stage import SOUND_ALONE, Thread, on_stage, recorder_process, roll


def test_a_take_can_be_watched_before_its_checks_are_done(session: Session, thread: Thread) -> None:
    sealed, watched, moving = on_stage(session, thread), [], []

    def watch(film: TakeFinished) -> None:
        review = watchable_review(film, session.home.sides)
        assert review.picture is not None
        with av.open(str(review.picture)) as film_file:
            assert film_file.duration is not None
            watched.append((review, session.director.view.state, film_file.duration / av.time_base))

    session.bus.subscribe(TakeFinished, watch)
    session.bus.subscribe(TakeMoving, lambda event: moving.append((event.take_id, watched[0][0].picture.is_file())))
    roll(session, thread, 0.5)
    session.director.cut()
    thread.until(lambda: bool(sealed))
    take_id = sealed[0].take_id
    [(early, state, seconds)] = watched
    assert state is StageState.CHECKING
    assert (early.line.take_id, early.sealed, early.manifest.checks) == (take_id, False, ())
    late = read_review(session.home.takes, session.home.sides, take_id)
    assert late.manifest.checks
    assert late.manifest.model_copy(update={"checks": ()}).files == early.manifest.files
    assert seconds == pytest.approx(late.duration_s, abs=0.1)
    same = ("title", "character", "emotions", "pack_id", "prompt_id", "number", "duration_s", "state", "practice")
    assert {name: getattr(early.line, name) for name in same} == {name: getattr(late.line, name) for name in same}
    assert moving == [(take_id, True)], "told before the folder got its final name"
    assert not early.picture.exists()


def test_who_rolls_again_is_not_shown_a_film(session: Session, thread: Thread) -> None:
    sealed = on_stage(session, thread, SOUND_ALONE)
    watched: list[TakeFinished] = []
    session.bus.subscribe(TakeFinished, watched.append)
    roll(session, thread, 0.4)
    session.director.again()
    thread.until(lambda: bool(sealed) and session.director.view.state is StageState.ROLLING)
    assert watched == []
    session.director.cut()
    thread.until(lambda: len(sealed) == 2)
    assert [film.manifest.take_id for film in watched] == [sealed[1].take_id]


def test_a_recorder_that_dies_while_it_checks_costs_nothing(session: Session, thread: Thread) -> None:
    sealed = on_stage(session, thread)
    session.bus.subscribe(TakeFinished, lambda _: recorder_process().kill())
    roll(session, thread, 0.5)
    session.director.cut()
    thread.until(lambda: bool(sealed))
    manifest = session.home.takes.manifest(sealed[0].take_id)
    assert manifest.checks
    assert verify_bundle(session.home.library.folder(manifest.take_id)).problems == ()
    thread.until(lambda: session.director.view.state is StageState.READY)
