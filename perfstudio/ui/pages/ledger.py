"""Ledger: the performer's own time by scene, and of every studio what became of each take and what is due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QVBoxLayout

from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.model.clock import utc_now
from perfstudio.model.errors import PerfstudioError
from perfstudio.session.ledger import Ledger
from perfstudio.session.ledger_document import table_bytes
from perfstudio.session.time_document import time_table
from perfstudio.session.time_spent import SceneWork, by_scene
from perfstudio.session.worker import Worker
from perfstudio.texts import errors, formatting, ledger, unread_papers
from perfstudio.ui.ledger.cards import LedgerCard, TimeCard
from perfstudio.ui.ledger.ledger_pdf import ledger_pdf
from perfstudio.ui.refresher import Refresher
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Button, ButtonKind, EmptyState, Page, PlainLabel, SegmentedFilter, Toast
from perfstudio.ui.widgets.put_away import put_away

SaveFile = Callable[[str, bytes], object]
_SPANS: Messages[dict[str, str]] = {"all": "All", "month": "This month", "day": "Today"}
_TITLE = N_("Ledger")


@dataclass(frozen=True, slots=True)
class LedgerRead:
    """What was read at once."""

    ledger: Ledger
    spent: tuple[SceneWork, ...]


class LedgerPage(Page):
    """`refresh` reads on `worker`; `save` asks where a file goes. `today` tells which day it is here."""

    def __init__(
        self,
        *,
        read: Callable[[], LedgerRead],
        worker: Worker,
        toast: Toast,
        save: SaveFile,
        scenes: Callable[[], object],
        today: Callable[[], date] = date.today,
    ) -> None:
        super().__init__(_(_TITLE), " ")
        self._toast, self._save, self._today = toast, save, today
        self._now = LedgerRead(Ledger(()), ())
        self._refresher = Refresher(worker, read, self._show, self._say_problem)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.menu: QMenu | None = None
        self.copy_button = Button(_("Save a copy"), icon="download", on_click=self._ask_copy)
        self.buttons.addWidget(self.copy_button)
        self.span = SegmentedFilter(_("Show"), {name: _(words) for name, words in _SPANS.items()})
        self.span.chosen.connect(lambda _: self._show_time())
        self.time = TimeCard(self.span)
        self.body.addWidget(self.time)
        self._place = QVBoxLayout()
        self._place.setSpacing(16)
        self.body.addLayout(self._place)
        self.cards: list[LedgerCard] = []
        self.unread = PlainLabel("", Role.BODY, "look", wrap=True, selectable=True)
        self.body.addWidget(self.unread)
        go = Button(_("Scenes"), ButtonKind.PRIMARY, on_click=scenes)
        self.none_yet = EmptyState("clock", _("Nothing in your ledger yet"), _(ledger.NOTHING), go)
        self.body.addWidget(self.none_yet)
        self.body.addStretch(1)
        for part in (self.time, self.unread, self.none_yet):
            part.hide()  # nothing has been read yet
        self.copy_button.setEnabled(False)

    def refresh(self) -> None:
        """Read everything again; any number of asks meanwhile become one."""
        self._refresher.refresh()

    def _show(self, read: LedgerRead) -> None:
        self._now = read
        something = bool(read.spent or read.ledger.studios or read.ledger.unread)
        takes = sum(len(studio.lines) for studio in read.ledger.studios)
        self.say(_(_TITLE), formatting.dotted((formatting.count(takes, "take"), *self._due())) if takes else "")
        self.time.setVisible(something)
        self.none_yet.setVisible(not something)
        self.copy_button.setEnabled(something)
        self._show_time()
        for card in self.cards:
            put_away(card)
        self.cards = [LedgerCard(studio) for studio in read.ledger.studios]
        for card in self.cards:
            self._place.addWidget(card)
        self.unread.say("\n".join(unread_papers.lines(read.ledger.unread)))
        self.unread.setVisible(bool(read.ledger.unread))

    def _due(self) -> list[str]:
        return [ledger.accepted_sum(one) for studio in self._now.ledger.studios for one in studio.sums if one.accepted]

    def _show_time(self) -> None:
        length = {"all": 0, "month": 7, "day": 10}[self.span.current()]
        today = self._today().isoformat()[:length]
        self.time.show_time(by_scene(one for one in self._now.spent if one.day.startswith(today)))

    def _ask_copy(self) -> None:
        now, made = self._now, utc_now()
        menu = self.menu = QMenu(self)
        menu.setAccessibleName(self.copy_button.accessibleName())
        files: dict[str, tuple[str, Callable[[], bytes]]] = {
            _("Everything, to read and print (PDF)"): (_("Ledger.pdf"), lambda: self._pdf(made)),
            _("Takes and pay, a table (CSV)"): (_("Ledger.csv"), lambda: table_bytes(now.ledger)),
            _("Time, a table (CSV)"): (_("Time spent.csv"), lambda: time_table(now.spent)),
        }
        for words, (name, data) in files.items():
            menu.addAction(words).triggered.connect(lambda _=False, name=name, data=data: self._save(name, data()))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.copy_button.mapToGlobal(QPoint(0, self.copy_button.height())))

    def _pdf(self, made: datetime) -> bytes:
        return ledger_pdf(self._now.ledger, by_scene(self._now.spent), made)

    def _say_problem(self, problem: PerfstudioError) -> None:
        self._toast.show_message(errors.sentence(problem), tone="danger")
