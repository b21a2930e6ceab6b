"""The stage's side of a recorded partner: asks the recorder to be ready, and knows how it stands. A stage without one,
or whose partner cannot be heard, rolls all the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from perfstudio.model.partner import PartnerWish
from perfstudio.session import recorder_messages as rm
from perfstudio.session.partner_view import PartnerView
from perfstudio.session.recorder_router import RecorderRouter
from perfstudio.session.views import SceneCard

AskedPartner = Callable[[SceneCard], tuple[PartnerView, PartnerWish | None] | None]
"""Of a scene: what is said of its recorded partner at first, and what is asked of the recorder."""


def nobody(_: SceneCard) -> tuple[PartnerView, PartnerWish | None] | None:
    """Every scene is played alone."""
    return None


class PartnerSide:
    """`view` is None for a scene without a recorded partner."""

    def __init__(self, recorder: RecorderRouter, asked: AskedPartner) -> None:
        self._recorder, self._asked = recorder, asked
        self._wish: PartnerWish | None = None
        self.view: PartnerView | None = None

    def ready_for(self, card: SceneCard | None) -> None:
        """Another scene, or devices that have just been opened."""
        view, wish = (self._asked(card) if card is not None else None) or (None, None)
        if wish is not None or self._wish is not None:
            self._recorder.partner(wish)
        self._wish, self.view = wish, view

    def before_roll(self, card: SceneCard) -> None:
        """One more try, where the partner could not be heard."""
        if self.view is not None and self.view.problem is not None:
            self.ready_for(card)

    def hear(self, answer: rm.PartnerStands, show: Callable[[], None]) -> None:
        """How it stands now."""
        if self.view is None:
            return
        if answer.ready is not None:
            self.view = replace(
                self.view, seconds=answer.ready.seconds, headphones=answer.ready.headphones, problem=None
            )
        else:
            self.view = replace(self.view, problem=answer.problem)
        show()
