"""Whether a receipt, or the verification code on one, is that of a consent record that is here, and of which state.

A file is set anew from the record, at the moment and in the language that it says it was written, and compared: a page
and linked data byte for byte, a PDF by its words and by its pages as they are drawn. What another version of perfstudio
wrote may have other words, and another computer other fonts: then it is said that no more was found out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from perfstudio import __version__
from perfstudio.consent.linked_receipt import MADE_BY, linked_receipt
from perfstudio.consent.reading import CONSENT, MAX_RECORD_BYTES, read_record
from perfstudio.consent.receipt import written_receipt
from perfstudio.consent.receipt_origin import ReceiptOrigin, origin_of
from perfstudio.consent.receipt_page import page_of, page_origin
from perfstudio.consent.verification_code import CodeFinding, CodeMatch, look_up, read_code
from perfstudio.consent.verify import verify_record
from perfstudio.library.library import Library
from perfstudio.model.consent import ConsentFinding, ConsentRecord
from perfstudio.model.errors import ConsentError, ErrorCode, PerfstudioError
from perfstudio.model.strict_json import read_strictly
from perfstudio.session.receipts import Pdf, ReceiptKind

MAX_RECEIPT_BYTES = 4 * MAX_RECORD_BYTES
"""Linked data holds the record twice, each of its marks escaped at worst."""
SET_ASIDE = "consent-*.json"
"""How the library calls a record that another one took over from (`library.documents`)."""
_BLANK = re.compile(r"\s+")
_ORDER = (CodeMatch.NOW, CodeMatch.EARLIER, CodeMatch.STATE_UNKNOWN, CodeMatch.RECORD_UNKNOWN)


class Words(StrEnum):
    """What a comparison of the words showed."""

    NONE = "none"  # there was only a code
    AS_WRITTEN = "as_written"  # word for word
    DRAWN_OTHERWISE = "drawn_otherwise"  # of a PDF: the words, but not the look
    DIFFER = "differ"  # something in it is not what is written for this record
    NOT_COMPARED = "not_compared"  # not the words of this version, or in a language that is not here


@dataclass(frozen=True, slots=True)
class Paper:
    """A receipt that somebody has: its code and, of a file, what it holds."""

    code: str
    kind: ReceiptKind | None = None
    text: str = ""
    look: str = ""
    """Of a PDF: a digest of its pages as they are drawn."""
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
    set_aside: bool = False
    """Whether the take was signed anew since."""
    faults: tuple[ConsentFinding, ...] = ()
    """What is wrong with the record itself."""

    @property
    def holds(self) -> bool:
        """Whether the paper says what stands now, and nothing else."""
        whole = self.words in (Words.NONE, Words.AS_WRITTEN) and not self.faults
        return self.match is CodeMatch.NOW and whole and not self.set_aside


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """A record that is here."""

    record: ConsentRecord
    set_aside: bool = False
    """Whether the take was signed anew since, under another text or with another key."""


@dataclass(frozen=True, slots=True)
class PdfSeen:
    """What is in a PDF."""

    made_of: str
    """What its head says."""
    text: str
    """Its words, page by page."""
    look: str
    """A digest of its pages as they are drawn."""


ReadPdf = Callable[[bytes], PdfSeen]
"""Raises ValueError when it cannot be read."""


@dataclass(frozen=True, slots=True)
class PaperHand:
    """What a comparison needs and this floor does not have: PDFs are the window's craft, languages are above."""

    read_pdf: ReadPdf
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


def records_of(library: Library) -> Iterator[HeldRecord]:
    """Every record in the library that can be read, those that were set aside, too."""
    for row in library.list():
        try:
            yield from _held(library.folder(row.take_id))
        except PerfstudioError:  # a damaged take is told elsewhere
            continue


def records_in(place: Path) -> Iterator[HeldRecord]:
    """Of a consent.json, of a take's folder, or of a folder of takes. Raises ConsentError(CONSENTS_NONE)."""
    if place.is_file():
        held = [*_held(place.parent, [place])]
    else:
        held = [found for folder in (place, *sorted(place.glob("*/"))) for found in _held(folder)]
    if not held:
        raise ConsentError(ErrorCode.CONSENTS_NONE, folder=place.name or str(place))
    yield from held


