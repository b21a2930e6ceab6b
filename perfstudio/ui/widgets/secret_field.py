"""Where a passphrase or a token is typed: dots instead of letters."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit

from perfstudio.ui.theme import theme_now

LONGEST = 500
"""Letters of a passphrase."""


class SecretField(QLineEdit):
    """`words` stand in it while it is empty, and name it unless `name` does; `widest_px` grows with the text."""

    def __init__(self, words: str, *, name: str = "", longest: int = LONGEST, widest_px: int | None = None) -> None:
        super().__init__()
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setPlaceholderText(words)
        self.setAccessibleName(name or words)
        self.setToolTip(words)
        self.setMaxLength(longest)
        if widest_px is not None:
            self.setMaximumWidth(theme_now().px(widest_px))
