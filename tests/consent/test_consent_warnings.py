"""What is told before signing: everything in bad terms, nothing in good ones, and nothing in words not understood."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from perfstudio.consent import warning_words
from perfstudio.consent.against_summary import contradictions
from perfstudio.consent.prose import clauses, said
from perfstudio.consent.warning_rules import rules
from perfstudio.consent.warnings import findings, reads, stops
from perfstudio.model.consent import (
    Compensation,
    RequestedUse,
    UseId,
    WarningGrade,
    WarningRule,
)
from perfstudio.model.prompt import Terms

TABLES = tomllib.loads((Path(__file__).parent / "data" / "terms.toml").read_text(encoding="utf-8"))
CASES = [*TABLES["bad"], *TABLES["good"]]


def requested(use_id: UseId, **changes: object) -> RequestedUse:
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
    assert len(TABLES["bad"]) == len(TABLES["good"]) == 15


def test_every_rule_has_a_source_a_grade_and_words() -> None:
    assert set(rules()) == set(WarningRule) == set(warning_words.SAYS)
    assert all(rule.source and rule.judged for rule in rules().values())
    assert {rule.grade for rule in rules().values()} == set(WarningGrade)


CLAUSES = (
    "in perpetuity", "for the full term of copyright", "throughout the universe", "its successors and assigns",
    "for any and all purposes now known or hereafter devised", "irrevocable", "may sublicense it", "worldwide",
)  # fmt: skip


@pytest.mark.parametrize("clause", CLAUSES)
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
    assert list(contradictions((use,), "Deleted after two years.", ""))
    assert not list(contradictions((use,), "Deleted after three years.", ""))
