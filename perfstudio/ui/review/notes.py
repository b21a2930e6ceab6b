"""What stands above a take on Review: why it ended, what it still waits for, and what the studio decided of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.model.take import EndReason, TakeState
from perfstudio.session.takes.missing import MissingLabel
from perfstudio.session.takes.review import TakeReview
from perfstudio.session.takes.rulings import is_rejected
from perfstudio.texts import rulings, states
from perfstudio.texts.template import sentences
from perfstudio.ui.widgets import Banner


class ReviewNotes(QWidget):
    """Not there while there is nothing to say. `ask_meant` leads to the labels, `play_from` gets a moment."""

    def __init__(self, margin: int, *, ask_meant: Callable[[], object], play_from: Callable[[float], object]) -> None:
        super().__init__()
        self._play_from = play_from
        self._moment_s = 0.0
        self.end = Banner("", "look")
        self.unlabelled = Banner(_(states.UNLABELLED), "look", action=(_(states.SAY_MEANT), ask_meant))
        self.ruling = Banner("", "look", detail=" ", action=(_("Play from there"), self._play))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, margin, 12)
        for note in (self.end, self.unlabelled, self.ruling):
            note.hide()
            column.addWidget(note)

    def show_review(self, review: TakeReview) -> None:
        """The take as it stands."""
        line, manifest = review.line, review.manifest
        by_itself = manifest.ended if manifest.ended is not EndReason.CUT else None
        self.end.say(states.end_reason(by_itself) if by_itself else "")
        self.unlabelled.setVisible(line.missing == (MissingLabel.LABEL,))
        self._show_ruling(review)
        self.setVisible(not all(note.isHidden() for note in (self.end, self.unlabelled, self.ruling)))

    def _show_ruling(self, review: TakeReview) -> None:
        """A rejection stands here until the take is binned; that a take was accepted its chip says."""
        ruling = review.line.ruling
        self.ruling.setVisible(is_rejected(ruling) and review.line.state is not TakeState.BINNED)
        if ruling is None:
            return
        said = rulings.decided(ruling, review.decided_by or review.manifest.prompt.studio.name)
        self.ruling.sentence.say(said)
        self.ruling.detail.say(rulings.consequences(ruling, review.paid))
        self.ruling.setAccessibleName(sentences(said, self.ruling.detail.text()))
        self._moment_s = ruling.at_s or 0.0
        if self.ruling.action is not None:
            self.ruling.action.setVisible(ruling.at_s is not None)

    def _play(self) -> None:
        self._play_from(self._moment_s)
