"""A relay (TURN over UDP, RFC 8656) on this machine: what a peer asks for of it, with passes as coturn checks them."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import secrets
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aioice import stun
from aioice.turn import is_channel_data, make_integrity_key

REALM = "relay.example"
_HERE = "127.0.0.1"
Address = tuple[str, int]


class _Ends(asyncio.DatagramProtocol):
    def __init__(self, heard: Callable[[bytes, Address], None]) -> None:
        self._heard = heard

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self._heard(data, addr)


@dataclass
class _Allocation:
    """The place at the relay of one who uses it, and whom it reaches from there."""

    transport: asyncio.DatagramTransport
    channels: dict[int, Address] = field(default_factory=dict)

    @property
    def place(self) -> Address:
        address: Address = self.transport.get_extra_info("sockname")
        return address


class TurnRelay:
    """A context manager. `carried` counts what went through, `refused` who had no pass."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._of: dict[Address, _Allocation] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="turn-relay")
        self.port = 0
        self.carried = 0
        self.refused = 0

    def __enter__(self) -> Self:
        self._thread.start()
        opening = asyncio.run_coroutine_threadsafe(self._open(self._heard), self._loop)
        self._door = opening.result(10)
        self.port = self._door.get_extra_info("sockname")[1]
        return self

    def __exit__(self, kind: type[BaseException] | None, bad: BaseException | None, at: TracebackType | None) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _open(self, heard: Callable[[bytes, Address], None]) -> asyncio.DatagramTransport:
        transport, _ = await self._loop.create_datagram_endpoint(lambda: _Ends(heard), local_addr=(_HERE, 0))
        return transport

    async def _close(self) -> None:
        for transport in (self._door, *(one.transport for one in self._of.values())):
            transport.close()

    def _heard(self, data: bytes, who: Address) -> None:
        if is_channel_data(data):
            self._forward(data, who)
        else:
            self._loop.create_task(self._answer(stun.parse_message(data), who))

    def _forward(self, data: bytes, who: Address) -> None:
        channel, length = struct.unpack("!HH", data[:4])
        allocation = self._of[who]
        self.carried += 1
        allocation.transport.sendto(data[4 : 4 + length], allocation.channels[channel])

    async def _answer(self, asked: stun.Message, who: Address) -> None:
        attributes = {"ERROR-CODE": (401, "no pass"), "REALM": REALM, "NONCE": secrets.token_bytes(8)}
        name = asked.attributes.get("USERNAME")
        key = make_integrity_key(name, REALM, self._password(name)) if name else b""
        if not key or not asked.check_message_integrity(key):
            self.refused += bool(name)
            self._say(stun.Message(asked.message_method, stun.Class.ERROR, asked.transaction_id, attributes), who)
            return
        answer = stun.Message(asked.message_method, stun.Class.RESPONSE, asked.transaction_id)
        if asked.message_method is stun.Method.ALLOCATE:
            if who not in self._of:
                self._of[who] = _Allocation(await self._open(lambda data, peer: self._came(who, data, peer)))
            answer.attributes |= {
                "LIFETIME": 600, "XOR-MAPPED-ADDRESS": who, "XOR-RELAYED-ADDRESS": self._of[who].place
            }  # fmt: skip
        elif asked.message_method is stun.Method.CHANNEL_BIND:
            self._of[who].channels[asked.attributes["CHANNEL-NUMBER"]] = asked.attributes["XOR-PEER-ADDRESS"]
        elif asked.message_method is stun.Method.REFRESH:
            answer.attributes["LIFETIME"] = asked.attributes["LIFETIME"]
        answer.add_message_integrity(key)
        self._say(answer, who)

    def _password(self, name: str) -> str:
        return base64.b64encode(hmac.new(self._secret.encode(), name.encode(), hashlib.sha1).digest()).decode()

    def _came(self, owner: Address, data: bytes, peer: Address) -> None:
        """From whom the owner named, and from nobody else."""
        for channel, address in self._of[owner].channels.items():
            if address == peer:
                self._door.sendto(struct.pack("!HH", channel, len(data)) + data, owner)

    def _say(self, message: stun.Message, who: Address) -> None:
        self._door.sendto(bytes(message), who)
