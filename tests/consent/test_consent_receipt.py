"""The receipt: complete, readable, alone on its page, and honest about a record that was altered."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest

from perfstudio.consent.receipt import ACTS, receipt_text, sections, written_receipt
from perfstudio.consent.receipt_origin import origin_now
from perfstudio.consent.receipt_page import page_of, page_origin, receipt_html
from perfstudio.consent.record import sign, withdraw
from perfstudio.consent.verification_code import verification_code
from perfstudio.model.consent import USE_LABELS, ConsentRecord, ConsentStatus, UseId
from perfstudio.model.jws import SigningKey
from perfstudio.model.prompt import Pack, Terms
from perfstudio.model.take import TakeManifest

AT = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)


@pytest.fixture
def record(manifest: TakeManifest, pack: Pack, terms: Terms, key: SigningKey) -> ConsentRecord:
    """Two uses given, and a name that would like to be markup."""
    given = [UseId.STORE_REVIEW, UseId.TRAIN_RECOGNITION]
    return sign(manifest, pack=pack, terms=terms, granted=given, name="Ada <script>alert(1)</script>", key=key, at=AT)


class Reader(HTMLParser):
    """Collects what a browser would load, and the words it would show."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loads: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.marked: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.marked.append((tag, dict(attrs)))
        self.loads += [(name, value) for name, value in attrs if name in {"src", "href", "srcset", "action", "data"}]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_page_stands_alone_and_escapes_what_came_from_outside(record: ConsentRecord) -> None:
    page = receipt_html(record, at=AT)
    reader = Reader()
    reader.feed(page)
    assert "script" not in reader.tags
    assert reader.loads == []
    assert "url(" not in page
    assert "default-src 'none'" in page
    assert "Ada <script>alert(1)</script>" in " ".join(reader.words)


def test_page_and_text_say_everything_that_was_agreed(record: ConsentRecord, manifest: TakeManifest) -> None:
    reader = Reader()
    reader.feed(receipt_html(record, at=AT))
    for shown in (" ".join(" ".join(reader.words).split()), " ".join(receipt_text(record, at=AT).split())):
        for use in record.uses:
            for said in (USE_LABELS[use.id], use.exactly, use.withdrawal_effect):
                assert said in shown
        for said in (
            "Allowed until 2028-03-01",
            "Allowed until 2026-09-01",
            "Not allowed",
            "€12 once for this use",
            "6 months",
            "consent@harbour.example",
            record.notice.sha256,
            "We use it only as you allowed – nothing else.",
            manifest.seal(),
            "Every entry is as it was signed.",
        ):
            assert said in shown


def test_a_day_stays_on_one_line_of_the_page(record: ConsentRecord) -> None:
    page = receipt_html(record, at=AT)
    assert '<dt dir="auto">Allowed until <span>2028-03-01</span></dt>' in page
    written = written_receipt(record, at=AT)
    days = ("30 November 2026", "30. November 2026", "30 de noviembre de 2026", "30 novembre 2026", "March 1, 2026")
    lines = tuple((day, f"until {day}, and no longer") for day in days)
    page = page_of(replace(written, sections=(replace(written.sections[0], lines=lines),)))
    assert [page.count(f"<span>{day}</span>") for day in days] == [2] * len(days)
    assert "white-space: nowrap" in page


def test_the_receipt_follows_the_record(record: ConsentRecord, key: SigningKey) -> None:
    gone = withdraw(record, key, [UseId.STORE_REVIEW], at=AT + timedelta(days=3))
    text = receipt_text(gone, at=AT + timedelta(days=400))
    assert "Taken back on 2026-03-04" in text
    assert "Ran out on 2026-09-01" in text
    altered = record.model_copy(update={"pay": record.pay.model_copy(update={"amount": "4000"})})
    assert "Not as it was signed, first at: head." in receipt_text(altered)


def test_the_page_says_what_it_is_to_those_who_listen_and_finds_every_direction(record: ConsentRecord) -> None:
    reader = Reader()
    reader.feed(receipt_html(record, at=AT))
    assert (reader.tags.count("h1"), reader.tags.count("main")) == (1, 1)
    assert reader.tags.count("h2") == reader.tags.count("section") == len(sections(record, at=AT))
    assert reader.tags.count("dt") == reader.tags.count("dd") > 50
    marked = [attrs for tag, attrs in reader.marked if tag in ("h1", "h2", "dt", "dd", "p")]
    assert all(attrs.get("dir") == "auto" for attrs in marked)
    assert dict(reader.marked)["html"] == {"lang": "en", "dir": "ltr"}
    assert [attrs["lang"] for tag, attrs in reader.marked if tag == "p"] == [record.notice.language] * 2
    assert "prefers-color-scheme: dark" in receipt_html(record)
    assert "@media print" in receipt_html(record)


@pytest.mark.parametrize(("language", "rtl"), [("he", True), ("ar_EG", True), ("fa-AF", True), ("de", False)])
def test_a_page_in_a_language_that_is_written_from_the_right_is_set_so(
    record: ConsentRecord, language: str, rtl: bool
) -> None:
    page = page_of(replace(written_receipt(record, at=AT), language=language))
    assert f'lang="{language}" dir="{"rtl" if rtl else "ltr"}"' in page


def test_every_way_of_showing_it_has_the_code_and_says_what_it_is_made_of(record: ConsentRecord) -> None:
    code = verification_code(record)
    for shown in (receipt_text(record), receipt_html(record)):
        assert code in shown
        assert "60 bits of a SHA-256" in " ".join(shown.split())
    assert page_origin(receipt_html(record, at=AT)) == origin_now(code, "en", AT)


def test_text_lines_fit_a_page(record: ConsentRecord) -> None:
    assert max(map(len, receipt_text(record).splitlines())) <= 78


def test_every_use_and_act_has_its_words() -> None:
    assert set(USE_LABELS) == set(UseId)
    assert set(ACTS) == set(ConsentStatus)
