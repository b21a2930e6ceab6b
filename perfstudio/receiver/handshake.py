"""A TLS connection before it is one: it counts among those that say nothing yet, and has as long to speak as they have.

uvicorn hands a connection on once its handshake is done; until then nothing counts it, and it may stay silent for a
minute. Here a plain connection is taken, counted, and made a protected one.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Callable

from perfstudio.receiver import connections
from perfstudio.receiver.connections import Connection, Waiting


class Handshake(asyncio.Protocol):
    """Stands where the connection will stand."""

    def __init__(self, connection: Callable[[], Connection], context: ssl.SSLContext, waiting: Waiting) -> None:
        self.loop = asyncio.get_running_loop()
        self.address = ""
        self._connection = connection
        self._context = context
        self._waiting = waiting
        self._task: asyncio.Task[None] | None = None
        self._early = bytearray()
        self._gone = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody has come; nothing of what they say is read before the handshake reads it."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - of a socket
        self.transport = transport
        transport.pause_reading()
        peer = transport.get_extra_info("peername")
        self.address = str(peer[0]) if peer else ""
        self._waiting.add(self, answered=False)
        self._task = self.loop.create_task(self._secure())

    def connection_lost(self, exc: Exception | None) -> None:
        """They are gone."""
        self._gone = True
        self._waiting.remove(self)

    def data_received(self, data: bytes) -> None:
        """A request that came with the last word of the handshake: kept for the moment until it is handed on."""
        self._early += data

    async def _secure(self) -> None:
        try:
            with contextlib.suppress(OSError):  # they spoke no TLS, or left
                secure = await self.loop.start_tls(
                    self.transport, self, self._context, server_side=True, ssl_handshake_timeout=connections.HEAD_S
                )
                if secure is not None and not self._gone:
                    self._hand_on(secure)
        finally:
            self._waiting.remove(self)

    def _hand_on(self, secure: asyncio.Transport) -> None:
        connection = self._connection()
        secure.set_protocol(connection)
        connection.connection_made(secure)
        if self._early:
            connection.data_received(bytes(self._early))
