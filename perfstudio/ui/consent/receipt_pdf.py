"""The receipt as a PDF, set by Qt: its text engine shapes and joins every script, and the fonts in the file are the
house's own or, for what that has no letters for, the system's.

Why Qt and no library for PDF: those that shape at all want a font file for each script, and Qt is shipped anyway, with
the system's fonts behind it. It needs an application of Qt, which may be one without a screen, and its thread: fonts
that another thread has used complain when it ends. A receipt of six pages takes a tenth of a second.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QLineF, QLocale, QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPen,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextLayout,
    QTextLength,
    QTextLine,
    QTextOption,
    QTextTableCell,
    QTextTableCellFormat,
    QTextTableFormat,
)

from perfstudio.consent.receipt import ReceiptSection, WrittenReceipt
from perfstudio.consent.receipt_page import right_to_left
from perfstudio.language.catalogue import _
from perfstudio.session.receipts import ReceiptFile
from perfstudio.ui.theme import FAMILY

MARGIN_MM, FOOT_MM, _RULE_MM = 18.0, 12.0, 2.5
_DPI = 1200
_TEXT_PT, _SMALL_PT, _HEADING_PT, _TITLE_PT = 9.0, 8.0, 11.0, 17.0
_AS_TYPED = QFont.Tag("calt")
"""Among capitals and figures this feature of the house's font puts hyphens that no code point has: a copied code, or
day, would lose them."""
_NAMES = 27
"""Per cent of the line that the names take."""
_INK, _SOFT, _LINE = QColor("#1b1d21"), QColor("#5a5e66"), QColor("#c9ccd2")


def receipt_pdf(receipt: WrittenReceipt) -> ReceiptFile:
    """The file: pages of the size that is custom here, numbered, each with the code."""
    data = QByteArray()
    file = QBuffer(data)
    file.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(file)
    writer.setResolution(_DPI)
    writer.setTitle(receipt.title)
    writer.setCreator(receipt.origin().line())
    writer.setPageLayout(
        QPageLayout(
            _paper(), QPageLayout.Orientation.Portrait, QMarginsF(*4 * (MARGIN_MM,)), QPageLayout.Unit.Millimeter
        )
    )
    _Press(writer, receipt).print()
    file.close()
    return ReceiptFile(bytes(data.data()), letters_missing=any(map(_has_boxes, _texts(receipt))))


def _paper() -> QPageSize:
    letter = QLocale.system().territory() in (
        QLocale.Country.UnitedStates,
        QLocale.Country.Canada,
        QLocale.Country.Mexico,
        QLocale.Country.Philippines,
    )
    return QPageSize(QPageSize.PageSizeId.Letter if letter else QPageSize.PageSizeId.A4)


class _Press:
    """Sets one receipt on the pages of one writer."""

    def __init__(self, writer: QPdfWriter, receipt: WrittenReceipt) -> None:
        self._writer, self._receipt = writer, receipt
        self._mirrored = right_to_left(receipt.language)
        page = writer.pageLayout().paintRectPixels(_DPI)
        self._width, self._height = page.width(), page.height() - _px(FOOT_MM)
        self._document = QTextDocument()
        self._document.documentLayout().setPaintDevice(writer)
        self._document.setDefaultFont(_font(_TEXT_PT))
        self._document.setDocumentMargin(0)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._document.setDefaultTextOption(option)
        self._document.setUndoRedoEnabled(False)
        self._cursor = QTextCursor(self._document)
        self._headings: list[int] = []

    def print(self) -> None:
        """Every page."""
        self._write()
        self._document.setPageSize(QRectF(0, 0, self._width, self._height).size())
        self._keep_headings_with_what_follows()
        painter = QPainter(self._writer)
        pages, lines = self._document.pageCount(), self._lines_by_page()
        for number in range(1, pages + 1):
            if number > 1:
                self._writer.newPage()
            self._print_page(painter, number, pages, lines[number])
        painter.end()

    def _write(self) -> None:
        self._cursor.beginEditBlock()  # else everything is laid out anew for every cell: ten times the time
        self._paragraph(self._receipt.title, _letters(_TITLE_PT, QFont.Weight.DemiBold), below_mm=3)
        self._lines((self._receipt.code_line,))
        for section in self._receipt.sections:
            self._section(section)
        self._cursor.endEditBlock()

    def _section(self, section: ReceiptSection) -> None:
        self._headings.append(self._document.blockCount())
        self._paragraph(section.heading, _letters(_HEADING_PT, QFont.Weight.DemiBold), above_mm=5, below_mm=1.5)
        named = tuple(line for line in section.lines if line[0])
        if named:
            self._lines(named)
        for name, value in section.lines:
            if not name:
                self._text(value)

    def _text(self, text: str) -> None:
        """Line by line, with a gap before the first and for every empty one."""
        gap_mm = 2.0
        for line in text.splitlines():
            if line.strip():
                self._paragraph(line, _letters(_TEXT_PT), above_mm=gap_mm)
            gap_mm = 0.0 if line.strip() else 2.0

    def _paragraph(self, text: str, letters: QTextCharFormat, *, above_mm: float = 0, below_mm: float = 0) -> None:
        block = self._block()
        block.setTopMargin(_gap(above_mm))
        block.setBottomMargin(_gap(below_mm))
        self._cursor.movePosition(QTextCursor.MoveOperation.End)
        if self._document.isEmpty():
            self._cursor.setBlockFormat(block)
        else:
            self._cursor.insertBlock(block, letters)
        self._cursor.insertText(_lines_of(text), letters)

    def _block(self) -> QTextBlockFormat:
        """The direction of writing is each paragraph's own; in a language from the right all of them stand there."""
        block = QTextBlockFormat()
        block.setLineHeight(125, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        if self._mirrored:
            block.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute)
        return block

    def _lines(self, lines: tuple[tuple[str, str], ...]) -> None:
        self._cursor.movePosition(QTextCursor.MoveOperation.End)
        table = self._cursor.insertTable(len(lines), 2, self._table_format())
        for row, (name, value) in enumerate(lines):
            self._cell(table.cellAt(row, int(self._mirrored)), name, _SOFT, apart_mm=3)
            self._cell(table.cellAt(row, int(not self._mirrored)), value, _INK)

    def _table_format(self) -> QTextTableFormat:
        form = QTextTableFormat()
        form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_None)
        form.setBorder(0)
        form.setCellSpacing(0)
        form.setCellPadding(0)
        form.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        shares = [QTextLength(QTextLength.Type.PercentageLength, share) for share in (_NAMES, 100 - _NAMES)]
        form.setColumnWidthConstraints(shares[::-1] if self._mirrored else shares)
        return form

    def _cell(self, cell: QTextTableCell, text: str, ink: QColor, *, apart_mm: float = 0) -> None:
        form = QTextTableCellFormat()
        form.setTopPadding(_gap(0.5))
        form.setBottomPadding(_gap(0.5))
        (form.setLeftPadding if self._mirrored else form.setRightPadding)(_gap(apart_mm))
        cell.setFormat(form)
        cursor = cell.firstCursorPosition()
        cursor.setBlockFormat(self._block())
        cursor.insertText(_lines_of(text), _letters(_TEXT_PT, ink=ink))

    def _keep_headings_with_what_follows(self) -> None:
        """A heading whose first lines do not fit below it begins a page; one after another, for each moves the rest."""
        room = _px(18)
        for number in self._headings:
            self._document.pageCount()  # lays everything out: a change in the midst of a layout loses the rest of it
            block = self._document.findBlockByNumber(number)
            top = self._document.documentLayout().blockBoundingRect(block).top()
            if top % self._height > self._height - room:
                form = block.blockFormat()
                form.setPageBreakPolicy(QTextBlockFormat.PageBreakFlag.PageBreak_AlwaysBefore)
                QTextCursor(block).setBlockFormat(form)

    def _print_page(
        self, painter: QPainter, number: int, pages: int, lines: Sequence[tuple[QTextLine, QPointF]]
    ) -> None:
        page = QRectF(0, (number - 1) * self._height, self._width, self._height)
        painter.save()
        painter.translate(0, -page.top())
        for line, origin in lines:
            line.draw(painter, origin)
        self._print_rules(painter, page)
        painter.restore()
        painter.setPen(_SOFT)
        painter.setFont(_font(_SMALL_PT))
        foot = QRectF(0, self._height, self._width, _px(FOOT_MM))
        ends = [Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight]
        if self._mirrored:
            ends.reverse()
        said = (self._receipt.code, _("Page {number} of {pages}", number=number, pages=pages))
        for end, text in zip(ends, said, strict=True):
            painter.drawText(foot, end | Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignAbsolute, text)

    def _lines_by_page(self) -> dict[int, list[tuple[QTextLine, QPointF]]]:
        """Each line once, with its place, on its page. A document draws those of the neighbouring pages through a clip:
        they would be in the file unseen, and copied and read aloud twice."""
        found: dict[int, list[tuple[QTextLine, QPointF]]] = defaultdict(list)
        block = self._document.begin()
        while block.isValid():
            layout = block.layout()
            origin = (
                self._document.documentLayout().blockBoundingRect(block).topLeft() - layout.boundingRect().topLeft()
            )
            for line in (layout.lineAt(n) for n in range(layout.lineCount())):
                middle = line.naturalTextRect().translated(origin).center().y()
                found[int(middle // self._height) + 1].append((line, origin))
            block = block.next()
        return found

    def _print_rules(self, painter: QPainter, page: QRectF) -> None:
        """A hairline above each heading of this page that does not begin it."""
        painter.setPen(QPen(_LINE, _px(0.1)))
        for number in self._headings:
            block = self._document.findBlockByNumber(number)
            at = self._document.documentLayout().blockBoundingRect(block).top() - _px(_RULE_MM)
            if page.top() < at < page.bottom():
                painter.drawLine(QLineF(0, at, self._width, at))


def _texts(receipt: WrittenReceipt) -> Iterator[str]:
    """Every line of it."""
    yield receipt.title
    for section in receipt.sections:
        yield section.heading
        for line in section.lines:
            yield from "\n".join(line).splitlines()


def _has_boxes(text: str) -> bool:
    """Whether no font here has a letter of it: what is drawn then is glyph 0 of a font (OpenType, `glyf`)."""
    if text.isascii():
        return False
    layout = QTextLayout(text, _font(_TEXT_PT))
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    return any(0 in run.glyphIndexes() for run in layout.glyphRuns())


def _font(points: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    font = QFont(FAMILY)
    font.setFeature(_AS_TYPED, 0)
    font.setPointSizeF(points)
    font.setWeight(weight)
    return font


def _letters(points: float, weight: QFont.Weight = QFont.Weight.Normal, *, ink: QColor = _INK) -> QTextCharFormat:
    form = QTextCharFormat()
    form.setFont(_font(points, weight))
    form.setForeground(ink)
    return form


def _lines_of(text: str) -> str:
    """Each line is a paragraph to Qt, which then finds the direction of writing of each."""
    return "\n".join(text.splitlines())


def _px(millimetres: float) -> float:
    """In units of the page."""
    return millimetres / 25.4 * _DPI


def _gap(millimetres: float) -> float:
    """As a margin or padding of a document, which its layout takes for 96 to the inch and brings to the page's."""
    return millimetres / 25.4 * 96
