"""Signed takes of which it cannot be read what was given: they stay on the page, with what can be done."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.session.unread_papers import UnreadPaper
from perfstudio.texts import unread_papers
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Card, Hairline, PlainLabel


class UnknownCard(Card):
    """A row a paper."""

    def __init__(self, papers: Sequence[UnreadPaper]) -> None:
        super().__init__(padding=20, spacing=8)
        heading = _("Papers that cannot be read")
        self.setAccessibleName(heading)
        self.body.addWidget(PlainLabel(heading, Role.HEADING, wrap=True))
        for paper in papers:
            self.body.addWidget(Hairline())
            self.body.addWidget(_row(paper))


def _row(paper: UnreadPaper) -> QWidget:
    row = QWidget()
    row.setAccessibleName(unread_papers.line(paper))
    column = QVBoxLayout(row)
    column.setContentsMargins(0, 10, 0, 10)
    column.setSpacing(2)
    column.addWidget(PlainLabel(unread_papers.name(paper), Role.STRONG, wrap=True))
    column.addWidget(PlainLabel(unread_papers.said(paper), Role.SMALL, "text2", wrap=True, selectable=True))
    return row
