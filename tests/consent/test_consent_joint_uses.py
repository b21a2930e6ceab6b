"""Two takes of one scene: what makes them a pair, and what both records allow of them together."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from consent.conftest import requested
from perfstudio.model.consent import ConsentRecord, Party, ReplicaTerms, RequestedUse, UseId
from perfstudio.model.joint_uses import JointLine, JointWhy, SideRights, joint_lines, open_uses
from perfstudio.model.pair import PairProblem, PairSide, alignment_of, pair_id_of, problems, side_of
from perfstudio.model.take_reading import read_take
from perfstudio.model.two_in_a_scene import Duet
from rigs.pair_takes import KEEP, STUDY, TRAIN, pack, play, two_sides
from rigs.take_bundles import consent_event, consent_record

P = PairProblem
AT = datetime(2026, 3, 1, tzinfo=UTC)
DUET = "0f8fad5b-d9cb-469f-a165-70867728950e"


def duet(role: str, **changes: Any) -> Duet:
    told = {"duet_id": DUET, "duet_take": 3, "role": role, "peer": "p", "start_s": 0.0}
    return Duet.model_validate(told | changes)


def test_a_take_made_against_a_clip_and_the_take_of_the_clip_are_a_pair(tmp_path: Path) -> None:
    first, answer = two_sides(tmp_path)
    lead, other = side_of(first.manifest), side_of(read_take((answer.folder / "take.json").read_bytes()))
    assert (lead.names, lead.role, other.role) == (None, "a", "b")
    assert problems(lead, other) == problems(other, lead) == ()
    assert pair_id_of(lead) is None, "who was made into a clip knows of nobody"
    assert pair_id_of(other) == pair_id_of(other.model_copy(update={"seal_sha256": "1" * 64}))
    assert pair_id_of(other) != pair_id_of(side_of(play(tmp_path, "b", against=first).manifest))
    found = alignment_of(answer.manifest)
    assert found is not None
    assert (found.of_take_id, found.heard_in_take_id) == (first.take_id, answer.take_id)
    assert (found.offset_s, found.bound_s, found.underruns, found.lost_s) == (1.25, 0.03, 1, 0.5)
    assert alignment_of(first.manifest) is None
    assert side_of(play(tmp_path, "b", against=first, partner={"take_id": None}).manifest).names is None, (
        "a clip that was made of no take"
    )


def test_two_that_were_live_have_one_duet_id_and_take(tmp_path: Path) -> None:
    one = side_of(play(tmp_path, "a", duet=duet("a", peer="q"), performer="p" * 8).manifest)
    other = side_of(play(tmp_path, "b", duet=duet("b", peer="p" * 8, peer_take_id=one.take_id)).manifest)
    assert pair_id_of(one) == pair_id_of(other)
    assert problems(one, other) == (P.PERFORMER_DIFFERS,), "q is not who the first says"
    again = side_of(play(tmp_path, "b", duet=duet("b", duet_take=4)).manifest)
    assert pair_id_of(again) != pair_id_of(one)


def test_what_speaks_against_a_pair(tmp_path: Path) -> None:
    first, answer = two_sides(tmp_path)
    lead = side_of(first.manifest)

    def told(**changes: Any) -> tuple[PairProblem, ...]:
        made = play(tmp_path, changes.pop("role", "b"), against=first, **changes)
        return problems(lead, side_of(made.manifest))

    assert told(partner={"seal_sha256": "f" * 64}) == (P.SEAL_DIFFERS,)
    assert told(partner={"seal_sha256": None}) == (), "what was not told is not wrong"
    assert told(partner={"role": "b"}) == (P.ROLE_DIFFERS,)
    assert told(role="a") == (P.SAME_ROLE,)
    assert told(of=pack("1.1")) == (), "another version of the pack with the same words is the same scene"
    assert told(of=pack("1.1", "A kitchen at noon.")) == (P.OTHER_WORDS,)
    mine = side_of(answer.manifest)
    assert problems(mine, mine) == (P.SAME_TAKE,)
    elsewhere = mine.model_copy(update={"prompt_id": "bus", "scene_sha256": "0" * 64})
    assert problems(lead, elsewhere) == (P.OTHER_SCENE,)
    both = PairSide.model_validate(elsewhere.model_dump() | {"role": "a"})
    assert problems(lead, both) == (P.SAME_ROLE, P.OTHER_SCENE)


# what both allow


def record(*uses: RequestedUse, given: datetime = AT, **changes: Any) -> ConsentRecord:
    plain = consent_record("t", ())
    act = consent_event(1, plain.events[0].state, tuple(use.id for use in uses)).model_copy(update={"at": given})
    return plain.model_copy(update={"uses": uses, "events": (act,), **changes})


def rights(take_id: str, *uses: RequestedUse, off: set[UseId] | None = None, **changes: Any) -> SideRights:
    made = record(*uses, **changes)
    return SideRights(take_id, made, made.granted() - (off or set()))


def only(mine: SideRights, theirs: SideRights, at: datetime = AT) -> JointLine:
    lines, mirrored = joint_lines(mine, theirs, at), joint_lines(theirs, mine, at)
    assert [(line.use, line.why, set(line.of)) for line in lines] == [
        (line.use, line.why, set(line.of)) for line in mirrored
    ], "the rule does not know who is first"
    (line,) = lines
    return line


A, B = "a" * 26, "b" * 26


def test_the_shorter_term_and_the_narrower_of_everything() -> None:
    later = AT + timedelta(days=30)
    mine = rights(A, requested(STUDY, territory=("EU", "UK"), recipients=("Lab", "Partner"), term="P2Y"))
    theirs = rights(B, requested(STUDY, recipients=("Partner", "Other"), term="P6M", sublicense=True), given=later)
    found = only(mine, theirs).open
    assert found is not None
    assert (found.since, found.until) == (later, datetime(2026, 9, 30, tzinfo=UTC))
    assert (found.territory, found.recipients, found.sublicense) == (("EU",), ("Partner",), False)
    assert open_uses(joint_lines(mine, theirs, AT), found.until) == frozenset()
    assert open_uses(joint_lines(mine, theirs, AT), found.until - timedelta(seconds=1)) == {STUDY}
    assert only(mine, theirs, found.until) == JointLine(use=STUDY, why=JointWhy.RUN_OUT, of=(B,))


def test_why_a_line_is_closed_and_by_whose_record() -> None:
    mine = rights(A, requested(STUDY))
    cases: list[tuple[SideRights, JointWhy, tuple[str, ...]]] = [
        (rights(B, requested(STUDY), off={STUDY}), JointWhy.TAKEN_BACK, (B,)),
        (rights(B, requested(STUDY), parties=()), JointWhy.OTHER_STUDIO, ()),
        (rights(B, requested(STUDY, exactly="Something else.")), JointWhy.WORDED_OTHERWISE, ()),
        (rights(B, requested(STUDY, recipients=("Others",))), JointWhy.NOBODY_NAMED_BY_BOTH, ()),
        (rights(B, requested(STUDY, territory=("US",))), JointWhy.NOWHERE_NAMED_BY_BOTH, ()),
        (rights(B, requested(STUDY, data=("transcript",))), JointWhy.NOTHING_NAMED_BY_BOTH, ()),
        (rights(B, requested(STUDY), given=AT - timedelta(days=1000)), JointWhy.RUN_OUT, (B,)),
        (rights(B, requested(STUDY, storage=("Bremen",))), JointWhy.WORDED_OTHERWISE, ()),
    ]
    for theirs, why, closers in cases:
        line = only(mine, theirs)
        assert (line.open, line.why, line.of) == (None, why, closers)
    lines = joint_lines(mine, rights(B, requested(KEEP)), AT)
    assert [(line.use, line.why, line.of) for line in lines] == [
        (KEEP, JointWhy.NOT_GIVEN, (A,)),
        (STUDY, JointWhy.NOT_GIVEN, (B,)),
    ]
    both = rights(A, requested(STUDY), off={STUDY}), rights(B, requested(STUDY), off={STUDY})
    assert only(*both).of == (A, B)
    party = Party(id="other", name="O", legal_name="O", contact="o@o.example")
    assert only(mine, rights(B, requested(STUDY), parties=(party,))).why is JointWhy.OTHER_STUDIO


@pytest.mark.parametrize(
    ("mine", "theirs", "why"),
    [
        ({"media": ("film", "game")}, {"media": ("game",), "new_consent_per_use": False}, None),
        ({"suspension": "During a strike."}, {}, JointWhy.WORDED_OTHERWISE),
        ({"media": ("film",)}, {"media": ("game",)}, JointWhy.WORDED_OTHERWISE),
        (None, {}, JointWhy.WORDED_OTHERWISE),
    ],
)
def test_of_a_replica_the_stricter_holds(
    mine: dict[str, Any] | None, theirs: dict[str, Any], why: JointWhy | None
) -> None:
    voice = UseId.REPLICA_VOICE
    one = requested(voice, replica=None if mine is None else ReplicaTerms(**mine))
    line = only(rights(A, one), rights(B, requested(voice, replica=ReplicaTerms(**theirs))))
    assert line.why is why
    if line.open is not None:
        assert line.open.replica is not None
        assert (line.open.replica.media, line.open.replica.new_consent_per_use) == (("game",), True)


def test_never_more_than_either_side_alone_allows() -> None:
    """Drawn by chance: whatever is open to both is within each record."""
    chance = random.Random(7)
    places, who = ("EU", "UK", "US"), ("Lab", "Partner", "Public")

    def some(of: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(chance.sample(of, chance.randint(1, len(of)))))

    def drawn(take_id: str) -> SideRights:
        uses = [
            requested(
                use, term=chance.choice(("P30D", "P6M", "P2Y", "P9999Y")), territory=some(places),
                recipients=some(who), sublicense=chance.random() < 0.5, automated_decisions=chance.random() < 0.5,
            )
            for use in chance.sample((KEEP, STUDY, TRAIN), chance.randint(1, 3))
        ]  # fmt: skip
        off = {use.id for use in uses if chance.random() < 0.2}
        return rights(take_id, *uses, off=off, given=AT - timedelta(days=chance.randint(0, 400)))

    seen = 0
    for _ in range(800):
        sides = drawn(A), drawn(B)
        for line in joint_lines(*sides, AT):
            if line.open is None:
                continue
            seen += 1
            for side in sides:
                use = side.record.use(line.use)
                assert use is not None
                assert line.use in side.standing
                assert set(line.open.territory) <= set(use.territory)
                assert set(line.open.recipients) <= set(use.recipients)
                assert line.open.sublicense <= use.sublicense
                assert line.open.automated_decisions <= use.automated_decisions
                alone = joint_lines(side, side, AT)
                mine = next(one.open for one in alone if one.use is line.use)
                assert mine is not None
                assert mine.since <= line.open.since < line.open.until <= mine.until
    assert seen > 100
