"""What was turned on and typed for a take that is not signed yet: it is there again when its page is."""

from __future__ import annotations

from dataclasses import dataclass

from perfstudio.model.consent import UseId
from perfstudio.session.views import ConsentOffer
from perfstudio.ui.consent.sign_card import SignCard
from perfstudio.ui.consent.use_grid import UseGrid


@dataclass(frozen=True, slots=True)
class _Draft:
    offer: ConsentOffer
    uses: frozenset[UseId]
    name: str


class Drafts:
    """One a take, in memory. A passphrase is not among them, nor what stands apart: that is turned on each time."""

    def __init__(self) -> None:
        self._kept: dict[str, _Draft] = {}

    def keep(self, offer: ConsentOffer | None, grid: UseGrid, card: SignCard) -> None:
        """The page shows something else from now on."""
        if offer is not None and not offer.standing:
            self._kept[offer.take_id] = _Draft(offer, grid.granted(), card.name.text())

    def bring_back(self, offer: ConsentOffer, grid: UseGrid, card: SignCard) -> None:
        """As it was left, where the same is asked; what was meant for other words is forgotten."""
        draft = self._kept.pop(offer.take_id, None)
        if draft is not None and draft.offer.asks_the_same(offer):
            grid.choose(draft.uses)
            card.name.setText(draft.name)
