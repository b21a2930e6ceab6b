"""`consent export` and `consent verify`: a receipt as a file, and what a receipt that somebody brings is worth."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from perfstudio.cli.home_option import open_home
from perfstudio.cli.output import DONE, REASON, Output
from perfstudio.consent.receipt import WrittenReceipt
from perfstudio.consent.verification_code import verification_code
from perfstudio.language.catalogue import _, speaking
from perfstudio.model.consent import ConsentRecord
from perfstudio.session.home import Home
from perfstudio.session.receipt_check import (
    Paper,
    PaperFinding,
    PaperHand,
    PdfSeen,
    check_paper,
    read_paper,
    records_in,
    records_of,
    typed_paper,
)
from perfstudio.session.receipts import ReceiptFile, ReceiptKind, receipt_file, save_receipt
from perfstudio.texts import receipts


def _set_pdf(receipt: WrittenReceipt) -> ReceiptFile:
    from perfstudio.ui.consent.receipt_pdf_hand import set_pdf  # noqa: PLC0415 - Qt loads when somebody wants a PDF

    return set_pdf(receipt)


def _read_pdf(data: bytes) -> PdfSeen:
    from perfstudio.ui.consent.receipt_pdf_hand import read_pdf  # noqa: PLC0415 - as above

    return read_pdf(data)


_HAND = PaperHand(_read_pdf, _set_pdf, speaking)


def add(verbs: Any) -> argparse.ArgumentParser:
    """Both sub-verbs; the answer is the one that is about a take."""
    export: argparse.ArgumentParser = verbs.add_parser(
        "export", help=_("save the receipt as a PDF, a web page, or linked data for programs")
    )
    export.add_argument("--as", dest="kind", choices=[kind.value for kind in ReceiptKind], default="pdf")
    export.add_argument("--to", type=Path, metavar="FILE", help=_("the file to write; named after the take by default"))
    verify = verbs.add_parser(
        "verify", help=_("which record a receipt or its code belongs to, and whether it still stands")
    )
    verify.add_argument("receipt", metavar="CODE|FILE", help=_("the code at the top of the receipt, or the saved file"))
    verify.add_argument(
        "--in",
        dest="place",
        type=Path,
        metavar="FOLDER",
        help=_("look in a take's folder, a folder of takes or a consent.json instead of this library"),
    )
    return export


def export(home: Home, take_id: str, args: argparse.Namespace, out: Output) -> None:
    """Write the receipt of a take to a file of its own."""
    kind, record = ReceiptKind(args.kind), home.consents.record(take_id)
    file = args.to or Path(f"consent-{take_id}{kind.suffix}")
    made = receipt_file(record, kind, _set_pdf)
    save_receipt(made, file, over=False)
    code = verification_code(record)
    out.say(receipts.saved(str(file), letters_missing=made.letters_missing))
    out.say(_("Verification code: {code}", code=code))
    out.document(
        {
            "take_id": take_id,
            "record_id": record.record_id,
            "as": kind.value,
            "file": str(file),
            "verification_code": code,
            "letters_missing": made.letters_missing,
        }
    )


def verify(args: argparse.Namespace, out: Output) -> int:
    """Say what a receipt is."""
    paper = _paper(args.receipt)
    if args.place is not None:
        finding = check_paper(paper, records_in(args.place), _HAND)
    else:
        with open_home(args) as home:
            finding = check_paper(paper, records_of(home.library), _HAND)
    for line in receipts.found(finding):
        out.say(line) if finding.holds else out.warn(line)
    out.document(_document(finding))
    return DONE if finding.holds else REASON


def _paper(given: str) -> Paper:
    try:
        is_file = Path(given).is_file()
    except (OSError, ValueError):  # no path can be so long, or have a NUL
        is_file = False
    return read_paper(Path(given), _HAND) if is_file else typed_paper(given)


def _document(finding: PaperFinding) -> dict[str, Any]:
    record = finding.record
    return {
        "code": finding.code,
        "holds": finding.holds,
        "match": finding.match.value,
        "words": finding.words.value,
        "take_id": record.take.take_id if record else None,
        "record_id": record.record_id if record else None,
        "set_aside": finding.set_aside,
        "acts_then": finding.acts,
        "acts_now": len(record.events) if record else None,
        "stands": [] if finding.set_aside else _standing(record),
        "faults": [{"where": fault.where, "problem": fault.problem.value} for fault in finding.faults],
    }


def _standing(record: ConsentRecord | None) -> list[str]:
    return sorted(record.granted()) if record else []
