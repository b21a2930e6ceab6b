"""Takes: everything that was recorded, found again by word and state, with its decisions at hand, and the bin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.library.trash import EmptyReport
from perfstudio.model.errors import PerfstudioError
from perfstudio.model.take import TakeState
from perfstudio.session.takes.take_actions import KEPT, TakeAction, actions_of, towards_sending
from perfstudio.session.takes.takes import Takes
from perfstudio.session.undo import Step
from perfstudio.session.views import TakeLine
from perfstudio.session.worker import Worker
from perfstudio.texts import clips, devices, errors, formatting, states
from perfstudio.texts.error_details import reason
from perfstudio.texts.template import capital, sentences
from perfstudio.ui.key_map import cap_on
from perfstudio.ui.refresher import Refresher
from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets import Button, ButtonKind, EmptyState, Page, PlainLabel, Toast
from perfstudio.ui.widgets.filter_row import FilterRow
from perfstudio.ui.widgets.keycap import cap_words
from perfstudio.ui.widgets.question import Choice
from perfstudio.ui.widgets.take_tile import TakeTile, name_of
from perfstudio.ui.widgets.tiles import TileGrid

_FILTERS: dict[str, tuple[str, Callable[[TakeLine], bool]]] = {
    "all": (N_("All"), lambda line: line.state is not TakeState.BINNED),
    "undecided": (N_("To decide"), lambda line: line.state is TakeState.UNDECIDED),
    "kept": (N_("Kept"), lambda line: line.state in KEPT),
    "circled": (N_("Circled"), lambda line: line.circled and line.state is not TakeState.BINNED),
    "delivered": (N_("Delivered"), lambda line: line.state is TakeState.DELIVERED or line.sent),
    "bin": (N_("Bin"), lambda line: line.state is TakeState.BINNED),
}
_LEFT: Messages[dict[str, str]] = {
    "busy": "still on its way to a studio",
    "promised": "promised to a studio",
    "damaged": "damaged, so it was left as it is",
    "link": "not a folder of its own",
    "not_removed": "in use by another program",
    "not_binned": "out of the bin again",
}


@dataclass(frozen=True, slots=True)
class _Store:
    """What was read at once: the lines, and how full it is."""

    lines: tuple[TakeLine, ...]
    used: int
    time_left_s: float


class TakesPage(Page):
    """`refresh` reads the library on `worker`. `ask` shows the one question of this page, `busy` names takes that are
    being sent; the other callables lead to other pages."""

    def __init__(
        self,
        *,
        takes: Takes,
        worker: Worker,
        toast: Toast,
        ask: Callable[[str, str, tuple[Choice, ...]], object],
        busy: Callable[[], tuple[str, ...]],
        review: Callable[[str], object],
        consent: Callable[[str], object],
        label: Callable[[str], object],
        deliver: Callable[[str], object],
        clip: Callable[[str], object],
        scenes: Callable[[], object],
    ) -> None:
        super().__init__(_("Takes"), " ")
        self._takes, self._worker, self._toast = takes, worker, toast
        self._ask, self._busy = ask, busy
        self._review, self._consent, self._deliver, self._label = review, consent, deliver, label
        self._clip = clip
        self._lines: tuple[TakeLine, ...] = ()
        self.tiles: dict[str, TakeTile] = {}
        self._haystacks: dict[str, str] = {}
        self._refresher = Refresher(worker, self._read, self._show, self._say_problem)
        self._opened = ""
        self.menu: QMenu | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        shown = {name: _(words) for name, (words, _fits) in _FILTERS.items()}
        self._tools = FilterRow(shown, _("Scene, character, feeling"), self._sift)
        self.filter, self.search = self._tools.filter, self._tools.search
        self.body.addWidget(self._tools)
        self.body.addWidget(self._bin_row())
        self._place = QVBoxLayout()
        self._grid = TileGrid(least=theme_now().px(248))
        self._place.addWidget(self._grid)
        self.body.addLayout(self._place)
        self.nothing = EmptyState("search", _("Nothing matches"), _("Try another word, or show all takes."))
        self.none_yet = EmptyState(
            "takes",
            _("No takes yet"),
            _("Choose a scene, read its brief, and roll. Your takes will be here."),
            Button(_("Scenes"), ButtonKind.PRIMARY, on_click=scenes),
        )
        self.body.addWidget(self.nothing)
        self.body.addWidget(self.none_yet)
        self.body.addStretch(1)
        self._show(_Store((), 0, 0))
        self.none_yet.hide()  # nothing has been read yet

    def refresh(self) -> None:
        """Read the library again; any number of asks meanwhile become one."""
        self._refresher.refresh()

    def line(self, take_id: str) -> TakeLine | None:
        """The line of a take as shown."""
        return next((line for line in self._lines if line.take_id == take_id), None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Who comes back from a take is where it was opened."""
        super().focusInEvent(event)
        tile = self.tiles.get(self._opened)
        if event.reason() is Qt.FocusReason.OtherFocusReason and tile is not None and not tile.isHidden():
            tile.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters decide about the take that has the focus."""
        tile = self._focused()
        if tile is None or event.isAutoRepeat() or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
            return
        for action in self._actions(tile.line):
            if event.key() in action.keys:
                action.act()
                return
        super().keyPressEvent(event)

    def show_actions(self, tile: TakeTile) -> None:
        """What can be done with a take, as a menu with its keys."""
        self.menu = QMenu(self)
        self.menu.setAccessibleName(_("Actions for {take}", take=name_of(tile.line)))
        for action in self._actions(tile.line):
            entry = QAction(f"{action.words}\t{cap_words(cap_on(self, action.key))}", self.menu)
            entry.triggered.connect(lambda _=False, act=action.act: act())
            self.menu.addAction(entry)
        self.menu.aboutToHide.connect(self.menu.deleteLater)
        self.menu.popup(tile.mapToGlobal(QPoint(tile.width() - 24, tile.height() - 8)))

    # what can be done

    def _actions(self, line: TakeLine) -> list[_Action]:
        leads = towards_sending(line)
        return [self._action(action, line, leads=action is leads) for action in actions_of(line)]

    def _action(self, action: TakeAction, line: TakeLine, *, leads: bool) -> _Action:
        words, key, keys = _WORDS[action]
        acts: dict[TakeAction, Callable[[], object]] = {
            TakeAction.OPEN: lambda: self._go(self._review, line.take_id),
            TakeAction.RESTORE: lambda: self._do(lambda: self._takes.restore(line.take_id)),
            TakeAction.KEEP: lambda: self._do(lambda: self._takes.keep(line.take_id)),
            TakeAction.CIRCLE: lambda: self._do(lambda: self._takes.circle(line.take_id, on=True)),
            TakeAction.UNCIRCLE: lambda: self._do(lambda: self._takes.circle(line.take_id, on=False)),
            TakeAction.SAY_MEANT: lambda: self._go(self._label, line.take_id),
            TakeAction.CHOOSE_USES: lambda: self._go(self._consent, line.take_id),
            TakeAction.SEE_SIGNED: lambda: self._go(self._consent, line.take_id),
            TakeAction.SEND: lambda: self._deliver(line.take_id),
            TakeAction.MAKE_CLIP: lambda: self._go(self._clip, line.take_id),
            TakeAction.BIN: lambda: self._bin_take(line),
        }
        return _Action(_(words), key, (*keys, Qt.Key.Key_S) if leads else keys, acts[action])

    def _go(self, page: Callable[[str], object], take_id: str) -> None:
        self._opened = take_id
        page(take_id)

    def _bin_take(self, line: TakeLine) -> None:
        def binned(step: Step | None) -> None:
            self.refresh()
            undo = lambda: self._do(lambda: self._takes.undo.back(step))  # noqa: E731 - the toast's way back
            self._toast.show_message(_("{take} is in the bin.", take=name_of(line)), undo=undo)

        self._worker.run(lambda: self._takes.bin(line.take_id), binned, self._say_problem)

    def _ask_empty(self) -> None:
        binned = [line for line in self._lines if line.state is TakeState.BINNED]
        takes = formatting.count(len(binned), "take")
        size = formatting.size(sum(line.size for line in binned))
        self._ask(
            _("Delete {takes} for good?", takes=takes),
            _(
                "That frees {size} and cannot be undone. What you signed and what was received stays on record.",
                size=size,
            ),
            (Choice(_("Keep them")), Choice(_("Empty the bin"), self._empty)),
        )

    def _empty(self) -> None:
        self._worker.run(lambda: self._takes.empty_bin(self._busy()), self._emptied, self._say_problem)

    def _emptied(self, report: EmptyReport) -> None:
        gone = _("{takes} deleted.", takes=formatting.count(len(report.deleted), "take"))
        kept = [_(_LEFT.get(why, "")) or reason(why) for _take, why in report.left]
        stays = (
            _(
                "{takes} stayed: {reasons}.",
                takes=formatting.count(len(kept), "take"),
                reasons=formatting.listing(dict.fromkeys(kept)),
            )
            if kept
            else ""
        )
        self._toast.show_message(sentences(capital(gone), stays), tone="look" if kept else "good")
        self.refresh()

    def _do(self, work: Callable[[], object]) -> None:
        self._worker.run(work, lambda _: self.refresh(), self._say_problem)

    def _say_problem(self, problem: PerfstudioError) -> None:
        self._toast.show_message(errors.sentence(problem), tone="danger")

    # reading and showing

    def _read(self) -> _Store:
        return _Store(self._takes.lines(TakeState), self._takes.storage_bytes(), self._takes.time_left_s())

    def _show(self, store: _Store) -> None:
        self._lines = store.lines
        if [line.take_id for line in store.lines] == list(self.tiles):
            for line in store.lines:
                self.tiles[line.take_id].show_line(line)
        else:
            self._fill(store.lines)
        self._haystacks = {line.take_id: _haystack(line) for line in store.lines}
        for name, (_words, fits) in _FILTERS.items():
            self.filter.count(name, sum(fits(line) for line in store.lines))
        self._say_storage(store)
        self._sift()

    def _fill(self, lines: tuple[TakeLine, ...]) -> None:
        """Other takes: tiles that are still there are kept, with their focus."""
        before, self.tiles = self.tiles, {}
        focused = self._focused()
        grid = TileGrid(least=theme_now().px(248))
        for line in lines:
            tile = before.pop(line.take_id, None)
            if tile is None:
                tile = TakeTile(line)
                tile.clicked.connect(lambda _on=False, take_id=line.take_id: self._go(self._review, take_id))
                tile.menu_asked.connect(lambda tile=tile: self.show_actions(tile))
            else:
                tile.show_line(line)
            self.tiles[line.take_id] = tile
            grid.add(tile)
        self._place.replaceWidget(self._grid, grid)
        self._grid.hide()
        self._grid.deleteLater()
        self._grid = grid
        if focused is not None and focused.line.take_id in self.tiles:
            focused.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say_storage(self, store: _Store) -> None:
        here = [line for line in store.lines if line.state is not TakeState.BINNED]
        if not store.lines:
            self.say(_("Takes"), "")
            return
        takes = formatting.count(len(here), "take")
        room = devices.lasts(store.time_left_s)
        self.say(
            _("Takes"),
            _sentence(
                _(
                    "{takes} · {size} on this computer · room for {room} more",
                    takes=takes,
                    size=formatting.size(store.used),
                    room=room,
                )
            ),
        )

    def _sift(self) -> None:
        words = self.search.text().casefold().split()
        chosen = self.filter.current()
        fits = _FILTERS[chosen][1]
        shown = 0
        for line in self._lines:
            match = fits(line) and all(word in self._haystacks[line.take_id] for word in words)
            self.tiles[line.take_id].setVisible(match)
            shown += match
        binned = [line for line in self._lines if line.state is TakeState.BINNED]
        self._bin_note.setVisible(chosen == "bin" and bool(binned))
        size = formatting.size(sum(line.size for line in binned))
        self._bin_words.say(_("{size} are in the bin. You can restore everything until you empty it.", size=size))
        self._tools.setVisible(bool(self._lines))
        self.none_yet.setVisible(not self._lines)
        self.nothing.setVisible(bool(self._lines) and shown == 0)
        if chosen == "bin" and not binned:
            self.nothing.say(_("The bin is empty"), _("Takes you bin stay here until you empty it."))
        else:
            self.nothing.say(_("Nothing matches"), _("Try another word, or show all takes."))

    def _focused(self) -> TakeTile | None:
        focus = QApplication.focusWidget()
        return focus if isinstance(focus, TakeTile) and focus.line.take_id in self.tiles else None

    def _bin_row(self) -> QWidget:
        self._bin_note = QWidget()
        row = QHBoxLayout(self._bin_note)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        self._bin_words = PlainLabel("", Role.BODY, "text2", wrap=True)
        row.addWidget(self._bin_words, 1)
        self.empty_button = Button(_("Empty the bin"), icon="bin", on_click=self._ask_empty)
        row.addWidget(self.empty_button)
        return self._bin_note


_DELETE = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
_WORDS: dict[TakeAction, tuple[str, str, tuple[Qt.Key, ...]]] = {
    TakeAction.OPEN: (N_("Open"), "Enter", ()),
    TakeAction.RESTORE: (N_("Restore"), "Del", _DELETE),
    TakeAction.KEEP: (N_("Keep"), "K", (Qt.Key.Key_K,)),
    TakeAction.CIRCLE: (N_("Circle"), "C", (Qt.Key.Key_C,)),
    TakeAction.UNCIRCLE: (N_("No longer circled"), "C", (Qt.Key.Key_C,)),
    TakeAction.SAY_MEANT: (states.SAY_MEANT, "L", (Qt.Key.Key_L,)),
    TakeAction.CHOOSE_USES: (N_("Choose its uses"), "U", (Qt.Key.Key_U,)),
    TakeAction.SEE_SIGNED: (N_("What you signed"), "U", (Qt.Key.Key_U,)),
    TakeAction.SEND: (N_("Send"), "S", ()),
    TakeAction.MAKE_CLIP: (clips.MAKE, "P", (Qt.Key.Key_P,)),
    TakeAction.BIN: (N_("Bin"), "Del", _DELETE),
}
"""Words, the cap beside them, and the keys; S leads towards sending, whatever is missing."""


@dataclass(frozen=True, slots=True)
class _Action:
    """One thing that can be done: words, the cap, the keys, the deed."""

    words: str
    key: str
    keys: tuple[Qt.Key, ...]
    act: Callable[[], object]


def _haystack(line: TakeLine) -> str:
    parts = [
        line.title,
        line.character,
        *line.emotions,
        _("take {number}", number=line.number),
        line.pack_id,
        line.prompt_id,
    ]
    return " ".join(parts).casefold()


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
