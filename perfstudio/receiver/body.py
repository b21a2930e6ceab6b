"""The body of a request as it comes, and when a sender is too slow to be waited for."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
from collections.abc import AsyncGenerator

from starlette.requests import ClientDisconnect, Request

from perfstudio.receiver.errors import RefusedError

PATIENCE_S = 60.0
"""From then on a body has to have come at `SLOWEST` on average."""
SLOWEST = 256.0
"""Bytes a second: 2 kbit/s. A take of a minute (12 MB) would need half a day; every line that is one is faster."""


async def pieces(request: Request, idle_s: float) -> AsyncGenerator[bytes, None]:
    """What comes, as it comes. Raises RefusedError(408): the sender broke off, was silent for `idle_s`, or drips."""
    clock = asyncio.get_running_loop().time
    began, come = clock(), 0
    stream = aiter(request.stream())
    try:
        while True:
            async with asyncio.timeout(idle_s):  # cheaper than `wait_for`, which makes a task of every piece
                piece = await anext(stream)
            come += len(piece)
            yield piece
            if too_slow(come, clock() - began):
                raise RefusedError(408, "the sender is too slow")
    except StopAsyncIteration:
        return
    except (ClientDisconnect, TimeoutError):
        raise RefusedError(408, "the sender fell silent") from None
    finally:
        with contextlib.suppress(RuntimeError):
            await stream.aclose()  # type: ignore[attr-defined]


async def whole(request: Request, most: int, idle_s: float) -> bytes:
    """All of it, if it is as its Content-Digest says. Raises RefusedError: 400, 408, 413."""
    data = bytearray()
    async with contextlib.aclosing(pieces(request, idle_s)) as stream:
        async for piece in stream:
            data += piece
            if len(data) > most:
                raise RefusedError(413, "too long")
    digest = request.headers.get("Content-Digest")
    if digest is not None and digest != f"sha-256=:{base64.b64encode(hashlib.sha256(data).digest()).decode()}:":
        raise RefusedError(400, "Content-Digest differs")
    return bytes(data)


def too_slow(come: int, seconds: float) -> bool:
    """Whether so many bytes in so long a time are no delivery."""
    return seconds > PATIENCE_S and come < SLOWEST * seconds
