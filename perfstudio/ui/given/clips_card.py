"""Clips on the page of what was given: those that wait at studios, with the way back, and those that came."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.model.clip_waiting import ClipSent
from perfstudio.session.clips.clip_room import ClipsNow
from perfstudio.texts import clips, clips_waiting
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Button, Card, Hairline, PlainLabel

MOST_SHOWN = 20
"""Clips of one kind; the newest come first."""


class ClipsCard(Card):
    """Hidden while there are none. `take_back` gets the one that shall wait no longer."""

    def __init__(self, take_back: Callable[[ClipSent], object]) -> None:
        super().__init__(padding=20, spacing=8)
        self._take_back = take_back
        self.backs: dict[str, Button] = {}
        heading = _("Clips for partners")
        self.setAccessibleName(heading)
        self.body.addWidget(PlainLabel(heading, Role.HEADING, wrap=True))
        self._rows: list[QWidget] = []
        self.hide()

    def show_clips(self, now: ClipsNow) -> None:
        """As they stand."""
        for old in self._rows:
            self.body.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._rows, self.backs = [], {}
        for paper, studio in now.sent[:MOST_SHOWN]:
            self._add(clips_waiting.stands(paper, studio), paper)
        for clip in now.here[:MOST_SHOWN]:
            self._add(clips.taken_in(clip))
        self.setVisible(bool(self._rows))

    def _add(self, said: str, paper: ClipSent | None = None) -> None:
        line = Hairline()
        row = QWidget()
        across = QHBoxLayout(row)
        across.setContentsMargins(0, 6, 0, 6)
        across.setSpacing(12)
        across.addWidget(PlainLabel(said, Role.BODY, wrap=True, selectable=True), 1)
        if paper is not None and not paper.wanted_back and (paper.standing is None or paper.standing.gone_at is None):
            back = Button(_("Take it back"), on_click=lambda: self._take_back(paper))
            back.setAccessibleName(_("Take back: {clip}", clip=said))
            across.addWidget(back, alignment=Qt.AlignmentFlag.AlignTop)
            self.backs[paper.left.clip.clip_id] = back
        for widget in (line, row):
            self.body.addWidget(widget)
            self._rows.append(widget)
