"""What is told before signing: everything in bad terms, nothing in good ones, and nothing in words not understood."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from perfstudio.consent import warning_words
from perfstudio.consent.against_summary import contradictions
from perfstudio.consent.prose import clauses, said
from perfstudio.consent.read_language import reads
from perfstudio.consent.receipt import receipt_text
from perfstudio.consent.record import renew, sign
from perfstudio.consent.verify import verify_record
from perfstudio.consent.warning_rules import rules
from perfstudio.consent.warnings import findings, stops
from perfstudio.model.consent import SEPARATE_USES, Compensation, ConsentRecord, RequestedUse, UseId
from perfstudio.model.errors import ConsentError, ErrorCode
from perfstudio.model.jws import SigningKey
from perfstudio.model.prompt import Pack, Terms
from perfstudio.model.take import TakeManifest
from perfstudio.model.warning_rules import WarningGrade, WarningRule

DATA = Path(__file__).parent / "data"
TABLES, FOREIGN, OTHER_WORDS, CLAUSES = (
    tomllib.loads((DATA / name).read_text(encoding="utf-8"))
    for name in ("terms.toml", "foreign_terms.toml", "other_words.toml", "clauses.toml")
)
CASES = [case for table in (TABLES, FOREIGN, OTHER_WORDS) for kind in ("bad", "good") for case in table[kind]]


FEE = Compensation(basis="flat", amount="40", currency="EUR")


def requested(use_id: UseId, **changes: object) -> RequestedUse:
    """A line at which nothing is to be told."""
    plain: dict[str, object] = {
        "id": use_id,
        "exactly": "Two reviewers of Harbour Lab watch the take.",
        "term": "P2Y",
        "territory": ("EU",),
        "recipients": ("Harbour Lab",),
        "withdrawal_effect": "Deleted within 30 days.",
    }
    return RequestedUse.model_validate(plain | changes)


def text_of(plain: dict[str, Any], *, language: str = "en") -> Terms:
    return Terms.model_validate({"id": "terms", "version": "1", "language": language} | plain)


def found_in(case: dict[str, Any], *, language: str = "en") -> set[str]:
    uses = tuple(RequestedUse.model_validate(use) for use in case["uses"])
    return {one.rule.value for one in findings(uses, text_of(case["terms"], language=language), Compensation())}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_all_that_is_there_is_found_and_nothing_else(case: dict[str, Any]) -> None:
    assert found_in(case) == set(case["expect"])


def test_every_rule_is_met_by_some_bad_terms() -> None:
    assert {rule for case in TABLES["bad"] for rule in case["expect"]} == {rule.value for rule in WarningRule}
    for table in (TABLES, FOREIGN, OTHER_WORDS):
        assert len(table["bad"]) == len(table["good"]) == 15


@pytest.mark.parametrize("rule", CLAUSES["says"])
def test_a_clause_that_says_it_in_other_words_is_found(rule: str) -> None:
    fair = requested(UseId.STORE_REVIEW)
    for clause in CLAUSES["says"][rule]:
        notice = text_of({"title": "T", "summary": "You decide line by line.", "text": clause})
        assert rule in {one.rule.value for one in findings((fair,), notice, FEE)}, clause


def test_a_clause_that_only_seems_to_say_it_is_not_found() -> None:
    fair = requested(UseId.STORE_REVIEW)
    for clause in CLAUSES["says_nothing"]["clauses"]:
        notice = text_of({"title": "T", "summary": "You decide line by line.", "text": clause})
        assert findings((fair,), notice, FEE) == (), clause


def test_a_summary_is_held_to_what_it_promises() -> None:
    fair = requested(UseId.STORE_REVIEW)
    for promise, text in CLAUSES["breaks"]["promises"]:
        notice = text_of({"title": "T", "summary": promise, "text": text})
        assert WarningRule.AGAINST_SUMMARY in {one.rule for one in findings((fair,), notice, FEE)}, promise


@pytest.mark.parametrize("words", ["for fifteen years", "indefinitely", "for several decades"])
def test_a_copy_without_an_end_in_sight_is_one_for_too_long(words: str) -> None:
    notice = text_of({"title": "T", "summary": "You decide.", "text": f"The voice double may be used {words}."})
    found = findings((requested(UseId.REPLICA_VOICE),), notice, FEE)
    told = next(one for one in found if one.rule is WarningRule.REPLICA_OVER_10_YEARS)
    assert "Ask for a shorter term." in warning_words.sentence(told)
    assert "cannot be signed" not in warning_words.sentence(told), "the line itself is for two years"


def test_every_rule_has_a_source_a_grade_and_words() -> None:
    assert set(rules()) == set(WarningRule) == set(warning_words.SAYS)
    assert all(rule.source and rule.judged for rule in rules().values())
    assert {rule.grade for rule in rules().values()} == set(WarningGrade)


GRAVE = (
    "in perpetuity", "for the full term of copyright", "throughout the universe", "its successors and assigns",
    "for any and all purposes now known or hereafter devised", "irrevocable", "may sublicense it", "worldwide",
)  # fmt: skip


@pytest.mark.parametrize("clause", GRAVE)
def test_what_is_denied_is_not_found(clause: str) -> None:
    every = [pattern for rule in rules().values() for pattern in rule.says]
    assert list(said(f"The Company holds it {clause}, without your further consent.", every))
    assert list(said(f"The grant is not limited in any way and holds {clause}.", every))
    denials = (
        "We will never hold it {}.",
        "Nothing is held {}.",
        "It isn’t held {}.",
        "It is neither held nor used {}.",
    )
    for denial in denials:
        assert not list(said(denial.format(clause), every)), denial


def test_a_denial_ends_with_its_clause() -> None:
    every = rules()[WarningRule.SUBLICENCE].says
    assert list(said("We do not own your voice. We sublicense the takes.", every))
    assert list(said("We do not own your voice, but we sublicense the takes.", every))
    assert clauses("It ends\nafter a year. Then it is gone") == ["It ends after a year", "Then it is gone"]


@pytest.mark.parametrize("language", ["de", "es", "fr-CA", "ja"])
def test_another_language_is_judged_by_its_figures_and_switches_alone(language: str) -> None:
    words = {"title": "T", "summary": "Perpetual.", "text": "Irrevocable and worldwide, to anyone."}
    notice = text_of(words, language=language)
    fair = requested(UseId.STORE_REVIEW, compensation=Compensation(basis="flat", amount="5", currency="EUR"))
    assert findings((fair,), notice, Compensation()) == ()
    grave = fair.model_copy(update={"sublicense": True, "term": "P99Y"})
    assert {one.rule for one in findings((grave,), notice, Compensation())} == {
        WarningRule.SUBLICENCE,
        WarningRule.PERPETUAL,
    }
    assert not reads(notice)


def test_the_graver_come_first_and_name_their_line() -> None:
    use = requested(UseId.HUMAN_RESEARCH, sublicense=True)
    found = findings((use,), text_of({"title": "T", "summary": "S", "text": "T"}), Compensation())
    assert [one.grade for one in found][:1] == [WarningGrade.STOP]
    assert stops(found) == {UseId.HUMAN_RESEARCH}


def test_a_summary_that_names_two_years_is_held_to_them() -> None:
    use = requested(UseId.STORE_REVIEW, term="P3Y")
    assert list(contradictions((use,), "Deleted after two years.", "", 2026))
    assert not list(contradictions((use,), "Deleted after three years.", "", 2026))


def asking(pack: Pack, *uses: RequestedUse) -> Pack:
    return pack.model_copy(update={"uses": uses})


@pytest.mark.parametrize("term", ["P11Y", "P121M", "P3660D", "P99Y"])
@pytest.mark.parametrize("use_id", [UseId.REPLICA_VOICE, UseId.REPLICA_LIKENESS])
def test_a_copy_for_more_than_ten_years_cannot_be_signed(
    manifest: TakeManifest, pack: Pack, terms: Terms, use_id: UseId, term: str
) -> None:
    asked, key = asking(pack, requested(UseId.STORE_REVIEW), requested(use_id, term=term)), SigningKey.generate()
    with pytest.raises(ConsentError) as refused:
        sign(manifest, pack=asked, terms=terms, granted=("store_review",), separately=(use_id,), name="Ada", key=key)
    assert refused.value.code is ErrorCode.CONSENT_USE_TOO_LONG
    signed = sign(manifest, pack=asked, terms=terms, granted=("store_review",), name="Ada", key=key)
    with pytest.raises(ConsentError, match="consent_use_too_long"):
        renew(signed, key, (), separately=(use_id,))


def test_the_record_and_its_receipt_name_what_was_shown(
    manifest: TakeManifest, pack: Pack, terms: Terms, key: SigningKey
) -> None:
    asked = asking(pack, requested(UseId.STORE_REVIEW, sublicense=True))
    signed = sign(
        manifest, pack=asked, terms=terms, granted=("store_review",), name="Ada", key=key,
        representation="union", adviser="  Equity ",
    )  # fmt: skip
    assert signed.warned == findings(asked.uses, terms, asked.pay)
    read = ConsentRecord.model_validate_json(signed.model_dump_json(exclude_unset=True))
    assert not verify_record(read, None)
    receipt = receipt_text(read)
    assert "Stop and think" in receipt
    assert "a union: Equity" in receipt


def test_nothing_to_tell_leaves_the_record_as_it_was(
    manifest: TakeManifest, pack: Pack, terms: Terms, key: SigningKey
) -> None:
    fair = asking(pack, requested(UseId.STORE_REVIEW, exactly="Two reviewers of Harbour Lab watch it."))
    signed = sign(manifest, pack=fair, terms=terms, granted=("store_review",), name="Ada", key=key, adviser="Nobody")
    assert not {"warned", "adviser"} & set(signed.to_json())


@pytest.mark.parametrize("use_id", sorted(SEPARATE_USES))
def test_what_stands_apart_is_never_signed_with_others(
    manifest: TakeManifest, pack: Pack, terms: Terms, key: SigningKey, use_id: UseId
) -> None:
    asked = asking(pack, requested(UseId.STORE_REVIEW), *(requested(one) for one in sorted(SEPARATE_USES)))
    with pytest.raises(ConsentError, match="consent_use_separate"):
        sign(manifest, pack=asked, terms=terms, granted=("store_review", use_id), name="Ada", key=key)
    signed = sign(
        manifest, pack=asked, terms=terms, granted=("store_review",), separately=SEPARATE_USES, name="Ada", key=key
    )
    act = signed.last_act(use_id)
    assert act is not None
    assert act.use_ids == (use_id,)
