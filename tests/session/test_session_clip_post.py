"""A clip waits at a studio for one partner: what is left, who may fetch it, and what becomes of every copy. A real
receiver, real sockets, two homes."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from perfstudio.delivery import clip_calls
from perfstudio.delivery.clip_calls import ClipWire
from perfstudio.delivery.failure import TransferError
from perfstudio.model.clip_waiting import ClipLeft, ClipsWaiting
from perfstudio.model.clock import utc_now
from perfstudio.model.errors import DeliveryError, ErrorCode, MediaError
from perfstudio.model.jws import SigningKey
from perfstudio.receiver import clips as receiver_clips
from perfstudio.receiver.layout import ReceiverLayout
from perfstudio.session.clips import clip_store, fitting
from perfstudio.session.clips.clip_news import ClipNews
from perfstudio.session.clips.clip_room import ClipRoom
from perfstudio.texts import clips_here as words_here
from perfstudio.texts import clips_waiting as words
from perfstudio.texts.errors import sentence
from rigs.clip_studio import STUDIO, ClipStudio


def test_it_waits_is_fetched_by_one_alone_and_taken_back_everywhere(studio: ClipStudio) -> None:
    paper = studio.ana.leaves()
    assert paper.standing is not None
    assert (paper.standing.whole, paper.standing.matched) == (True, False)
    assert not studio.ana.home.clip_papers.file(paper.left.clip.clip_id).exists(), "the studio has it: no third copy"
    assert studio.bo.hears().came == ()
    studio.matches(paper)
    assert studio.cy.hears().came == ()
    assert studio.ana.hears().came == ()
    (came,) = studio.bo.hears().came
    (kept,) = studio.bo.home.clips.store.all()
    assert came == kept.clip == paper.left.clip
    assert kept.picture is not None
    assert kept.picture.is_file()
    assert studio.bo.hears() == ClipNews("Small Lab"), "once"
    said = studio.ana.hears()
    assert len(said.standing[0].standing.fetches) == 1
    assert "Your partner fetched it on" in words.news(said)[0]
    assert '"bo"' not in studio.ana.sent().canonical().decode(), "she hears of nobody's name"
    back = studio.ana.post.take_back(studio.ana.sent())
    assert back.standing.gone_at is not None
    assert studio.files(paper) == ["record.json"]
    (gone,) = studio.bo.hears().deleted
    assert gone.left.clip == paper.left.clip
    assert studio.bo.home.clips.store.all() == ()
    assert studio.bo.home.clip_papers.was_taken_back(paper.left.clip.sound.sha256)
    assert studio.bo.hears() == ClipNews("Small Lab")
    said = studio.ana.hears()
    assert said.standing[0].standing.fetches[0].deleted_at is not None
    assert "copy was deleted on" in words.news(said)[0]
    assert studio.ana.hears() == ClipNews("Small Lab"), "nothing more can become of it"


@contextmanager
def refused_with(*statuses: int) -> Iterator[None]:
    with pytest.raises(TransferError) as refused:
        yield
    assert refused.value.failure.status in statuses


def test_of_somebody_else_nothing_is_said_and_nothing_is_given(studio: ClipStudio) -> None:
    paper = studio.ana.leaves()
    studio.matches(paper)
    clip_id = paper.left.clip.clip_id
    for ask in (
        lambda wire: wire.standing(clip_id),
        lambda wire: wire.leave(paper.left),
        lambda wire: wire.send(clip_id, Path(__file__), paper.left.size),
    ):
        with studio.cy.post._to(studio.cy.service.studios.get(STUDIO)) as wire, refused_with(403, 404):
            ask(wire)
    with studio.cy.post._to(studio.cy.service.studios.get(STUDIO)) as wire:
        assert wire.fetch(clip_id, 0, paper.left.size) is None
        assert wire.take_back(clip_id) is None
    assert studio.clips.all()[0].taken_back_at is None
    assert studio.clips.all()[0].fetches == ()


def test_what_the_partner_has_read_makes_nobody_of_their_open_token(studio: ClipStudio) -> None:
    """What was signed is told to the partner; brought by them it is still its performer's."""
    paper = studio.ana.leaves()
    studio.matches(paper)
    assert studio.bo.hears().came
    with studio.bo.post._to(studio.bo.service.studios.get(STUDIO)) as wire, refused_with(403):
        wire.leave(paper.left)
    assert studio.clips.all()[0].taken_back_at is None


