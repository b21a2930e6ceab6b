"""Takes: everything that was recorded, found again by word, scene and state; decided about one by one or several at
once; and the bin."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.library.take_row import TakeRow
from perfstudio.library.trash import EmptyReport
from perfstudio.model.errors import PerfstudioError
from perfstudio.model.take import TakeState
from perfstudio.session.takes.arranging import Shown, TakesView, arranged
from perfstudio.session.takes.many_actions import ManyAction
from perfstudio.session.takes.take_actions import TakeAction
from perfstudio.session.takes.takes import Takes
from perfstudio.session.undo import Step
from perfstudio.session.uses_again import UsesDesk
from perfstudio.session.views import TakeLine
from perfstudio.session.worker import Worker
from perfstudio.texts import devices, errors, formatting, many_takes
from perfstudio.texts.template import capital
from perfstudio.ui.refresher import Refresher
from perfstudio.ui.takes import take_menu
from perfstudio.ui.takes.arrange_row import ArrangeRow
from perfstudio.ui.takes.bands import Group
from perfstudio.ui.takes.field import TakeField, heading
from perfstudio.ui.takes.many_bar import ManyBar
from perfstudio.ui.takes.many_deeds import Ask, LeadsTo, ManyDeeds
from perfstudio.ui.takes.reading import SeenTakes, Store, read_store
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Button, ButtonKind, EmptyState, Page, PlainLabel, Toast, announce
from perfstudio.ui.widgets.filter_row import FilterRow
from perfstudio.ui.widgets.question import Choice
from perfstudio.ui.widgets.take_tile import TakeTile, name_of

_FILTERS: Messages[dict[Shown, str]] = {
    Shown.ALL: "All",
    Shown.UNDECIDED: "To decide",
    Shown.KEPT: "Kept",
    Shown.CIRCLED: "Circled",
    Shown.DELIVERED: "Delivered",
    Shown.BIN: "Bin",
}
_MANY_KEYS = {
    Qt.Key.Key_K: ManyAction.KEEP,
    Qt.Key.Key_L: ManyAction.LABELS_AGAIN,
    Qt.Key.Key_U: ManyAction.USES_AGAIN,
    Qt.Key.Key_S: ManyAction.SEND,
}
_SHOW = N_("Show in folder")


class TakesPage(Page):
    """`refresh` reads the library on `worker`; what is signed for several takes is signed on `signing`. `ask` shows
    the one question of this page, `busy` names takes that are being sent; `view` is how the takes were last looked at,
    and `keep_view` hears of another way."""

    def __init__(
        self,
        *,
        takes: Takes,
        worker: Worker,
        toast: Toast,
        ask: Ask,
        busy: Callable[[], tuple[str, ...]],
        leads: LeadsTo,
        uses: UsesDesk,
        signing: Worker,
        view: TakesView,
        keep_view: Callable[[TakesView], object],
    ) -> None:
        super().__init__(_("Takes"), " ")
        self._takes, self._worker, self._toast = takes, worker, toast
        self._ask, self._busy, self._leads = ask, busy, leads
        self._view, self._keep_view = view, keep_view
        self._rows: dict[str, TakeRow] = {}
        self._opened, self._read_once = "", False
        self.menu: QMenu | None = None
        self._seen = SeenTakes(takes, worker, self._show_line)
        self._refresher = Refresher(worker, lambda: read_store(takes), self._show, self._say_problem)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._acts: dict[TakeAction, Callable[[TakeLine], object]] = {
            TakeAction.OPEN: lambda line: self._go(leads.review, line.take_id),
            TakeAction.RESTORE: lambda line: self._do(lambda: takes.restore(line.take_id)),
            TakeAction.KEEP: lambda line: self._do(lambda: takes.keep(line.take_id)),
            TakeAction.CIRCLE: lambda line: self._do(lambda: takes.circle(line.take_id, on=True)),
            TakeAction.UNCIRCLE: lambda line: self._do(lambda: takes.circle(line.take_id, on=False)),
            TakeAction.SAY_MEANT: lambda line: self._go(leads.label, line.take_id),
            TakeAction.CHOOSE_USES: lambda line: self._go(leads.consent, line.take_id),
            TakeAction.SEE_SIGNED: lambda line: self._go(leads.consent, line.take_id),
            TakeAction.SEND: lambda line: leads.deliver(line.take_id),
            TakeAction.MAKE_CLIP: lambda line: self._go(leads.make_clip, line.take_id),
            TakeAction.BIN: self._bin_take,
        }
        self._deeds = ManyDeeds(
            takes=takes, uses=uses, workers=(worker, signing), toast=toast, ask=ask, leads=leads,
            delete=self._ask_delete, changed=self.refresh,
        )  # fmt: skip
        self._build()

    def _build(self) -> None:
        shown = {name.value: _(words) for name, words in _FILTERS.items()}
        self.tools = FilterRow(shown, _("Scene, character, feeling"), self._tools_changed)
        self.filter, self.search = self.tools.filter, self.tools.search
        self.arrange = ArrangeRow(self._look)
        for part in (self.tools, self.arrange, self._bin_row()):
            self.body.addWidget(part)
        self.field = TakeField(self._seen.line)
        self.field.opened.connect(lambda take_id: self._go(self._leads.review, take_id))
        self.field.menu_asked.connect(lambda take_id: self.show_actions(self.field.tiles[take_id]))
        self.field.wanted.connect(self._seen.read)
        self.field.choice_changed.connect(self._show_choice)
        self.body.addWidget(self.field)
        self.nothing = EmptyState(
            "search",
            _("Nothing matches"),
            _("Try another word, or show all takes."),
            Button(_("Show all takes"), on_click=self.show_all),
        )
        self.none_yet = EmptyState(
            "takes",
            _("No takes yet"),
            _("Choose a scene, read its brief, and roll. Your takes will be here."),
            Button(_("Scenes"), ButtonKind.PRIMARY, on_click=self._leads.scenes),
        )
        self.body.addWidget(self.nothing)
        self.body.addWidget(self.none_yet)
        self.body.addStretch(1)
        self.many = ManyBar(self._deeds.act, self._choose_none)
        self._foot = self.set_foot(self.many)
        self._foot.hide()
        self.filter.choose(self._view.shown)
        for part in (self.tools, self.arrange, self.nothing, self.none_yet):
            part.hide()  # nothing has been read yet

    @property
    def tiles(self) -> dict[str, TakeTile]:
        """The tiles that are made, by take: those in sight, in their order, and some around them."""
        return self.field.tiles

    def refresh(self) -> None:
        """Read the library again; any number of asks meanwhile become one. At first the newest takes come alone, where
        they are what is looked at."""
        if not self._read_once and self._view == TakesView():
            self._worker.run(lambda: read_store(self._takes, first=True), self._show_first, self._say_problem)
        self._refresher.refresh()

    def has(self, take_id: str) -> bool:
        """Whether a take is among those that were read."""
        return take_id in self._rows

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Who comes back from a take is where it was opened."""
        super().focusInEvent(event)
        if event.reason() is Qt.FocusReason.OtherFocusReason and self._opened in self._rows:
            self.field.show_take(self._opened, Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters decide about what is chosen, else about the take that has the focus; Escape chooses none."""
        ctrl = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if not event.isAutoRepeat() and not ctrl and self._decide(event.key()):
            return
        if ctrl and event.key() == Qt.Key.Key_A and self.field.order:
            self.field.choose_all()
            return
        super().keyPressEvent(event)

    def _decide(self, key: int) -> bool:
        here = self.field.focused()
        if key == Qt.Key.Key_Space and here:
            self.field.tiles[here].turned.emit()
            return True
        if self.field.chosen():
            if key == Qt.Key.Key_Escape:
                self._choose_none()
                return True
            return self._decide_many(key)
        return bool(here) and take_menu.press(self._seen.line(here), key, self._acts)

    def _decide_many(self, key: int) -> bool:
        if key in take_menu.DELETE_KEYS:
            return self.many.press(ManyAction.RESTORE) or self.many.press(ManyAction.BIN)
        return key in _MANY_KEYS and self.many.press(_MANY_KEYS[Qt.Key(key)])

    def show_actions(self, tile: TakeTile) -> None:
        """What can be done with a take, as a menu with its keys."""
        take_id = tile.line.take_id
        more = {_(_SHOW): lambda: self._leads.show_files((take_id,))}
        self.menu = take_menu.take_menu(self, tile, self._acts, more)

    def show_all(self) -> None:
        """Every take but those in the bin, whatever was looked for."""
        self.search.clear()
        self._look(shown=Shown.ALL, character="", emotion="")
        self.filter.choose(Shown.ALL)
        self.filter.stop().setFocus(Qt.FocusReason.OtherFocusReason)

    # what is done

    def _go(self, page: Callable[[str], object], take_id: str) -> None:
        self._opened = take_id
        page(take_id)

    def _bin_take(self, line: TakeLine) -> None:
        def binned(step: Step | None) -> None:
            self.refresh()
            self._say_done(_("{take} is in the bin.", take=name_of(line)), step)

        self._worker.run(lambda: self._takes.bin(line.take_id), binned, self._say_problem)

    def _ask_delete(self, take_ids: Iterable[str]) -> None:
        rows = [self._rows[take_id] for take_id in take_ids]
        only = frozenset(row.take_id for row in rows)

        def delete() -> None:
            self._worker.run(lambda: self._takes.empty_bin(self._busy(), only), self._deleted, self._say_problem)

        question = many_takes.delete_question(len(rows), sum(row.size_bytes for row in rows))
        whole = only == {row.take_id for row in self._binned()}
        words = _("Empty the bin") if whole else _("Delete them")
        self._ask(*question, (Choice(_("Keep them")), Choice(words, delete)))

    def _deleted(self, report: EmptyReport) -> None:
        self._toast.show_message(many_takes.deleted(report), tone="look" if report.left else "good")
        self.refresh()

    def _do(self, work: Callable[[], object]) -> None:
        self._worker.run(work, lambda _: self.refresh(), self._say_problem)

    def _say_done(self, words: str, step: Step | None) -> None:
        undo = lambda: self._do(lambda: self._takes.undo.back(step))  # noqa: E731 - the toast's way back
        self._toast.show_message(words, undo=undo if step is not None else None)

    def _say_problem(self, problem: PerfstudioError) -> None:
        self._toast.show_message(errors.sentence(problem), tone="danger")

    # what is chosen

    def _choose_none(self) -> None:
        self.field.choose_none()
        here = self.field.focused()
        if not here and self.field.order:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_choice(self) -> None:
        rows = [self._rows[take_id] for take_id in self.field.chosen()]
        if rows:
            self.many.show_chosen(rows)
            announce(self, self.many.words.text())
        self._foot.setVisible(bool(rows))

    # reading and showing

    def _show_first(self, store: Store) -> None:
        if not self._read_once and not store.whole:
            self._fill(store)

    def _show(self, store: Store) -> None:
        self._read_once = True
        self._fill(store)
        for shown, number in store.counts.items():
            self.filter.count(shown, number)
        self._say_storage(store)

    def _fill(self, store: Store) -> None:
        self._rows = {row.take_id: row for row in store.rows}
        self._seen.show_rows(store.rows)
        self.arrange.show_view(self._view, store.characters, store.emotions)
        self._sift()

    def _show_line(self, line: TakeLine, picture: QPixmap) -> None:
        self.field.show_line(line, picture)

    def _tools_changed(self) -> None:
        shown = Shown(self.filter.current())
        if shown is not self._view.shown:
            self._look(shown=shown)
        else:
            self._sift()

    def _look(self, **values: object) -> None:
        """Another way of looking, kept for the next time."""
        self._view = self._view.model_copy(update=values)
        self._keep_view(self._view)
        self._sift()

    def _sift(self) -> None:
        words = self.search.text().casefold().split()
        groups = arranged(self._rows.values(), self._view, lambda row: not words or _has(row, words))
        shown = [
            Group(
                heading(group.title, len(group.rows)) if self._view.by_scene else "",
                tuple(r.take_id for r in group.rows),
            )
            for group in groups
        ]
        self.field.show_groups(shown, self._seen.pictures)
        self._seen.read(self.field.tiles)
        self.field.setVisible(bool(shown))
        self._say_empty(shown=bool(shown))

    def _say_empty(self, *, shown: bool) -> None:
        binned = self._binned()
        in_bin = self._view.shown is Shown.BIN
        self._bin_note.setVisible(in_bin and bool(binned))
        size = formatting.size(sum(row.size_bytes for row in binned))
        self._bin_words.say(_("{size} are in the bin. You can restore everything until you empty it.", size=size))
        self.tools.setVisible(bool(self._rows))
        self.arrange.setVisible(len(self._rows) > 1)
        self.none_yet.setVisible(not self._rows)
        self.nothing.setVisible(bool(self._rows) and not shown)
        if in_bin and not binned:
            self.nothing.say(_("The bin is empty"), _("Takes you bin stay here until you empty it."))
        else:
            self.nothing.say(_("Nothing matches"), _("Try another word, or show all takes."))

    def _binned(self) -> list[TakeRow]:
        return [row for row in self._rows.values() if row.state is TakeState.BINNED]

    def _say_storage(self, store: Store) -> None:
        here = [row for row in store.rows if row.state is not TakeState.BINNED]
        if not store.rows:
            self.say(_("Takes"), "")
            return
        words = _(
            "{takes} · {size} on this computer · room for {room} more",
            takes=formatting.count(len(here), "take"),
            size=formatting.size(store.used),
            room=devices.lasts(store.time_left_s),
        )
        self.say(_("Takes"), capital(words))

    def _bin_row(self) -> QWidget:
        self._bin_note = QWidget()
        row = QHBoxLayout(self._bin_note)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        self._bin_words = PlainLabel("", Role.BODY, "text2", wrap=True)
        row.addWidget(self._bin_words, 1)
        ask = lambda: self._ask_delete([row.take_id for row in self._binned()])  # noqa: E731 - all of it
        self.empty_button = Button(_("Empty the bin"), icon="bin", on_click=ask)
        row.addWidget(self.empty_button)
        self._bin_note.hide()
        return self._bin_note


def _has(row: TakeRow, words: list[str]) -> bool:
    """Whether all that was typed is said of it."""
    number = _("take {number}", number=row.take_number)
    parts = (row.prompt_title, row.character, *row.emotions, *row.meant, number, row.pack_id, row.prompt_id)
    said = " ".join(parts).casefold()
    return all(word in said for word in words)
