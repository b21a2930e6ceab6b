"""Uses "as the last time" for several takes: what would be signed for which of them, and then that, take by take.

Only what stands for the newest accepted take of the same pack under the same words is offered, and never a copy of a
voice or face nor a line that is signed apart (`signed_before.last_answer`). A take of which more has to be said (others
who are in it, a statement that is read aloud) is left for its own page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from perfstudio.consent.spoken import require_spoken
from perfstudio.model.errors import PerfstudioError
from perfstudio.session.consent_many import ManyOutcome
from perfstudio.session.consents import ConsentService
from perfstudio.session.views import KeyState, LastAnswer

METHOD = "shown-again+button"
"""How it is signed: the same uses as for another take, read together before one press."""


@dataclass(frozen=True, slots=True)
class UsesAgain:
    """What would be signed for each of `take_ids`, which are of one version of one pack."""

    studio: str
    answer: LastAnswer
    take_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UsesOffer:
    """By pack; the takes that have to be signed on their own page, with the reason; and where the key is."""

    same: tuple[UsesAgain, ...]
    left: tuple[tuple[str, PerfstudioError], ...]
    unanswered: int
    """Takes of whose pack nothing was signed under these words."""
    name: str
    key: KeyState


class UsesDesk:
    """May wait for a keyring: use a worker."""

    def __init__(self, consents: ConsentService) -> None:
        self._consents = consents

    def offer(self, take_ids: Iterable[str]) -> UsesOffer:
        """Look at each take. Nothing is signed and no key is opened. Raises ConsentError for a damaged key."""
        found: dict[tuple[str, LastAnswer], list[str]] = {}
        left: list[tuple[str, PerfstudioError]] = []
        unanswered, name = 0, self._consents.signed_name
        for take_id in take_ids:
            try:
                studio, answer = self._consents.last_answer(take_id)
                if answer is None:
                    unanswered += 1
                    continue
                asked = self._consents.require_signable(take_id, answer.uses, name)
                require_spoken(asked.terms, None, gives=True)
            except PerfstudioError as problem:
                left.append((take_id, problem))
                continue
            found.setdefault((studio, answer), []).append(take_id)
        same = tuple(UsesAgain(studio, answer, tuple(ids)) for (studio, answer), ids in found.items())
        return UsesOffer(same, tuple(left), unanswered, name, self._consents.key_place()[0])

    def sign(self, offer: UsesOffer) -> ManyOutcome:
        """Sign what was offered, each record by itself. What cannot be signed for one take stops no other. Raises
        ConsentError where the key cannot be opened."""
        key = self._consents.open_key()
        changed: list[str] = []
        left: list[tuple[str, PerfstudioError]] = []
        for again in offer.same:
            for take_id in again.take_ids:
                try:
                    self._consents.sign(take_id, again.answer.uses, offer.name, key=key, method=METHOD)
                    changed.append(take_id)
                except PerfstudioError as problem:
                    left.append((take_id, problem))
        return ManyOutcome(tuple(changed), (), tuple(left))
