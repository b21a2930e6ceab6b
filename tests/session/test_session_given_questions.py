"""The question before much is taken back: right for one take and for many, each thing once, and nothing promised that
does not hold.
"""

from __future__ import annotations

from dataclasses import replace

from perfstudio.model.clock import utc_now
from perfstudio.model.consent import Compensation, RequestedUse, UseId
from perfstudio.session.given import GivenLine, GivenTake, UseStanding
from perfstudio.texts.given import question
from rigs.asking_pack import FULL_LINE

KEEP, STUDY = UseId.STORE_REVIEW, UseId.HUMAN_RESEARCH
NOW = utc_now()


def line(use: UseId, effect: str) -> GivenLine:
    asked = RequestedUse.model_validate(FULL_LINE | {"id": use.value, "withdrawal_effect": effect})
    return GivenLine(asked, UseStanding.STANDS, NOW, None, None)


TAKE = GivenTake(
    take_id="t", record_id="r", title="The letter", number=1, studio_id="lab", studio_name="Lab", pack_id="p",
    pack_version="1", pack_title="Harbour", practice=False, here=True, signed=NOW, pay=Compensation(basis="none"),
    lines=(line(KEEP, "It is deleted."), line(STUDY, "It is  deleted. What is published stays")),
)  # fmt: skip
ARRIVED, ALOUD = replace(TAKE, delivered=NOW), replace(TAKE, read_aloud=True)


def asked(*takes: GivenTake, uses: frozenset[UseId] | None = None) -> str:
    return question(takes, "the pack “Harbour”", uses)[1]


def test_one_take_and_many_are_said_rightly_and_each_effect_once() -> None:
    assert asked(ARRIVED) == (
        "This is about 1 take. Nothing more of it is sent. It has been sent before: the studio is told. What "
        "follows, in the studio's words: It is deleted. What is published stays. You can give "
        "lines again later. What the studio has already done stays done."
    )
    for takes, told in (
        ((ARRIVED, ARRIVED), "They have been sent before: the studio is told."),
        ((ARRIVED, TAKE), "1 of them has been sent before: the studio is told."),
        ((ARRIVED, ARRIVED, TAKE), "2 of them have been sent before: the studio is told."),
    ):
        said = asked(*takes)
        assert f"This is about {len(takes)} takes. Nothing more of them is sent. {told} " in said
    later = replace(TAKE, lines=(replace(TAKE.lines[0], standing=UseStanding.TAKEN_BACK), TAKE.lines[1]))
    assert "Nothing more is sent of 1 of them." in asked(TAKE, later)
    assert "sent" not in asked(TAKE, uses=frozenset({STUDY}))


def test_what_was_read_aloud_is_read_again_before_anything_is_given_again() -> None:
    later = "You can give lines again later."
    for takes, promised in (
        ((ALOUD,), ""),
        ((ALOUD, ALOUD), ""),
        ((ALOUD, TAKE), "You can give lines of the others again later."),
        ((TAKE, TAKE), later),
    ):
        said = asked(*takes)
        assert ("read it aloud again." in said) == (ALOUD in takes)
        assert promised in said
        assert (later in said) == (promised == later)
    assert later in asked(ALOUD, uses=frozenset({STUDY})), "a line still stands, and so does what was read"
    assert later not in asked(ALOUD, uses=frozenset({STUDY, KEEP}))
