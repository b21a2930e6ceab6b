"""Clips on the page of what was given: those that wait at studios, with the way back, and those that came."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.model.clip_waiting import ClipSent
from perfstudio.session.clips.clip_here import ClipHere
from perfstudio.session.clips.clip_room import ClipsNow
from perfstudio.texts import clips_here, clips_waiting
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Button, Card, Hairline, PlainLabel
from perfstudio.ui.widgets.put_away import put_away

MOST_SHOWN = 20
"""Clips of one kind; the newest come first."""


class ClipsCard(Card):
    """Hidden while there are none. `take_back` gets the one that shall wait no longer, `delete` the partner's that
    shall not be here."""

    def __init__(self, take_back: Callable[[ClipSent], object], delete: Callable[[ClipHere], object]) -> None:
        super().__init__(padding=20, spacing=8)
        self._take_back, self._delete = take_back, delete
        self.backs: dict[str, Button] = {}
        self.deletes: dict[str, Button] = {}
        heading = _("Clips for and from partners")
        self.setAccessibleName(heading)
        self.body.addWidget(PlainLabel(heading, Role.HEADING, wrap=True))
        self._rows: list[QWidget] = []
        self.hide()

    def show_clips(self, now: ClipsNow) -> None:
        """As they stand."""
        for old in self._rows:
            self.body.removeWidget(old)
            put_away(old)
        self._rows, self.backs, self.deletes = [], {}, {}
        for paper, studio in now.sent[:MOST_SHOWN]:
            said = clips_waiting.stands(paper, studio)
            self._add(said, self._back(paper, said))
        for clip, studio in now.here[:MOST_SHOWN]:
            self._add(clips_here.line(clip, studio), self._away(clip))
        self.setVisible(bool(self._rows))

    def _back(self, paper: ClipSent, said: str) -> Button | None:
        """The way back of a clip that waits."""
        if paper.wanted_back or (paper.standing is not None and paper.standing.gone_at is not None):
            return None
        back = Button(_("Take it back"), on_click=lambda: self._take_back(paper))
        back.setAccessibleName(_("Take back: {clip}", clip=said))
        self.backs[paper.left.clip.clip_id] = back
        return back

    def _away(self, clip: ClipHere) -> Button:
        away = Button(_("Delete"), on_click=lambda: self._delete(clip))
        away.setAccessibleName(_("Delete: {clip}", clip=clips_here.what(clip)))
        self.deletes[clip.clip.clip_id] = away
        return away

    def _add(self, said: str, button: Button | None) -> None:
        line = Hairline()
        row = QWidget()
        across = QHBoxLayout(row)
        across.setContentsMargins(0, 6, 0, 6)
        across.setSpacing(12)
        across.addWidget(PlainLabel(said, Role.BODY, wrap=True, selectable=True), 1)
        if button is not None:
            across.addWidget(button, alignment=Qt.AlignmentFlag.AlignTop)
        for widget in (line, row):
            self.body.addWidget(widget)
            self._rows.append(widget)
