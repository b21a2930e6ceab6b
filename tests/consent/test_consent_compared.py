"""Compared with what was signed last: every change of the terms is said, and only what is the same is repeated."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from perfstudio.consent.record import sign
from perfstudio.library.library import Library
from perfstudio.model.consent import SEPARATE_USES, Compensation, ConsentRecord, RequestedUse, UseId
from perfstudio.model.jws import SigningKey
from perfstudio.model.prompt import Pack, Terms
from perfstudio.model.take import TakeManifest, TakeState
from perfstudio.session.signed_before import last_answer, newest
from perfstudio.session.views import ConsentOffer, KeyState, SignedBefore
from perfstudio.texts import compared
from rigs.asking_pack import FULL_LINE
from rigs.model_walk import changes

FULL = RequestedUse.model_validate(FULL_LINE)


@pytest.fixture
def asking(pack: Pack) -> Pack:
    pay = Compensation(basis="session", amount="40", currency="EUR", note="Paid within a week")
    return pack.model_copy(update={"uses": (FULL,), "pay": pay})


@pytest.fixture
def record(manifest: TakeManifest, asking: Pack, terms: Terms, key: SigningKey) -> ConsentRecord:
    return sign(manifest, pack=asking, terms=terms, granted=(FULL.id,), name="Ada", key=key)


def offered(pack: Pack, before: ConsentRecord | None) -> ConsentOffer:
    return ConsentOffer(
        take_id="t", title="The letter", number=3, studio=pack.studio, terms=pack.terms[0], pay=pack.pay,
        uses=pack.uses, standing=frozenset(), taken_back=frozenset(), signed=None, withdrawn=False, name="",
        last_take=None, key=KeyState.NONE, practice=False, languages=pack.terms,
        before=SignedBefore("The letter", 2, before) if before else None,
    )  # fmt: skip


def test_nothing_signed_before_and_nothing_changed_are_told_apart(asking: Pack, record: ConsentRecord) -> None:
    assert compared.since(offered(asking, None)) is None
    assert compared.since(offered(asking, record)) == ()


def test_every_change_of_a_line_or_the_pay_is_said(asking: Pack, record: ConsentRecord) -> None:
    now = offered(asking, record)
    asked = [(c, replace(now, uses=(use,))) for c, use in changes(FULL)]
    asked += [(c, replace(now, pay=pay)) for c, pay in changes(asking.pay)]
    for change, offer in asked:
        said = compared.since(offer)
        assert said, f"{change.path} = {change.value!r} is another than last time, and nothing says so"
        assert change.word is None or change.word in str(said), f"{change.path}: what it is now is not said"
    assert len(asked) > 40


def test_who_asks_and_what_is_read_is_compared(asking: Pack, record: ConsentRecord) -> None:
    now, text = offered(asking, record), asking.terms[0]

    def said(**change: Any) -> str:
        return str(compared.since(replace(now, **change)))

    for name in ("name", "legal_name", "contact", "address"):
        assert f"New {name}" in said(studio=asking.studio.model_copy(update={name: f"New {name}"}))
    assert "Norway" in said(studio=asking.studio.model_copy(update={"jurisdiction": ("Norway",)}))
    assert "no longer asked for" in said(uses=())
    assert "asked for the first time" in said(uses=(FULL, FULL.model_copy(update={"id": UseId.HUMAN_RESEARCH})))
    assert "Shorter" in said(languages=(text.model_copy(update={"summary": "Shorter"}),))
    for field in ("title", "text"):
        other = text.model_copy(update={field: "Other words"})
        assert "different words under the same version 3" in said(languages=(other,))
        newer = other.model_copy(update={"version": "4"})
        assert "version 4; you signed version 3" in said(languages=(newer,))
    german = text.model_copy(update={"language": "de-AT"})
    gone = said(languages=(german,), terms=german)
    assert "You signed it in English, which is no longer here. This one is in German (de-AT)." in gone


def test_another_language_than_last_time_is_said_whatever_else_is_the_same(
    manifest: TakeManifest, asking: Pack, key: SigningKey
) -> None:
    english = asking.terms[0]
    german = english.model_copy(update={"language": "de", "title": "Einwilligung", "text": "Der Text."})
    both = asking.model_copy(update={"terms": (english, german)})
    before = sign(manifest, pack=both, terms=german, granted=(FULL.id,), name="Ada", key=key)
    now = offered(both, before)
    assert compared.since(now) == (("Text", "You signed it in German then. This one is in English."),)
    assert compared.since(now, "de") == (), "the one that is read counts, not the one that is offered"
    newer = replace(now, languages=(english, german.model_copy(update={"text": "Neu.", "version": "9"})))
    assert [name for name, _value in compared.since(newer) or ()] == ["Text", "Text"]


class Kept:
    """A library of takes that were signed, the newest first."""

    def __init__(self, *records: ConsentRecord, pack_id: str = "harbour-nights") -> None:
        self.records = dict(enumerate(records))
        self.pack_id = pack_id

    def list(self) -> list[SimpleNamespace]:
        return [
            SimpleNamespace(
                take_id=n, pack_id=self.pack_id, prompt_title="The letter", take_number=9 - n, state=TakeState.ACCEPTED
            )
            for n in self.records
        ]

    def consent(self, n: int) -> ConsentRecord:
        return self.records[n]


def kept(*records: ConsentRecord) -> Library:
    return cast("Library", Kept(*records))


@pytest.mark.parametrize("use_id", UseId)
def test_the_same_as_last_time_is_only_what_is_asked_as_it_was(
    manifest: TakeManifest, pack: Pack, terms: Terms, key: SigningKey, use_id: UseId
) -> None:
    use = FULL.model_copy(update={"id": use_id})
    other_use = UseId.HUMAN_RESEARCH if use_id is UseId.STORE_REVIEW else UseId.STORE_REVIEW
    base = FULL.model_copy(update={"id": other_use})
    asking = pack.model_copy(update={"uses": (base, use)})
    apart = [use_id] if use_id in SEPARATE_USES else []
    given = [base.id] if apart else [base.id, use_id]
    before = sign(manifest, pack=asking, terms=terms, granted=given, separately=apart, name="Ada", key=key)
    answer = last_answer(kept(before), "t", asking, terms)
    assert answer is not None
    assert answer.uses == set(given), "what stands apart is never in it"
    for _change, changed in changes(use):
        if changed.id is not use.id:
            continue
        now = asking.model_copy(update={"uses": (base, changed)})
        answer = last_answer(kept(before), "t", now, terms)
        assert answer is not None
        assert answer.uses == {base.id}, "the line asks for something else now"
    assert last_answer(kept(before), "t", asking, terms.model_copy(update={"text": "Other words."})) is None
    other = asking.model_copy(update={"studio": asking.studio.model_copy(update={"id": "somebody-else"})})
    assert last_answer(kept(before), "t", other, terms) is None
    assert newest(kept(before), "t", other) is None


def test_it_is_compared_with_the_newest_of_this_pack(record: ConsentRecord, asking: Pack) -> None:
    found = newest(kept(record, record), "t", asking)
    assert found is not None
    assert found.record is record
    assert newest(kept(record), cast("str", 0), asking) is None, "never with itself"
