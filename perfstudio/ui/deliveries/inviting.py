"""From a pasted or opened invitation to a connected studio, beside the other ways to connect one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from perfstudio.delivery.tokens import StoredToken
from perfstudio.model.errors import PerfstudioError
from perfstudio.session.delivery.delivery_queue import DeliveryQueue
from perfstudio.session.delivery.invitation_desk import Connected, InvitationOffer
from perfstudio.session.views import StudioLine
from perfstudio.session.worker import Worker
from perfstudio.texts import connecting, deliveries, errors
from perfstudio.ui.deliveries.connect_form import ConnectForm
from perfstudio.ui.deliveries.invitation_card import InvitationCard

Done = Callable[[StudioLine, str, str], object]
"""Called with the studio, what it has answered, and what to know of its token (or nothing)."""


class Inviting:
    """Owns the card. What leads to no offer is said in the form, where the link was pasted."""

    def __init__(self, post: DeliveryQueue, worker: Worker, form: ConnectForm, done: Done) -> None:
        self._post, self._worker, self._form, self._done = post, worker, form, done
        self._asked = 0
        self.card = InvitationCard(agree=self._agree)

    def look(self, link: str, certificate: Path | None = None) -> None:
        """The first press: nothing is said to the studio but that somebody reads its document."""
        self.card.done()
        self._asked += 1
        asked = self._asked
        self._worker.run(
            lambda: self._post.look_at(link, certificate),
            lambda offer: self._offered(offer, asked),
            lambda problem: self._refused(problem, asked),
        )

    def _offered(self, offer: InvitationOffer, asked: int) -> None:
        if asked == self._asked:
            self._form.done()
            self.card.show_offer(offer)

    def _refused(self, problem: PerfstudioError, asked: int) -> None:
        if asked == self._asked:
            self._form.show()
            self._form.say_problem(errors.sentence(problem), certificate=deliveries.wants_certificate(problem))

    def _agree(self, offer: InvitationOffer) -> None:
        self._worker.run(
            lambda: self._post.accept_invitation(offer),
            self._connected,
            lambda problem: self.card.say_problem(errors.sentence(problem)),
        )

    def _connected(self, outcome: tuple[StudioLine, Connected]) -> None:
        line, done = outcome
        self.card.done()
        lost = connecting.kept_nowhere(done.kept) if done.kept is not StoredToken.KEYRING else ""
        self._done(line, connecting.connected(done), lost)
