"""What time it is at least: the highest moment that was seen here, whatever the computer's clock says now.

A clock that was set back would bring consent to life that has run out, and a wrong one would sign a wrong time. What
was signed and what receivers said is therefore remembered. The performer alone decides between the two: who says that
the clock is right is believed from then on. A receiver judges by its own clock in any case.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from perfstudio.durable import read_plain, write_durably
from perfstudio.library.library import Library
from perfstudio.model.clock import utc_now
from perfstudio.model.consent import STANDING
from perfstudio.model.errors import ConsentError, ErrorCode, PerfstudioError
from perfstudio.model.known_time import SeenTime
from perfstudio.model.reading import read_document
from perfstudio.model.strict_json import JsonProblemError

NAME = "known-time.json"
OFF = timedelta(days=1)
"""A clock that differs by more is not only set to another zone."""
_MOST_BYTES = 10_000


@dataclass(frozen=True, slots=True)
class ClockDoubt:
    """The clock says one time, and something else another."""

    clock: datetime
    known: datetime
    by: str
    """The studio whose receiver said it; empty: a signature of this home."""

    def as_error(self) -> ConsentError:
        """The same as CLOCK_DOUBTED (clock, seen, by)."""
        facts = {"clock": self.clock.isoformat(), "seen": self.known.isoformat()}
        return ConsentError(ErrorCode.CLOCK_DOUBTED, **facts, **({"by": self.by} if self.by else {}))


class KnownTime:
    """Read anew at every question: the window and a verb may both have learned something. From any thread."""

    def __init__(self, home: Path, library: Library, clock: Callable[[], datetime] = utc_now) -> None:
        self._file = home / NAME
        self._library = library
        self._clock = clock
        self._read: tuple[tuple[int, int, int], SeenTime] | None = None  # what the file held when it looked like this

    def now(self) -> datetime:
        """The clock's time, or the highest seen where that is later."""
        seen = self._seen()
        return max(self._clock(), seen.highest) if seen is not None else self._clock()

    def doubt(self) -> ClockDoubt | None:
        """Where the clock is off by more than a day; None where it agrees with all that was seen."""
        seen, now = self._seen(), self._clock()
        if seen is None:
            return None
        if now < seen.highest - OFF:
            return ClockDoubt(now, seen.highest, seen.by)
        if seen.clock is not None and seen.ahead_s > OFF.total_seconds() and now >= seen.clock - OFF:
            return ClockDoubt(now, now - timedelta(seconds=seen.ahead_s), seen.by)
        return None

    def signed(self, at: datetime) -> None:
        """Something was signed at this moment. One that is still to come is not of this clock: the act has it from the
        one before, which was signed by another.
        """
        at, seen = min(at, self._clock()), self._seen()
        if seen is None or at > seen.highest:
            self._keep((seen or SeenTime(highest=at)).model_copy(update={"highest": at, "by": ""}))

    def heard(self, said: datetime, by: str) -> None:
        """The receiver of a studio has just said what time it is."""
        seen, now = self._seen(), self._clock()
        highest, told = (seen.highest, seen.by) if seen is not None and seen.highest >= said else (said, by)
        ahead_s = max(0, round((now - said).total_seconds()))
        self._keep(SeenTime(highest=highest, by=told, ahead_s=ahead_s, clock=now))

    def clock_is_right(self) -> None:
        """The performer says so: what said otherwise is forgotten."""
        self._keep(SeenTime(highest=self._clock()))

    def _seen(self) -> SeenTime | None:
        """What is remembered; where nothing is (or a damaged file), what the takes here were signed at."""
        with contextlib.suppress(OSError, JsonProblemError):
            now = self._file.stat()
            look, read = (now.st_mtime_ns, now.st_size, now.st_ino), self._read
            if read is None or read[0] != look:
                data = read_plain(self._file, _MOST_BYTES)
                read = self._read = (look, read_document(data, SeenTime, limit=_MOST_BYTES))
            return read[1]
        signed = [at for row in self._library.list() if (at := self._last_signed(row.take_id)) is not None]
        if not signed:
            return None
        seen = SeenTime(highest=max(signed))
        self._keep(seen)
        return seen

    def _last_signed(self, take_id: str) -> datetime | None:
        with contextlib.suppress(PerfstudioError):  # a damaged take says nothing
            record = self._library.consent(take_id)
            if record is not None:
                return max((event.at for event in record.events if event.state in STANDING), default=None)
        return None

    def _keep(self, seen: SeenTime) -> None:
        """On a disk that takes nothing it is found anew from the takes."""
        with contextlib.suppress(OSError):
            write_durably(self._file, seen.model_dump_json(indent=1).encode())
