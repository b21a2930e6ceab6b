"""The performer's receipt as a file: a PDF, a web page or linked data, all three of one record and one moment.

How a PDF is set is the window's craft, so the one who asks hands it in.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from perfstudio.consent.linked_receipt import linked_receipt
from perfstudio.consent.receipt import WrittenReceipt, written_receipt
from perfstudio.consent.receipt_page import page_of
from perfstudio.durable import file_error, write_durably
from perfstudio.model.clock import utc_now
from perfstudio.model.consent import ConsentRecord
from perfstudio.model.errors import ConsentError, ErrorCode, LibraryError


class ReceiptKind(StrEnum):
    """What a receipt can be saved as; the values are what is typed."""

    PDF = "pdf"
    PAGE = "html"
    LINKED = "json-ld"

    @property
    def suffix(self) -> str:
        """How a file of this kind is called, with its dot."""
        return ".jsonld" if self is ReceiptKind.LINKED else f".{self.value}"


@dataclass(frozen=True, slots=True)
class ReceiptFile:
    """The bytes of a receipt."""

    data: bytes
    letters_missing: bool = False
    """Whether no font of this computer has some of its letters, so that a PDF shows boxes for them."""


Pdf = Callable[[WrittenReceipt], ReceiptFile]


def kind_of(file: Path) -> ReceiptKind | None:
    """What a file is by its name, or None."""
    return next((kind for kind in ReceiptKind if file.suffix.lower() == kind.suffix), None)


def receipt_file(record: ConsentRecord, kind: ReceiptKind, pdf: Pdf, *, at: datetime | None = None) -> ReceiptFile:
    """The receipt of a record in the language spoken, as it stands at `at` (now)."""
    at = at or utc_now()
    match kind:
        case ReceiptKind.LINKED:
            return ReceiptFile(linked_receipt(record, at=at).encode())
        case ReceiptKind.PAGE:
            return ReceiptFile(page_of(written_receipt(record, at=at)).encode())
        case ReceiptKind.PDF:
            return pdf(written_receipt(record, at=at))


def save_receipt(made: ReceiptFile, file: Path, *, over: bool) -> None:
    """Write a receipt and read it back. `over`: what has this name may go.

    Raises ConsentError(RECEIPT_THERE), LibraryError (see `durable.disk_error`).
    """
    if not over and os.path.lexists(file):
        raise ConsentError(ErrorCode.RECEIPT_THERE, file=file.name)
    try:
        _write(file, made.data)
    except (OSError, ValueError) as problem:  # a name with a NUL is no name
        error = problem if isinstance(problem, OSError) else OSError(str(problem))
        raise file_error(error, file, LibraryError) from problem


def _write(file: Path, data: bytes) -> None:
    write_durably(file, data)
    if file.read_bytes() != data:
        raise OSError(errno.EBADMSG, os.strerror(errno.EBADMSG))