def _held(folder: Path, files: Iterable[Path] | None = None) -> Iterator[HeldRecord]:
    """What lies in the folder of a take, or those files of it. What cannot be read is told elsewhere."""
    for file in files or (folder / CONSENT, *sorted(folder.glob(SET_ASIDE))):
        try:
            with file.open("rb") as source:
                record = read_record(source.read(MAX_RECORD_BYTES + 1))
        except (OSError, ConsentError):
            continue
        yield HeldRecord(record, set_aside=fnmatchcase(file.name, SET_ASIDE))


def check_paper(paper: Paper, records: Iterable[HeldRecord], hand: PaperHand) -> PaperFinding:
    """What the paper is to the records that are here: the nearest one is told."""
    best, place = PaperFinding(paper.code, CodeMatch.OTHER), len(_ORDER)
    for held in records:
        finding = look_up(held.record, paper.code)
        if finding.match is not CodeMatch.OTHER and _ORDER.index(finding.match) < place:
            best, place = _finding(paper, held, finding), _ORDER.index(finding.match)
    if best.record is None:
        return best
    words = _compared(paper, best.record, best.acts, hand) if best.match in _ORDER[:2] else best.words
    return replace(best, words=words, faults=verify_record(best.record, None))


def _finding(paper: Paper, held: HeldRecord, finding: CodeFinding) -> PaperFinding:
    return PaperFinding(paper.code, finding.match, record=held.record, acts=finding.acts, set_aside=held.set_aside)


def _paper(data: bytes, hand: PaperHand) -> Paper | None:
    if data.startswith(b"%PDF"):
        seen = hand.read_pdf(data)
        return _of_file(ReceiptKind.PDF, seen.text, origin_of(seen.made_of), look=seen.look)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        plain = read_strictly(data, limit=MAX_RECEIPT_BYTES, own_words=True)
        return _of_file(ReceiptKind.LINKED, json.dumps(plain, sort_keys=True), _linked_origin(plain))
    page = data.decode("utf-8-sig").replace("\r\n", "\n")
    return _of_file(ReceiptKind.PAGE, page, page_origin(page))


def _of_file(kind: ReceiptKind, text: str, origin: ReceiptOrigin | None, *, look: str = "") -> Paper | None:
    return Paper(origin.code, kind, text, look, origin) if origin is not None else None


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
    then = record.model_copy(update={"events": record.events[:acts]})
    with hand.speaking(paper.origin.language or "en") as spoken:
        known = spoken.replace("_", "-") == (paper.origin.language or spoken)
        again = _again(paper, paper.origin, then, hand)
    if _comparable(paper) == _comparable(again):
        return Words.AS_WRITTEN if paper.look == again.look else Words.DRAWN_OTHERWISE
    return Words.DIFFER if known and paper.origin.version == __version__ else Words.NOT_COMPARED


def _again(paper: Paper, origin: ReceiptOrigin, record: ConsentRecord, hand: PaperHand) -> Paper:
    """The same receipt set anew."""
    match paper.kind:
        case ReceiptKind.PDF:
            seen = hand.read_pdf(hand.set_pdf(written_receipt(record, at=origin.at)).data)
            return replace(paper, text=seen.text, look=seen.look)
        case ReceiptKind.LINKED:
            receipt_id = json.loads(paper.text).get("receipt_id")
            plain = json.loads(linked_receipt(record, at=origin.at, receipt_id=receipt_id))
            return replace(paper, text=json.dumps(plain, sort_keys=True))
        case _:
            return replace(paper, text=page_of(written_receipt(record, at=origin.at)))


def _comparable(paper: Paper) -> str:
    """Where a line or a page of a PDF ends depends on the fonts."""
    return _BLANK.sub("", paper.text) if paper.kind is ReceiptKind.PDF else paper.text
