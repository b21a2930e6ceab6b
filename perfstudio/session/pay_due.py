"""What pay adds up to, by the pack's own words: the one rule, said here and nowhere else.

A sum that is named for a take counts for each take; one that is named for the whole work, or once for a use, counts
once for a pack however many takes there are. What is named by the hour, the session or as a share, for nothing that is
said, or without a currency is repeated in the studio's words and is never added up. Nothing named is unsaid, which is
not the same as nothing owed.

Only takes that the studio has accepted count as such, and those that it has and has not decided about apart from them.
Whether a take that is to do again, was taken back, or never arrived is paid for is what the terms say: it is not added.
A practice take earns nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from perfstudio.model.consent import Compensation, UseId
from perfstudio.session.given import GivenTake, UseStanding


class PaidPer(StrEnum):
    """What a pay is named for."""

    TAKE = "take"
    WORK = "work"  # once for a pack
    USE = "use"  # once for a use of a pack
    WORDS = "words"  # no sum that could be added
    UNSAID = "unsaid"


class Counts(StrEnum):
    """How far a take counts."""

    ACCEPTED = "accepted"
    UNDECIDED = "undecided"  # the studio has it
    NOT = "not"


@dataclass(frozen=True, slots=True)
class PayNamed:
    """One pay that was signed with a take, and what this take adds to the sums of its studio."""

    pay: Compensation
    use: UseId | None
    """The line that it is paid for; None: the work."""
    per: PaidPer
    adds: Decimal | None = None
    """In the pay's currency; None: nothing, or another take of the pack has added it already."""


@dataclass(frozen=True, slots=True)
class Sum:
    """What is due in one currency."""

    currency: str
    accepted: Decimal
    """For takes that the studio accepted."""
    undecided: Decimal
    """For takes that it has and has not decided about."""


Once = tuple[str, str, UseId | None]
"""What is paid once: a studio's pack, for the work or for a use."""


class PayRule:
    """Goes through all takes of everybody: what is paid once is added at the first accepted take, else at the first
    undecided one, and not at all where a pack's versions name different sums for it."""

    def __init__(self, takes: Collection[tuple[GivenTake, Counts]]) -> None:
        self._bearer: dict[Once, tuple[int, str]] = {}
        self._sums: dict[Once, set[tuple[str | None, str | None]]] = {}
        self._pays = {take.take_id: (counts, _named(take)) for take, counts in takes}
        for take, counts in takes:
            for named in self._pays[take.take_id][1]:
                if named.per in (PaidPer.WORK, PaidPer.USE) and counted(take, named, counts) is not Counts.NOT:
                    self._look(_once(take, named), take, named, counts)

    def _look(self, once: Once, take: GivenTake, named: PayNamed, counts: Counts) -> None:
        self._sums.setdefault(once, set()).add((named.pay.amount, named.pay.currency))
        rank = int(counts is Counts.UNDECIDED)
        if once not in self._bearer or rank < self._bearer[once][0]:
            self._bearer[once] = (rank, take.take_id)

    def of(self, take: GivenTake) -> tuple[PayNamed, ...]:
        """Every pay that was signed with one of the takes, that for the work first."""
        counts, pays = self._pays[take.take_id]
        return tuple(self._added(take, named, counts) for named in pays)

    def _added(self, take: GivenTake, named: PayNamed, counts: Counts) -> PayNamed:
        if named.pay.amount is None or counted(take, named, counts) is Counts.NOT:
            return named
        if named.per in (PaidPer.WORK, PaidPer.USE):
            once = _once(take, named)
            if len(self._sums[once]) > 1:
                return PayNamed(named.pay, named.use, PaidPer.WORDS)
            if self._bearer[once][1] != take.take_id:
                return named
        elif named.per is not PaidPer.TAKE:
            return named
        return PayNamed(named.pay, named.use, named.per, Decimal(named.pay.amount))


def counted(take: GivenTake, named: PayNamed, counts: Counts) -> Counts:
    """How far one pay of a take counts: that of a line only where it was given and not taken back."""
    given = named.use is None or any(
        line.use is named.use and line.standing in (UseStanding.STANDS, UseStanding.RUN_OUT) for line in take.lines
    )
    return counts if given and not take.practice else Counts.NOT


def sums(paid: Iterable[tuple[Counts, tuple[PayNamed, ...]]]) -> tuple[Sum, ...]:
    """What is due in each currency, by their codes; currencies are never added to each other."""
    found: dict[str, dict[Counts, Decimal]] = {}
    for counts, pays in paid:
        for named in pays:
            if named.adds is not None and named.pay.currency is not None:
                of = found.setdefault(named.pay.currency, {Counts.ACCEPTED: Decimal(), Counts.UNDECIDED: Decimal()})
                of[counts] += named.adds
    return tuple(Sum(name, of[Counts.ACCEPTED], of[Counts.UNDECIDED]) for name, of in sorted(found.items()))


def _once(take: GivenTake, named: PayNamed) -> Once:
    return take.studio_id, take.pack_id, named.use


def _named(take: GivenTake) -> list[PayNamed]:
    """That of the work, and those of lines that name one of their own; a line that was never given pays nothing."""
    given = (line for line in take.lines if line.standing is not UseStanding.NOT_GIVEN)
    own = [PayNamed(line.asked.compensation, line.use, _per(line.asked.compensation, line.use)) for line in given]
    return [
        PayNamed(take.pay, None, _per(take.pay, None)),
        *(named for named in own if named.per is not PaidPer.UNSAID),
    ]


def _per(pay: Compensation, use: UseId | None) -> PaidPer:
    if pay.basis == "none" and pay.amount is None and pay.note is None:
        return PaidPer.UNSAID
    if pay.amount is None or pay.currency is None:
        return PaidPer.WORDS
    return {"per_use": PaidPer.TAKE, "flat": PaidPer.WORK if use is None else PaidPer.USE}.get(pay.basis, PaidPer.WORDS)
