"""What to do about a failure: a pure table, no clock, no socket, no file.

Every answer that leads to another try carries a wait, so that no server, however broken, makes a tight loop.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from perfstudio.delivery.failure import DeliveryStep, Failure, Fault
from perfstudio.model.errors import DeliveryError, ErrorCode, PerfstudioError
from perfstudio.model.take import FILE_NAMES, FileRole

MIB = 1 << 20
CHUNK_START = 16 * MIB
CHUNK_LEAST = 1 * MIB
CHUNK_MOST = 256 * MIB
CHUNK_FLOOR = 256 << 10
"""What a receiver may ask for is obeyed down to here: a request for every byte would never come to an end."""
KEPT_LEAST = 0.1
"""A receiver that keeps less of what it is sent does not get on."""
MOVED_LEAST = 64 << 10
"""So many new bytes at the receiver forgive what went wrong before; the last ones of a file do so, too."""
LONG_CHUNK_S = 8.0
"""A chunk may be followed by one that is many times as large and takes less than this."""
MOST_CONFLICTS = 8
"""So often in a row a receiver may take back where it says that we are."""
FIRST_POLL_S, LAST_POLL_S = 0.05, 5.0
POLL_GROWTH = 1.3
"""Whether a receiver has read everything is asked ever more seldom, and known late by no more than a third."""
MOST_UNFINISHED = 24
"""So often a receiver may not come to an end of checking a take: two hours at the longest back-off."""
MOST_FULL = 24
"""So often in a row a receiver may have no room: most of a day, for a person makes room there, or nobody does."""
FULL_MOST = 12
"""The longest wait for room, in longest back-offs: an hour."""
SIGNED_OUT = (ErrorCode.TOKEN_WRONG, ErrorCode.TOKEN_MISSING)
"""What only another token mends."""
REREAD_S = 1.0
_LIVING = (FILE_NAMES[FileRole.MANIFEST], FILE_NAMES[FileRole.CONSENT])
"""Files that the performer may change at any time, also while they are sent."""


class NextAction(StrEnum):
    """What follows a failure: try again, wait, ask or end."""

    RESUME = "resume"  # wait, ask where we are, go on
    HALVE = "halve"  # the same in smaller chunks
    RESTART = "restart"  # forget the upload address of this file, create anew
    REHASH = "rehash"  # prove the local files anew, then create this file anew
    REREAD = "reread"  # read take.json and consent.json anew: a label was changed meanwhile
    HOLD = "hold"  # rest until the network changes or the performer says so
    SIGN_IN = "sign_in"  # rest, with everything else for this studio, until there is another token
    STOP = "stop"  # nothing by itself any more


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds of waiting. Full-jitter back-off: anywhere between a floor and a doubling ceiling."""

    first_s: float = 1.0
    most_s: float = 300.0
    floor_s: float = 0.2
    lock_s: tuple[float, float] = (2.0, 10.0)

    def back_off(self, failures: int, chance: float) -> float:
        """The wait after so many failures in a row; `chance` lies in [0, 1)."""
        ceiling = min(self.most_s, self.first_s * 2.0 ** min(max(failures - 1, 0), 30))
        return max(self.floor_s, chance * ceiling)


