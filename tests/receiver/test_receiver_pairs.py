"""Two takes of one scene at the receiver: open together while both lie here and both allow it, and told to both."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pair_guests import Guest, Studio
from receiver_visitor import Visitor
from take_bundles import STUDIO

from perfstudio.model.consent import UseId
from perfstudio.model.joint_uses import JointWhy, open_uses
from perfstudio.model.pair import PairProblem
from perfstudio.model.pair_document import PairDocument, PairState, PairTold
from perfstudio.model.take import FileRole
from perfstudio.receiver.consents import ConsentStore
from perfstudio.receiver.layout import ReceiverLayout
from perfstudio.receiver.pairs import Pairs
from perfstudio.receiver.serve import Receiver, ReceiverSettings
from perfstudio.receiver.takes import ReceiverLimits
from perfstudio.receiver.tokens import Tokens
from rigs.duet_line import SimulatedLine
from rigs.pair_takes import KEEP, STUDY, TRAIN, USES, live_sides, pack, play, two_sides

S = PairState


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    settings = ReceiverSettings(studio_id=STUDIO, limits=ReceiverLimits(idle_s=1.0, keep_free=1 << 20))
    tokens = Tokens(ReceiverLayout(tmp_path / "in"))
    with Receiver(tmp_path / "in", settings=settings) as running:
        yield Studio(running, tmp_path / "in", tokens)


@pytest.fixture
def both(studio: Studio, tmp_path: Path) -> tuple[Guest, Guest]:
    first, answer = two_sides(tmp_path)
    return studio.guest(first, "Ana"), studio.guest(answer, "Bo")


def uses_of(told: PairTold | PairDocument) -> set[UseId]:
    return {line.use for line in told.lines if line.open is not None}


def test_open_when_both_are_here_and_closed_when_one_takes_back(studio: Studio, both: tuple[Guest, Guest]) -> None:
    ana, bo = both
    ana.delivers()
    assert ana.hears() == [], "nobody has answered yet"
    bo.delivers()
    (mine,), (theirs,) = ana.hears(), bo.hears()
    assert (mine.state, uses_of(mine), uses_of(theirs)) == (S.OPEN, set(USES), set(USES))
    assert (mine.partner_take_id, mine.partner_role, theirs.partner_take_id) == (bo.take_id, "b", ana.take_id)
    assert ana.hears() == [mine], "the same until something changes"
    (document,) = studio.documents()
    assert document.alignment is not None
    assert (document.alignment.offset_s, document.alignment.lost_s) == (1.25, 0.5)
    assert [side.take_id for side in document.sides] == [ana.take_id, bo.take_id]
    assert studio.asked(ana.take_id).json() == {"pairs": [document.to_json()]}
    ana.takes_back(STUDY)
    (told,) = bo.hears()
    assert (told.state, uses_of(told)) == (S.OPEN, {KEEP, TRAIN})
    assert told.changed_at > theirs.changed_at
    closed = next(line for line in told.lines if line.use is STUDY)
    assert (closed.why, closed.of) == (JointWhy.TAKEN_BACK, (ana.take_id,))
    assert bo.visitor.report()["state"] == "accepted", "what Bo gave alone stands"
    ana.gives_again(STUDY)
    assert uses_of(bo.hears()[0]) == set(USES)
    ana.takes_back()
    (told,) = bo.hears()
    assert (told.state, told.lines, told.partner_take_id) == (S.CLOSED, (), ana.take_id)
    assert told.partner_gone_at is not None
    assert studio.documents()[0].state is S.CLOSED
    assert ana.hears() == [], "of what is not here nothing is said"
    assert (studio.folder / bo.take_id / "receipt.json").exists()
    bo.takes_back()
    assert studio.documents() == [], "of two that have gone nothing is kept"


def test_a_half_waits_and_says_so(studio: Studio, both: tuple[Guest, Guest]) -> None:
    ana, bo = both
    bo.delivers()
    (told,) = bo.hears()
    assert (told.state, told.lines, told.partner_take_id, told.partner_role) == (S.WAITING, (), ana.take_id, None)
    ana.delivers()
    assert bo.hears()[0].state is S.OPEN
    assert ana.hears()[0].state is S.OPEN
    assert bo.hears(ana.take_id) == [], "a token tells of its own performer's takes"
    assert studio.asked("0" * 26).status_code == 404
    assert ana.visitor.ask("GET", f"/v1/takes/{ana.take_id}/pairs").status_code == 403
    assert ana.visitor.ask("POST", "/v1/pairs", json={"takes": ["../x"]}).status_code == 422


def test_one_who_took_back_before_the_other_came(studio: Studio, both: tuple[Guest, Guest]) -> None:
    ana, bo = both
    ana.delivers()
    ana.takes_back(KEEP)
    bo.delivers()
    (told,) = bo.hears()
    assert (told.state, told.partner_gone_at is not None) == (S.CLOSED, True)
    ana.gives_again(KEEP)
    ana.delivers()
    (told,) = bo.hears()
    assert (told.state, told.partner_gone_at) == (S.OPEN, None), "signed again and sent again, it is a pair again"


def test_many_may_answer_one_clip(studio: Studio, both: tuple[Guest, Guest], tmp_path: Path) -> None:
    ana, bo = both
    cai = studio.guest(play(tmp_path, "b", against=ana.side, granted={KEEP}), "Cai")
    for guest in (ana, bo, cai):
        guest.delivers()
    told = ana.hears()
    assert [(one.partner_take_id, uses_of(one)) for one in told] == [
        (cai.take_id, {KEEP}),
        (bo.take_id, set(USES)),
    ]
    cai.takes_back()
    assert [one.state for one in ana.hears()] == [S.CLOSED, S.OPEN]


WRONG: dict[str, tuple[dict[str, Any], PairProblem]] = {
    "a seal that lies": ({"partner": {"seal_sha256": "f" * 64}}, PairProblem.SEAL_DIFFERS),
    "one role twice": ({"role": "a"}, PairProblem.SAME_ROLE),
    "a role that lies": ({"partner": {"role": "b"}}, PairProblem.ROLE_DIFFERS),
    "another version of the pack": ({"of": pack("1.1", "A kitchen at noon.")}, PairProblem.OTHER_WORDS),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_two_that_are_no_pair_are_taken_in_and_closed(studio: Studio, tmp_path: Path, wrong: str) -> None:
    changes, problem = WRONG[wrong]
    first = play(tmp_path, "a")
    answer = play(
        tmp_path, changes.get("role", "b"), against=first, **{k: v for k, v in changes.items() if k != "role"}
    )
    ana, bo = studio.guest(first, "Ana"), studio.guest(answer, "Bo")
    ana.delivers()
    bo.delivers()
    for told in (*ana.hears(), *bo.hears()):
        assert (told.state, told.problems, told.lines) == (S.UNFIT, (problem,), ())
    assert studio.documents()[0].alignment is None


def test_a_take_that_names_itself_is_no_pair(studio: Studio, both: tuple[Guest, Guest], tmp_path: Path) -> None:
    ana, _ = both
    mine = "01" + "z" * 24
    odd = studio.guest(play(tmp_path, "b", against=ana.side, take_id=mine, partner={"take_id": mine}), "Odd")
    odd.delivers()
    (told,) = odd.hears()
    assert (told.state, told.problems, told.partner_take_id) == (S.UNFIT, (PairProblem.SAME_TAKE,), None)


def test_after_a_kill_pair_json_says_what_is(studio: Studio, both: tuple[Guest, Guest]) -> None:
    """What was written before the end of a process is never believed over what lies there."""
    for guest in both:
        guest.delivers()
    (document,) = studio.documents()
    layout = ReceiverLayout(studio.folder)
    file = layout.pair(document.pair_id)
    for kept in (b"{", document.model_copy(update={"state": S.CLOSED, "lines": ()}).canonical()):
        file.write_bytes(kept)
        Pairs(layout, ConsentStore(layout)).look_again()
        (now,) = studio.documents()
        assert now.model_copy(update={"changed_at": document.changed_at}) == document


def test_a_pair_that_cannot_be_written_is_looked_at_again(
    studio: Studio, both: tuple[Guest, Guest], monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, bo = both
    for guest in both:
        guest.delivers()
    layout = ReceiverLayout(studio.folder)
    pairs = Pairs(layout, ConsentStore(layout))

    def full(*_: object) -> None:
        raise OSError(28, "full")

    (layout.pair(studio.documents()[0].pair_id)).write_bytes(
        studio.documents()[0].model_copy(update={"state": S.WAITING}).canonical()
    )
    with monkeypatch.context() as patch:
        patch.setattr("perfstudio.receiver.pairs.write_durably", full)
        pairs.changed(ana.take_id)
        assert pairs.left_over
    pairs.look_again()
    assert not pairs.left_over
    assert [one.state for one in studio.documents()] == [S.OPEN]
    assert open_uses(pairs.of(bo.take_id)[0].lines, studio.documents()[0].changed_at) == set(USES)
    assert pairs.all() == tuple(studio.documents())


def test_a_take_of_nobody_else_is_of_no_pair(visitor: Visitor, tmp_path: Path) -> None:
    visitor.deliver()
    assert visitor.settled()["state"] == "accepted"
    answer = visitor.ask("POST", "/v1/pairs", json={"takes": [visitor.bundle.take_id]})
    assert json.loads(answer.text) == {"pairs": []}
    assert not (tmp_path / "in" / "pairs").exists()
    assert replace(visitor, token=None).ask("POST", "/v1/pairs", json={"takes": []}).status_code == 401
    assert FileRole.MANIFEST in {file.role for file in visitor.bundle.files}


def test_two_who_played_live_are_laid_on_each_other_while_both_lie_here(studio: Studio, tmp_path: Path) -> None:
    first, second = live_sides(tmp_path, SimulatedLine())
    ana, bo = studio.guest(first, "Ana"), studio.guest(second, "Bo")
    for guest in (ana, bo):
        guest.delivers()
    (document,) = studio.documents()
    assert (document.state, document.alignment) == (S.OPEN, None)
    live = document.live_alignment
    assert live is not None
    assert (live.of_take_id, live.in_take_id) == (ana.take_id, bo.take_id)
    assert abs(live.offset_s) < 0.005 < live.bound_s
    assert studio.asked(bo.take_id).json() == {"pairs": [document.to_json()]}
    bo.takes_back()
    (document,) = studio.documents()
    assert (document.state, document.live_alignment) == (S.CLOSED, None)


def test_a_live_pair_without_whole_stamps_is_a_pair_all_the_same(studio: Studio, tmp_path: Path) -> None:
    for side, name in zip(live_sides(tmp_path, SimulatedLine(loss=1.0)), ("Ana", "Bo"), strict=True):
        studio.guest(side, name).delivers()
    (document,) = studio.documents()
    assert (document.state, document.live_alignment) == (S.OPEN, None)
