"""Whether a receipt, or the verification code on one, is that of a consent record that is here, and of which state.

A file is set anew from the record, at the moment and in the language that it says it was written, and compared word for
word. Words may differ between versions of perfstudio, so a receipt of another version is judged by its code alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from perfstudio import __version__
from perfstudio.consent.linked_receipt import MADE_BY, linked_receipt
from perfstudio.consent.reading import CONSENT, MAX_RECORD_BYTES, read_record
from perfstudio.consent.receipt import written_receipt
from perfstudio.consent.receipt_origin import ReceiptOrigin, origin_in
from perfstudio.consent.receipt_page import page_of
from perfstudio.consent.verification_code import CodeFinding, CodeMatch, look_up, read_code
from perfstudio.consent.verify import verify_record
from perfstudio.library.library import Library
from perfstudio.model.consent import ConsentFinding, ConsentRecord
from perfstudio.model.errors import ConsentError, ErrorCode, PerfstudioError
from perfstudio.model.strict_json import read_strictly
from perfstudio.session.receipts import Pdf, ReceiptKind

MAX_RECEIPT_BYTES = 4 * MAX_RECORD_BYTES
"""Linked data holds the record twice, each of its marks escaped at worst."""
_BLANK = re.compile(r"\s+")
_ORDER = (CodeMatch.NOW, CodeMatch.EARLIER, CodeMatch.STATE_UNKNOWN, CodeMatch.RECORD_UNKNOWN)


class Words(StrEnum):
    """What a comparison of the words showed."""

    NONE = "none"  # there was only a code
    AS_WRITTEN = "as_written"  # word for word
    DIFFER = "differ"  # something in it is not what is written for this record
    NOT_COMPARED = "not_compared"  # written by another version, or in a language that is not here


@dataclass(frozen=True, slots=True)
class Paper:
    """A receipt that somebody has: its code and, of a file, what it holds."""

    code: str
    kind: ReceiptKind | None = None
    text: str = ""
    origin: ReceiptOrigin | None = None


@dataclass(frozen=True, slots=True)
class PaperFinding:
    """What was found about a paper; without a `record` none here has anything to do with its code."""

    code: str
    match: CodeMatch
    words: Words = Words.NONE
    record: ConsentRecord | None = None
    acts: int | None = None
    """How many acts the record had when the paper was written, where that is known."""
    faults: tuple[ConsentFinding, ...] = ()
    """What is wrong with the record itself."""

    @property
    def holds(self) -> bool:
        """Whether the paper says what stands now, as far as it could be compared."""
        return self.match is CodeMatch.NOW and self.words is not Words.DIFFER and not self.faults


PdfText = Callable[[bytes], tuple[str, str]]
"""Of a PDF: what it says it was made of, and all its words. Raises ValueError when it is none."""


@dataclass(frozen=True, slots=True)
class PaperHand:
    """What a comparison needs and this floor does not have: PDFs are the window's craft, languages are above."""

    read_pdf: PdfText
    set_pdf: Pdf
    speaking: Callable[[str], AbstractContextManager[str]]
    """Another language for a while; gives the one that is spoken then, as `catalogue.speaking` does."""


def read_paper(file: Path, hand: PaperHand) -> Paper:
    """A saved receipt. Raises ConsentError(RECEIPT_UNREADABLE)."""
    try:
        with file.open("rb") as source:
            data = source.read(MAX_RECEIPT_BYTES + 1)
        paper = _paper(data, hand) if len(data) <= MAX_RECEIPT_BYTES else None
    except (OSError, ValueError):  # a JsonProblemError and a UnicodeDecodeError are ValueErrors
        paper = None
    if paper is None:
        raise ConsentError(ErrorCode.RECEIPT_UNREADABLE, file=file.name)
    return paper


def typed_paper(typed: str) -> Paper:
    """A code as somebody typed it. Raises ConsentError(RECEIPT_CODE)."""
    code = read_code(typed)
    if code is None:
        raise ConsentError(ErrorCode.RECEIPT_CODE, typed=typed[:40])
    return Paper(code)


def records_of(library: Library) -> Iterator[ConsentRecord]:
    """Every record in the library that can be read; an older one that was set aside is in none."""
    for row in library.list():
        try:
            record = library.consent(row.take_id)
        except PerfstudioError:  # a damaged take is told elsewhere
            continue
        if record is not None:
            yield record


