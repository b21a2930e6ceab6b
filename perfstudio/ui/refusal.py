"""Why there is no window, in a small one of its own: who pressed a link or a file has no terminal to read in."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QVBoxLayout

from perfstudio.language.catalogue import _
from perfstudio.ui import theme
from perfstudio.ui.icons import mark
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Button, ButtonKind, PlainLabel

WIDTH_PX = 460


class RefusalBox(QDialog):
    """One sentence and one button; Enter and Escape close it."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.setWindowTitle(QApplication.applicationName())
        self.setMinimumWidth(theme.theme_now().px(WIDTH_PX))
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 24)
        column.setSpacing(8)
        column.addWidget(PlainLabel(_("perfstudio did not open"), Role.HEADING, wrap=True))
        self.sentence = PlainLabel(sentence, Role.BODY, "text2", wrap=True, selectable=True)
        column.addWidget(self.sentence)
        column.addSpacing(12)
        row = QHBoxLayout()
        row.addStretch(1)
        self.close_button = Button(_("Close"), ButtonKind.PRIMARY, on_click=self.accept)
        row.addWidget(self.close_button)
        column.addLayout(row)
        self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)


def show_refusal(app: QApplication, sentence: str) -> None:
    """Show it in the system's colours; returns when it was closed."""
    app.setWindowIcon(mark())
    theme.apply(app, theme.decide(app, theme.Appearance.SYSTEM))
    box = RefusalBox(sentence)
    box.exec()
    box.deleteLater()
