"""Connections that have asked nothing yet: each has a time to say what it wants, and many of them shut nobody out.

Whoever opens a connection and stays silent costs a place. A place is given up after a time; and when all are taken, the
one that has waited longest goes, of the address that holds the most: a sender from elsewhere always gets through, and
one from the same address as well.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any, Protocol

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_S = 10.0
"""How long a new connection has for the head of its first request (nginx gives 60 s by default; a head of a
delivery is under a kilobyte)."""
KEEP_ALIVE_S = 30.0
"""How long one that was answered has for its next request."""
MOST = 64
"""So many connections without a request are held at once."""
HEARD_S = 1.0
"""What a connection is given at least, however many came at once: its request may be on the way."""


class Silent(Protocol):
    """What waits: a connection, or one that is not yet protected."""

    loop: asyncio.AbstractEventLoop
    transport: asyncio.Transport

    @property
    def address(self) -> str:
        """Where it comes from; empty when that is not known."""


class Waiting:
    """The connections of one receiver that have no request in hand, longest first. Used on its event loop only."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._since: dict[Silent, float] = {}
        """When each of them came, or was answered last."""
        self._ends: dict[Silent, asyncio.TimerHandle] = {}

    def __len__(self) -> int:
        return len(self._ends)

    def add(self, connection: Silent, *, answered: bool) -> None:
        """A connection waits from now on; where there are too many, another one is given up."""
        self.remove(connection)
        now = connection.loop.time()
        self._since[connection] = now
        self._end_at(connection, now + (KEEP_ALIVE_S if answered else HEAD_S))
        if len(self._since) > self._most:
            last = self._longest_of_the_many()
            self._end_at(last, max(now, self._since.pop(last) + HEARD_S))

    def remove(self, connection: Silent) -> None:
        """It has a request now, or is gone."""
        self._since.pop(connection, None)
        if connection in self._ends:
            self._ends.pop(connection).cancel()

    def _longest_of_the_many(self) -> Silent:
        held = Counter(connection.address for connection in self._since)
        return max(self._since, key=lambda connection: held[connection.address])  # the first of equals: the longest

    def _end_at(self, connection: Silent, moment: float) -> None:
        if connection in self._ends:
            self._ends[connection].cancel()
        self._ends[connection] = connection.loop.call_at(moment, self._end, connection)

    def _end(self, connection: Silent) -> None:
        self.remove(connection)
        connection.transport.abort()


class Connection(H11Protocol):
    """uvicorn's connection, which says when it begins and ends to wait."""

    def __init__(self, *arguments: Any, waiting: Waiting, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._waiting = waiting

    @property
    def address(self) -> str:
        """Where it comes from; empty when that is not known."""
        return self.client[0] if self.client else ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody has come."""
        super().connection_made(transport)
        self._waiting.add(self, answered=False)

    def data_received(self, data: bytes) -> None:
        """They say something; a whole head ends the waiting, half a head does not."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._waiting.remove(self)

    def on_response_complete(self) -> None:
        """They were answered, and may ask again."""
        super().on_response_complete()
        if not self.transport.is_closing() and (self.cycle is None or self.cycle.response_complete):
            self._waiting.add(self, answered=True)

    def connection_lost(self, exc: Exception | None) -> None:
        """They are gone."""
        self._waiting.remove(self)
        super().connection_lost(exc)
