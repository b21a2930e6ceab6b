"""An act of withdrawal that comes by itself: whose it is, and what it is about."""

from __future__ import annotations

import pytest

from perfstudio.consent.arrival import require_act
from perfstudio.consent.record import sign, withdraw
from perfstudio.model.consent import ConsentEvent, ConsentProblem, ConsentRecord, UseId
from perfstudio.model.errors import ConsentError
from perfstudio.model.jws import SigningKey
from perfstudio.model.prompt import Pack, Terms
from perfstudio.model.take import TakeManifest

P = ConsentProblem


@pytest.fixture(scope="module")
def record(manifest: TakeManifest, pack: Pack, terms: Terms, key: SigningKey) -> ConsentRecord:
    granted = {use.id for use in pack.uses if use.required} | {UseId.STORE_REVIEW, UseId.HUMAN_RESEARCH}
    ordinary = granted & {use.id for use in pack.uses}
    return sign(manifest, pack=pack, terms=terms, granted=ordinary, name="A. Performer", key=key)


def problem(record: ConsentRecord, act: ConsentEvent, *known: ConsentEvent) -> str:
    try:
        require_act(record, known, act)
    except ConsentError as refused:
        return str(refused.facts["problem"])
    return ""


def test_what_the_key_of_the_record_signed_counts_in_its_order(record: ConsentRecord, key: SigningKey) -> None:
    first = withdraw(record, key, {UseId.STORE_REVIEW})
    both = withdraw(first, key)
    one, two = first.events[-1], both.events[-1]
    assert problem(record, one) == ""
    assert problem(record, two, one) == ""
    assert problem(record, two) == P.CHAIN_BROKEN, "what lies between has not come"
    assert problem(first, two) == "", "the longer record holds it"
    assert problem(both, one) == ""


def test_what_somebody_else_signed_or_wrote_does_not(
    record: ConsentRecord, key: SigningKey, manifest: TakeManifest, pack: Pack, terms: Terms
) -> None:
    act = withdraw(record, key).events[-1]
    foreign = withdraw(record, SigningKey.generate()).events[-1]
    granted = {use.id for use in pack.uses if use.required} | {UseId.STORE_REVIEW}
    other = sign(manifest, pack=pack, terms=terms, granted=granted, name="A. Performer", key=key)
    elsewhere = withdraw(other, key).events[-1]
    cases = {
        P.KEY_FOREIGN: foreign,
        P.CHAIN_BROKEN: elsewhere,  # the same performer's, about another record
        P.EVENT_CHANGED: act.model_copy(update={"seq": 7}),
        P.USE_UNKNOWN: act.model_copy(update={"use_ids": ()}),
    }
    assert {wanted: problem(record, given) for wanted, given in cases.items()} == {wanted: wanted for wanted in cases}
    posing = foreign.model_copy(update={"public_key": None})
    assert problem(record, posing) == P.EVENT_CHANGED
