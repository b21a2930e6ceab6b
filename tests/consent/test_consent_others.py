"""Somebody else in a take: what was found, what is stated of them, and what can be given then."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from perfstudio.consent.arrival import require_arriving
from perfstudio.consent.permissions import require
from perfstudio.consent.receipt import receipt_text
from perfstudio.consent.record import renew, sign, withdraw
from perfstudio.consent.verify import verify_record
from perfstudio.model.base import sha256_hex
from perfstudio.model.checks import CheckCode, CheckResult, Verdict
from perfstudio.model.consent import ConsentEvent, ConsentFinding, ConsentProblem, ConsentRecord, UseId
from perfstudio.model.errors import ConsentError, ErrorCode
from perfstudio.model.jws import SigningKey
from perfstudio.model.others import OTHERS_SIGNED, Others, others_found
from perfstudio.model.prompt import Pack, Terms
from perfstudio.model.take import TakeManifest
from perfstudio.model.timing import Span

AT = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)
REVIEW, RESEARCH = UseId.STORE_REVIEW, UseId.HUMAN_RESEARCH
SECOND_FACE = CheckResult(
    code=CheckCode.OTHER_PERSON, verdict=Verdict.LOOK, value=0.4, times=(Span(start_s=3.0, end_s=8.0),)
)

Signer = Callable[..., ConsentRecord]


@pytest.fixture
def signed(manifest: TakeManifest, pack: Pack, terms: Terms, key: SigningKey) -> Signer:
    """Signs for review alone, with what a test says."""

    def make(*uses: UseId, **more: object) -> ConsentRecord:
        given = {"pack": pack, "terms": terms, "granted": uses or (REVIEW,), "name": "Ada", "key": key, "at": AT}
        return sign(manifest, **(given | more))  # type: ignore[arg-type]

    return make


def refused(act: Callable[[], object]) -> ConsentError:
    with pytest.raises(ConsentError) as caught:
        act()
    return caught.value


FOUND = {
    "a second face": SECOND_FACE,
    "for a moment": SECOND_FACE.model_copy(update={"verdict": Verdict.GOOD, "value": 0.02}),
    "rounded to nothing": SECOND_FACE.model_copy(update={"verdict": Verdict.GOOD, "value": 0.0}),
    "marked as intended": SECOND_FACE.model_copy(update={"intended": True}),
    "without its moments": SECOND_FACE.model_copy(update={"times": ()}),
    "the partner in the microphone": CheckResult(code=CheckCode.BLEED, verdict=Verdict.LOOK, value=-30.0),
}
ALONE = {
    "alone": CheckResult(code=CheckCode.OTHER_PERSON, verdict=Verdict.GOOD, value=0.0),
    "a partner nobody hears": CheckResult(code=CheckCode.BLEED, verdict=Verdict.GOOD, value=-60.0),
    "another finding": CheckResult(code=CheckCode.FACE, verdict=Verdict.RETAKE, value=0.1),
}


def test_somebody_is_found_however_short_and_whatever_it_is_called() -> None:
    for name, result in FOUND.items():
        assert others_found((ALONE["another finding"], result)) == (result,), name
    for name, result in ALONE.items():
        assert others_found((result,)) == (), name


def test_what_was_not_asked_stays_absent_and_old_records_hold(signed: Signer, manifest: TakeManifest) -> None:
    plain = signed()
    assert not {"others", "partner"} & set(json.loads(plain.canonical()))
    assert verify_record(ConsentRecord.model_validate_json(plain.canonical()), manifest) == ()
    assert "Others in the take" not in receipt_text(plain, at=AT)


def test_each_answer_is_signed_and_read_in_the_receipt(signed: Signer, manifest: TakeManifest) -> None:
    for who in Others:
        record = signed(others=who, partner=" Ben  Okri " if who is Others.PARTNER else "")
        assert json.loads(record.canonical())["others"] == who.value
        assert verify_record(record, manifest) == ()
        text = " ".join(receipt_text(record, at=AT).split())
        assert OTHERS_SIGNED[who] in text
        assert ("Partner: Ben Okri" in text) is (who is Others.PARTNER)
        other = next(one for one in Others if one is not who)
        changed = record.model_copy(update={"others": other})
        assert verify_record(changed, manifest)[0] == ConsentFinding("head", ConsentProblem.HEAD_CHANGED)


def test_with_a_bystander_review_alone_can_be_given(signed: Signer, pack: Pack) -> None:
    assert signed(others=Others.BYSTANDER).granted() == {REVIEW}
    for use in (use.id for use in pack.uses if use.id is not REVIEW):
        apart = {"separately": (use,)} if use in (UseId.REPLICA_VOICE, UseId.BIOMETRIC_TEMPLATE) else {}
        given = (REVIEW,) if apart else (REVIEW, use)
        problem = refused(lambda given=given, apart=apart: signed(*given, others=Others.BYSTANDER, **apart))
        assert (problem.code, problem.facts["use"]) == (ErrorCode.CONSENT_BYSTANDER, use.value)
        assert use in signed(*given, others=Others.PARTNER, partner="Ben", **apart).granted()


def test_a_line_that_the_work_needs_is_named_even_where_it_is_off(signed: Signer, pack: Pack) -> None:
    uses = tuple(use.model_copy(update={"required": use.required or use.id is RESEARCH}) for use in pack.uses)
    problem = refused(lambda: signed(pack=pack.model_copy(update={"uses": uses}), others=Others.BYSTANDER))
    assert (problem.code, problem.facts["use"]) == (ErrorCode.CONSENT_BYSTANDER_NEEDED, RESEARCH.value)


def test_nothing_more_is_given_later(signed: Signer, key: SigningKey) -> None:
    record = signed(others=Others.BYSTANDER)
    assert refused(lambda: renew(record, key, [RESEARCH])).code is ErrorCode.CONSENT_BYSTANDER
    assert renew(withdraw(record, key), key, [REVIEW]).granted() == {REVIEW}


def test_what_was_given_all_the_same_does_not_hold(signed: Signer, manifest: TakeManifest, key: SigningKey) -> None:
    bare = signed(REVIEW, RESEARCH).model_copy(update={"others": Others.BYSTANDER})
    forged = signed_again(bare, key)
    assert verify_record(forged, manifest) == (ConsentFinding("event 1", ConsentProblem.USE_BYSTANDER),)
    assert refused(lambda: require(forged, manifest, [REVIEW], at=AT)).facts["problem"] == "use_bystander"


def test_a_name_belongs_to_a_partner_who_agreed(signed: Signer) -> None:
    for others in (None, Others.NOBODY, Others.BYSTANDER):
        problem = refused(lambda others=others: signed(others=others, partner="Ben"))
        assert problem.code is ErrorCode.CONSENT_PARTNER_UNSAID
    for nameless in ("", " \u200b "):
        problem = refused(lambda nameless=nameless: signed(others=Others.PARTNER, partner=nameless))
        assert problem.code is ErrorCode.CONSENT_PARTNER_UNNAMED


def test_a_take_with_somebody_leaves_with_an_answer_or_a_record_that_is_older(
    manifest: TakeManifest, pack: Pack, terms: Terms, key: SigningKey
) -> None:
    seen = manifest.model_copy(update={"checks": (SECOND_FACE,)}).sealed()

    def leaves(**more: object) -> ConsentRecord:
        facts = {"pack": pack, "terms": terms, "granted": (REVIEW,), "name": "Ada", "key": key, "at": AT}
        return require(sign(seen, **(facts | more)), seen, [REVIEW], at=AT)  # type: ignore[arg-type]

    assert refused(lambda: leaves(adult=True)).facts["problem"] == "others_not_said"
    for who in Others:
        assert leaves(adult=True, others=who, partner="Ben" if who is Others.PARTNER else "").others is who
    assert leaves().others is None, "0.1.0 asked for neither"


def test_no_name_is_too_long_for_a_record(signed: Signer) -> None:
    long = "B" * 201
    for names in (
        {"name": long},
        {"others": Others.PARTNER, "partner": long},
        {"representation": "union", "adviser": long},
    ):
        problem = refused(lambda names=names: signed(**names))
        assert (problem.code, problem.facts["most"]) == (ErrorCode.CONSENT_NAME_LONG, 200), names
    assert signed(others=Others.PARTNER, partner=f" {long[1:]} ").partner == long[1:]


def test_an_agreement_of_nobody_named_is_no_answer(signed: Signer, manifest: TakeManifest, key: SigningKey) -> None:
    named = signed(others=Others.PARTNER, partner="Ben", adult=True)
    party = {named.parties[0].id}

    def at_home(record: ConsentRecord) -> None:
        require(record, manifest, [REVIEW], at=AT)

    def before_a_byte(record: ConsentRecord) -> None:
        files, take_id = record.take.files, record.take.take_id
        require_arriving(record, take_id=take_id, files=files, parties=party, uses=[REVIEW], at=AT)

    at_home(named)
    before_a_byte(named)
    for said in ({"partner": None}, {"others": Others.NOBODY}, {"others": None}):
        forged = signed_again(named.model_copy(update=said), key)
        assert verify_record(forged, manifest) == ()
        for asked in (at_home, before_a_byte):
            assert refused(lambda ask=asked, one=forged: ask(one)).facts["problem"] == "others_not_said", said


def signed_again(record: ConsentRecord, key: SigningKey) -> ConsentRecord:
    """The same acts, signed over another head."""
    acts: list[ConsentEvent] = []
    for event in record.events:
        before = sha256_hex(acts[-1].canonical()) if acts else record.head_digest()
        act = event.model_copy(update={"prev_sha256": before})
        acts.append(act.model_copy(update={"jws": key.sign(act.payload())}))
    return record.model_copy(update={"events": tuple(acts)})
