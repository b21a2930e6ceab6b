"""A small tus 1.0.0 client: core, creation and checksum when offered.

Own work, because the stock client was measured to skip takes that begin alike, to send tokens to other hosts, to call
an upload complete on an absurd offset, to loop without pause and to hang for ever. The rules here:

* the server's `Upload-Offset` is the only truth about what arrived; it is asked for before the first byte and after
  every failure, never computed, and must lie between the old offset and the size;
* an upload address must stay on the studio's origin; redirects are failures (see `wire`);
* an answer that makes no sense is a `TransferError`, never "complete";
* this class makes one request per call and never retries: `policy` decides, and waits lie between.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import BinaryIO

from perfstudio.delivery.chunk_reader import PIECE_MOST, FileSlice
from perfstudio.delivery.failure import DeliveryStep, Failure, Fault, TransferError
from perfstudio.delivery.http import HttpClient, Reply, http_date, retry_after, words_of
from perfstudio.delivery.origin import join_same_origin
from perfstudio.model.delivery import FROM_START

VERSION = "1.0.0"
_TUS = {"Tus-Resumable": VERSION}
_LONGEST_METADATA = 4096
_KEY = re.compile(r"[!-+\--~]+")
_OFFSET = re.compile(r"[0-9]{1,18}")
OFTEN = 0.01
"""So much of what counts as a stall goes by before the watch is told again that bytes move."""


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a tus server says it can do. A server that does not answer OPTIONS can do the core and creation."""

    checksum: str | None = None
    """`sha256` or `sha1` when the server verifies chunks, else None: others ignore the header silently."""
    from_start: bool = False
    """Whether it verifies `FROM_START`, too."""
    largest: int | None = None


@dataclass(frozen=True, slots=True)
class TusUpload:
    """A resource on the server. The address is an access right: it stays out of logs."""

    url: str
    expires_at: datetime | None = None

    def __repr__(self) -> str:
        return "Upload(…)"


