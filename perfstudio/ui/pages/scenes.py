"""Scenes: packs by studio, their prompts as cards, and the way to bring a new pack in."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QFocusEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from perfstudio.language.catalogue import N_, _
from perfstudio.session.scene_facts import LeftOut
from perfstudio.session.scene_sifting import SceneSift, choices_of
from perfstudio.session.views import SCENES_DONE, PackView, SceneCard, SceneState
from perfstudio.texts import formatting, scenes
from perfstudio.texts.scenes import card_line
from perfstudio.ui.scenes.first_steps import FirstSteps, FirstStepsCard
from perfstudio.ui.scenes.limits_note import LimitsNote
from perfstudio.ui.scenes.offer_card import Offers
from perfstudio.ui.scenes.pack_header import PackHeader
from perfstudio.ui.scenes.scene_tile import SceneTile, feeling
from perfstudio.ui.scenes.section_head import SectionHead
from perfstudio.ui.scenes.sift_row import SiftRow
from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets import (
    Button,
    Card,
    EmptyState,
    Page,
    PlainLabel,
    ThemedIcon,
)
from perfstudio.ui.widgets.dropping import dropped_packs
from perfstudio.ui.widgets.filter_row import FilterRow
from perfstudio.ui.widgets.put_away import put_away
from perfstudio.ui.widgets.tiles import TileGrid

_FILTERS: dict[str, tuple[str, frozenset[SceneState]]] = {
    "all": (N_("All"), frozenset(SceneState)),
    "todo": (N_("To do"), frozenset({SceneState.UNTOUCHED, SceneState.AGAIN})),
    "tried": (N_("In progress"), frozenset({SceneState.TRIED})),
    "done": (N_("Done"), SCENES_DONE),
}


def _haystack(card: SceneCard) -> str:
    """Everything a search looks through, folded: the scene's own words, and where it stands."""
    prompt, brief, section = card.prompt, card.brief, card.scene.section
    parts = [prompt.title, card_line(card), feeling(prompt), prompt.line, prompt.situation, prompt.partner]
    parts += [brief.who if brief else "", *scenes.tag_names(card.scene.tags or ())]
    parts += [card.pack_title, section.title if section else ""]
    return " ".join([*(said for said in parts if said), *prompt.content_notes, prompt.kind.value]).casefold()


def _shown_in(pack: PackView) -> tuple[object, ...]:
    """What stays where it is while this stays the same."""
    return (pack.id, pack.version, *((card.prompt.id, card.scene.section) for card in pack.cards))


LEAST_TILE = 300
"""Pixels of a column at 100 % text; of large text fewer columns hold more."""


class _Section(QWidget):
    """One pack: its head and its tiles."""

    def __init__(self, pack: PackView, opened: Callable[[SceneTile], object]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 12)
        column.setSpacing(16)
        self.shows = _shown_in(pack)
        self.head = PackHeader(pack)
        column.addWidget(self.head)
        self._parts: list[tuple[QWidget, list[SceneTile]]] = []
        self.tiles: list[SceneTile] = []
        self._haystacks: list[str] = []
        for section, cards in groupby(pack.cards, key=lambda card: card.scene.section):
            part, tiles = SectionHead(section), []
            grid = TileGrid(least=max(LEAST_TILE, theme_now().px(230)))
            for card in cards:
                tile = SceneTile(card)
                tile.clicked.connect(lambda _=False, tile=tile: opened(tile))
                tiles.append(tile)
                self._haystacks.append(_haystack(card))
                grid.add(tile)
            self.tiles += tiles
            self._parts.append((part, tiles))
            column.addWidget(part)
            column.addWidget(grid)

    def show_pack(self, pack: PackView) -> None:
        """The same pack, further on."""
        self.head.show_pack(pack)
        for tile, card in zip(self.tiles, pack.cards, strict=True):
            tile.show_card(card)

    def sift(self, states: frozenset[SceneState], words: list[str], asked: SceneSift) -> int:
        """Show what matches; how many that are."""
        shown = 0
        for tile, haystack in zip(self.tiles, self._haystacks, strict=True):
            fits = tile.card.state in states and asked.fits(tile.card) and all(word in haystack for word in words)
            tile.setVisible(fits)
            shown += fits
        for part, tiles in self._parts:
            part.setVisible(any(not tile.isHidden() for tile in tiles) and bool(part.accessibleName()))
        self.setVisible(shown > 0)
        return shown


