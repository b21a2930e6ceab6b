"""A page of the guide. Markdown of our own assets and of nothing else: what others write is shown as plain text."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, QUrl
from PySide6.QtGui import (
    QColor,
    QFont,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
    QTextFragment,
)
from PySide6.QtWidgets import QTextBrowser, QTextEdit

from perfstudio.texts.guide import GuidePage
from perfstudio.ui.theme import Role, theme_now

_HEADINGS = {1: Role.TITLE, 2: Role.HEADING}
_LINE_PERCENT = 140
"""Height of a line; 150 % is what running text has elsewhere (`reading_text`), a list is read beside its points."""


_INDENT_PX, _MEASURE_PX = 26, 760
"""At 100 % text; a line is never longer than the eye likes."""
_LEAST_PX = QSize(200, 240)


class GuideView(QTextBrowser):
    """`followed` gets the address of a link that was pressed. Nothing is ever fetched."""

    def __init__(self, followed: Callable[[str], object]) -> None:
        super().__init__()
        self.setOpenLinks(False)
        self.setUndoRedoEnabled(False)
        self.document().setDocumentMargin(20)
        self.anchorClicked.connect(lambda url: followed(url.toString()))
        self._page: GuidePage | None = None
        self._words: tuple[str, ...] = ()

    def show_page(self, page: GuidePage, words: str = "") -> None:
        """From its beginning; what was looked for is marked."""
        self._page, self._words = page, tuple(words.split())
        self._set()
        self.verticalScrollBar().setValue(0)
        self.setAccessibleName(page.title)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Pages bring nothing along."""
        return None

    def minimumSizeHint(self) -> QSize:
        """A paragraph is seen at once."""
        return QSize(theme_now().px(_LEAST_PX.width()), theme_now().px(_LEAST_PX.height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There is more room, or less."""
        super().resizeEvent(event)
        self._wrap()

    def _wrap(self) -> None:
        longest = theme_now().px(_MEASURE_PX)
        wide = self.viewport().width() > longest
        self.setLineWrapColumnOrWidth(longest)
        self.setLineWrapMode(self.LineWrapMode.FixedPixelWidth if wide else self.LineWrapMode.WidgetWidth)

    def changeEvent(self, event: QEvent) -> None:
        """Another look: other sizes and colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._set()

    def _set(self) -> None:
        if self._page is None:
            return
        at = self.verticalScrollBar().value()
        self._wrap()
        self.document().setDefaultFont(theme_now().font(Role.BODY))
        self.document().setIndentWidth(theme_now().px(_INDENT_PX))
        self.setMarkdown(self._page.text)
        block = self.document().begin()
        while block.isValid():
            cursor = QTextCursor(block)
            self._dress_block(cursor, block.blockFormat().headingLevel())
            for part in _parts(block):
                cursor.setPosition(part.position())
                cursor.setPosition(part.position() + part.length(), QTextCursor.MoveMode.KeepAnchor)
                cursor.setCharFormat(_dressed(part.charFormat(), block.blockFormat().headingLevel()))
            block = block.next()
        self._mark_found()
        self.verticalScrollBar().setValue(at)

    def _dress_block(self, cursor: QTextCursor, level: int) -> None:
        form = QTextBlockFormat()
        form.setLineHeight(_LINE_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        form.setTopMargin(theme_now().px({0: 0, 1: 0}.get(level, 14)))
        form.setBottomMargin(theme_now().px(4 if cursor.currentList() is not None else 8))
        cursor.mergeBlockFormat(form)

    def _mark_found(self) -> None:
        """Every place of a word that was looked for."""
        found: list[QTextEdit.ExtraSelection] = []
        for word in self._words:
            cursor = self.document().find(word)
            while not cursor.isNull():
                one = QTextEdit.ExtraSelection()
                one.cursor = cursor
                one.format.setBackground(theme_now().color("accent_soft"))
                one.format.setForeground(theme_now().color("accent_text"))
                found.append(one)
                cursor = self.document().find(word, cursor)
        self.setExtraSelections(found)


def _parts(block: QTextBlock) -> list[QTextFragment]:
    """The runs of one format in a paragraph, before any of them is given another one."""
    found, at = [], block.begin()
    while not at.atEnd():
        found.append(at.fragment())
        at += 1
    return found


def _dressed(said: QTextCharFormat, level: int) -> QTextCharFormat:
    """In the letters and colours of the window: keys like caps, links underlined, words of the window heavier."""
    now, form = theme_now(), QTextCharFormat(said)
    form.clearProperty(QTextFormat.Property.FontSizeAdjustment)  # a size of Markdown's own, by the level
    role = _HEADINGS.get(level, Role.STRONG if level else Role.BODY)
    font, colour = now.font(role), now.color("text1")
    if said.fontFixedPitch():
        font = now.font_at(14, QFont.Weight.Medium)
        form.setBackground(now.color("ground3"))
    elif said.fontWeight() > QFont.Weight.Normal and not level:
        font = now.font(Role.STRONG)
    font.setUnderline(said.isAnchor())
    form.setFont(font)
    form.setForeground(QColor(now.color("accent_text")) if said.isAnchor() else colour)
    return form
