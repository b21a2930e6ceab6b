"""Setting and reading PDFs of receipts where there may be no window: for the verbs."""

from __future__ import annotations

import hashlib
import sys
from functools import cache

from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QIODevice, QSizeF
from PySide6.QtGui import QImage
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
    from PySide6.QtPdf import QPdfDocument  # noqa: PLC0415 - loads when somebody has a PDF

    _fonts()
    document, source = QPdfDocument(), QBuffer()
    source.setData(QByteArray(data))
    source.open(QIODevice.OpenModeFlag.ReadOnly)
    document.load(source)
    if document.status() is not QPdfDocument.Status.Ready or document.pageCount() > MOST_PAGES:
        raise ValueError(document.error().name)
    made_of = str(document.metaData(QPdfDocument.MetaDataField.Creator))
    pages, words, look = range(document.pageCount()), [], hashlib.sha256()
    for page in pages:
        words.append(document.getAllText(page).text())
        size = document.pagePointSize(page).boundedTo(QSizeF(_MOST_POINTS, _MOST_POINTS))
        drawn = document.render(page, size.toSize()).convertToFormat(QImage.Format.Format_RGBA8888)
        look.update(f"{drawn.width()} {drawn.height()} ".encode() + bytes(drawn.constBits()))
    document.close()
    return PdfSeen(made_of, "\n".join(words), look.hexdigest())
