"""One studio on the page of what was given: who it is, its packs, and taking back all of it at once."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from perfstudio.session.given import GivenTake
from perfstudio.texts import formatting, given, ledger
from perfstudio.ui.given.given_row import GivenActs
from perfstudio.ui.given.pack_part import BulkActs, BulkButtons, PackPart
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Card, Hairline, PlainLabel


class StudioCard(Card):
    """`packs` by their ids; `opened` names takes whose lines are shown."""

    def __init__(
        self,
        takes: tuple[GivenTake, ...],
        acts: GivenActs,
        bulk: BulkActs,
        *,
        opened: frozenset[str],
        unfolded: Callable[[tuple[str, str], int], bool],
    ) -> None:
        """`unfolded` says for (studio id, pack id) and a number of takes whether they are shown."""
        super().__init__(padding=20, spacing=8)
        studio = takes[0]
        self.setAccessibleName(studio.studio_name)
        head = QHBoxLayout()
        head.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(PlainLabel(studio.studio_name, Role.HEADING, wrap=True))
        packs = given.by_pack(takes)
        counts = given.counts(takes) if len(packs) > 1 else ""
        said = formatting.dotted((studio.studio_id, counts, ledger.counted_states(takes)))
        words.addWidget(PlainLabel(said, Role.SMALL, "text2", wrap=True))
        head.addLayout(words, 1)
        self.bulk = BulkButtons(takes, studio.studio_name, bulk)
        if len(packs) > 1:  # else the pack has the same buttons
            head.addWidget(self.bulk, alignment=Qt.AlignmentFlag.AlignTop)
        else:
            self.bulk.setParent(self)
            self.bulk.hide()
        self.body.addLayout(head)
        self.packs: dict[str, PackPart] = {}
        for title, of_pack in packs:
            part = self.packs[of_pack[0].pack_id] = PackPart(title, of_pack, acts, bulk, opened=opened)
            self.body.addWidget(Hairline())
            self.body.addWidget(part)
            if unfolded((studio.studio_id, of_pack[0].pack_id), len(of_pack)):
                part.unfold()
