"""The one window: the rail of areas, the page in front, and the stage for which the rail steps aside."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QKeyCombination, QSize, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from perfstudio.language.catalogue import N_, _
from perfstudio.model.opening import address_of
from perfstudio.ui.key_door import KeyDoor
from perfstudio.ui.key_map import PAGE, Deed, key_map
from perfstudio.ui.key_sheet import EVERYWHERE
from perfstudio.ui.keyboard import CTRL
from perfstudio.ui.reading_order import step
from perfstudio.ui.widgets import Notes, PageFoot, Rail, SearchField, Toast, bring_into_view
from perfstudio.ui.widgets.base import Focusable
from perfstudio.ui.widgets.dropping import dropped_packs
from perfstudio.ui.widgets.question import Choice, Question

PAGES: dict[str, tuple[str, str]] = {
    "scenes": ("scenes", N_("Scenes")),
    "green_room": ("green-room", N_("Green room")),
    "takes": ("takes", N_("Takes")),
    "deliveries": ("deliveries", N_("Deliveries")),
    "given": ("pen", N_("Consent")),
    "ledger": ("clock", N_("Ledger")),
    "settings": ("settings", N_("Settings")),
}
"""Name, icon and word of each area on the rail; the last one sits at the foot."""
DESIGNED = QSize(1280, 800)
SMALLEST = QSize(960, 600)
NAME = "perfstudio"


class MainWindow(QMainWindow):
    """Pages are added by name; `go` brings one to the front.

    `may_close` is asked before the window closes: True lets it close, False keeps it (and asks the performer, say,
    with `ask`). `page_chosen` carries the rail's choice; the composition root decides what that means while a take
    is being made.
    """

    page_chosen = Signal(str)
    page_came = Signal(str)
    """Another page is in front."""
    dropped = Signal(str)
    """The address of a pack that was let go over a page which takes none itself."""

    def __init__(self, may_close: Callable[[], bool] = lambda: True) -> None:
        super().__init__()
        self.may_close = may_close
        self._pages: dict[str, tuple[QWidget, str, bool]] = {}
        self._current, self._recording = "", False
        self.before = ""
        """The page that was in front before this one."""
        self.setWindowTitle(NAME)
        self.setAcceptDrops(True)
        self._notes = Notes()
        self._build()
        self._door = KeyDoor(self, lambda: (self._current, self._stack.currentWidget()))
        self._shortcuts: dict[str, QShortcut] = {}
        for number, name in enumerate(PAGES, start=1):
            self.on_key(f"{CTRL} {number}", partial(self._rail_chosen, name))
        self.on_key(f"{CTRL} ,", partial(self._rail_chosen, "settings"))
        self.on_key(f"{CTRL} F", self.search)
        self.on_key("F1", partial(self._rail_chosen, "help"))
        self.on_key("F11", self.turn_full_screen)
        self.on_key(f"{CTRL} Q", self.close)
        self._fit_screen()
        if isinstance(app := QApplication.instance(), QApplication):
            app.focusChanged.connect(self._focus_moved)

    def make_anew(self) -> QWidget:
        """Another language: the rail and what floats are made again, without a page. Notes stay as they were said.

        Returns what was there before, hidden, with its pages; whoever asked lets go of it.
        """
        before = self._centre
        self.takeCentralWidget()
        self._pages, self._current = {}, ""
        notes, self._notes = self._notes, Notes()
        self._build()
        self._notes.take_over(notes)
        self._notes.fit(self.height())
        before.hide()
        return before

    def _build(self) -> None:
        centre = self._centre = QWidget()
        row = QHBoxLayout(centre)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.rail = Rail(PAGES, foot="settings")
        self.rail.chosen.connect(self._rail_chosen)
        row.addWidget(self.rail)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self._notes)
        self._stack = QStackedWidget()
        column.addWidget(self._stack, 1)
        row.addLayout(column, 1)
        self.setCentralWidget(centre)
        self.toast = Toast(centre, foot=self._foot_px)
        self._question = Question(centre)

    def add_page(self, name: str, page: QWidget, *, area: str, full: bool = False) -> None:
        """A page that belongs to an area of the rail; `full` pages have the window to themselves."""
        page.setProperty(PAGE, name)
        self._pages[name] = (page, area, full)
        self._stack.addWidget(page)
        page.windowTitleChanged.connect(lambda _: self._say_title())

    def go(self, name: str) -> None:
        """Bring a page to the front and give it the focus."""
        page, area, full = self._pages[name]
        self.before, self._current = self._current, name
        self.rail.setVisible(not full)
        self.rail.mark(area)
        self._stack.setCurrentWidget(page)
        self._say_title()
        if full:
            self.clear_notes()
            self.toast.hide()
        page.setFocus()
        self.toast.settle()
        self.page_came.emit(name)

    def _focus_moved(self, _before: QWidget | None, now: QWidget | None) -> None:
        """What has the focus of the keyboard is seen, whatever key brought it there."""
        by_keyboard = isinstance(now, QLineEdit) or (isinstance(now, Focusable) and now.shows_ring())
        if now is not None and by_keyboard and now.window() is self:
            bring_into_view(now)

    def _foot_px(self) -> int:
        page = self._stack.currentWidget()
        foot = page.findChild(PageFoot) if page is not None else None
        return foot.height() if foot is not None and foot.isVisible() else 0

    @property
    def centre(self) -> QWidget:
        """All of it below the frame: what lies over pages lies in it."""
        return self._centre

    @property
    def current(self) -> str:
        """The name of the page in front."""
        return self._current

    def show_recording(self, recording: bool) -> None:
        """The title says it too, for the task bar and for those who listen."""
        self._recording = recording
        self._say_title()

    def _say_title(self) -> None:
        """What is in front: the page and, where it has one, the take."""
        page = self._stack.currentWidget()
        if self._recording:
            self.setWindowTitle(_("● Recording – {name}", name=NAME))
        elif page is not None and page.windowTitle():
            self.setWindowTitle(_("{page} – {name}", page=page.windowTitle(), name=NAME))
        else:
            self.setWindowTitle(NAME)

    def search(self) -> None:
        """Type into the search of the page in front, where it has one."""
        page = self._stack.currentWidget()
        fields = page.findChildren(SearchField) if page is not None and not self._question.isVisible() else []
        if field := next((one for one in fields if one.isVisible()), None):
            field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            field.selectAll()

    def turn_full_screen(self) -> None:
        """The whole screen, or as it was before."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def note(
        self,
        sentence: str,
        tone: str = "info",
        *,
        detail: str = "",
        action: tuple[str, Callable[[], object]] | None = None,
    ) -> None:
        """A banner over the page; closing it is the performer's. The same sentence is not shown twice, and several
        fold where they would leave no page.
        """
        self._notes.add(sentence, tone, detail=detail, action=action)

    def clear_notes(self) -> None:
        """Take all banners away."""
        self._notes.clear()

    def ask(self, heading: str, sentence: str, choices: tuple[Choice, ...]) -> None:
        """One question over the page; the first choice is the safe one, and what Escape means."""
        self._question.ask(heading, sentence, choices)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """The Tab key goes as one reads."""
        return step(self._centre, forward=forward) or super().focusNextPrevChild(forward)

    def on_key(self, cap: str, act: Callable[[], object]) -> None:
        """A key of the sheet that works on every page."""
        shortcut = self._shortcuts[cap] = QShortcut(self)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(lambda: act())
        self.keys_changed()

    def keys_changed(self) -> None:
        """Other keys do what works on every page."""
        for cap, shortcut in self._shortcuts.items():
            keys = key_map().presses(Deed(EVERYWHERE, cap, ""))
            shortcut.setKeys([QKeySequence(QKeyCombination.fromCombined(key)) for key in keys])

    def showEvent(self, event: QShowEvent) -> None:
        """From now on it hears keys."""
        super().showEvent(event)
        self._door.stand_at(self.windowHandle())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Notes leave the page its room."""
        super().resizeEvent(event)
        self._notes.fit(self.height())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Packs are welcome everywhere."""
        if dropped_packs(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """They are shown where packs are."""
        for file in dropped_packs(event.mimeData()):
            self.dropped.emit(address_of(file))
        event.acceptProposedAction()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Never in the middle of a take without a word."""
        if self.may_close():
            event.accept()
        else:
            event.ignore()

    def _rail_chosen(self, name: str) -> None:
        if not self._question.isVisible():
            self.rail.mark(self._pages[self._current][1] if self._current else name)
            self.page_chosen.emit(name)

    def _fit_screen(self) -> None:
        """The designed size where the screen has it; small screens get what they have."""
        screen = QGuiApplication.primaryScreen()
        available = screen.availableSize() if screen is not None else DESIGNED
        self.setMinimumSize(SMALLEST.boundedTo(available))
        self.resize(DESIGNED.boundedTo(available))
