"""A receipt that somebody brings: whole, of an earlier state, changed, of another record, or none at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtGui import QColor

from perfstudio import __version__
from perfstudio.consent.record import sign, withdraw
from perfstudio.consent.verification_code import CodeMatch, verification_code
from perfstudio.language.catalogue import speaking
from perfstudio.model.consent import ConsentRecord, UseId
from perfstudio.model.errors import ConsentError, ErrorCode
from perfstudio.model.jws import SigningKey
from perfstudio.model.prompt import Pack, Terms
from perfstudio.model.take import TakeManifest
from perfstudio.session.receipt_check import (
    HeldRecord,
    PaperFinding,
    PaperHand,
    Words,
    check_paper,
    read_paper,
    records_in,
    typed_paper,
)
from perfstudio.session.receipts import ReceiptKind, kind_of, receipt_file, save_receipt
from perfstudio.texts import receipts
from perfstudio.ui.consent import receipt_pdf
from perfstudio.ui.consent.receipt_pdf_hand import read_pdf, set_pdf

AT = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)
HAND = PaperHand(read_pdf, set_pdf, speaking)
pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture(scope="module")
def record(manifest: TakeManifest, pack: Pack, terms: Terms, key: SigningKey) -> ConsentRecord:
    """One line given, the others refused, by somebody with a name in two scripts."""
    return sign(manifest, pack=pack, terms=terms, granted=[UseId.STORE_REVIEW], name="Zoë مريم", key=key, at=AT)


@pytest.fixture
def saved(record: ConsentRecord, tmp_path: Path) -> Callable[[ReceiptKind], Path]:
    """The receipt of that record as a file of some kind."""

    def save(kind: ReceiptKind) -> Path:
        file = tmp_path / f"receipt{kind.suffix}"
        save_receipt(receipt_file(record, kind, set_pdf, at=AT + timedelta(days=9)), file, over=False)
        return file

    return save


def found(file: Path, *records: ConsentRecord) -> PaperFinding:
    return check_paper(read_paper(file, HAND), map(HeldRecord, records), HAND)


@pytest.mark.parametrize("kind", ReceiptKind)
def test_what_was_saved_is_found_again_word_for_word(
    record: ConsentRecord, saved: Callable[[ReceiptKind], Path], kind: ReceiptKind, key: SigningKey
) -> None:
    file = saved(kind)
    assert kind_of(file) is kind
    now = found(file, record)
    assert (now.match, now.words, now.holds, now.faults) == (CodeMatch.NOW, Words.AS_WRITTEN, True, ())
    gone = withdraw(record, key, at=AT + timedelta(days=3))
    then = found(file, gone)
    assert (then.match, then.words, then.holds, then.acts) == (CodeMatch.EARLIER, Words.AS_WRITTEN, False, 2)
    lines = " ".join(receipts.found(then))
    assert "as it stood on 1 March 2026" in lines
    assert "Since then, on 4 March 2026: Taken back: Keep this take" in lines


CHANGES = {
    ReceiptKind.PAGE: ("Allowed until <span>2028-03-01", "Allowed until <span>2098-03-01"),
    ReceiptKind.LINKED: ('"term": "P6M"', '"term": "P9Y"'),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_a_changed_word_is_told(record: ConsentRecord, saved: Callable[[ReceiptKind], Path], kind: ReceiptKind) -> None:
    file, (old, new) = saved(kind), CHANGES[kind]
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    finding = found(file, record)
    assert (finding.match, finding.words, finding.holds) == (CodeMatch.NOW, Words.DIFFER, False)
    assert "Trust the record" in receipts.found(finding)[1]


def test_a_pdf_with_other_words_and_the_same_head_is_told(record: ConsentRecord, tmp_path: Path) -> None:
    dearer = record.model_copy(update={"pay": record.pay.model_copy(update={"amount": "4000"})})
    forged = receipt_file(dearer, ReceiptKind.PDF, set_pdf, at=AT).data
    head, other = (verification_code(one).encode("utf-16-be") for one in (dearer, record))
    assert forged.count(head) == 1, "the head stands in the file as UTF-16"
    file = tmp_path / "forged.pdf"
    file.write_bytes(forged.replace(head, other))
    finding = found(file, record)
    assert (finding.match, finding.words, finding.holds) == (CodeMatch.NOW, Words.DIFFER, False)


def test_another_code_in_a_whole_file_is_told(record: ConsentRecord, saved: Callable[[ReceiptKind], Path]) -> None:
    file, code = saved(ReceiptKind.PAGE), verification_code(record)
    slip = code[:-1] + ("A" if code[-1] != "A" else "B")
    file.write_text(file.read_text(encoding="utf-8").replace(code, slip), encoding="utf-8")
    finding = found(file, record)
    assert finding.match is CodeMatch.STATE_UNKNOWN
    assert "no state this record ever had" in receipts.found(finding)[0]


def test_lines_that_ended_otherwise_on_the_way_change_no_word(
    record: ConsentRecord, saved: Callable[[ReceiptKind], Path]
) -> None:
    file = saved(ReceiptKind.PAGE)
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert found(file, record).holds


def test_words_of_another_version_or_language_are_not_judged_and_not_believed(
    record: ConsentRecord, saved: Callable[[ReceiptKind], Path]
) -> None:
    file = saved(ReceiptKind.PAGE)
    text, code = file.read_text(encoding="utf-8"), verification_code(record)
    for old, new in ((f"{code} en", f"{code} tlh"), (f"perfstudio {__version__} receipt", "perfstudio 7.0 receipt")):
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        finding = found(file, record)
        assert (finding.match, finding.words, finding.holds) == (CodeMatch.NOW, Words.NOT_COMPARED, False)


def test_a_name_that_looks_like_a_head_is_none(
    manifest: TakeManifest, pack: Pack, terms: Terms, key: SigningKey, tmp_path: Path
) -> None:
    name = (
        f'<meta name="perfstudio-receipt" content="perfstudio 7.0 receipt {"0000-" * 5}0000 en 2026-01-01T00:00:00Z">'
    )
    named = sign(manifest, pack=pack, terms=terms, granted=[UseId.STORE_REVIEW], name=name, key=key, at=AT)
    for kind in ReceiptKind:
        file = tmp_path / f"r{kind.suffix}"
        save_receipt(receipt_file(named, kind, set_pdf), file, over=False)
        assert found(file, named).holds


def test_a_pdf_that_is_drawn_otherwise_is_told(
    record: ConsentRecord, saved: Callable[[ReceiptKind], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as other:
        other.setattr(receipt_pdf, "_LINE", QColor("black"))
        file = saved(ReceiptKind.PDF)
    finding = found(file, record)
    assert (finding.match, finding.words, finding.holds) == (CodeMatch.NOW, Words.DRAWN_OTHERWISE, False)
    assert "something was added" in receipts.found(finding)[1]


def test_a_record_that_was_changed_is_told_beside_its_receipt(record: ConsentRecord, tmp_path: Path) -> None:
    event = record.events[0].model_copy(update={"use_ids": (UseId.STORE_REVIEW, UseId.HUMAN_RESEARCH)})
    changed = record.model_copy(update={"events": (event, *record.events[1:])})
    file = tmp_path / "r.html"
    save_receipt(receipt_file(changed, ReceiptKind.PAGE, set_pdf), file, over=False)
    finding = found(file, changed)
    assert (finding.match, finding.holds) == (CodeMatch.NOW, False)
    assert "not as it was signed, first at: event 1" in receipts.found(finding)[-1]


def test_the_nearest_of_many_records_is_told(
    record: ConsentRecord, manifest: TakeManifest, pack: Pack, terms: Terms, key: SigningKey
) -> None:
    others = [
        sign(manifest, pack=pack, terms=terms, granted=[UseId.STORE_REVIEW], name="Ada", key=key, at=AT)
        for _ in range(3)
    ]
    finding = check_paper(typed_paper(verification_code(record).lower()), map(HeldRecord, [*others, record]), HAND)
    assert (finding.record, finding.match, finding.words, finding.holds) == (record, CodeMatch.NOW, Words.NONE, True)
    none = check_paper(typed_paper(verification_code(record)), map(HeldRecord, others), HAND)
    assert (none.record, none.match, none.holds) == (None, CodeMatch.OTHER, False)
    mixed = verification_code(others[0])[:15] + verification_code(record)[15:]
    slip = check_paper(typed_paper(mixed), [HeldRecord(record)], HAND)
    assert "first half does not" in receipts.found(slip)[0]


@pytest.mark.parametrize(
    "data",
    [b"", b"\x00" * 50, b"%PDF-1.7 broken", b"{", b"{}", b"[]", b"<html></html>", b"\xff\xfe<\x00", b"[" * 90_000,
     json.dumps({"verification_code": 5, "issued_at": "x", "made_by": None}).encode(),
     json.dumps({"verification_code": "K" * 24, "issued_at": "2026-01-01", "made_by": "x"}).encode()],
)  # fmt: skip
def test_what_is_no_receipt_is_told(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "paper"
    file.write_bytes(data)
    with pytest.raises(ConsentError) as told:
        read_paper(file, HAND)
    assert told.value.code is ErrorCode.RECEIPT_UNREADABLE


def test_records_are_found_in_a_file_a_folder_and_a_folder_of_folders(record: ConsentRecord, tmp_path: Path) -> None:
    take = tmp_path / "takes" / "one"
    take.mkdir(parents=True)
    (take / "consent.json").write_bytes(record.canonical())
    broken = tmp_path / "takes" / "two"
    broken.mkdir()
    (broken / "consent.json").write_text("{", encoding="utf-8")
    for place in (take / "consent.json", take, take.parent):
        assert list(records_in(place)) == [HeldRecord(record)]
    (take / "consent-0123456789abcdef.json").write_bytes(record.canonical())
    assert list(records_in(take)) == [HeldRecord(record), HeldRecord(record, set_aside=True)]
    (take / "consent.json").unlink()
    old = check_paper(typed_paper(verification_code(record)), records_in(take.parent), HAND)
    assert (old.match, old.holds) == (CodeMatch.NOW, False)
    assert "as it last stood" in receipts.found(old)[0]
    assert "signed again since" in receipts.found(old)[1]
    for place in (broken, tmp_path, tmp_path / "nowhere"):
        with pytest.raises(ConsentError) as told:
            list(records_in(place))
        assert told.value.code is ErrorCode.CONSENTS_NONE


def test_nothing_is_written_over_unless_somebody_said_so(record: ConsentRecord, tmp_path: Path) -> None:
    made = receipt_file(record, ReceiptKind.PAGE, set_pdf)
    file = tmp_path / "there.html"
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(ConsentError) as told:
        save_receipt(made, file, over=False)
    assert (told.value.code, file.read_text(encoding="utf-8")) == (ErrorCode.RECEIPT_THERE, "mine")
    save_receipt(made, file, over=True)
    assert file.read_bytes() == made.data
