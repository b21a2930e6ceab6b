"""Brief: left who I am, right the scene. Read in peace; Space or Enter goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.model.prompt_2 import ShownPrompt, character_of
from perfstudio.session.clips.clip_here import ClipHere
from perfstudio.session.skips import SkipReason
from perfstudio.session.takes.earlier import EarlierTakes
from perfstudio.session.views import SceneCard
from perfstudio.texts.briefs import spoken_to, wanted
from perfstudio.ui.brief.choices import ChoicesCard, asks_for_role
from perfstudio.ui.brief.earlier_card import EarlierCard
from perfstudio.ui.brief.media_card import MediaCard
from perfstudio.ui.brief.partner_note import PartnerNote
from perfstudio.ui.brief.parts import beats, character, ending, head, part, verbs
from perfstudio.ui.brief.skip_card import SkipCard, skipped_note
from perfstudio.ui.brief.to_know import notes_before
from perfstudio.ui.scenes.asked_again import asked_again
from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets import (
    Button,
    ButtonKind,
    Card,
    FootRow,
    Hairline,
    Link,
    Page,
    PageFoot,
    PlainLabel,
    ScrollColumn,
)
from perfstudio.ui.widgets.base import PRESS
from perfstudio.ui.widgets.heard import Heard
from perfstudio.ui.widgets.put_away import clear_layout
from perfstudio.ui.widgets.reading_text import ReadingText

NARROW = 900
"""Below this width in pixels (at 100 % text) character and scene stand one above the other."""


@dataclass(frozen=True, slots=True)
class BriefChoices:
    """What a performer decides on a brief, and who is told of it with the card that is shown."""

    role: Callable[[SceneCard, str], object] = lambda *_: None
    """Gets the role that is played."""
    language: Callable[[SceneCard, str], object] = lambda *_: None
    """Gets the language that is played in."""
    skip: Callable[[SceneCard, SkipReason, str, bool], object] = lambda *_: None
    """Gets the reason, the performer's words, and whether the studio may read them."""
    take_up: Callable[[SceneCard], object] = lambda _: None
    """A skipped scene is played after all."""
    open_clip: Callable[[], object] = lambda: None
    """A colleague's clip is to be chosen."""
    delete_clip: Callable[[SceneCard, ClipHere], object] = lambda *_: None
    """A colleague's clip shall not be here any more."""


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
        choices: BriefChoices = BriefChoices(),
    ) -> None:
        super().__init__()
        self._watch, self._choices = watch, choices
        self.media: MediaCard | None = None
        self.choosing: ChoicesCard | None = None
        self.skipping: SkipCard | None = None
        self.skip: Link
        self.partner: PartnerNote
        self.earlier: EarlierCard
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

    def heard_role(self) -> Heard:
        """A part of the window with a name of its own."""
        return Heard.Pane

    @property
    def card(self) -> SceneCard | None:
        """The scene that is read."""
        return self._card

    def show_card(self, card: SceneCard, note: str = "") -> None:
        """Another scene. `note` is one quiet line at the foot, such as which devices are in use."""
        self._card = card
        self.setAccessibleName(_("Brief: {title}", title=card.prompt.title))
        self.setWindowTitle(card.prompt.title)
        self._foot.say_note(note)
        self._fill(card)
        self.area.verticalScrollBar().setValue(0)

    def show_clip(self, card: SceneCard, found: tuple[ClipHere, str] | None) -> None:
        """A colleague's clip is here for the scene, with its studio's name, as it was found out meanwhile."""
        if found is not None and self._card is not None and self._card.prompt == card.prompt:
            self.partner.show_clip(*found)

    def show_earlier(self, card: SceneCard, earlier: EarlierTakes) -> None:
        """What was played before, as it was found out meanwhile."""
        if self._card is not None and self._card.prompt == card.prompt:
            self.earlier.show_earlier(earlier)

    def hold(self, card: SceneCard) -> None:
        """The same scene, of which something was chosen that changes no word."""
        self._card = card

    def say_note(self, note: str) -> None:
        """Another quiet line at the foot."""
        self._foot.say_note(note)

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

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing plays on a page that nobody sees."""
        super().hideEvent(event)
        if self.media is not None:
            self.media.rest()

    def _on(self) -> None:
        if self._card is None:
            return
        if asks_for_role(self._card) and self.choosing is not None and self.choosing.roles is not None:
            self.area.ensureWidgetVisible(self.choosing)
            self.choosing.roles.stop().setFocus(Qt.FocusReason.TabFocusReason)
            return
        self._go_on(self._card)

    def _check(self) -> None:
        if self._card is not None:
            self._open_room_check(self._card)

    def _footer(self) -> QWidget:
        back = Button(_("Scenes"), ButtonKind.QUIET, key="Esc", icon="arrow-left", on_click=self._go_back)
        self._note = PlainLabel("", Role.SMALL, "text2", wrap=True)
        self._note.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        room = Button(_("Green room"), key="G", on_click=self._check)
        self.on = Button(_("Step on stage"), ButtonKind.PRIMARY, key="Space", on_click=self._on)
        self._foot = FootRow(back, (room, self.on), Page.MARGIN, note=self._note)
        return self._foot

    def _ask_why(self) -> None:
        """Why it is skipped, at the top of the page."""
        card = self._card
        if card is None or self.skipping is not None:
            return
        skip = self._choices.skip
        self.skipping = SkipCard(card.studio_name, lambda *why: skip(card, *why), lambda: self._fill(card))
        self.area.body.insertWidget(0, self.skipping)
        self.skip.hide()
        self.area.verticalScrollBar().setValue(0)
        self.skipping.reasons.stop().setFocus(Qt.FocusReason.TabFocusReason)

    def _fill(self, card: SceneCard) -> None:
        if self.media is not None:
            self.media.rest()
        self.media = self.choosing = self.skipping = None
        self.skip = Link(_("Skip this scene"), tone="text2", on_click=self._ask_why)
        self.skip.setVisible(card.scene.skipped is None)
        clear_layout(self.area.body)
        sheet = QWidget()
        column = QVBoxLayout(sheet)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addLayout(head(card.prompt, self.skip))
        for note in self._before(card):
            column.addWidget(note)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(16)
        side = self._side(card)
        if side.count():
            self._columns.addLayout(side, 36)
        self._columns.addLayout(self._scene(card.prompt), 64)
        column.addLayout(self._columns)
        self.earlier = EarlierCard(character_of(card.prompt, card.brief), self._watch)
        column.addWidget(self.earlier)
        self.area.body.addWidget(sheet)
        self.area.body.addStretch(1)
        self._turn()

    def _before(self, card: SceneCard) -> list[QWidget]:
        """What stands above the sheets: what was decided, what to know, what to choose."""
        found: list[QWidget] = []
        if card.again is not None:
            found.append(asked_again(card.again, card.studio_name, self._watch))
        if card.scene.skipped is not None:
            found.append(skipped_note(card.scene.skipped, lambda: self._choices.take_up(card)))
        found += notes_before(card)
        self.partner = PartnerNote(card, self._choices.open_clip, lambda clip: self._choices.delete_clip(card, clip))
        found.append(self.partner)
        if ChoicesCard.needed(card):
            self.choosing = ChoicesCard(
                card,
                lambda role: self._choices.role(card, role),
                lambda language: self._choices.language(card, language),
            )
            found.append(self.choosing)
        return found

    def _side(self, card: SceneCard) -> QVBoxLayout:
        """The character, and what is seen and heard; nothing where neither is there."""
        side = QVBoxLayout()
        side.setSpacing(16)
        who = character(card.prompt, card.brief)
        if who is not None:
            side.addWidget(who)
        if card.scene.media:
            self.media = MediaCard(card.scene.media)
            side.addWidget(self.media)
        if side.count():
            side.addStretch(1)
        return side

    def _scene(self, prompt: ShownPrompt) -> QVBoxLayout:
        """Situation and partner over the whole width, then what to play beside the beats, then how it ends."""
        column = QVBoxLayout()
        column.setSpacing(16)
        card = Card(padding=24, spacing=20)
        card.setAccessibleName(_("Scene"))
        card.body.addWidget(ReadingText(prompt.situation, size=17))
        if partner := spoken_to(prompt):
            card.body.addLayout(part(_("You speak to"), partner))
        self._play = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._play.setSpacing(28)
        want = _want(prompt)
        if want.count() or prompt.beats:
            card.body.addWidget(Hairline())
        if want.count():
            want.addStretch(1)
            self._play.addLayout(want, 1)
        if prompt.beats:
            self._play.addLayout(beats(prompt.beats), 1)
        card.body.addLayout(self._play)
        column.addWidget(card)
        self._end = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._end.setSpacing(16)
        self._end.addWidget(ending(prompt.ends_when), 1)
        if prompt.note:
            note = Card(padding=20, ground="ground0")
            note.body.addLayout(part(_("The director's note"), prompt.note))
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


def _want(prompt: ShownPrompt) -> QVBoxLayout:
    """What is played, as far as the scene says."""
    column = QVBoxLayout()
    column.setSpacing(16)
    for heading, text in wanted(prompt):
        column.addLayout(part(heading, text))
    if prompt.verbs:
        column.addLayout(verbs(prompt.verbs))
    return column