class ScenesPage(Page):
    """`open_scene` gets the card that was opened, `import_file` a dropped file, `choose_file` is the import button."""

    def __init__(
        self,
        *,
        open_scene: Callable[[SceneCard], None],
        import_file: Callable[[Path], None],
        choose_file: Callable[[], None],
        open_limits: Callable[[], object] = lambda: None,
        first: FirstSteps | None = None,
    ) -> None:
        super().__init__(_("Scenes"), " ")
        self._open_scene, self._import_file = open_scene, import_file
        self._sections: list[_Section] = []
        self._opened: SceneTile | None = None
        self.setAcceptDrops(True)
        self.import_button = Button(_("Import a pack"), icon="import", on_click=choose_file)
        self.buttons.addWidget(self.import_button)
        shown = {name: _(words) for name, (words, _states) in _FILTERS.items()}
        self._tools = FilterRow(shown, _("Character, feeling, place"), self._sift)
        self.filter, self.search = self._tools.filter, self._tools.search
        self.body.addWidget(self._tools)
        self.sift = SiftRow(self._sift)
        self.body.addWidget(self.sift)
        self.limits = LimitsNote(open_limits)
        self.body.addWidget(self.limits)
        self.offers = Offers()
        self.body.insertWidget(0, self.offers)
        self.first = FirstStepsCard(first or FirstSteps((), lambda _behind: None))
        self.body.insertWidget(1, self.first)
        self._packs = QVBoxLayout()
        self._packs.setSpacing(16)
        self.body.addLayout(self._packs)
        self.nothing = EmptyState("search", _("Nothing matches"), _("Try another word, or show all scenes."))
        self.none_yet = EmptyState(
            "scenes",
            _("No scenes yet"),
            _("Drop a pack from your studio here, or import it. Everything works without a network."),
            Button(_("Import a pack"), icon="import", on_click=choose_file),
        )
        self.body.addWidget(self.nothing)
        self.body.addWidget(self.none_yet)
        self.body.addStretch(1)
        self._veil = _DropVeil(self)
        self.show_packs(())
        self.none_yet.hide()  # nothing has been read yet

    def show_packs(self, packs: tuple[PackView, ...]) -> None:
        """All packs as they stand. The same packs in the same order keep their tiles, focus and place."""
        if [section.shows for section in self._sections] == [_shown_in(pack) for pack in packs]:
            for section, pack in zip(self._sections, packs, strict=True):
                section.show_pack(pack)
        else:
            for section in self._sections:
                self._packs.removeWidget(section)
                put_away(section)
            self._sections = [_Section(pack, self._open) for pack in packs]
            for section in self._sections:
                self._packs.addWidget(section)
        self._count(packs)
        self.sift.show_choices(choices_of(card for pack in packs for card in pack.cards))
        self._sift()

    def show_offers(self) -> None:
        """A pack was opened: the place where it is shown comes into sight."""
        if self.area is not None:
            self.area.verticalScrollBar().setValue(0)

    def tiles(self) -> list[SceneTile]:
        """Every tile that is shown, in order."""
        return [t for section in self._sections for t in section.tiles if not t.isHidden() and not section.isHidden()]

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Who comes back from a scene is where it was opened."""
        super().focusInEvent(event)
        if event.reason() is Qt.FocusReason.OtherFocusReason and self._opened in self.tiles():
            self._opened.setFocus(Qt.FocusReason.OtherFocusReason)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept files or folders that may be packs."""
        if dropped_packs(event.mimeData()):
            event.acceptProposedAction()
            self._veil.cover()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Take the drop hint away."""
        self._veil.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        """Each pack is handed in, to be looked at first."""
        self._veil.hide()
        for file in dropped_packs(event.mimeData()):
            self._import_file(file)
        event.acceptProposedAction()

    def _open(self, tile: SceneTile) -> None:
        self._opened = tile
        self._open_scene(tile.card)

    def _count(self, packs: tuple[PackView, ...]) -> None:
        cards = [card for pack in packs for card in pack.cards]
        for name, (_words, states) in _FILTERS.items():
            self.filter.count(name, sum(card.state in states for card in cards))
        left = sum(card.state not in SCENES_DONE and card.state is not SceneState.SKIPPED for card in cards)
        self.limits.show_left_out(sum((pack.left_out for pack in packs), LeftOut()))
        words = _(
            "{packs} · {scenes} left · everything here works offline",
            packs=formatting.count(len(packs), "pack"),
            scenes=formatting.count(left, "scene"),
        )
        self.say(_("Scenes"), words if packs else "")

    def _sift(self) -> None:
        words = self.search.text().casefold().split()
        states = _FILTERS[self.filter.current()][1]
        shown = sum(section.sift(states, words, self.sift.now) for section in self._sections)
        self.none_yet.setVisible(not self._sections)
        for row in (self._tools, self.sift):
            row.setVisible(bool(self._sections))
        self.nothing.setVisible(any(section.tiles for section in self._sections) and shown == 0)


class _DropVeil(Card):
    """Covers the page while a pack hovers over it."""

    def __init__(self, page: QWidget) -> None:
        super().__init__(ground="ground2", border="accent_text", parent=page)
        self._page = page
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.body.addStretch(1)
        self.body.addWidget(ThemedIcon("import", "accent_text", 40), alignment=Qt.AlignmentFlag.AlignHCenter)
        self.body.addWidget(
            PlainLabel(_("Drop it to see what this pack is"), Role.HEADING), alignment=Qt.AlignmentFlag.AlignHCenter
        )
        self.body.addStretch(1)
        self.hide()

    def cover(self) -> None:
        """Show over the whole page."""
        self.setGeometry(self._page.rect().adjusted(16, 16, -16, -16))
        self.show()
        self.raise_()
