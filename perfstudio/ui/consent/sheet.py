"""Names beside their values: what a line says when it is unfolded, and every part of a receipt."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets import PlainLabel
from perfstudio.ui.widgets.broken import longest_word

Lines = tuple[tuple[str, str], ...]
NAMES_PX = 170


class Sheet(QWidget):
    """Names beside values; a line without a name runs over the whole width. No word of a name is cut."""

    def __init__(self, lines: Lines, *, names_px: int = NAMES_PX) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        self._lines = lines
        longest = max((longest_word(name, theme_now().font(Role.SMALL)) for name, _value in lines), default=0)
        wide = max(theme_now().px(names_px), longest + 1)
        for row, (name, value) in enumerate(lines):
            words = PlainLabel(_breakable(value), Role.SMALL, wrap=True, selectable=True)
            words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
            if name:
                label = PlainLabel(name, Role.SMALL, "text2", wrap=True)
                label.setFixedWidth(wide)
                words.setAccessibleName(f"{name}: {value}")
                grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
                grid.addWidget(words, row, 1)
            else:
                grid.addWidget(words, row, 0, 1, 2)

    def text(self) -> str:
        """The whole text, as it is copied and read aloud."""
        return "\n".join(f"{name}: {value}" if name else value for name, value in self._lines)


def _breakable(text: str) -> str:
    """Long fingerprints may break anywhere."""
    return " ".join(
        "\N{ZERO WIDTH SPACE}".join(word[i : i + 8] for i in range(0, len(word), 8)) if len(word) > 32 else word
        for word in text.split(" ")
    )
