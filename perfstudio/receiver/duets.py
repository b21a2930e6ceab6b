"""The rendezvous: where two find each other under a code. What each says of how it can be reached is passed on, kept in
memory alone, and forgotten when one of them leaves, when the other never came, or when the time is over.
"""

from __future__ import annotations

import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from perfstudio.model.clock import utc_now
from perfstudio.model.duet_meeting import CODE_LENGTH, CODE_SIGNS, DuetHeard, DuetOpened, DuetSaid
from perfstudio.receiver.errors import RefusedError

COME_WITHIN_S: Final = 600.0
"""So long a code is good for the second one."""
KEPT_S: Final = 4 * 3600.0
"""So long it is kept for two who lose each other and come back, from its opening on, unless one of them leaves."""
MOST: Final = 100
"""Codes at once: with all that may be said in each, 20 MB."""
MOST_OF_ONE: Final = 20
"""Codes by one token, which may be that of a whole company; for one more, the oldest that still waits is given up."""
REMEMBERED: Final = 1000
"""Codes of which it is still known that they are over."""


@dataclass(slots=True)
class _Seat:
    key: str
    says: str | None = field(default=None, repr=False)
    number: int = 0


@dataclass(slots=True)
class _Meeting:
    opened_s: float
    opener: str
    seats: list[_Seat] = field(default_factory=list)

    def ends_s(self) -> float:
        return self.opened_s + (KEPT_S if len(self.seats) == 2 else COME_WITHIN_S)

    def seat(self, key: str) -> _Seat | None:
        """Every seat is compared, in constant time."""
        found = [one for one in self.seats if hmac.compare_digest(one.key, key)]
        return found[0] if found else None


class Duets:
    """The codes of one receiver. Used on its event loop alone. `clock` is in seconds and never goes back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._meetings: OrderedDict[str, _Meeting] = OrderedDict()
        self._over: OrderedDict[str, None] = OrderedDict()

    def __len__(self) -> int:
        return len(self._meetings)

    def open(self, sender: str) -> DuetOpened:
        """A new code for whoever has a token. Raises RefusedError(503) where too many are open."""
        self.forget()
        theirs = [code for code, one in self._meetings.items() if one.opener == sender]
        waiting = next((code for code in theirs if len(self._meetings[code].seats) < 2), None)
        if len(theirs) >= MOST_OF_ONE and waiting is not None:
            self._end(waiting)
        elif len(theirs) >= MOST_OF_ONE or len(self._meetings) >= MOST:
            raise RefusedError(503, "too many duets at once", again_s=60)
        code = "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))
        self._meetings[code] = _Meeting(self._clock(), sender)
        return DuetOpened(code=code, good_until=utc_now() + timedelta(seconds=COME_WITHIN_S))

    def knows(self, code: str) -> bool:
        """Whether there is, or was of late, a duet of that code."""
        self.forget()
        return code in self._meetings or code in self._over

    def say(self, code: str, said: DuetSaid) -> DuetHeard | None:
        """What the other side said; None: the duet is over by the word of this one.

        Raises RefusedError: 404 no such code, 409 two others are there, 410 it is over.
        """
        if not self.knows(code):
            raise RefusedError(404, "no such duet")
        meeting = self._meetings.get(code)
        if meeting is None:
            raise RefusedError(410, "this duet is over")
        mine = meeting.seat(said.seat)
        if mine is None and len(meeting.seats) == 2:
            raise RefusedError(409, "two are in this duet already")
        if said.leaves:
            if mine is not None:  # whoever has no seat yet ends nothing
                self._end(code)
            return None
        if mine is None:
            mine = _Seat(said.seat)
            meeting.seats.append(mine)
        if said.says is not None and said.says != mine.says:
            mine.says, mine.number = said.says, mine.number + 1
        other = next((one for one in meeting.seats if one is not mine), None)
        left_s = meeting.ends_s() - self._clock()
        return DuetHeard(
            first=meeting.seats[0] is mine,
            both_here=other is not None,
            number=other.number if other is not None else 0,
            says=other.says if other is not None else None,
            ends_at=utc_now() + timedelta(seconds=left_s),
        )

    def forget(self) -> None:
        """Whose time is over, now and not later: what was said lies nowhere from then on."""
        now = self._clock()
        for code in [code for code, one in self._meetings.items() if one.ends_s() <= now]:
            self._end(code)

    def _end(self, code: str) -> None:
        del self._meetings[code]
        self._over[code] = None
        if len(self._over) > REMEMBERED:
            self._over.popitem(last=False)
