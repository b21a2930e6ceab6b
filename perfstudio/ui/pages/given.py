"""What I have given to whom: every line of every signed take, by studio and pack, and the way back from here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QMenu, QVBoxLayout, QWidget

from perfstudio.language.catalogue import N_, _
from perfstudio.model.clock import utc_now
from perfstudio.model.consent import ConsentRecord, UseId
from perfstudio.model.errors import PerfstudioError
from perfstudio.session.clips.clip_room import ClipRoom, ClipsNow
from perfstudio.session.consent_many import ConsentMany, ManyOutcome
from perfstudio.session.consents import ConsentService
from perfstudio.session.given import Given, GivenTake, UseStanding
from perfstudio.session.given_document import document_bytes, table_bytes
from perfstudio.session.unread_papers import UnreadPaper
from perfstudio.session.views import KeyState
from perfstudio.session.worker import Worker
from perfstudio.texts import aloud, errors, formatting, given, unread_papers
from perfstudio.ui.given.clip_asking import ClipAsking
from perfstudio.ui.given.clip_deleting import ClipDeleting
from perfstudio.ui.given.clips_card import ClipsCard
from perfstudio.ui.given.given_row import GivenActs, GivenRow
from perfstudio.ui.given.key_strip import KeyStrip
from perfstudio.ui.given.pack_part import BulkActs, Uses
from perfstudio.ui.given.studio_card import StudioCard
from perfstudio.ui.given.unknown_card import UnknownCard
from perfstudio.ui.refresher import Refresher
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Button, ButtonKind, EmptyState, Page, PlainLabel, Toast, announce
from perfstudio.ui.widgets.filter_row import FilterRow
from perfstudio.ui.widgets.put_away import clear_layout
from perfstudio.ui.widgets.question import Ask, Choice

UNFOLDED_TAKES = 24
"""A page with more takes than these begins with its packs folded."""
SaveFile = Callable[[str, bytes], object]
"""Gets a suggested file name and what is in it; asks where to, and writes it."""

T = TypeVar("T")
ONE_SO_FAR = N_("Signing …")
BACK_SO_FAR = N_("Taking back … {takes} so far")
AGAIN_SO_FAR = N_("Giving again … {takes} so far")


def _everything(take: GivenTake) -> bool:
    return True


_FILTERS: dict[str, tuple[str, Callable[[GivenTake], bool]]] = {
    "all": (N_("All"), _everything),
    "allowed": (N_("Allowed"), lambda take: bool(take.standing())),
    "back": (N_("Taken back"), lambda take: any(line.standing is UseStanding.TAKEN_BACK for line in take.lines)),
    "delivered": (N_("Delivered"), lambda take: take.delivered is not None or take.sent is not None),
}


@dataclass(frozen=True, slots=True)
class _Read:
    given: Given
    key: KeyState
    clips: ClipsNow


class GivenPage(Page):
    """`refresh` reads on `worker`, which may wait for a keyring. `ask` shows the one question of this page."""

    def __init__(
        self,
        *,
        read: Callable[[], Given],
        consents: ConsentService,
        worker: Worker,
        toast: Toast,
        ask: Ask,
        save: SaveFile,
        open_consent: Callable[[str], object],
        copy_all: Callable[[], object],
        takes: Callable[[], object],
        clips: ClipRoom,
    ) -> None:
        super().__init__(_(given.TITLE), " ")
        self._source, self._consents, self._many = read, consents, ConsentMany(consents)
        self._worker, self._toast, self._ask, self._save = worker, toast, ask, save
        self._copy_all = copy_all
        self._clips = ClipAsking(clips, worker, toast, ask, self.refresh)
        self._acts = GivenActs(self._back_line, self._give_line, open_consent, self._leave_clip, clips.may_leave)
        self._bulk = BulkActs(take_back=self._ask_back, give=self._ask_give)
        self._given = Given(())
        self._signing: str | None = None
        self._signed = 0
        self._folds: dict[tuple[str, str], bool] = {}
        self.cards: list[StudioCard] = []
        self._refresher = Refresher(worker, self._read, self._show, self._say_problem)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.copying = PlainLabel("", Role.BODY, "text2", wrap=True)
        self.copying.hide()
        self.copy_button = Button(_("Save a copy"), icon="download", on_click=self._ask_copy)
        self.buttons.addWidget(self.copy_button)
        self.menu: QMenu | None = None
        self.key = KeyStrip()
        self.body.addWidget(self.copying)
        self.body.addWidget(self.key)
        shown = {name: _(words) for name, (words, _fits) in _FILTERS.items()}
        self.tools = FilterRow(shown, _("Studio, pack, take"), self._sift)
        self.body.addWidget(self.tools)
        deleting = ClipDeleting(clips, worker, toast, ask)
        self.clips = ClipsCard(self._clips.take_back, lambda clip: deleting.delete(clip, self.refresh))
        self.body.addWidget(self.clips)
        self._place = QVBoxLayout()
        self._place.setSpacing(16)
        self.body.addLayout(self._place)
        self.nothing = EmptyState("search", _("Nothing matches"), _("Try another word, or show all takes."))
        self.none_yet = EmptyState(
            "pen", _("Nothing given yet"), _(given.NOTHING), Button(_("Takes"), ButtonKind.PRIMARY, on_click=takes)
        )
        self.body.addWidget(self.nothing)
        self.body.addWidget(self.none_yet)
        self.body.addStretch(1)
        self._show(_Read(self._given, KeyState.NONE, ClipsNow()))
        self.none_yet.hide()  # nothing has been read yet

    def refresh(self) -> None:
        """Read everything again; any number of asks meanwhile become one."""
        if self._signing is None:
            self._refresher.refresh()

    def take_changed(self) -> None:
        """A record grew: while many are signed, it is said how far that is."""
        if self._signing is None:
            self.refresh()
            return
        self._signed += 1
        self.say(_(given.TITLE), _(self._signing, takes=formatting.count(self._signed, "take")))

    # reading and showing

    def _read(self) -> _Read:
        try:
            key = self._consents.key_place()[0]
        except PerfstudioError:
            key = KeyState.DAMAGED
        return _Read(self._source(), key, self._clips.room.now())

    def _show(self, read: _Read) -> None:
        self._given = read.given
        self.key.show_key(read.key, needed=any(take.standing() or take.once_given() for take in read.given.takes))
        for name, (_words, fits) in _FILTERS.items():
            self.tools.filter.count(name, sum(fits(take) for take in read.given.takes))
        there = bool(read.given.takes)
        self.tools.setVisible(there)
        self.none_yet.setVisible(not there and not read.given.unread)
        self.say(_(given.TITLE), given.subtitle(read.given))
        self.clips.show_clips(read.clips)
        self._sift()

    def _sift(self) -> None:
        """Draw what fits; what was unfolded stays so, and who had the focus has it."""
        words = self.tools.search.text().casefold().split()
        fits = _FILTERS[self.tools.filter.current()][1]
        shown = [take for take in self._given.takes if fits(take) and all(word in _haystack(take) for word in words)]
        opened, focused = self._opened(), self._focused()
        held = any(card.isAncestorOf(QApplication.focusWidget() or self) for card in self.cards)
        self._remember_folds()
        self._clear()
        unknown = [paper for paper in self._given.unknown if fits is _everything and _names(paper, words)]
        if unknown:
            self._place.addWidget(UnknownCard(unknown))
        few = len(shown) <= UNFOLDED_TAKES
        for _name, of_studio in given.by_studio(shown):
            card = StudioCard(
                of_studio, self._acts, self._bulk, opened=opened,
                unfolded=lambda pack, takes: self._folds.get(pack, few or (bool(words) and takes <= UNFOLDED_TAKES)),
            )  # fmt: skip
            self.cards.append(card)
            self._place.addWidget(card)
        self.nothing.setVisible(bool(self._given.takes) and not shown and not unknown)
        row = self.row(focused)
        if row is not None:
            row.more.setFocus(Qt.FocusReason.OtherFocusReason)
        elif held:
            self.setFocus(Qt.FocusReason.OtherFocusReason)  # not on whatever came into its place

    def row(self, take_id: str) -> GivenRow | None:
        """The row of a take, if it is drawn."""
        parts = (part for card in self.cards for part in card.packs.values())
        return next((part.rows[take_id] for part in parts if take_id in part.rows), None)

    def _clear(self) -> None:
        self.cards = []
        clear_layout(self._place)

    def _opened(self) -> frozenset[str]:
        parts = (part for card in self.cards for part in card.packs.values())
        return frozenset(take_id for part in parts for take_id, row in part.rows.items() if row.opened)

    def _remember_folds(self) -> None:
        for card in self.cards:
            for pack_id, part in card.packs.items():
                if part.touched:
                    self._folds[part.takes[0].studio_id, pack_id] = part.unfolded

    def _focused(self) -> str:
        focus: QWidget | None = QApplication.focusWidget()
        while focus is not None and not isinstance(focus, GivenRow):
            focus = focus.parentWidget()
        return focus.take.take_id if isinstance(focus, GivenRow) and self.isAncestorOf(focus) else ""

    # clips

    def _leave_clip(self, take: GivenTake) -> None:
        if not self._lacks_key():
            self._clips.leave(take.take_id, self.key.secret)

    # taking back and giving again

    def _back_line(self, take: GivenTake, use: UseId) -> None:
        self._change(
            lambda secret: self._consents.withdraw(take.take_id, frozenset({use}), passphrase=lambda: secret),
            self._line_changed,
        )

    def _give_line(self, take: GivenTake, use: UseId) -> None:
        self._change(
            lambda secret: self._consents.give(take.take_id, frozenset({use}), passphrase=lambda: secret),
            self._line_changed,
        )

    def _ask_back(self, takes: tuple[GivenTake, ...], whose: str, uses: Uses) -> None:
        def go() -> None:
            self._change(
                lambda secret: self._many.withdraw(takes, uses, passphrase=lambda: secret),
                lambda done: self._many_changed(done, gave=False),
                BACK_SO_FAR,
            )

        if not self._lacks_key():
            self._ask(*given.question(takes, whose, uses), (Choice(_("Leave it")), Choice(_("Take it back"), go)))

    def _ask_give(self, takes: tuple[GivenTake, ...], whose: str, uses: Uses) -> None:
        wanted = uses or frozenset()

        def go() -> None:
            self._change(
                lambda secret: self._many.give(takes, wanted, passphrase=lambda: secret),
                lambda done: self._many_changed(done, gave=True),
                AGAIN_SO_FAR,
            )

        if not self._lacks_key():
            question = given.give_question(takes, whose, wanted)
            self._ask(*question, (Choice(_("Leave it")), Choice(_("Give it again"), go)))

    def _lacks_key(self) -> bool:
        lacks = self.key.lacks()
        if lacks:
            self._toast.show_message(_("Type the passphrase of your signing key."), tone="look")
            if self.area is not None:
                self.area.ensureWidgetVisible(self.key)
        return lacks

    def _change(self, act: Callable[[str | None], T], done: Callable[[T], None], so_far: str = ONE_SO_FAR) -> None:
        if self._signing is not None or self._lacks_key():
            return
        secret = self.key.secret()
        self._signing, self._signed = so_far, 0
        self._enable(on=False)
        self._worker.run(lambda: act(secret), done, self._failed)

    def _line_changed(self, record: ConsentRecord) -> None:
        self._ended(aloud.changed(record, self._consents.spoken_left(record)))

    def _many_changed(self, done: ManyOutcome, *, gave: bool) -> None:
        self._ended(given.outcome(done, given=gave), tone="look" if done.left else "good")

    def _ended(self, words: str, tone: str = "good") -> None:
        self._signing = None
        self._enable(on=True)
        self._toast.show_message(words, tone=tone)
        announce(self, words)
        self.refresh()

    def _failed(self, problem: PerfstudioError) -> None:
        self._signing = None
        self._enable(on=True)
        self._say_problem(problem)
        self.refresh()

    def _enable(self, *, on: bool) -> None:
        for card in self.cards:
            card.setEnabled(on)

    def _say_problem(self, problem: PerfstudioError) -> None:
        self._toast.show_message(errors.sentence(problem), tone="danger")

    # a copy

    def show_copying(self, words: str) -> None:
        """How far a copy of everything is; empty when none is being made."""
        self.copying.say(words)
        self.copying.setVisible(bool(words))

    def _ask_copy(self) -> None:
        given_now, made = self._given, utc_now()
        menu = self.menu = QMenu(self)
        menu.setAccessibleName(self.copy_button.accessibleName())
        table, document = menu.addAction(_("A table (CSV)")), menu.addAction(_("A document (JSON)"))
        table.triggered.connect(lambda: self._save(_("What I have given.csv"), table_bytes(given_now)))
        document.triggered.connect(lambda: self._save(_("What I have given.json"), document_bytes(given_now, made)))
        menu.addSeparator()
        menu.addAction(_("Everything of mine, including takes (a folder)")).triggered.connect(lambda: self._copy_all())
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.copy_button.mapToGlobal(QPoint(0, self.copy_button.height())))


def _haystack(take: GivenTake) -> str:
    named = (take.studio_name, take.studio_id, take.pack_title, take.pack_id, take.title, take.take_id, take.partner)
    return " ".join(named).casefold()


def _names(paper: UnreadPaper, words: Iterable[str]) -> bool:
    """Whether it is of a take that is looked for."""
    return all(word in f"{unread_papers.name(paper)} {paper.take_id}".casefold() for word in words)
