"""Setting and reading PDFs of receipts where there may be no window: for the verbs."""

from __future__ import annotations

import hashlib
import sys
from contextlib import closing
from functools import cache

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from perfstudio.consent.receipt import WrittenReceipt
from perfstudio.session.receipt_check import PdfSeen
from perfstudio.session.receipts import ReceiptFile
from perfstudio.ui.consent.receipt_pdf import receipt_pdf
from perfstudio.ui.theme import load_fonts

_MOST_POINTS = 2000.0
"""Pages are drawn a point a pixel, and a page may say that it is as large as it likes."""
MOST_PAGES = 400
"""More than the longest record that is read would fill."""


@cache
def _fonts() -> QCoreApplication:
    """Qt with the system's fonts and the house's own, on no screen. On Windows every session has one."""
    platform = [] if sys.platform == "win32" else ["-platform", "offscreen"]
    running = QApplication.instance() or QApplication([sys.argv[0], *platform])
    load_fonts()
    return running


def set_pdf(receipt: WrittenReceipt) -> ReceiptFile:
    """The receipt as a PDF."""
    _fonts()
    return receipt_pdf(receipt)


def read_pdf(data: bytes) -> PdfSeen:
    """What is in a PDF. Raises ValueError when it cannot be read."""
    from pypdfium2 import PdfDocument, PdfiumError  # noqa: PLC0415 - loads when somebody has a PDF

    try:
        with closing(PdfDocument(data)) as document:
            if len(document) > MOST_PAGES:
                raise ValueError(len(document))
            words, look = [], hashlib.sha256()
            for page in document:
                words.append(page.get_textpage().get_text_range())
                drawn = page.render(scale=min(1.0, _MOST_POINTS / max(page.get_size())))
                look.update(f"{drawn.width} {drawn.height} ".encode() + bytes(drawn.buffer))
            made_of = str(document.get_metadata_value("Creator"))
    except PdfiumError as problem:
        raise ValueError(str(problem)) from problem
    return PdfSeen(made_of, "\n".join(words), look.hexdigest())