def records_in(place: Path) -> Iterator[ConsentRecord]:
    """Of a consent.json, of a take's folder, or of a folder of takes. Raises ConsentError(CONSENTS_NONE)."""
    if place.is_file():
        files = [place]
    else:
        files = [place / CONSENT] if (place / CONSENT).is_file() else sorted(place.glob(f"*/{CONSENT}"))
    found = False
    for file in files:
        try:
            with file.open("rb") as source:
                record = read_record(source.read(MAX_RECORD_BYTES + 1))
        except (OSError, ConsentError):
            continue
        found = True
        yield record
    if not found:
        raise ConsentError(ErrorCode.CONSENTS_NONE, folder=place.name or str(place))


def check_paper(paper: Paper, records: Iterator[ConsentRecord], hand: PaperHand) -> PaperFinding:
    """What the paper is to the records that are here: the nearest one is told."""
    best, place = PaperFinding(paper.code, CodeMatch.OTHER), len(_ORDER)
    for record in records:
        finding = look_up(record, paper.code)
        if finding.match is not CodeMatch.OTHER and _ORDER.index(finding.match) < place:
            best, place = _finding(paper, record, finding), _ORDER.index(finding.match)
    if best.record is None:
        return best
    words = _compared(paper, best.record, best.acts, hand) if best.match in _ORDER[:2] else best.words
    return replace(best, words=words, faults=verify_record(best.record, None))


def _finding(paper: Paper, record: ConsentRecord, finding: CodeFinding) -> PaperFinding:
    return PaperFinding(paper.code, finding.match, record=record, acts=finding.acts)


def _paper(data: bytes, hand: PaperHand) -> Paper | None:
    if data.startswith(b"%PDF"):
        made_of, text = hand.read_pdf(data)
        return _of_file(ReceiptKind.PDF, text, origin_in(made_of))
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        plain = read_strictly(data, limit=MAX_RECEIPT_BYTES, own_words=True)
        return _of_file(ReceiptKind.LINKED, json.dumps(plain, sort_keys=True), _linked_origin(plain))
    page = data.decode("utf-8-sig").replace("\r\n", "\n")
    return _of_file(ReceiptKind.PAGE, page, origin_in(page))


def _of_file(kind: ReceiptKind, text: str, origin: ReceiptOrigin | None) -> Paper | None:
    return Paper(origin.code, kind, text, origin) if origin is not None else None


def _linked_origin(plain: Any) -> ReceiptOrigin | None:
    try:
        code, at = read_code(plain["verification_code"]), datetime.fromisoformat(plain["issued_at"])
        version = plain["made_by"].removeprefix(MADE_BY)
    except (LookupError, TypeError, ValueError, AttributeError):
        return None
    return None if code is None or at.tzinfo is None else ReceiptOrigin(code, "", at, version)


def _compared(paper: Paper, record: ConsentRecord, acts: int | None, hand: PaperHand) -> Words:
    if paper.origin is None or paper.kind is None:
        return Words.NONE
    if paper.origin.version != __version__:
        return Words.NOT_COMPARED
    then = record.model_copy(update={"events": record.events[:acts]})
    with hand.speaking(paper.origin.language or "en") as spoken:
        if paper.origin.language and spoken.replace("_", "-") != paper.origin.language:
            return Words.NOT_COMPARED
        again = _again(paper, then, hand)
    return Words.AS_WRITTEN if again == _comparable(paper.kind, paper.text) else Words.DIFFER


def _again(paper: Paper, record: ConsentRecord, hand: PaperHand) -> str:
    """The same receipt set anew."""
    at = paper.origin.at if paper.origin else None
    match paper.kind:
        case ReceiptKind.PDF:
            return _comparable(ReceiptKind.PDF, hand.read_pdf(hand.set_pdf(written_receipt(record, at=at)).data)[1])
        case ReceiptKind.LINKED:
            receipt_id = json.loads(paper.text).get("receipt_id")
            return json.dumps(json.loads(linked_receipt(record, at=at, receipt_id=receipt_id)), sort_keys=True)
        case _:
            return page_of(written_receipt(record, at=at))


def _comparable(kind: ReceiptKind, text: str) -> str:
    """Where a line or a page of a PDF ends depends on the fonts."""
    return _BLANK.sub("", text) if kind is ReceiptKind.PDF else text
