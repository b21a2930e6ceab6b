"""What happens when headphones are chosen on a card, wherever it stands."""

from __future__ import annotations

from collections.abc import Callable

from perfstudio.model.device_info import OutputInfo
from perfstudio.session.session import Session
from perfstudio.texts import errors
from perfstudio.ui.green_room.clicks_part import ClickActs
from perfstudio.ui.green_room.headphones_card import HeadphoneActs, HeadphonesCard


class HeadphonesFlow:
    """`card` finds the card, which is made with `acts`; `kept` hears that others were chosen."""

    def __init__(
        self, session: Session, card: Callable[[], HeadphonesCard], kept: Callable[[], object] = lambda: None
    ) -> None:
        self._choice, self._card, self._kept = session.headphones, card, kept

    def acts(self, clicks: ClickActs | None = None) -> HeadphoneActs:
        """What the card asks for."""
        return HeadphoneActs(self._look, self._try_out, self._keep, clicks)

    def show_chosen(self) -> None:
        """What was confirmed to be heard."""
        self._card().show_chosen(*self._choice.chosen)

    def _look(self) -> None:
        self._choice.look(self._card().show_there)

    def _keep(self, output: OutputInfo) -> None:
        self._choice.keep(output)
        self._kept()

    def _try_out(self, output: OutputInfo) -> None:
        card = self._card()
        self._choice.try_out(output, card.show_played, lambda problem: card.show_refused(errors.sentence(problem)))
