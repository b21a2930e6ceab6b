"""Holds the line while a take is made: pings, the word to begin and to cut, and every stamp told on as it is made."""

from __future__ import annotations

import asyncio
from multiprocessing.connection import Connection
from typing import Any, Final

from perfstudio.call.agreeing import TICK_S, orders
from perfstudio.call.messages import Agreed, HasCut, Hello, LineDown, LineQuiet, Parted, Speak, Stamped
from perfstudio.call.pings import PingExchange
from perfstudio.call.talking import Talking
from perfstudio.call.together import HELLO, Together

ROLLING_EVERY: Final = 5
"""While a take rolls, a ping goes at every so manieth tick: two a second. Around it, ten."""
AFTER_S: Final = 3.0
"""So long pings go on behind the cut, so that the end of the take lies within what is known."""

QUIET_S: Final = 3.0
"""So long nothing comes before that is said: a dozen messages of a side that is there."""


class Holding:
    """One take's worth of a line that stands, in the process of the line."""

    def __init__(
        self, pipe: Connection, exchange: PingExchange, peer: Any, *, first: bool, talking: Talking | None = None
    ) -> None:
        self._pipe, self._exchange, self._peer, self._talking = pipe, exchange, peer, talking
        self._talk = Together(exchange, first=first)
        self._told: set[type] = set()
        self._stamped = 0
        self._cut_tick: int | None = None
        self._may_part = False
        self._tick = self._heard_tick = 0
        self._quiet = False

    def heard(self, data: object) -> bytes | None:
        """What comes over the line; the answer to it."""
        self._heard_tick = self._tick
        if self._talking is not None and self._talking.heard(data):
            return None
        if isinstance(data, bytes) and data and data[0] >= HELLO:
            return self._talk.heard(data)
        return self._exchange.heard(data)

    async def hold(self) -> None:
        """Until both have cut and the pings behind it are done, or this side has and the line is down."""
        never = asyncio.Event()
        while not self._over(tick := self._tick):
            self._hear_orders()
            if self._talk.start_ns is None or self._cut_tick is not None or tick % ROLLING_EVERY == 0:
                self._peer.send(self._exchange.ping())
            for said in self._talk.due():
                self._peer.send(said)
            if self._talking is not None and tick % ROLLING_EVERY == 0:
                self._peer.send(self._talking.says())
            self._tell(tick)
            self._tick += 1
            try:
                async with asyncio.timeout(TICK_S):
                    await never.wait()
            except TimeoutError:
                continue
        self._tell_stamps()
        self._pipe.send(Parted())

    def _over(self, tick: int) -> bool:
        if self._cut_tick is None and (self._talk.is_cut or self._talk.other_cut):
            self._cut_tick = tick
        done = self._cut_tick is not None and tick - self._cut_tick >= AFTER_S / TICK_S
        return self._may_part and (done or self._peer.closed.is_set())

    def _hear_orders(self) -> None:
        for order in orders(self._pipe):
            if isinstance(order, Hello):
                self._talk.say_hello(order.text)
            elif isinstance(order, HasCut):
                self._talk.cut()
                self._may_part = True
            elif isinstance(order, Speak) and self._talking is not None:
                self._talking.speak(on=order.on)

    def _tell(self, tick: int) -> None:
        if self._talk.other_hello is not None:
            self._once(Hello(self._talk.other_hello))
        if self._talk.start_ns is not None:
            self._once(Agreed(self._talk.start_ns))
        if self._talk.other_cut:
            self._once(HasCut())
        if self._peer.closed.is_set():
            self._once(LineDown())
        elif self._quiet is not (quiet := tick - self._heard_tick > QUIET_S / TICK_S):
            self._quiet = quiet
            self._pipe.send(LineQuiet(quiet))
        if self._talking is not None:
            self._pipe.send(self._talking.now())
        if tick % round(1 / TICK_S) == 0:
            self._tell_stamps()

    def _once(self, message: object) -> None:
        if type(message) not in self._told:
            self._told.add(type(message))
            self._pipe.send(message)

    def _tell_stamps(self) -> None:
        records, self._stamped = self._exchange.records_from(self._stamped)
        self._pipe.send(Stamped(records, self._exchange.pings))
