"""The receipt as a PDF: every word in it, in every script, on numbered pages that look as they should."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from pypdfium2 import PdfDocument
from PySide6.QtWidgets import QApplication

from perfstudio.consent.receipt import ReceiptSection, WrittenReceipt
from perfstudio.ui.consent.receipt_pdf import receipt_pdf
from perfstudio.ui.consent.receipt_pdf_hand import read_pdf
from perfstudio.ui.theme import load_fonts
from rigs.systems import WINE

pytestmark = pytest.mark.usefixtures("qapp")

CODE = "K7QF-4M2K-D9XT-AB1V-E3C6-90ZH"
ARABIC = "نحن نخزن ما ترسله ولا نستخدمه إلا كما سمحت."
LINES = tuple(
    (f"Name {n}", f"Value {n}, said on 2026-11-{n % 28 + 1:02d}: " + "well-known words " * (n % 9)) for n in range(70)
)
RECEIPT = WrittenReceipt(
    title="Consent of Zoë مريم to Harbour Lab",
    language="en",
    at=datetime(2026, 3, 1, 20, 0, tzinfo=UTC),
    code=CODE,
    code_line=("Verification code", CODE),
    sections=(
        *(ReceiptSection(f"Section {n}", LINES[10 * n : 10 * n + 10]) for n in range(7)),
        ReceiptSection("Long", (("Word", "x" * 400), ("Two lines", "one\ntwo"), ("Arabic", ARABIC))),
        ReceiptSection("Text", (("", "\n\n".join(f"Paragraph {n}. " + "It goes on. " * 60 for n in range(12))),)),
    ),
)


class Read:
    """The PDF as a reader of PDFs has it."""

    def __init__(self, data: bytes) -> None:
        self.document = PdfDocument(data)
        self.pages = [page.get_textpage().get_text_range() for page in self.document]

    def ink(self, page: int) -> np.ndarray:
        """Where a page is printed on: rows and columns of points."""
        return np.array(self.document[page].render(fill_color=(0, 0, 0, 0)).to_numpy())[:, :, 3] > 60


@pytest.fixture(scope="module")
def pdf(qapp: QApplication) -> Read:
    """The long one."""
    load_fonts()
    made = receipt_pdf(RECEIPT)
    if WINE and made.letters_missing:
        pytest.skip("not under Wine: no font there has the letters of Arabic")
    assert not made.letters_missing
    return Read(made.data)


def bare(text: str) -> str:
    """Without what depends on where lines end: a reader takes a hyphen there for one that was put in."""
    return re.sub(r"[\s\u0002\ufffe-]", "", text)


def test_every_word_is_in_it_and_can_be_copied(pdf: Read) -> None:
    body = "".join(page.replace(CODE, "", 2 if n == 0 else 1) for n, page in enumerate(pdf.pages))
    whole = bare(re.sub(r"Page \d+ of \d+", "", body))
    for section in RECEIPT.sections:
        assert bare(section.heading) in whole
        for name, value in section.lines:
            if value != ARABIC:
                assert bare(name) in whole
                assert bare(value) in whole
    assert sorted(set(bare(ARABIC))) == sorted(set(bare(ARABIC)) & set("".join(pdf.pages)))


def test_pages_are_numbered_and_each_has_the_code(pdf: Read) -> None:
    assert len(pdf.pages) > 4
    for number, page in enumerate(pdf.pages, start=1):
        assert f"Page {number} of {len(pdf.pages)}" in page
        assert CODE in page
    assert pdf.document.get_metadata_value("Title") == RECEIPT.title


def test_no_heading_stands_alone_at_the_foot_of_a_page(pdf: Read) -> None:
    for page in pdf.pages:
        lines = [line for line in page.splitlines() if line.strip() and CODE not in line and "Page " not in line]
        assert not any(lines[-1].strip() == section.heading for section in RECEIPT.sections)


def test_nothing_is_printed_in_the_margins(pdf: Read) -> None:
    """18 mm are 51 points."""
    for page in range(len(pdf.pages)):
        ink = pdf.ink(page)
        assert ink[48:-48, 48:-48].any()
        ink[48:-48, 48:-48] = False
        assert not ink.any()


def test_a_language_from_the_right_has_its_names_on_the_right() -> None:
    load_fonts()
    lines = (("שם", "ערך"),)
    short = replace(RECEIPT, language="he", title="א", sections=(ReceiptSection("כותרת", lines),))
    there, here = (Read(receipt_pdf(made).data).ink(0) for made in (short, replace(short, language="en")))
    words, third = there.mean(axis=1) < 0.5, there.shape[1] // 3  # not the rules
    words[-100:] = False  # not the foot
    assert not there[words, :third].any()
    assert here[words, :third].any()


def test_letters_that_no_font_has_are_told() -> None:
    unassigned = replace(RECEIPT, sections=(ReceiptSection("Who", (("You", "Name \u0378"),)),))
    assert receipt_pdf(unassigned).letters_missing


def test_the_head_says_what_it_was_made_of_and_what_is_no_pdf_is_told() -> None:
    seen = read_pdf(receipt_pdf(replace(RECEIPT, sections=())).data)
    assert seen.made_of == RECEIPT.origin().line()
    assert CODE in seen.text
    for data in (b"", b"%PDF", b"%PDF-1.4\n" + b"\x00" * 900):
        with pytest.raises(ValueError, match=r"[A-Z]"):
            read_pdf(data)
