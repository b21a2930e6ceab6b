"""The ledger: what became of each take that was signed, and what is due for it by the pack's own words.

It keeps nothing of its own: it is reckoned anew from what was read of each take's papers (`given`), so that what a
studio decided, or decided otherwise, is in it as soon as it lies beside the take.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from perfstudio.model.ruling import RulingWord
from perfstudio.session.given import Given, GivenTake
from perfstudio.session.pay_due import Counts, PayNamed, PayRule, Sum, sums
from perfstudio.session.unread_papers import UnreadPaper


class LedgerState(StrEnum):
    """How far a take has come at its studio."""

    WAITING = "waiting"  # signed, and not confirmed by a studio
    SENT = "sent"  # every byte left, for a receiver that confirms nothing
    DELIVERED = "delivered"  # confirmed, and nothing decided that is known here
    ACCEPTED = "accepted"
    REJECTED = "rejected"  # the scene is to do again
    TAKEN_BACK = "taken_back"
    UNKNOWN = "unknown"  # something is known here of an arrival, and not what: its receipt cannot be read


_COUNTS = {
    LedgerState.ACCEPTED: Counts.ACCEPTED,
    LedgerState.DELIVERED: Counts.UNDECIDED,
    LedgerState.SENT: Counts.UNDECIDED,
}


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One take. When it arrived, what was decided and why, who was told and what was deleted stand in `take`."""

    take: GivenTake
    state: LedgerState
    pays: tuple[PayNamed, ...]
    """What was signed with it, that for the work first."""

    @property
    def counts(self) -> Counts:
        """How far it counts for pay."""
        return _COUNTS.get(self.state, Counts.NOT)


@dataclass(frozen=True, slots=True)
class StudioLedger:
    """The takes of one studio, in the order of its packs, and what they add up to."""

    studio_id: str
    name: str
    lines: tuple[LedgerLine, ...]
    states: Mapping[LedgerState, int]
    """How many takes have come how far; practice takes too."""
    sums: tuple[Sum, ...]
    """What is due in each currency; empty where no pay is named that can be added."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every studio's part, by name; and the papers that could not be read."""

    studios: tuple[StudioLedger, ...]
    unread: tuple[UnreadPaper, ...] = ()
    unknown: tuple[UnreadPaper, ...] = ()
    """Those of them whose take is not in a studio's part: what was given with it cannot be read."""


def state_of(take: GivenTake) -> LedgerState:
    """What is known here. What was taken back comes first: a decision about it was made before."""
    if take.taken_back is not None:
        return LedgerState.TAKEN_BACK
    if take.ruling is not None:
        return LedgerState.ACCEPTED if take.ruling.word is RulingWord.ACCEPTED else LedgerState.REJECTED
    if take.delivered is not None:
        return LedgerState.DELIVERED
    if take.sent is not None:
        return LedgerState.SENT
    return LedgerState.UNKNOWN if take.receipt_unread else LedgerState.WAITING


def ledger_of(given: Given) -> Ledger:
    """The ledger of what was signed."""
    found = [(take, state_of(take)) for take in given.takes]
    rule = PayRule([(take, _COUNTS.get(state, Counts.NOT)) for take, state in found])
    lines = [LedgerLine(take, state, rule.of(take)) for take, state in found]
    by_studio: dict[str, list[LedgerLine]] = {}  # a studio that took another name is still one
    for line in lines:
        by_studio.setdefault(line.take.studio_id, []).append(line)
    return Ledger(
        tuple(_studio(studio_id, tuple(of)) for studio_id, of in by_studio.items()), given.unread, given.unknown
    )


def states_in_order(takes: Iterable[GivenTake]) -> dict[LedgerState, int]:
    """How many takes have come how far; what there is none of is left out."""
    found = Counter(state_of(take) for take in takes)
    return {state: found[state] for state in LedgerState if found[state]}


def _studio(studio_id: str, lines: tuple[LedgerLine, ...]) -> StudioLedger:
    return StudioLedger(
        studio_id=studio_id,
        name=lines[0].take.studio_name,
        lines=lines,
        states=states_in_order(line.take for line in lines),
        sums=sums((line.counts, line.pays) for line in lines),
    )
