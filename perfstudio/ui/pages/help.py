"""Help: the guide's pages, a search in them, and one of them to read."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.texts import guide
from perfstudio.texts.guide import WINDOW, GuidePage
from perfstudio.ui.help.guide_view import GuideView
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Button, ButtonKind, Page, PlainLabel, SearchField
from perfstudio.ui.widgets.columns import TwoColumns
from perfstudio.ui.widgets.link import Link


class HelpPage(Page):
    """`lead` gets the area and the section that a link names; `leave` goes back to where one was."""

    def __init__(self, *, lead: Callable[[str, str], object], leave: Callable[[], object]) -> None:
        super().__init__(_("Help"), _("Short pages, all on this computer."), scrolls=False)
        self._lead, self._leave = lead, leave
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.guide = guide.pages()
        self._shown = self.guide[0]
        self.search = SearchField(_("Search the guide"))
        self.search.textChanged.connect(lambda _: self._sift())
        self.back = Button(_("Back"), ButtonKind.QUIET, key="Esc", icon="arrow-left", on_click=leave)
        self.buttons.addWidget(self.search)
        self.buttons.addWidget(self.back)
        self.view = GuideView(self.follow)
        self.links = {
            page.name: Link(page.title, role=Role.BODY, wrap=True, on_click=lambda page=page: self._turn(page))  # type: ignore[misc]
            for page in self.guide
        }
        self.nothing = PlainLabel(_("No page has these words."), Role.BODY, "text2", wrap=True)
        self.body.addWidget(TwoColumns(self.view, self._list(), (), side_px=250, share=0.34, side_first=True), 1)
        self._turn(self._shown)
        self.nothing.hide()

    def show_topic(self, name: str) -> None:
        """The page of this name, whole."""
        self.search.clear()
        self._turn(next(page for page in self.guide if page.name == name))

    def follow(self, address: str) -> None:
        """A link of a page: to another one, or into the window. Any other means nothing."""
        if address.startswith(WINDOW):
            area, _slash, section = address.removeprefix(WINDOW).partition("/")
            self._lead(area, section)
        for page in self.guide:
            if page.file == address:
                self._turn(page)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back; while nothing else has the focus, the keys that scroll are the text's."""
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.view.keyPressEvent(event)
        else:
            super().keyPressEvent(event)

    def _list(self) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for link in self.links.values():
            column.addWidget(link)
        column.addWidget(self.nothing)
        column.addStretch(1)
        return box

    def _turn(self, page: GuidePage) -> None:
        self._shown = page
        self.view.show_page(page, self.search.text())
        self._mark()

    def _mark(self) -> None:
        for name, link in self.links.items():
            link.mark(on=name == self._shown.name)

    def _sift(self) -> None:
        """The pages that have what is typed; the first of them is read, unless the one that is has it, too."""
        found = guide.having(self.search.text(), self.guide)
        for page in self.guide:
            self.links[page.name].setVisible(page in found)
        self.nothing.setVisible(not found)
        self._turn(self._shown if self._shown in found or not found else found[0])
