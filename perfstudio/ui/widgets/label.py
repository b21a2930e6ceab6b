"""Text on a page: always plain, in one of the roles and tones of the look."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from perfstudio.ui.palette import Palette
from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets.heard import Heard

_WIDEST_WORD_PX = 280
"""At 100 % text; a word of thirty letters."""


class PlainLabel(QLabel):
    """A label that never interprets its text.

    `role` sets size and weight, `tone` is a colour token of the palette ("text1", "text2", "good" …), `wrap` breaks
    long text over lines, `tabular` keeps digits in place, `selectable` lets people copy, `palette` fixes the colours
    where a text lies over a picture.
    """

    _role, _tabular = Role.BODY, False  # a reader may ask while the label is made

    def __init__(
        self,
        text: str = "",
        role: Role = Role.BODY,
        tone: str = "text1",
        *,
        wrap: bool = False,
        tabular: bool = False,
        selectable: bool = False,
        palette: Palette | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._fixed, self._size = palette, 0.0
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._role, self._tone, self._tabular = role, tone, tabular
        self.setWordWrap(wrap)
        if wrap:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.MinimumExpanding)
        if selectable:
            self.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
        self._dress()
        self.setText(text)

    def heard_role(self) -> Heard:
        """A heading, by which readers leap from part to part, where it is as large as one and is not a figure or a text
        to be read out."""
        heads = self._role in (Role.HEADING, Role.TITLE) and not self._tabular
        return Heard.Heading if heads and not self._selectable() else Heard.StaticText

    def say(self, text: str, tone: str | None = None) -> None:
        """Change the text, and its tone when given; does nothing when both are as they were."""
        if tone is not None and tone != self._tone:
            self._tone = tone
            self._dress()
        if text != self.text():
            self.setText(text)

    def minimumSizeHint(self) -> QSize:
        """A word that is longer than any of a language, such as a file's name, is cut, and widens no window."""
        least = super().minimumSizeHint()
        return least.boundedTo(QSize(theme_now().px(_WIDEST_WORD_PX), least.height())) if self.wordWrap() else least

    def set_size(self, pixels: float) -> None:
        """A free size at 100 % text, in the weight of the role; for the prompt line."""
        self._size = pixels
        self._dress()

    def changeEvent(self, event: QEvent) -> None:
        """A new look: new font and colour. Qt tells of a style at every new parent, too; before it is polished, what it
        wears is what it was given."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and (
            self._worn is not theme_now() or self.testAttribute(Qt.WidgetAttribute.WA_WState_Polished)
        ):
            self._dress()

    def _selectable(self) -> bool:
        return bool(self.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse)

    def _dress(self) -> None:
        now = self._worn = theme_now()
        font = now.font(self._role, tabular=self._tabular)
        if self._size:
            font = now.font_at(self._size, font.weight(), tabular=self._tabular)
        if font != self.font():
            self.setFont(font)
        colour = QColor(getattr(self._fixed, self._tone)) if self._fixed else now.color(self._tone)
        self.setPalette(_palette(colour.rgba()))


@lru_cache(maxsize=64)
def _palette(text: int) -> QPalette:
    """Text in this colour; the rest is inherited."""
    palette = QPalette()
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text):
        palette.setColor(role, QColor.fromRgba(text))
    return palette


class ElidedLabel(PlainLabel):
    """One line that ends in an ellipsis when it does not fit; the whole text stays in the tool tip and for readers."""

    def __init__(
        self,
        text: str = "",
        role: Role = Role.BODY,
        tone: str = "text1",
        *,
        palette: Palette | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, role, tone, palette=palette, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(theme_now().px(40))

    def sizeHint(self) -> QSize:
        """Wants the whole line, lives with less."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.text()) + 2, metrics.height())

    def minimumSizeHint(self) -> QSize:
        """Room for a few letters."""
        return QSize(theme_now().px(40), self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text, cut with an ellipsis where it does not fit."""
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        tip = self.text() if shown != self.text() else ""
        if tip != self.toolTip():
            self.setToolTip(tip)
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(self.rect(), int(self.alignment() | Qt.TextFlag.TextSingleLine), shown)
