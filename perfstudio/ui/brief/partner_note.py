"""Whom a scene is played to, before it is played: somebody of the pack, a colleague's clip, or nobody who is heard."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.model.prompt_2 import RolePrompt
from perfstudio.session.clips.clip_here import ClipHere
from perfstudio.session.partner import partner_clip, wants_recorded
from perfstudio.session.views import SceneCard
from perfstudio.texts import clips, clips_here, errors, partner, scenes
from perfstudio.ui.widgets import Banner, Link


class PartnerNote(QWidget):
    """Not there where nothing is to be said. `choose` asks for a colleague's file, `delete` gets a clip that shall not
    be here."""

    def __init__(
        self,
        card: SceneCard,
        choose: Callable[[], object],
        delete: Callable[[ClipHere], object],
    ) -> None:
        super().__init__()
        self._delete = delete
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        words = _of_the_pack(card)
        self.usual = Banner(words, "info") if words else None
        self.choose = Link(_(clips.OPEN), tone="text2", on_click=choose)
        if self.usual is not None:
            self._column.addWidget(self.usual)
        self._column.addWidget(self.choose, alignment=Qt.AlignmentFlag.AlignLeft)
        self.colleague: Banner | None = None
        self._is_for_two = _for_two(card)
        self.choose.setVisible(self._is_for_two)
        self.setVisible(bool(words) or self._is_for_two)

    def show_clip(self, here: ClipHere, studio: str) -> None:
        """A colleague's clip is here for the scene: it comes before what the pack brings, unless it cannot be played
        to; then that is said. `studio` is where it came from, empty for a file."""
        if here.unfit is None:
            if self.usual is not None:
                self.usual.hide()
            self.choose.hide()
        self.colleague = Banner(
            clips.plays(here.clip) if here.unfit is None else errors.sentence(here.unfit),
            "info" if here.unfit is None else "look",
            detail=clips_here.in_brief(here, studio) if here.unfit is None else "",
            action=(_(clips_here.DELETE), lambda: self._delete(here)),
        )
        self._column.addWidget(self.colleague)
        self.show()


def _of_the_pack(card: SceneCard) -> str:
    if not wants_recorded(card):
        return scenes.partner_not_here(card.prompt)
    clip = partner_clip(card)
    return partner.brief_note(clip.media.about) if clip is not None else partner.no_recording()


def _for_two(card: SceneCard) -> bool:
    """Whether somebody else plays in it."""
    prompt = card.prompt
    return len(card.scene.roles) > 1 or (isinstance(prompt, RolePrompt) and prompt.opposite is not None)
