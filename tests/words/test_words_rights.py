"""Pay, terms and uses in one line each."""

from __future__ import annotations

from datetime import date

import pytest
from words_manners import assert_calm

from perfstudio.model.consent import Compensation, RequestedUse, UseId
from perfstudio.words import rights

TODAY = date(2026, 11, 20)


def use(**more: object) -> RequestedUse:
    plain = {
        "id": "store_review", "exactly": "x", "term": "P2Y", "territory": ["EU", "US"],
        "recipients": ["Example Studio"],
        "withdrawal_effect": "deleted",
    }  # fmt: skip
    return RequestedUse.model_validate({**plain, **more})


@pytest.mark.parametrize(
    ("pay", "line"),
    [
        ({"basis": "per_hour", "amount": "74", "currency": "USD", "note": "while rolling and labelling"},
         "$74 an hour while rolling and labelling"),
        ({"basis": "per_use", "amount": "40.00", "currency": "EUR"}, "€40 for this take"),
        ({"basis": "flat", "amount": "1200.5", "currency": "CHF"},
         "CHF 1\N{NARROW NO-BREAK SPACE}200.50 for the whole work"),
        ({"basis": "session", "amount": "80", "currency": "GBP", "note": "Paid within a week"},
         "£80 a session · Paid within a week"),
        ({"basis": "revenue_share"}, "a share of what it earns"),
        ({"basis": "per_hour"}, "pay an hour"),
        ({"basis": "none"}, "no pay"),
        ({"basis": "none", "note": "This is practice: nobody is paid."}, "This is practice: nobody is paid."),
    ],
)  # fmt: skip
def test_pay(pay: dict[str, str], line: str) -> None:
    assert rights.pay(Compensation.model_validate(pay)) == line


@pytest.mark.parametrize(
    ("iso", "said"), [("P2Y", "2 years"), ("P1Y", "1 year"), ("P18M", "18 months"), ("P30D", "30 days")]
)
def test_terms(iso: str, said: str) -> None:
    assert rights.term(iso) == said


def test_deadlines() -> None:
    assert rights.deadline(date(2026, 12, 18), TODAY) == "until 18 December"
    assert rights.deadline(date(2027, 1, 8), TODAY) == "until 8 January 2027"
    assert rights.deadline(date(2026, 11, 19), TODAY) == "over since 19 November 2026"


def test_the_line_under_a_use() -> None:
    assert rights.use_line(use(required=True)) == "needed for the work · 2 years · EU and US"
    paid = use(compensation={"basis": "per_use", "amount": "40", "currency": "USD"}, territory=["EU"])
    assert rights.use_line(paid) == "2 years · EU · $40 for this take"


def test_sentences_of_the_consent_page_are_calm() -> None:
    for text in (rights.recipients(use()), rights.data(use()), rights.allowed([])):
        assert_calm(text)
    assert rights.recipients(use(recipients=["A", "B"])) == "Goes to A and B."
    assert rights.data(use(data=["voice", "transcript"])) == "It uses your voice and a transcript."


def test_what_is_allowed_is_said_in_the_order_of_the_grid() -> None:
    text = rights.allowed({UseId.HUMAN_RESEARCH, UseId.STORE_REVIEW})
    assert text == "Allowed: keep this take and let named reviewers watch it; let people study and annotate it."
