"""The receipt: complete, readable, alone on its page, and honest about a record that was altered."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest

from perfstudio.consent.receipt import ACTS, receipt_html, receipt_json, receipt_text
from perfstudio.consent.record import sign, withdraw
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

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
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


def test_the_receipt_follows_the_record(record: ConsentRecord, key: SigningKey) -> None:
    gone = withdraw(record, key, [UseId.STORE_REVIEW], at=AT + timedelta(days=3))
    text = receipt_text(gone, at=AT + timedelta(days=400))
    assert "Taken back on 2026-03-04" in text
    assert "Ran out on 2026-09-01" in text
    altered = record.model_copy(update={"pay": record.pay.model_copy(update={"amount": "4000"})})
    assert "Not as it was signed, first at: head." in receipt_text(altered)


def test_text_lines_fit_a_page(record: ConsentRecord) -> None:
    assert max(map(len, receipt_text(record).splitlines())) <= 78


def test_every_use_and_act_has_its_words() -> None:
    assert set(USE_LABELS) == set(UseId)
    assert set(ACTS) == set(ConsentStatus)


def test_the_machine_receipt_is_the_record_under_standard_names(record: ConsentRecord) -> None:
    receipt = json.loads(json.dumps(receipt_json(record, at=AT)))
    inner = receipt["dpv:hasRecordOfActivity"]
    assert {k: v for k, v in inner.items() if k != "@type"} == record.to_json()
    assert receipt["@context"]["record_id"] == "dct:identifier"
    states = {event["state"] for event in inner["events"]}
    assert {receipt["@context"][state] for state in states} == {"dpv:ConsentGiven", "dpv:ConsentRefused"}