@dataclass(frozen=True, slots=True)
class Strain:
    """What has gone wrong with one file since bytes last moved; `restarts` and `rehashes` count over the delivery."""

    failures: int = 0
    resets: int = 0
    conflicts: int = 0
    checksums: int = 0
    nonsense: int = 0
    full: int = 0
    restarts: int = 0
    rehashes: int = 0

    def after(self, failure: Failure) -> Strain:
        """The strain with one more failure."""
        broke = failure.step is DeliveryStep.PATCH and failure.fault in (Fault.RESET, Fault.STALLED, Fault.NO_PROGRESS)
        return replace(
            self,
            failures=self.failures + 1,
            resets=self.resets + broke,
            conflicts=self.conflicts + (failure.status in (404, 409, 410)),
            checksums=self.checksums + (failure.status == 460),
            full=self.full + (failure.status == 507),
            nonsense=self.nonsense + (failure.fault in (Fault.PROTOCOL, Fault.NO_PROGRESS)),
        )

    def moved(self) -> Strain:
        """Bytes arrived: only what was begun anew is remembered."""
        return Strain(restarts=self.restarts, rehashes=self.rehashes)


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to do, after how long, and what to tell."""

    do: NextAction
    wait_s: float
    code: ErrorCode
    facts: tuple[tuple[str, str | int | float], ...] = ()


@dataclass(frozen=True, slots=True)
class _Case:
    failure: Failure
    strain: Strain
    chunk: int
    pace: Pace
    roll: float

    @property
    def later_s(self) -> float:
        return self.pace.back_off(self.strain.failures, self.roll)

    @property
    def asked_s(self) -> float:
        """What Retry-After says, and never less than the back-off."""
        return max(self.failure.retry_after_s or 0.0, self.later_s)

    def say(self, do: NextAction, code: ErrorCode, wait_s: float = 0.0, **facts: str) -> NextStep:
        """A verdict with the facts its sentence needs."""
        known: dict[str, str] = {"address": self.failure.address}
        plain = {"file": self.failure.file, "why": self.failure.why, "elsewhere": self.failure.elsewhere}
        known |= {name: value for name, value in plain.items() if value}
        if code is ErrorCode.RECEIVER_REFUSED:
            known["reason"] = self.failure.detail or "no_reason"
        elif self.failure.detail:
            known["detail"] = self.failure.detail
        return NextStep(do, wait_s, code, tuple({**known, **facts}.items()))


def decide(failure: Failure, strain: Strain, chunk: int, pace: Pace, chance: float | None = None) -> NextStep:
    """What to do about `failure`. `strain` already counts it; `chunk` is the size being sent; `chance` is for tests."""
    roll = random.random() if chance is None else chance  # noqa: S311 - spreads load, guards nothing
    case = _Case(failure, strain, chunk, pace, roll)
    if failure.fault is Fault.STATUS:
        return _BY_STATUS.get(failure.status, _server_trouble if failure.status >= 500 else _refused)(case)
    return _BY_FAULT[failure.fault](case)


def told(failure: Failure) -> DeliveryError:
    """What a performer is told of a failure after which nothing is tried again by itself."""
    verdict = decide(failure, Strain().after(failure), 0, Pace(), 0.0)
    return DeliveryError(verdict.code, **dict(verdict.facts))


def next_poll(wait_s: float) -> float:
    """How long to wait after having waited so long."""
    return min(wait_s * POLL_GROWTH, LAST_POLL_S)


def growth(took_s: float) -> int:
    """How many times as large the next chunk may be, after one that took so long."""
    return next((times for times in (16, 4, 2) if took_s * times < LONG_CHUNK_S), 1)


def largest_after(failure: Failure, chunk: int, whole: int, most: int) -> int:
    """The largest chunk from now on: what lies between may have a limit, and not always says so. `whole` went well."""
    if failure.step is not DeliveryStep.PATCH:
        return most
    if failure.status == 413:
        return min(most, max(whole, chunk // 2, CHUNK_LEAST))
    broke = failure.fault is Fault.RESET and chunk > max(whole, CHUNK_START)
    return min(most, max(whole, CHUNK_START)) if broke else most


def after_error(problem: PerfstudioError) -> NextStep | None:
    """What to do about a try that ended on our own side; None where another one makes no sense."""
    facts = tuple(problem.facts.items())
    if problem.code in SIGNED_OUT:
        return NextStep(NextAction.SIGN_IN, 0.0, problem.code, facts)
    if problem.code is ErrorCode.STUDIO_KEYLESS:
        return NextStep(NextAction.HOLD, 0.0, problem.code, facts)
    if problem.code is ErrorCode.FILE_CHANGED and problem.facts.get("file") in _LIVING:
        return NextStep(NextAction.REREAD, REREAD_S, problem.code, facts)
    return None


def _connection(case: _Case) -> NextStep:
    # Proxies that refuse large bodies often reset the connection instead of saying 413.
    smaller = case.strain.resets and case.strain.resets % 3 == 0 and case.chunk > CHUNK_LEAST
    return case.say(NextAction.HALVE if smaller else NextAction.RESUME, ErrorCode.RECEIVER_UNREACHABLE, case.later_s)


def _nonsense(case: _Case) -> NextStep:
    failure, strain = case.failure, case.strain
    elsewhere = failure.step is DeliveryStep.HEAD and failure.detail in (
        "wrong_length",
        "offset_beyond_end",
        "never_sent",
    )
    if strain.nonsense < 3 and not elsewhere:
        stuck = failure.fault is Fault.NO_PROGRESS and case.chunk > CHUNK_LEAST
        do = NextAction.HALVE if stuck else NextAction.RESUME
    else:
        do = (
            NextAction.RESTART
            if strain.restarts < 2 and failure.step in (DeliveryStep.HEAD, DeliveryStep.PATCH)
            else NextAction.STOP
        )
    return case.say(do, ErrorCode.RECEIVER_PROTOCOL, case.later_s, detail=failure.detail or failure.fault.value)


def _digest(case: _Case) -> NextStep:
    do = NextAction.REHASH if case.strain.rehashes < 2 else NextAction.STOP
    return case.say(do, ErrorCode.RECEIPT_DIFFERS, case.later_s)


def _unproven(case: _Case) -> NextStep:
    do = NextAction.RESUME if case.strain.failures < 3 else NextAction.STOP
    return case.say(do, ErrorCode.RECEIPT_UNPROVEN, case.later_s)


def _checksum(case: _Case) -> NextStep:
    if case.strain.checksums > 1:
        return _digest(case)
    return case.say(NextAction.RESUME, ErrorCode.RECEIPT_DIFFERS, case.later_s)


def _gone(case: _Case) -> NextStep:
    """404 and 410. Only HEAD says that an upload is lost, and says it twice: what was kept there is sent anew then."""
    if case.failure.step is DeliveryStep.PATCH:
        return _conflict(case)
    if case.failure.step is not DeliveryStep.HEAD:
        return _not_tus(case)
    if case.strain.conflicts < 2:
        return case.say(NextAction.RESUME, ErrorCode.RECEIVER_UNREACHABLE, case.later_s)
    do = NextAction.RESTART if case.strain.restarts < 3 else NextAction.STOP
    return case.say(do, ErrorCode.RECEIVER_PROTOCOL, case.later_s, detail="upload_lost")


def _conflict(case: _Case) -> NextStep:
    """The receiver is elsewhere than we thought: the next try asks where, and goes on there. A call that is to be asked
    again waits for what a person there decides."""
    if case.failure.step is DeliveryStep.JSON and case.failure.retry_after_s is not None:
        return case.say(NextAction.RESUME, ErrorCode.RECEIVER_DECIDES, max(case.pace.most_s, case.asked_s))
    if case.failure.step is not DeliveryStep.PATCH:
        return _refused(case)
    if case.strain.conflicts >= MOST_CONFLICTS:
        return case.say(NextAction.STOP, ErrorCode.RECEIVER_PROTOCOL, detail="upload_lost")
    return case.say(NextAction.RESUME, ErrorCode.RECEIVER_UNREACHABLE, case.later_s)


def _too_large(case: _Case) -> NextStep:
    if case.failure.step is DeliveryStep.PATCH and case.chunk > CHUNK_LEAST:
        return case.say(NextAction.HALVE, ErrorCode.RECEIVER_UNREACHABLE, case.pace.floor_s)
    return case.say(NextAction.STOP, ErrorCode.RECEIVER_REFUSED, reason="too_large")


def _locked(case: _Case) -> NextStep:
    low, high = case.pace.lock_s
    return case.say(NextAction.RESUME, ErrorCode.RECEIVER_UNREACHABLE, low + case.roll * (high - low))


def _server_trouble(case: _Case) -> NextStep:
    return case.say(NextAction.RESUME, ErrorCode.RECEIVER_UNREACHABLE, case.asked_s)


def _no_space(case: _Case) -> NextStep:
    """Longer each time: a disk fills and empties in hours, and whoever asks every minute does not help."""
    if case.strain.full >= MOST_FULL:
        return case.say(NextAction.STOP, ErrorCode.RECEIVER_REFUSED, reason="never_room")
    longer = min(2.0 ** max(case.strain.full - 1, 0), FULL_MOST)
    wait_s = max(case.pace.most_s * longer, case.failure.retry_after_s or 0.0)
    return case.say(NextAction.RESUME, ErrorCode.RECEIVER_FULL, wait_s, reason=case.failure.detail or "no_space")


def _unfinished(case: _Case) -> NextStep:
    # Long, so that whatever else waits has its turn meanwhile; then it is announced anew, which makes it look again.
    waited = round(float(case.failure.detail or 0))
    facts = (("address", case.failure.address), ("seconds", waited))
    if case.strain.failures >= MOST_UNFINISHED:
        return case.say(NextAction.STOP, ErrorCode.RECEIVER_REFUSED, reason="never_finished")
    return NextStep(NextAction.RESUME, case.pace.most_s, ErrorCode.RECEIVER_UNFINISHED, facts)


def _sign_in(case: _Case) -> NextStep:
    return case.say(NextAction.SIGN_IN, ErrorCode.TOKEN_WRONG)


def _not_tus(case: _Case) -> NextStep:
    return case.say(NextAction.STOP, ErrorCode.RECEIVER_PROTOCOL, detail="not_tus")


def _refused(case: _Case) -> NextStep:
    return case.say(NextAction.STOP, ErrorCode.RECEIVER_REFUSED)


_BY_FAULT: dict[Fault, Callable[[_Case], NextStep]] = {
    Fault.NETWORK: _connection,
    Fault.RESET: _connection,
    Fault.STALLED: _connection,
    Fault.PROTOCOL: _nonsense,
    Fault.NO_PROGRESS: _nonsense,
    Fault.DIGEST: _digest,
    Fault.UNPROVEN: _unproven,
    Fault.REJECTED: _refused,
    Fault.UNFINISHED: _unfinished,
    Fault.CERTIFICATE: lambda case: case.say(NextAction.HOLD, ErrorCode.RECEIVER_UNSAFE),
    Fault.PORTAL: lambda case: case.say(NextAction.HOLD, ErrorCode.RECEIVER_PROTOCOL, detail="web_page"),
    Fault.UNSAFE: lambda case: case.say(NextAction.STOP, ErrorCode.RECEIVER_UNSAFE),
}

_BY_STATUS: dict[int, Callable[[_Case], NextStep]] = {
    401: _sign_in,
    407: _sign_in,
    403: _refused,
    404: _gone,
    405: _not_tus,
    408: _server_trouble,
    409: _conflict,
    410: _gone,
    412: _not_tus,
    413: _too_large,
    415: _not_tus,
    422: _refused,
    423: _locked,
    425: _server_trouble,
    429: _server_trouble,
    460: _checksum,
    501: _not_tus,
    505: _not_tus,
    507: _no_space,
}
