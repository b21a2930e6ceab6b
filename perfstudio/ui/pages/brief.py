"""Brief: left who I am, right the scene. Read in peace; Space or Enter goes on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.model.prompt import Brief, Prompt
from perfstudio.session.views import SceneCard
from perfstudio.texts import formatting, states
from perfstudio.ui.scenes.asked_again import asked_again
from perfstudio.ui.scenes.scene_tile import feeling, strength
from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets import (
    Button,
    ButtonKind,
    Card,
    Chip,
    FlowLayout,
    FootRow,
    Hairline,
    Page,
    PageFoot,
    PlainLabel,
    ScrollColumn,
    ThemedIcon,
)
from perfstudio.ui.widgets.base import PRESS
from perfstudio.ui.widgets.reading_text import ReadingText

NARROW = 900
"""Below this width in pixels (at 100 % text) character and scene stand one above the other."""


class BriefPage(QWidget):
    """`go_on` steps on the stage with the card that is shown, `check_room` into the green room with it, `go_back`
    returns to the scenes; `watch` shows the take that the studio speaks of, where it asked for the scene again."""

    def __init__(
        self,
        *,
        go_on: Callable[[SceneCard], None],
        go_back: Callable[[], None],
        open_room_check: Callable[[SceneCard], object] = lambda _: None,
        watch: Callable[[str], object] = lambda _: None,
    ) -> None:
        super().__init__()
        self._watch = watch
        self._go_on, self._go_back, self._open_room_check = go_on, go_back, open_room_check
        self._card: SceneCard | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.area = ScrollColumn(margins=(32, 28, 32, 28), spacing=16)
        self.area.verticalScrollBar().setSingleStep(40)
        outer.addWidget(self.area, 1)
        outer.addWidget(PageFoot(self._footer()))

    def show_card(self, card: SceneCard, note: str = "") -> None:
        """Another scene. `note` is one quiet line at the foot, such as which devices are in use."""
        self._card = card
        self.setAccessibleName(_("Brief: {title}", title=card.prompt.title))
        self._note.say(note)
        self._fill(card)
        self.area.verticalScrollBar().setValue(0)

    def say_note(self, note: str) -> None:
        """Another quiet line at the foot."""
        self._note.say(note)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Enter go on, G goes to the green room, Escape goes back, the arrows scroll."""
        bar = self.area.verticalScrollBar()
        key = Qt.Key(event.key())
        scroll = {
            Qt.Key.Key_Down: bar.singleStep(),
            Qt.Key.Key_Up: -bar.singleStep(),
            Qt.Key.Key_PageDown: bar.pageStep(),
            Qt.Key.Key_PageUp: -bar.pageStep(),
        }
        if key in scroll:
            bar.setValue(bar.value() + scroll[key])
        elif key in PRESS and not event.isAutoRepeat():
            self._on()
        elif key is Qt.Key.Key_Escape and not event.isAutoRepeat():
            self._go_back()
        elif key is Qt.Key.Key_G and not event.isAutoRepeat():
            self._check()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two columns when it is wide enough."""
        super().resizeEvent(event)
        self._turn()

    def _on(self) -> None:
        if self._card is not None:
            self._go_on(self._card)

    def _check(self) -> None:
        if self._card is not None:
            self._open_room_check(self._card)

    def _footer(self) -> QWidget:
        back = Button(_("Scenes"), ButtonKind.QUIET, key="Esc", icon="arrow-left", on_click=self._go_back)
        self._note = PlainLabel("", Role.SMALL, "text2", wrap=True)
        self._note.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        room = Button(_("Green room"), key="G", on_click=self._check)
        on = Button(_("Step on stage"), ButtonKind.PRIMARY, key="Space", on_click=self._on)
        return FootRow(back, (room, on), Page.MARGIN, note=self._note)

    def _fill(self, card: SceneCard) -> None:
        while (item := self.area.body.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        sheet = QWidget()
        column = QVBoxLayout(sheet)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addLayout(_head(card.prompt))
        if card.again is not None:
            column.addWidget(asked_again(card.again, card.studio_name, self._watch))
        if card.prompt.content_notes:
            column.addWidget(_content_notes(card.prompt.content_notes))
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(16)
        side = QVBoxLayout()
        side.addWidget(_character(card.brief))
        side.addStretch(1)
        self._columns.addLayout(side, 36)
        self._columns.addLayout(self._scene(card.prompt), 64)
        column.addLayout(self._columns)
        self.area.body.addWidget(sheet)
        self.area.body.addStretch(1)
        self._turn()

    def _scene(self, prompt: Prompt) -> QVBoxLayout:
        """Situation and partner over the whole width, then what to play beside the beats, then how it ends."""
        column = QVBoxLayout()
        column.setSpacing(16)
        card = Card(padding=24, spacing=20)
        card.setAccessibleName(_("Scene"))
        card.body.addWidget(ReadingText(prompt.situation, size=17))
        partner = f"{_sentence(prompt.partner)} {_sentence(states.status(prompt.status))}"
        card.body.addLayout(_part(_("You speak to"), partner))
        card.body.addWidget(Hairline())
        self._play = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._play.setSpacing(28)
        want = QVBoxLayout()
        want.setSpacing(16)
        for heading, text in (
            (_("What you want now"), prompt.objective),
            (_("What is in the way"), prompt.obstacle),
            (_("What nobody knows"), prompt.secret),
        ):
            want.addLayout(_part(heading, text))
        want.addLayout(_verbs(prompt.verbs))
        want.addStretch(1)
        self._play.addLayout(want, 1)
        self._play.addLayout(_beats(prompt.beats), 1)
        card.body.addLayout(self._play)
        column.addWidget(card)
        self._end = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._end.setSpacing(16)
        self._end.addWidget(_ending(prompt), 1)
        if prompt.note:
            note = Card(padding=20, ground="ground0")
            note.body.addLayout(_part(_("The director's note"), prompt.note))
            note.body.addStretch(1)
            self._end.addWidget(note, 1)
        column.addLayout(self._end)
        column.addStretch(1)
        return column

    def _turn(self) -> None:
        if self._card is not None:
            wide = self.width() >= theme_now().px(NARROW)
            across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
            self._columns.setDirection(across if wide else down)
            self._play.setDirection(across if wide else down)
            self._end.setDirection(across if wide else down)


def _head(prompt: Prompt) -> QVBoxLayout:
    head = QVBoxLayout()
    head.setSpacing(10)
    head.addWidget(PlainLabel(prompt.title, Role.TITLE, wrap=True))
    chips = QWidget()
    flow = FlowLayout(chips, spacing=6)
    length = formatting.minutes_range(prompt.min_s, prompt.max_s)
    flow.addWidget(Chip(feeling(prompt), "accent"))
    for words in (strength(prompt), length, states.prompt_kind(prompt.kind)):
        flow.addWidget(Chip(words))
    head.addWidget(chips)
    return head


def _content_notes(notes: tuple[str, ...]) -> QWidget:
    """What to know before: calm, and before everything else."""
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(ThemedIcon("note", "look", 18), alignment=Qt.AlignmentFlag.AlignTop)
    row.addWidget(PlainLabel(" ".join(_sentence(note) for note in notes), Role.BODY, "text2", wrap=True), 1)
    line.setAccessibleName(_("Content notes"))
    return line


def _character(brief: Brief) -> Card:
    card = Card(padding=20, spacing=16)
    card.setAccessibleName(_("Character"))
    name = QHBoxLayout()
    name.setSpacing(12)
    name.addWidget(ThemedIcon("person", "text2", 24))
    name.addWidget(PlainLabel(f"{brief.name}, {brief.age}", Role.HEADING, wrap=True), 1)
    card.body.addLayout(name)
    parts = [
        (_("Who I am"), brief.who),
        (_("What I want"), brief.wants),
        (_("What I hide"), brief.hides),
        (_("How I sound"), brief.sounds),
        (_("My people"), brief.relationships or ""),
        (_("Limits"), " ".join(_sentence(limit) for limit in brief.limits)),
    ]
    for heading, text in parts:
        if text:
            card.body.addLayout(_part(heading, text))
    return card


def _part(heading: str, text: str, *, size: float = 15) -> QVBoxLayout:
    part = QVBoxLayout()
    part.setSpacing(4)
    part.addWidget(PlainLabel(heading, Role.SMALL, "text2", wrap=True))
    part.addWidget(ReadingText(text, size=size))
    return part


def _verbs(verbs: tuple[str, ...]) -> QVBoxLayout:
    part = QVBoxLayout()
    part.setSpacing(8)
    part.addWidget(PlainLabel(_("Try to"), Role.SMALL, "text2"))
    row = QWidget()
    flow = FlowLayout(row, spacing=6)
    for verb in verbs:
        flow.addWidget(Chip(verb))
    part.addWidget(row)
    return part


def _beats(beats: tuple[str, ...]) -> QVBoxLayout:
    part = QVBoxLayout()
    part.setSpacing(8)
    part.addWidget(PlainLabel(_("Beats"), Role.SMALL, "text2"))
    for number, beat in enumerate(beats, start=1):
        row = QHBoxLayout()
        row.setSpacing(12)
        digit = ReadingText(str(number), size=15, tone="accent_text", weight=QFont.Weight.DemiBold)
        digit.setFixedWidth(theme_now().px(16))
        row.addWidget(digit, alignment=Qt.AlignmentFlag.AlignTop)
        row.addWidget(ReadingText(beat, size=15), 1)
        part.addLayout(row)
    part.addStretch(1)
    return part


def _ending(prompt: Prompt) -> Card:
    card = Card(padding=20, spacing=4, ground="accent_soft", border="accent_soft")
    card.body.addWidget(PlainLabel(_("It ends when"), Role.SMALL, "accent_text"))
    card.body.addWidget(ReadingText(prompt.ends_when, size=18, weight=QFont.Weight.Medium))
    card.body.addStretch(1)
    return card


def _sentence(text: str) -> str:
    """With a capital and a full stop, as it stands among others."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?", "…")) else ".")
