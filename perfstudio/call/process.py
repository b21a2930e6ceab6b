"""The process in which a line lives: it can hang and die without anybody else noticing more than its end.

It is driven over a pipe by what is in `messages`, and ends with whoever started it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from multiprocessing.connection import Connection
from typing import Any, Final

from perfstudio.call.agreeing import agree, pause
from perfstudio.call.media import Media
from perfstudio.call.messages import (
    BY_HAND_S,
    LINGER_S,
    Described,
    Failed,
    LineMeasured,
    LineOpen,
    LineOrder,
    PeerSaid,
    PlayOrder,
)
from perfstudio.call.papers import PaperTalk, is_paper
from perfstudio.call.pings import DONE, PingExchange
from perfstudio.model.clock import host_ns
from perfstudio.model.duet_clocks import ClocksError
from perfstudio.model.errors import CallError, ErrorCode, PerfstudioError
from perfstudio.systems.ending_signals import left_to_who_started

PINGS_A_S: Final = 10


def run_line(pipe: Connection, media: Media) -> None:
    """What the process does: one line, from the first word to its end. `media`: the devices of this machine."""
    os.umask(0o077)
    left_to_who_started()  # Ctrl-C is a cut, which the other side is to hear of
    try:
        order: LineOrder | PlayOrder = pipe.recv()
        asyncio.run(_line(order, pipe, media))
    except PerfstudioError as problem:
        _tell(pipe, Failed(problem))
    except (EOFError, OSError):
        os._exit(1)


async def _line(order: LineOrder | PlayOrder, pipe: Connection, media: Media) -> None:
    try:
        from perfstudio.call.holding import Holding  # noqa: PLC0415 - the library is there only where somebody asked
        from perfstudio.call.peer import Peer  # noqa: PLC0415 - as above
        from perfstudio.call.talking import Talking  # noqa: PLC0415 - as above
    except ModuleNotFoundError:
        raise CallError(ErrorCode.DUET_NOT_INSTALLED) from None
    exchange, papers, talking = PingExchange(), PaperTalk(), None
    if isinstance(order, PlayOrder) and order.media is not None:
        talking = Talking(order.media, media, pipe.send)
        talking.open()
    peer = Peer(order.ways, talking)
    holding = None
    if isinstance(order, PlayOrder):
        holding = Holding(pipe, exchange, peer, first=order.first, talking=talking)
    other = holding.heard if holding is not None else exchange.heard
    peer.heard = lambda data: papers.heard(data) if is_paper(data) else other(data)
    try:
        if order.first:
            _tell(pipe, Described(await peer.offer()))
            await peer.accept(await _peer_said(pipe))
        else:
            _tell(pipe, Described(await peer.answer(await _peer_said(pipe), waits=order.by_hand)))
        await (peer.opened(BY_HAND_S) if order.by_hand else peer.opened())
        _tell(pipe, LineOpen())
        await agree(pipe, papers, peer)
        if holding is not None:
            await holding.hold()
        elif isinstance(order, LineOrder):
            _tell(pipe, await _measured(order.seconds, exchange, peer))
    finally:
        await peer.close()
        if talking is not None:
            talking.close()


async def _peer_said(pipe: Connection) -> str:
    said: PeerSaid = await asyncio.get_running_loop().run_in_executor(None, _received, pipe)
    return said.text


def _received(pipe: Connection) -> Any:
    """Whoever started us has gone: so do we, at once and from any thread."""
    try:
        return pipe.recv()
    except (EOFError, OSError):
        os._exit(1)


async def _measured(seconds: float, exchange: PingExchange, peer: Any) -> LineMeasured:
    """Ping for so long, and answer for a little longer. Raises CallError(DUET_LINE_LOST)."""
    begin_ns = host_ns()
    for _ in range(max(round(seconds * PINGS_A_S), 1)):
        peer.send(exchange.ping())
        await pause(peer, 1 / PINGS_A_S)
    end_ns = host_ns()
    for _ in range(round(LINGER_S * PINGS_A_S)):
        peer.send(DONE)
        if exchange.other_is_done or peer.closed.is_set():
            break
        with contextlib.suppress(CallError):  # what was heard is enough
            await pause(peer, 1 / PINGS_A_S)
    try:
        found = exchange.offset(begin_ns, end_ns)
    except ClocksError as problem:
        return LineMeasured(problem=problem.problem)
    unanswered = exchange.pings - exchange.answered
    return LineMeasured(found.bound_s, found.round_trip_s, exchange.pings, unanswered, found.offset_ns)


def _tell(pipe: Connection, message: object) -> None:
    pipe.send(message)
