"""The heading above the scenes of one section of a pack, with what they have in common."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from perfstudio.model.pack_2 import PackSection
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets.label import PlainLabel


class SectionHead(QWidget):
    """Empty, and not there, above scenes of no section."""

    def __init__(self, section: PackSection | None) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(2)
        if section is None:
            self.hide()  # the others are shown with the page: alone they would be windows for a moment
            return
        self.setAccessibleName(section.title)
        column.addWidget(PlainLabel(section.title, Role.HEADING, wrap=True))
        if section.about:
            column.addWidget(PlainLabel(section.about, Role.SMALL, "text2", wrap=True))
