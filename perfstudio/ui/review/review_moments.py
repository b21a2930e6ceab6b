"""The moments of the take shown: on the timeline, in its legend, in the list; and the keys that mark more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from perfstudio.model.checks import CheckCode
from perfstudio.model.errors import PerfstudioError
from perfstudio.model.marks import OwnMark
from perfstudio.model.timing import MarkerName
from perfstudio.session.takes.moments import MARKS, moments_of
from perfstudio.session.takes.review import TakeReview
from perfstudio.session.takes.waveform import Waveform
from perfstudio.texts import moments
from perfstudio.ui.playback.player import Playback
from perfstudio.ui.review.decisions import ToldDecisions
from perfstudio.ui.review.legend import Legend
from perfstudio.ui.review.moments_card import MomentActs, MomentsCard
from perfstudio.ui.review.timeline import Timeline
from perfstudio.ui.widgets import announce


class ReviewMoments:
    """Owns `legend` and `card`; `arrange` gives what is left its place when the legend says more or less."""

    def __init__(
        self, page: QWidget, playback: Playback, timeline: Timeline, decisions: ToldDecisions,
        arrange: Callable[[], object],
    ) -> None:  # fmt: skip
        self._page, self._playback, self._timeline = page, playback, timeline
        self._decisions, self._arrange = decisions, arrange
        self._take_id = ""
        self.legend = Legend()
        self.card = MomentsCard(MomentActs(playback.play_from, self.mark, self.broke, self._remove, self._word))

    def show_review(self, review: TakeReview) -> None:
        """The take as it stands."""
        self._take_id, manifest = review.line.take_id, review.manifest
        found = moments_of(manifest)
        self._timeline.show_moments(found, face=any(check.code is CheckCode.FACE for check in manifest.checks))
        self.card.show_moments(found, can_mark=manifest.own_marks() is not None)
        self._show_legend()

    def show_wave(self, wave: Waveform | PerfstudioError) -> None:
        """Its sound has been read, or cannot be."""
        self._timeline.show_wave(wave)
        self.card.show_wave(wave if isinstance(wave, Waveform) else None)
        self._show_legend()

    def mark(self) -> None:
        """Where it stands is a moment, which gets a word; marked once more it is none."""
        where = self._here(MarkerName.MARK)
        self.card.await_word(where)
        self._mark(where)

    def broke(self) -> None:
        """Where it stands the character did not hold."""
        self._mark(self._here(MarkerName.BROKE))

    def _here(self, name: Literal[MarkerName.MARK, MarkerName.BROKE]) -> OwnMark:
        return OwnMark(name=name, at_s=round(self._playback.position_s, 3))

    def _mark(self, where: OwnMark) -> None:
        self._decisions.mark(self._take_id, where)
        announce(self._page, moments.kind(MARKS[where.name]))

    def _remove(self, where: OwnMark) -> None:
        self._page.setFocus(Qt.FocusReason.OtherFocusReason)  # its row goes
        self._decisions.mark(self._take_id, where)

    def _word(self, where: OwnMark, word: str) -> None:
        self._decisions.word_mark(self._take_id, where, word)

    def _show_legend(self) -> None:
        self.legend.show_signs(self._timeline.signs())
        self._arrange()
