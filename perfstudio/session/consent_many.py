"""One decision about many takes: each record gets an act of its own, signed with the key that was opened once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from perfstudio.model.consent import SEPARATE_USES, UseId
from perfstudio.model.errors import ConsentError, ErrorCode, PerfstudioError
from perfstudio.session.consents import ConsentService, Passphrase
from perfstudio.session.given import GivenTake

Tick = Callable[[int, int], object]
"""(takes done, takes in all)"""


@dataclass(frozen=True, slots=True)
class ManyOutcome:
    """What came of it: takes whose record grew, takes that had nothing to change, and those that stay as they were."""

    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    left: tuple[tuple[str, PerfstudioError], ...]


class ConsentMany:
    """Takes back and gives again for whole packs and studios. What cannot be done for one take stops no other."""

    def __init__(self, consents: ConsentService) -> None:
        self._consents = consents

    def withdraw(
        self,
        takes: Iterable[GivenTake],
        uses: frozenset[UseId] | None = None,
        *,
        passphrase: Passphrase | None = None,
        tick: Tick = lambda done, total: None,
    ) -> ManyOutcome:
        """Take back what stands (or some lines of it) of every take.

        Raises ConsentError before anything is signed: CONSENT_USE_UNKNOWN (no take has such a line), and what opening
        the key raises.
        """
        found = _with_line(takes, uses)
        wanted = {take.take_id: take.standing() & (take.standing() if uses is None else uses) for take in found}
        return self._each(wanted, self._consents.withdraw, passphrase, tick)

    def give(
        self,
        takes: Iterable[GivenTake],
        uses: frozenset[UseId],
        *,
        passphrase: Passphrase | None = None,
        tick: Tick = lambda done, total: None,
    ) -> ManyOutcome:
        """Give lines again of every take in which they were given once. A line that was never given is decided about
        take by take.

        Raises ConsentError before anything is signed: CONSENT_USE_SEPARATE (a copy of a voice or face is never given
        for many), CONSENT_USE_UNKNOWN, and what opening the key raises.
        """
        for use in sorted(uses & SEPARATE_USES):
            raise ConsentError(ErrorCode.CONSENT_USE_SEPARATE, use=use.value)
        wanted = {take.take_id: take.once_given() & uses for take in _with_line(takes, uses)}
        return self._each(wanted, self._consents.give, passphrase, tick)

    def _each(
        self,
        wanted: dict[str, frozenset[UseId]],
        act: Callable[..., object],
        passphrase: Passphrase | None,
        tick: Tick,
    ) -> ManyOutcome:
        due = {take_id: uses for take_id, uses in wanted.items() if uses}
        changed: list[str] = []
        left: list[tuple[str, PerfstudioError]] = []
        key = self._consents.open_key(passphrase) if due else None
        for number, (take_id, uses) in enumerate(due.items(), start=1):
            try:
                act(take_id, uses, key=key)
                changed.append(take_id)
            except PerfstudioError as problem:
                left.append((take_id, problem))
            tick(number, len(due))
        return ManyOutcome(tuple(changed), tuple(take_id for take_id in wanted if take_id not in due), tuple(left))


def _with_line(takes: Iterable[GivenTake], uses: frozenset[UseId] | None) -> tuple[GivenTake, ...]:
    """The takes, when each of `uses` is a line of one of them at least."""
    found = tuple(takes)
    lines = frozenset(line.use for take in found for line in take.lines)
    for use in sorted(uses or frozenset()):
        if use not in lines:
            raise ConsentError(ErrorCode.CONSENT_USE_UNKNOWN, use=use.value, offered=", ".join(sorted(lines)))
    return found
