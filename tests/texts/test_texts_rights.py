"""Pay, terms and uses in one line each."""

from __future__ import annotations

from datetime import date

import pytest
from texts_manners import assert_calm

from perfstudio.consent.wording import who
from perfstudio.model.consent import Compensation, RequestedUse, UseId
from perfstudio.model.prompt import StudioInfo
from perfstudio.texts import rights
from perfstudio.texts.states import use_label

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


def test_a_whole_sentence_is_not_hung_on_with_a_comma() -> None:
    assert who("Small Lab e.V.", "1 Street", "a@b.example") == "Small Lab e.V., 1 Street, a@b.example"
    assert who("This computer only", None, "There is nobody to write to.") == (
        "This computer only. There is nobody to write to."
    )
    assert who("Small Lab e.V.", None, "Ask at the door.") == "Small Lab e.V. Ask at the door."


def test_sentences_of_the_consent_page_are_calm() -> None:
    for text in (rights.recipients(use()), rights.take_back(use(required=True)), rights.allowed([])):
        assert_calm(text)
    assert rights.recipients(use(recipients=["A", "B"])) == "Goes to: A · B."
    assert dict(rights.use_lines(use(data=["voice", "transcript"])))["What is used"] == "your voice and a transcript"


def test_what_is_allowed_is_said_in_the_order_of_the_grid() -> None:
    text = rights.allowed({UseId.HUMAN_RESEARCH, UseId.STORE_REVIEW})
    assert text == "Allowed: keep this take and let named reviewers watch it; let people study and annotate it."


@pytest.mark.parametrize(
    ("asked", "more", "folded"),
    [
        ("store_review", {}, set()),
        ("store_review", {"sublicense": True}, {UseId.SHARE_THIRD_PARTY}),
        ("store_review", {"processing": ["share", "publish"]}, {UseId.SHARE_THIRD_PARTY, UseId.PUBLISH_PERFORMANCE}),
        ("human_research", {"processing": ["annotate", "analyse"]}, {UseId.MACHINE_ANALYSIS}),
        ("train_recognition", {"processing": ["train"]}, set()),
        ("machine_analysis", {"processing": ["train"]}, {UseId.TRAIN_RECOGNITION, UseId.TRAIN_GENERATIVE}),
        ("human_research", {"replica": {"media": ["Trailers"]}}, {UseId.REPLICA_VOICE, UseId.REPLICA_LIKENESS}),
        ("share_third_party", {"sublicense": True}, set()),
    ],
)
def test_what_a_line_holds_inside_is_never_called_not_requested(
    asked: str, more: dict[str, object], folded: set[UseId]
) -> None:
    asking = use(id=asked, **more)
    said = {use_id: rights.unasked(use_id, [asking]) for use_id in UseId if use_id is not asking.id}
    assert {use_id for use_id, words in said.items() if words != rights.NOT_REQUESTED} == folded
    for use_id in folded:
        assert said[use_id] == f"Not a line of its own, but part of “{use_label(asking.id)}”"


def test_what_weighs_is_said_without_unfolding() -> None:
    copy = {"exclusive": True, "new_consent_per_use": False, "deletion_on_exit": False}
    said = rights.use_line(use(sublicense=True, automated_decisions=True, replica=copy))
    for words in ("others may also use it", "software alone may decide", "exclusive", "not asked again", "may stay"):
        assert words in said


@pytest.mark.parametrize(
    ("work", "own", "said"),
    [
        ({}, {}, "no pay"),
        ({"basis": "per_hour", "amount": "74", "currency": "USD"}, {}, "$74 an hour"),
        ({}, {"basis": "flat", "amount": "12", "currency": "EUR"},
         "no pay of its own\nKeep this take and let named reviewers watch it: €12 once for this use"),
        ({"amount": "40", "currency": "USD"}, {}, "$40, without saying for what"),
        ({"basis": "session", "currency": "SEK"}, {}, "pay a session, in SEK"),
    ],
)  # fmt: skip
def test_there_is_one_truth_about_pay(work: dict[str, str], own: dict[str, str], said: str) -> None:
    studio = StudioInfo(id="lab", name="Lab", legal_name="Lab Ltd", contact="a@lab.example")
    facts = rights.facts(Compensation.model_validate(work), [use(compensation=own)], studio)
    assert dict(facts)["Pay"] == said