class TusClient:
    """tus 1.0.0 on one wire and one collection."""

    def __init__(self, wire: HttpClient, collection: str) -> None:
        self._wire = wire
        self._collection = join_same_origin(collection, collection)
        self.handed = 0
        """Bytes of the last `send` that were handed to the connection, however it ended."""

    def __repr__(self) -> str:
        return f"TusClient({self._wire.origin})"

    def abilities(self) -> Abilities:
        """Ask what is offered (OPTIONS). Some servers do not answer it: that is no failure."""
        reply = self._wire.ask(DeliveryStep.OPTIONS, "OPTIONS", self._collection, _TUS)
        if reply.status not in (200, 204) or not _speaks_tus(reply):
            return Abilities()
        extensions = _words(reply.headers.get("Tus-Extension", ""))
        offered = _words(reply.headers.get("Tus-Checksum-Algorithm", "")) if "checksum" in extensions else frozenset()
        largest = reply.headers.get("Tus-Max-Size", "")
        return Abilities(
            checksum=next((a for a in ("sha256", "sha1") if a in offered), None),
            from_start=FROM_START in offered,
            largest=int(largest) if _OFFSET.fullmatch(largest) else None,
        )

    def create(self, size: int, metadata: Mapping[str, str]) -> TusUpload:
        """Make a new upload of `size` bytes (T1). Keep the address durable before the first byte is sent."""
        headers = {**_TUS, "Upload-Length": str(size), "Upload-Metadata": encode_metadata(metadata)}
        reply = self._wire.ask(DeliveryStep.CREATE, "POST", self._collection, headers, body=b"")
        if reply.status != 201:
            raise refusal(DeliveryStep.CREATE, reply)
        location = reply.headers.get("Location", "")
        if not location:
            raise _nonsense(DeliveryStep.CREATE, reply, "no_location")
        return TusUpload(
            join_same_origin(self._collection, location), http_date(reply.headers.get("Upload-Expires", ""))
        )

    def offset(self, url: str, size: int) -> int:
        """How many bytes the server has (T2). Raises TransferError when the resource is not an upload of `size`."""
        reply = self._wire.ask(DeliveryStep.HEAD, "HEAD", url, _TUS)
        if reply.status not in (200, 204):
            raise refusal(DeliveryStep.HEAD, reply)
        offset = _offset(DeliveryStep.HEAD, reply)
        length = reply.headers.get("Upload-Length", "")
        if length and length != str(size):
            raise _nonsense(DeliveryStep.HEAD, reply, "wrong_length")
        if offset > size:
            raise _nonsense(DeliveryStep.HEAD, reply, "offset_beyond_end")
        return offset

    def send(
        self,
        url: str,
        file: BinaryIO,
        *,
        offset: int,
        length: int,
        size: int,
        checksum: str | None,
        tick: Callable[[int], None],
        name: str = "",
        read_s: float = 0.0,
    ) -> int:
        """Send `length` bytes from `offset` (T3) and return the server's new offset.

        `checksum` is theirs, as it stands in the header; `read_s` is how much longer than usual the answer may take,
        where the server has to read what it has first. `tick(sent)` runs before every piece and stops the transfer by
        raising; the server is then left at a clean offset. Raises TransferError, also when the new offset is absent or
        impossible.
        """
        timeouts = self._wire.timeouts
        total_s = read_s + (timeouts.last_answer_s if offset + length == size else timeouts.answer_s)
        told_s = 0.0

        def watched(sent: int) -> None:
            nonlocal told_s
            tick(sent)
            if length - sent <= PIECE_MOST:
                self._wire.allow(total_s)
            elif monotonic() - told_s >= timeouts.stall_s * OFTEN:
                self._wire.moved(sending=True)
                told_s = monotonic()

        self.handed = 0
        body = FileSlice(file, offset, length, watched, name=name)
        headers = {**_TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": str(offset)}
        if checksum is not None:
            headers["Upload-Checksum"] = checksum
        try:
            reply = self._wire.ask(DeliveryStep.PATCH, "PATCH", url, headers, body=body, answer_s=total_s)
        finally:
            self.handed = body.sent
        if reply.status not in (200, 204):
            raise refusal(DeliveryStep.PATCH, reply)
        if not _speaks_tus(reply) and "Upload-Offset" not in reply.headers:
            raise _nonsense(DeliveryStep.PATCH, reply, "not_tus")
        if "Upload-Offset" not in reply.headers:
            return self.offset(url, size)
        reached = _offset(DeliveryStep.PATCH, reply)
        if reached > offset + length or reached < offset:
            raise _nonsense(DeliveryStep.PATCH, reply, "impossible_offset")
        if reached == offset:
            raise TransferError(Failure(DeliveryStep.PATCH, Fault.NO_PROGRESS, reply.status, address=reply.address))
        return reached

    def terminate(self, url: str) -> None:
        """Delete an upload; gone already counts as done. Raises TransferError otherwise."""
        reply = self._wire.ask(DeliveryStep.DELETE, "DELETE", join_same_origin(self._collection, url), _TUS)
        if reply.status not in (200, 204, 404, 410):
            raise refusal(DeliveryStep.DELETE, reply)


def encode_metadata(metadata: Mapping[str, str]) -> str:
    """Upload-Metadata: ASCII keys, base64 of UTF-8 values, at most 4 KiB in all."""
    if not all(_KEY.fullmatch(key) for key in metadata):
        raise ValueError("metadata keys are ASCII without space or comma")
    text = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in metadata.items())
    if len(text) > _LONGEST_METADATA:
        raise ValueError("metadata longer than 4 KiB")
    return text


def refusal(step: DeliveryStep, reply: Reply) -> TransferError:
    """The failure that a status stands for. A web page where tus or JSON should be is somebody else's."""
    portal = reply.status < 300 or (reply.status < 500 and "html" in reply.headers.get("Content-Type", "").lower())
    fault = Fault.PORTAL if portal and not _speaks_tus(reply) and not _decided(reply) else Fault.STATUS
    return TransferError(
        Failure(step, fault, reply.status, retry_after(reply.headers), words_of(reply), address=reply.address)
    )


def _decided(reply: Reply) -> bool:
    # Proxies in front of a real server answer these with a web page of their own; the status is the message.
    return reply.status in (401, 403, 404, 409, 410, 412, 413, 422, 423, 429, 460)


def _speaks_tus(reply: Reply) -> bool:
    return "Tus-Resumable" in reply.headers or "Tus-Version" in reply.headers


def _nonsense(step: DeliveryStep, reply: Reply, what: str) -> TransferError:
    html = "html" in reply.headers.get("Content-Type", "").lower()
    fault = Fault.PORTAL if html and not _speaks_tus(reply) else Fault.PROTOCOL
    return TransferError(Failure(step, fault, reply.status, detail=what, address=reply.address))


def _offset(step: DeliveryStep, reply: Reply) -> int:
    text = reply.headers.get("Upload-Offset", "")
    if not _OFFSET.fullmatch(text):
        raise _nonsense(step, reply, "no_offset")
    return int(text)


def _words(text: str) -> frozenset[str]:
    return frozenset(word.strip().lower() for word in text.split(",") if word.strip())
