"""Terms as they are written: their layout, their spans of time, and the language they are in."""

from __future__ import annotations

import re

import pytest

from perfstudio.consent import against_summary, layout, prose, read_language, warning_rules, warning_words, warnings
from perfstudio.consent import spans as spans_module
from perfstudio.consent.layout import as_read
from perfstudio.consent.phrase import Phrase
from perfstudio.consent.prose import said, said_in_turn, said_of
from perfstudio.consent.read_language import Unread, unread
from perfstudio.consent.receipt import receipt_text
from perfstudio.consent.record import sign
from perfstudio.consent.spans import spans
from perfstudio.consent.warning_rules import rules
from perfstudio.model.jws import SigningKey
from perfstudio.model.prompt import Pack, Terms
from perfstudio.model.take import TakeManifest
from perfstudio.model.warning_rules import WarningRule

LAID_OUT = [
    ("in per-\npetuity", "in perpetuity"),
    ("to any third-\nparty", "to any third-party"),
    ("valid in\nPerpetuity", "valid in Perpetuity"),
    ("non\u2011exclusive, world\u00adwide, \ufb01nal", "non-exclusive, worldwide, final"),
    (
        "THE RIGHTS ARE GRANTED TO THE STUDIO\nTHROUGHOUT THE UNIVERSE",
        "THE RIGHTS ARE GRANTED TO THE STUDIO THROUGHOUT THE UNIVERSE",
    ),
    ("**perpetual** and _world-wide_", "perpetual and world-wide"),
    ("P E R P E T U A L", "PERPETUAL"),
    ("| Use | Term |\n|---|---|\n| Stream | for ever |", "Use: Term\nStream: for ever"),
    ("Use | Term | Place\nStream | unlimited | EU", "Use: Term: Place\nStream\nTerm unlimited\nPlace: EU"),
    ("Q: For ever?\nA: No.", "For ever?\nNo."),
    ("It ends.\n(a) One\n(b) Two", "It ends.\n(a) One\n(b) Two"),
]


@pytest.mark.parametrize(("text", "read"), LAID_OUT)
def test_a_text_is_read_without_its_layout(text: str, read: str) -> None:
    assert as_read(text) == read


SPANS = [
    ("for twelve (12) years", [12]),
    ("for a period of twenty-five years", [25]),
    ("for one hundred and eighty months", [15]),
    ("for half a century", [50]),
    ("a decade and a half", [15]),
    ("for the next three decades", [30]),
    ("for decades", [30]),
    ("until 31 December 2049", [23]),
    ("until the year 2060", [34]),
    ("ends on 30 June 2028", [2]),
    ("within 30 days", [0]),
    ("over eighteen years of age, with ten years of experience, once a year", []),
    ("up to 2000 euros, in 2020, for 2500 takes", []),
]


@pytest.mark.parametrize(("clause", "years"), SPANS)
def test_a_span_is_read_in_figures_words_and_dates(clause: str, years: list[int]) -> None:
    assert [int(span.years + 0.01) for span in spans(clause, year=2026)] == years


def test_what_takes_two_sentences_is_found_and_a_harmless_one_is_not() -> None:
    copy, long = Phrase(r"\bvoice clone\b"), Phrase(r"\btwenty years\b")
    assert list(said_of("A voice clone is made. It is used for twenty years.", copy, (long,)))
    assert not list(said_of("A voice clone is made. The theatre is twenty years old.", copy, (long,)))
    assert not list(said_of("No voice clone is made. It would be used for twenty years.", copy, (long,)))
    turns = rules()[WarningRule.REQUIRED_TRAINING].in_turn
    assert list(said_in_turn("The takes train our model. You cannot opt out of this.", turns))
    assert not list(said_in_turn("The takes train our model if you like. You can opt out.", turns))
    endless = rules()[WarningRule.PERPETUAL]
    assert not list(said("We pay you royalties in perpetuity.", endless.says, endless.harmless))
    assert list(said("You are paid once, and we use the takes in perpetuity.", endless.says, endless.harmless))
    assert list(said("A royalty-free, perpetual licence.", endless.says, endless.harmless))


GERMAN = "Das Studio darf die Aufnahmen zeitlich und räumlich unbeschränkt nutzen und die Rechte übertragen."
ENGLISH = "The studio keeps the takes for two years, and nobody but its two named reviewers is shown any of them."


def text_of(text: str, language: str = "en") -> Terms:
    return Terms(id="t", version="1", language=language, title="T", summary="S", text=text)


def test_what_is_not_in_english_is_told_to_be_unread_whatever_the_studio_calls_it(pack: Pack) -> None:
    assert unread(text_of(ENGLISH)) is None
    assert unread(text_of(ENGLISH, "de")) is None, "said to be German, and English"
    assert unread(text_of(GERMAN, "de")) is Unread.TEXT
    assert unread(text_of(GERMAN)) is Unread.TEXT
    assert unread(text_of(f"{ENGLISH}\n\n{GERMAN}")) is Unread.PART
    assert unread(text_of(f"{ENGLISH}\n\n録音は無期限に使用できるものとします")) is Unread.PART
    line = pack.uses[0].model_copy(update={"exactly": "Wir sehen es an."})
    assert unread(text_of(ENGLISH), (line,), language="de") is Unread.LINES
    assert unread(text_of(GERMAN), (line,), language="de") is Unread.ALL
    assert unread(text_of(GERMAN), pack.uses, language="en") is Unread.TEXT
    assert unread(text_of(ENGLISH), pack.uses) is None
    assert unread(text_of("Kurz.", "de")) is Unread.TEXT
    assert (
        unread(text_of("Ines Calder, Tom Abara, Yuki Mori, Bo Day, Ann Lee, Jo Pell, Di Hale, Al Okafor, Vi Roe"))
        is None
    )


def test_the_receipt_says_what_was_not_read(manifest: TakeManifest, pack: Pack, terms: Terms, key: SigningKey) -> None:
    def receipt(text: str) -> str:
        shown = terms.model_copy(update={"text": text})
        asked = pack.model_copy(update={"terms": (shown,)})
        signed = sign(manifest, pack=asked, terms=shown, granted=("store_review",), name="Ada", key=key)
        return " ".join(receipt_text(signed).split())

    told = warning_words.not_told(text_of(GERMAN))
    assert "You were told nothing about its words" in told
    assert told in receipt(GERMAN)
    assert told not in receipt(ENGLISH)


def test_what_goes_on_without_any_mark_is_read_in_parts() -> None:
    for text in ("word " * 2000, "\t" * 9000, "a\n" * 3000, "w" * 9000):
        assert all(len(clause) <= prose.LONGEST_CLAUSE for clause in prose.clauses(text))


def test_no_rule_is_compiled_before_terms_are_read() -> None:
    for module in (against_summary, layout, prose, read_language, spans_module, warning_rules, warnings):
        assert not [name for name, value in vars(module).items() if isinstance(value, re.Pattern)], module
    assert "_small" not in vars(Phrase("never looked for"))
