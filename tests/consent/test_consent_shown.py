"""Everything that is signed is read in the receipt: each leaf of the model, changed, changes what is read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from perfstudio.consent.receipt import receipt_text, sections
from perfstudio.consent.receipt_page import receipt_html
from perfstudio.consent.record import sign
from perfstudio.model.consent import SEPARATE_USES, Compensation, ConsentRecord, RequestedUse, UseId, Warned
from perfstudio.model.jws import SigningKey
from perfstudio.model.prompt import Pack, Terms
from perfstudio.model.spoken import SpokenStatement
from perfstudio.model.take import TakeManifest
from perfstudio.model.warning_rules import WarningGrade, WarningRule
from rigs.asking_pack import FULL_LINE
from rigs.model_walk import changes

AT = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)

TECHNICAL = {
    "events.prev_sha256": "chains the acts; the receipt says whether the chain holds",
    "events.jws": "the signature; the receipt says whether it holds",
    "events.consent_type": "the standard's word for an act of one's own hand, the same for every act",
}
"""What the receipt does not print, and why. A field with one possible value, such as the schema, cannot change."""

AS_FINGERPRINT = {"public_key", "events.public_key"}
"""Printed in the form for people."""

FOLLOWS = {"Checked", "SHA-256 of the record", "Verification code"}
"""Lines that follow from all others: that they change says nothing."""


@pytest.fixture
def record(
    manifest: TakeManifest,
    pack: Pack,
    terms: Terms,
    key: SigningKey,
    aloud: tuple[Pack, Terms, SpokenStatement],
) -> ConsentRecord:
    """Every field filled in."""
    use = RequestedUse.model_validate(FULL_LINE)
    pay = Compensation(basis="session", amount="40", currency="EUR", note="Paid within a week")
    asking = pack.model_copy(update={"uses": (use,), "pay": pay})
    apart = [use.id] if use.id in SEPARATE_USES else []
    given = [] if apart else [use.id]
    made = sign(
        manifest, pack=asking, terms=terms, granted=given, separately=apart, name="Ada", key=key, at=AT, adult=True
    )
    told = Warned(rule=WarningRule.SUBLICENCE, grade=WarningGrade.STOP, use=use.id, quote="others may use it")
    made = made.model_copy(update={"replaces": "an earlier record", "adviser": "Ann Counsel", "warned": (told,)})
    notice = made.notice.model_copy(update={"spoken": aloud[1].spoken})
    made = made.model_copy(update={"notice": notice, "spoken": aloud[2]})
    withdrawal = made.withdrawal.model_copy(update={"response_days": 30})
    event = made.events[0].model_copy(update={"public_key": SigningKey.generate().public_key})
    return made.model_copy(update={"withdrawal": withdrawal, "authority": "The authority", "events": (event,)})


def requested(use_id: UseId) -> RequestedUse:
    """A line that says no more than it must."""
    return RequestedUse(
        id=use_id,
        exactly="Exactly this",
        term="P2Y",
        territory=("EU",),
        recipients=("A",),
        withdrawal_effect="Deleted.",
    )


def as_sections(record: ConsentRecord) -> str:
    parts = sections(record, at=AT)
    lines = [line for part in parts for line in part.lines if line[0] not in FOLLOWS]
    return "\n".join(f"{name}: {value}" for name, value in lines) + "\n".join(part.heading for part in parts)


def as_text(record: ConsentRecord) -> str:
    return receipt_text(record, at=AT)


def as_page(record: ConsentRecord) -> str:
    words: list[str] = []
    parser = HTMLParser()
    parser.handle_data = words.append  # type: ignore[method-assign]
    parser.feed(receipt_html(record, at=AT))
    return " ".join(words)


@pytest.mark.parametrize("shown", [as_sections, as_text, as_page])
def test_every_leaf_of_a_record_is_read_in_its_receipt(
    record: ConsentRecord, shown: Callable[[ConsentRecord], str]
) -> None:
    before, walked = as_sections(record), set()
    for change, changed in changes(record):
        walked.add(change.path)
        if change.path in TECHNICAL:
            continue
        if shown is as_sections:  # once: the other two are made of these
            assert as_sections(changed) != before, f"{change.path} = {change.value!r} is signed and never shown"
        if change.word and change.path not in AS_FINGERPRINT:
            assert change.word in " ".join(shown(changed).split()), f"{change.path} is signed and never shown"
    assert set(TECHNICAL) <= walked
    for path in ("uses.sublicense", "uses.replica.exclusive", "uses.storage", "representation", "jurisdiction"):
        assert path in walked


def test_a_copy_without_terms_says_so(record: ConsentRecord) -> None:
    bare = record.model_copy(update={"uses": (requested(UseId.REPLICA_LIKENESS),)})
    assert "it does not say how the copy may be used and kept" in receipt_text(bare, at=AT)


@pytest.mark.parametrize("basis", ["none", "flat", "per_use", "per_hour", "session", "revenue_share"])
def test_the_receipt_has_one_truth_about_pay(record: ConsentRecord, basis: str) -> None:
    work = Compensation.model_validate({"basis": basis, "amount": "74", "currency": "USD"})
    text = receipt_text(record.model_copy(update={"pay": work, "uses": (requested(UseId.STORE_REVIEW),)}), at=AT)
    assert "$74" in text
    assert "none" not in text.replace("none by software alone", "").lower()
    assert "no pay" not in text


def test_no_pay_at_all_is_said_once(record: ConsentRecord) -> None:
    uses = (requested(UseId.STORE_REVIEW), requested(UseId.HUMAN_RESEARCH))
    text = receipt_text(record.model_copy(update={"pay": Compensation(), "uses": uses}), at=AT)
    assert text.count("no pay") == 1
    assert "For the work: no pay\n" in text
