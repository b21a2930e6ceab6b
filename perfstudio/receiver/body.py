"""The body of a request as it comes, and when a sender is too slow to be waited for."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator

from starlette.requests import ClientDisconnect, Request

from perfstudio.model.content_digest import content_digest
from perfstudio.receiver.errors import RefusedError

PATIENCE_S = 60.0
"""From then on a body has to have come at `SLOWEST` on average."""
SLOWEST = 256.0
"""Bytes a second: 2 kbit/s. A take of a minute (12 MB) would need half a day; every line that is one is faster."""


class Patience:
    """How long a sender may be silent in the middle of a body. Used on one event loop."""

    def __init__(self, idle_s: float) -> None:
        self.idle_s = idle_s
        self.limit: asyncio.Timeout | None = None
        """Of the piece that is waited for now."""

    def shorten(self, idle_s: float) -> None:
        """No longer than this from now on, for the piece that is waited for as well."""
        self.idle_s = min(self.idle_s, idle_s)
        ends = asyncio.get_running_loop().time() + self.idle_s
        if self.limit is not None and ends < (self.limit.when() or 0.0):
            self.limit.reschedule(ends)


async def pieces(request: Request, patience: Patience) -> AsyncGenerator[bytes, None]:
    """What comes, as it comes. Raises RefusedError(408): the sender broke off, was silent for too long, or drips."""
    clock = asyncio.get_running_loop().time
    began, come = clock(), 0
    stream = aiter(request.stream())
    try:
        while True:
            async with asyncio.timeout(patience.idle_s) as patience.limit:  # cheaper than `wait_for`
                piece = await anext(stream)
            patience.limit = None
            come += len(piece)
            yield piece
            if too_slow(come, clock() - began):
                raise RefusedError(408, "the sender is too slow")
    except StopAsyncIteration:
        return
    except (ClientDisconnect, TimeoutError):
        raise RefusedError(408, "the sender fell silent") from None
    finally:
        patience.limit = None
        with contextlib.suppress(RuntimeError):
            await stream.aclose()  # type: ignore[attr-defined]


async def whole(request: Request, most: int, idle_s: float) -> bytes:
    """All of it, if it is as its Content-Digest says. Raises RefusedError: 400, 408, 413."""
    data = bytearray()
    async with contextlib.aclosing(pieces(request, Patience(idle_s))) as stream:
        async for piece in stream:
            data += piece
            if len(data) > most:
                raise RefusedError(413, "too long")
    digest = request.headers.get("Content-Digest")
    if digest is not None and digest != content_digest(data):
        raise RefusedError(400, "Content-Digest differs")
    return bytes(data)


def too_slow(come: int, seconds: float) -> bool:
    """Whether so many bytes in so long a time are no delivery."""
    return seconds > PATIENCE_S and come < SLOWEST * seconds