def broken_after(monkeypatch: pytest.MonkeyPatch, call: str, count: int) -> list[int]:
    """After so many pieces the line is gone; returns where each piece began."""
    monkeypatch.setattr(clip_calls, "PIECE", 4096)
    begun: list[int] = []
    real = getattr(ClipWire, call)

    def breaks(self: ClipWire, *args: Any) -> Any:
        if len(begun) == count:
            raise DeliveryError(ErrorCode.RECEIVER_UNREACHABLE, address="studio")
        begun.append(next(one for one in args if isinstance(one, int)))
        return real(self, *args)

    monkeypatch.setattr(ClipWire, call, breaks)
    return begun


def test_a_line_that_breaks_costs_one_piece_on_either_side(studio: ClipStudio, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as line:
        begun = broken_after(line, "send", 3)
        with pytest.raises(DeliveryError):
            studio.ana.leaves()
    assert begun == [0, 4096, 8192]
    paper = studio.ana.sent()
    assert "on its way" in words.stands(paper, "Small Lab")
    assert "clip.part" in studio.files(paper)
    with pytest.MonkeyPatch.context() as line:
        more = broken_after(line, "send", 10_000)
        studio.ana.hears()
    assert more[0] == 12_288, "from where it stood"
    assert studio.ana.sent().standing.whole
    studio.matches(paper)
    with pytest.MonkeyPatch.context() as line:
        broken_after(line, "fetch", 3)
        assert studio.bo.hears().problems[0].code is ErrorCode.RECEIVER_UNREACHABLE
    assert studio.bo.home.clips.store.all() == (), "half a clip is none"
    with pytest.MonkeyPatch.context() as line:
        more = broken_after(line, "fetch", 10_000)
        assert studio.bo.hears().came
    assert more[0] == 12_288


def test_taken_back_in_mid_fetch_nothing_of_it_is_left(studio: ClipStudio, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = studio.ana.leaves()
    studio.matches(paper)
    monkeypatch.setattr(clip_calls, "PIECE", 4096)
    real, pieces = ClipWire.fetch, []

    def fetch(wire: ClipWire, *args: Any) -> Any:
        pieces.append(args)
        if len(pieces) == 3:
            studio.ana.post.take_back(studio.ana.sent())
        return real(wire, *args)

    monkeypatch.setattr(ClipWire, "fetch", fetch)
    news = studio.bo.hears()
    assert (news.came, news.problems, len(pieces)) == ((), (), 3)
    assert not studio.bo.home.clip_papers.part(paper.left.clip.clip_id).exists()
    studio.bo.hears()
    said = studio.ana.hears().standing[0].standing
    assert said.fetches[0].whole_at is None
    assert said.fetches[0].deleted_at is not None


def test_taken_back_before_anybody_came(studio: ClipStudio) -> None:
    paper = studio.ana.leaves()
    studio.ana.post.take_back(paper)
    with pytest.raises(DeliveryError) as refused:
        studio.matches(paper)
    assert refused.value.code is ErrorCode.CLIP_WAITS_NOT
    assert studio.bo.hears() == ClipNews("Small Lab")


def test_while_the_studio_is_away_a_wish_is_kept(studio: ClipStudio, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = studio.ana.leaves()
    with monkeypatch.context() as away:
        away.setattr(ClipWire, "take_back", lambda *_: (_ for _ in ()).throw(
            DeliveryError(ErrorCode.RECEIVER_UNREACHABLE, address="studio")
        ))  # fmt: skip
        with pytest.raises(DeliveryError):
            studio.ana.post.take_back(paper)
    assert "has still to hear of it" in words.stands(studio.ana.sent(), "Small Lab")
    assert studio.ana.hears().standing[0].standing.gone_at is not None


def test_a_take_that_was_deleted_takes_its_clip_along(studio: ClipStudio) -> None:
    paper = studio.ana.leaves()
    take_id = paper.left.clip.take_id
    studio.ana.home.takes.bin(take_id)
    studio.ana.hears()
    assert studio.ana.sent().standing.gone_at is None, "what lies in the bin may come back"
    studio.ana.home.takes.empty_bin()
    assert studio.ana.hears().standing[0].standing.gone_at is not None


def test_another_partner_in_place_of_the_first(studio: ClipStudio) -> None:
    paper = studio.ana.leaves()
    studio.matches(paper)
    assert studio.bo.hears().came
    studio.matches(paper, "cy")
    assert studio.cy.hears().came
    assert studio.bo.hears().deleted, "one partner, and one alone"
    studio.matches(paper, None)
    assert studio.cy.hears().deleted


def test_its_time_is_over_everywhere(studio: ClipStudio, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = studio.ana.leaves(days=1)
    studio.matches(paper)
    assert studio.bo.hears().came
    monkeypatch.setattr(receiver_clips, "utc_now", lambda: utc_now() + timedelta(days=2))
    assert studio.bo.hears().deleted
    assert studio.ana.hears().standing[0].standing.gone_at is not None
    assert studio.files(paper) == ["record.json"]


Damage = Callable[[ClipLeft], ClipLeft]


@pytest.mark.parametrize(
    ("damage", "status"),
    [
        (lambda left: left.model_copy(update={"studio_id": "another"}).signed(SigningKey.generate()), 422),
        (lambda left: left.model_copy(update={"size": left.size + 1}), 422),
        (lambda left: left.model_copy(update={"signature": None, "public_key": None}), 422),
    ],
    ids=["for another studio", "changed after it was signed", "not signed"],
)
def test_what_was_not_signed_for_here_does_not_wait(studio: ClipStudio, damage: Damage, status: int) -> None:
    paper = studio.ana.leaves()
    studio.ana.post.take_back(paper)
    with pytest.raises(DeliveryError), studio.ana.post._to(studio.ana.service.studios.get(STUDIO)) as wire:
        wire.leave(damage(paper.left))


def test_a_file_that_is_not_the_clip_is_not_kept(studio: ClipStudio, monkeypatch: pytest.MonkeyPatch) -> None:
    real = ClipWire.send

    def other(wire: ClipWire, clip_id: str, file: Path, start: int) -> int:
        data = bytearray(file.read_bytes())
        data[-1] ^= 1
        spoilt = file.with_suffix(".other")
        spoilt.write_bytes(data)
        return real(wire, clip_id, spoilt, start)

    with monkeypatch.context() as line:
        line.setattr(ClipWire, "send", other)
        with pytest.raises(DeliveryError):
            studio.ana.leaves()
    assert studio.files(studio.ana.sent()) == ["record.json"]
    studio.ana.hears()
    assert studio.ana.sent().standing.whole, "the right one comes after it"


def test_a_clip_that_changed_on_its_way_here_is_not_taken_in(
    studio: ClipStudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = studio.ana.leaves()
    studio.matches(paper)
    real = ClipWire.fetch
    with monkeypatch.context() as line:
        line.setattr(ClipWire, "fetch", lambda wire, *args: bytes(len(real(wire, *args))))
        (problem,) = studio.bo.hears().problems
    assert isinstance(problem, MediaError)
    assert problem.code is ErrorCode.CLIP_INVALID
    assert studio.bo.home.clips.store.all() == ()
    assert studio.bo.hears().came, "and comes whole the next time"


def spoiled(left: ClipLeft) -> ClipLeft:
    return left.model_copy(update={"size": left.size + 1})


def test_what_is_not_as_it_was_signed_is_said_once_and_not_asked_for_again(
    studio: ClipStudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = studio.ana.leaves()
    studio.matches(paper)
    with monkeypatch.context() as line:
        real = ClipWire.waiting
        line.setattr(ClipWire, "waiting", lambda wire: changed(real(wire), spoiled))
        news = studio.bo.hears()
        assert [problem.code for problem in news.refused] == [ErrorCode.CLIP_INVALID]
        assert "it is not what clip.json says it is" in words.news(news)[0]
        assert not studio.bo.hears().is_new
        (kept,) = studio.bo.home.clip_papers.fetched()
        assert "cannot be played" in words_here.not_here(kept)
    assert studio.bo.hears().came, "what its performer did sign comes all the same"


def test_a_clip_that_is_none_is_fetched_once(studio: ClipStudio, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = studio.ana.leaves()
    studio.matches(paper)
    monkeypatch.setattr(
        clip_store, "what_is_wrong", lambda _clip, _folder, file: MediaError(ErrorCode.MEDIA_UNREADABLE, file=file)
    )
    (problem,) = studio.bo.hears().refused
    assert paper.left.clip.scene.title in sentence(problem), "by its scene: the file on the way has a number for a name"
    begun = broken_after(monkeypatch, "fetch", 0)
    assert studio.bo.hears() == ClipNews("Small Lab")
    assert begun == []
    assert studio.bo.home.clips.store.all() == ()
    said = studio.ana.hears().standing[0].standing
    assert said.fetches[0].deleted_at is not None, "its performer hears that no copy is left"


def test_a_clip_of_other_words_comes_and_it_is_said(studio: ClipStudio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "scene_digest", lambda _prompt: "0" * 64)
    studio.matches(studio.ana.leaves())
    news = studio.bo.hears()
    assert [problem.code for problem in news.unfit] == [ErrorCode.CLIP_OTHER_WORDS]
    assert "belongs to another version of the pack" in words.news(news)[1]
    bo = studio.bo
    card = bo.home.scenes.card("two-chairs/handover", "b")
    found = ClipRoom(bo.home, bo.service, bo.post).for_card(card)
    assert found is not None
    assert (found[0].clip, found[1]) == (news.came[0], "Small Lab")
    assert found[0].unfit is not None
    assert bo.home.clips.for_card(card) is None, "and it is not played"


def test_a_partner_that_was_named_again_gets_it_again(studio: ClipStudio) -> None:
    paper = studio.ana.leaves()
    for name in ("bo", "cy", "bo"):
        studio.matches(paper, name)
        came = studio.bo.hears().came
    assert came == (paper.left.clip,)


def changed(waiting: ClipsWaiting, change: Damage) -> ClipsWaiting:
    return waiting.model_copy(update={"clips": tuple(change(left) for left in waiting.clips)})


def test_after_a_kill_what_was_taken_back_goes_at_the_next_look(studio: ClipStudio) -> None:
    paper = studio.ana.leaves()
    (record,) = studio.clips.all()
    killed = record.model_copy(update={"taken_back_at": utc_now()})
    ReceiverLayout(studio.folder).clip_record(record.clip_id).write_bytes(killed.canonical())
    assert "clip.perfclip" in studio.files(paper)
    assert studio.clips.all()[0].gone_at is not None
    assert studio.files(paper) == ["record.json"]


def test_a_performer_signs_with_the_key_that_is_known(studio: ClipStudio) -> None:
    key = SigningKey.generate()
    studio.ana.leaves(key=key)
    studio.ana.leaves(key=key)
    with pytest.raises(DeliveryError):
        studio.ana.leaves(key=SigningKey.generate())
    assert len(studio.clips.all()) == 2
    studio.clips.match(studio.clips.all()[0].clip_id, "bo")
    news = studio.ana.hears()
    assert (len(news.standing), news.problems[0].code) == (1, ErrorCode.RECEIVER_REFUSED), "one keeps no other back"


def test_on_a_full_disk_nothing_is_said_to_lie_there(studio: ClipStudio, monkeypatch: pytest.MonkeyPatch) -> None:
    from perfstudio.receiver import takes

    usage = shutil.disk_usage(studio.folder)
    with monkeypatch.context() as full:
        full.setattr(takes.shutil, "disk_usage", lambda _: replace_free(usage))
        with pytest.raises(DeliveryError) as refused:
            studio.ana.leaves()
    assert "full" in str(refused.value.facts).lower() or refused.value.code is ErrorCode.RECEIVER_FULL
    studio.ana.hears()
    assert studio.ana.sent().standing.whole


def replace_free(usage: Any) -> Any:
    return usage._replace(free=0)
