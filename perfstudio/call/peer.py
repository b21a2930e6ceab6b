"""One end of the line: a WebRTC peer connection (ICE, DTLS) with a data channel that neither orders nor repeats.

Every address is gathered before anything is said, so that one text each way is enough to find each other. Without a
STUN server only the addresses of this machine's own networks are known. Nothing is asked of a server that nobody named.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

from aioice.ice import CandidatePair
from aiortc import RTCConfiguration, RTCDataChannel, RTCIceServer, RTCPeerConnection, RTCSessionDescription
from aiortc.rtcconfiguration import RTCIceTransportPolicy

from perfstudio.call.talking import Talking
from perfstudio.model.call_ways import CallWays
from perfstudio.model.errors import CallError, ErrorCode

AGAIN_S: Final = 5.0
"""So often a side that waits to be heard of tries every way again, which keeps its own door open, too."""
OPEN_S: Final = 30.0
"""A line that has not come by then will not: each pair of addresses was tried several times."""
_LABEL: Final = "pings"
_NO_MORE: Final = "a=end-of-candidates\r\n"
_NEEDED: Final = ("m=application ", "a=fingerprint:")
"""The library would take up, and wait for, a description of nothing."""


class Peer:
    """Used on one event loop."""

    heard: Callable[[object], bytes | None] = staticmethod(lambda _: None)
    """Is given each message, and gives the answer to it."""

    def __init__(self, ways: CallWays, talking: Talking | None = None) -> None:
        """`talking`: the voices that the line carries, where it carries any."""
        self._talking = talking
        self._relay_only = ways.relay_only
        self._waits = False
        self._connection = RTCPeerConnection(_configuration(ways))
        self._channel: RTCDataChannel | None = None
        self._open: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed = asyncio.Event()
        """The line is down: the other side has left, or nothing comes through any more."""
        self._connection.on("connectionstatechange", self._changed)
        self._connection.on("datachannel", self._take)

    async def offer(self) -> str:
        """What the other side is to hear from the one who begins. Raises CallError(DUET_NO_RELAY)."""
        self._take(self._connection.createDataChannel(_LABEL, ordered=False, maxRetransmits=0))
        if self._talking is not None and self._talking.voice_out is not None:
            self._connection.addTrack(self._talking.voice_out)
            self._hear_voice()
        await self._connection.setLocalDescription(await self._connection.createOffer())
        return self._described()

    async def answer(self, offer: str, *, waits: bool = False) -> str:
        """What the one who began is to hear; `waits`: after some minutes. Raises CallError (DUET_NO_SENSE,
        DUET_NO_RELAY)."""
        self._waits = waits  # of more candidates that may come no end is said, and so no failure is
        await self._told(offer.replace(_NO_MORE, "") if waits else offer, "offer")
        if self._talking is not None and self._talking.voice_out is not None and self._hear_voice():
            self._connection.addTrack(self._talking.voice_out)
        try:
            await self._connection.setLocalDescription(await self._connection.createAnswer())
        except Exception as problem:  # the library says in many ways that it cannot answer this
            raise CallError(ErrorCode.DUET_NO_SENSE) from problem
        return self._described()

    async def accept(self, answer: str) -> None:
        """What the other side answered. Raises CallError(DUET_NO_SENSE)."""
        await self._told(answer, "answer")

    async def opened(self, limit_s: float = OPEN_S) -> None:
        """Wait until the line stands. Raises CallError(DUET_NO_LINE)."""
        try:
            async with asyncio.timeout(limit_s):
                while self._waits and not (await asyncio.wait((self._open,), timeout=AGAIN_S))[0]:
                    self._try_again()
                await self._open
        except TimeoutError:
            raise CallError(ErrorCode.DUET_NO_LINE) from None

    def send(self, data: bytes) -> None:
        """Send what may be lost; nothing once the line is down."""
        if self._channel is not None and self._channel.readyState == "open":
            self._channel.send(data)

    async def close(self) -> None:
        """Leave."""
        await self._connection.close()

    def _try_again(self) -> None:
        """Every way that failed: nobody heard of this side yet."""
        sctp = self._connection.sctp
        line: Any = sctp.transport.transport._connection if sctp is not None else None
        for pair in line._check_list if line is not None else ():
            if pair.state is CandidatePair.State.FAILED:
                line.check_state(pair, CandidatePair.State.WAITING)

    def _hear_voice(self) -> bool:
        """Take packets of sound before the library does: it would hold four frames back, and stand still behind each
        one that is lost. Returns whether there is sound in what was said at all."""
        receivers: list[Any] = [each.receiver for each in self._connection.getTransceivers() if each.kind == "audio"]
        for receiver in receivers:
            receiver._handle_rtp_packet = self._voice_came
        return bool(receivers)

    async def _voice_came(self, packet: Any, arrival_time_ms: int) -> None:
        if self._talking is not None:
            self._talking.arrived(packet)

    def _described(self) -> str:
        """Where only the relay is to be told of, and did not take us in, there is nothing to tell."""
        said = str(self._connection.localDescription.sdp)
        if self._relay_only and "a=candidate:" not in said:
            raise CallError(ErrorCode.DUET_NO_RELAY)
        return said

    async def _told(self, text: str, kind: str) -> None:
        if not all(part in text for part in _NEEDED):
            raise CallError(ErrorCode.DUET_NO_SENSE)
        try:
            await self._connection.setRemoteDescription(RTCSessionDescription(sdp=text, type=kind))
        except Exception as problem:  # whatever a stranger's text does to the library that reads it
            raise CallError(ErrorCode.DUET_NO_SENSE) from problem

    def _take(self, channel: Any) -> None:
        if self._channel is not None or channel.label != _LABEL:
            return
        self._channel = channel
        channel.on("message", self._message)
        channel.on("open", self._opened)
        channel.on("close", self.closed.set)
        if channel.readyState == "open":
            self._opened()

    def _opened(self) -> None:
        if not self._open.done():
            self._open.set_result(None)

    def _message(self, data: object) -> None:
        answer = self.heard(data)
        if answer is not None:
            self.send(answer)

    def _changed(self) -> None:
        state = self._connection.connectionState
        if state == "failed" and not self._open.done():
            self._open.set_exception(CallError(ErrorCode.DUET_NO_LINE))
        if state in ("failed", "closed"):
            self.closed.set()


def _configuration(ways: CallWays) -> RTCConfiguration:
    servers = [RTCIceServer(urls=ways.stun)] if ways.stun else []
    if ways.turn:
        servers.append(RTCIceServer(urls=ways.turn, username=ways.username, credential=ways.password))
    policy = RTCIceTransportPolicy.RELAY if ways.relay_only else RTCIceTransportPolicy.ALL
    return RTCConfiguration(iceServers=servers, iceTransportPolicy=policy)
