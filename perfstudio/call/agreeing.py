"""What both sides say to each other before the line is used for anything: documents of whoever holds it, passed on."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import Any, Final

from perfstudio.call.messages import AllSaid, PaperCame, SayPaper
from perfstudio.call.papers import PaperTalk
from perfstudio.model.errors import CallError, ErrorCode

TICK_S: Final = 0.1


def orders(pipe: Connection) -> Iterator[object]:
    """What whoever started this process has said meanwhile; they have gone: so does it."""
    try:
        while pipe.poll():
            yield pipe.recv()
    except (EOFError, OSError):
        os._exit(1)


async def agree(pipe: Connection, papers: PaperTalk, peer: Any) -> None:
    """Until whoever started this process has nothing more to say, and all of it was heard. Raises
    CallError(DUET_LINE_LOST)."""
    done = False
    while not (done and papers.all_heard):
        done = done or _hear(pipe, papers)
        for said in papers.due():
            peer.send(said)
        for came in papers.taken():
            pipe.send(PaperCame(came))
        await pause(peer, TICK_S)


def _hear(pipe: Connection, papers: PaperTalk) -> bool:
    """Whether that was all; what is ordered behind it is for what follows."""
    for order in orders(pipe):
        if isinstance(order, SayPaper):
            papers.say(order.text)
        elif isinstance(order, AllSaid):
            return True
    return False


async def pause(peer: Any, seconds: float) -> None:
    """A moment in which the line may go down. Raises CallError(DUET_LINE_LOST)."""
    try:
        async with asyncio.timeout(seconds):
            await peer.closed.wait()
    except TimeoutError:
        return
    raise CallError(ErrorCode.DUET_LINE_LOST)
