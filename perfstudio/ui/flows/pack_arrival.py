"""From a file that was opened, dropped or chosen to a pack that is in: first what it is, then a press."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from perfstudio.durable import disk_error
from perfstudio.language.catalogue import _
from perfstudio.model.errors import ErrorCode, PackError, PerfstudioError
from perfstudio.session.pack_offer import PackOffer
from perfstudio.session.session import Session
from perfstudio.session.views import PackView
from perfstudio.texts import errors, formatting, pack_offer, scenes
from perfstudio.ui.flows.unsaid import Unsaid
from perfstudio.ui.main_window import MainWindow
from perfstudio.ui.scenes.offer_card import OfferCard, Offers


class PackArrival:
    """Owns the cards. A pack that is none, or is here already, has no card: that is said."""

    def __init__(self, window: MainWindow, session: Session, offers: Offers, shown: Callable[[], object]) -> None:
        """`shown` is told of a card that is new."""
        self._window, self._session, self._offers, self._shown = window, session, offers, shown
        self._unsaid = Unsaid(session)

    def look(self, file: Path) -> None:
        """Nothing is kept of it yet."""
        self._session.worker.run(lambda: self._looked_at(file), self._offered, self._refused)

    def offer_again(self, offers: Iterable[PackOffer]) -> None:
        """What was looked at before, and nobody has decided about."""
        for offer in offers:
            self._offered(offer)

    def _looked_at(self, file: Path) -> PackOffer:
        try:
            return self._session.home.scenes.look_at(file)
        except FileNotFoundError as gone:
            raise PackError(ErrorCode.PACK_UNREADABLE, file=file.name) from gone
        except OSError as problem:
            raise disk_error(problem, file.parent, PackError, file=file.name) from problem

    def _offered(self, offer: PackOffer) -> None:
        if offer.is_here:
            self._unsaid.now_or_later(lambda: self._window.toast.show_message(pack_offer.is_here(offer)))
            return
        self._offers.add(OfferCard(offer, bring=self._bring, left=self._offers.drop))
        self._shown()

    def _refused(self, problem: PerfstudioError) -> None:
        self._unsaid.now_or_later(lambda: self._window.note(errors.sentence(problem), "look"))

    def _bring(self, card: OfferCard) -> None:
        room, offer = self._session.home.scenes, card.offer
        self._session.worker.run(
            lambda: room.import_pack(offer.file, accept=offer.accept, shown=offer.sha256),
            lambda pack: self._brought(card, pack),
            lambda problem: card.say_problem(errors.sentence(problem)),
        )

    def _brought(self, card: OfferCard, pack: PackView) -> None:
        self._offers.drop(card)
        said = _("{title} is imported: {scenes}.", title=pack.title, scenes=formatting.count(len(pack.cards), "scene"))
        if hidden := scenes.left_out(pack.left_out):
            said = f"{said} {hidden}"
        self._unsaid.now_or_later(lambda: self._window.toast.show_message(said))
