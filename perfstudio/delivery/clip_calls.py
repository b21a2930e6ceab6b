"""The calls about clips that wait at a studio, on one wire; and both ways of a file, piece by piece.

Every piece is one request, so that a line that breaks costs one piece: whoever goes on asks where it stood.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from perfstudio.delivery.failure import DeliveryStep, Failure, Fault, TransferError
from perfstudio.delivery.http import HttpClient, Reply
from perfstudio.delivery.origin import join_same_origin
from perfstudio.delivery.receiver_api import OLDER, read_strictly
from perfstudio.delivery.tus import refusal
from perfstudio.durable import sync_file
from perfstudio.model.clip_waiting import ClipLeft, ClipStanding, ClipsWaiting
from perfstudio.model.content_digest import content_digest
from perfstudio.model.delivery import Studio

PIECE: Final = 1 << 19
"""Bytes of a file in one request."""
_GONE: Final = (404, 410)


class ClipWire:
    """What one studio is asked about clips. Each call raises TransferError; `waiting` is empty at a receiver that is
    older than the call."""

    def __init__(self, wire: HttpClient, studio: Studio) -> None:
        self._wire, self._studio = wire, studio
        base = studio.base or studio.tus
        self._base = join_same_origin(base, base).rstrip("/") + "/v1/clips"

    def waiting(self) -> ClipsWaiting:
        """What waits for whoever asks, and what they have to delete."""
        reply = self._ask("GET", "")
        return ClipsWaiting() if reply.status in OLDER else read_strictly(reply, ClipsWaiting)

    def leave(self, left: ClipLeft) -> ClipStanding:
        """It is to wait there; how much of its file is there already."""
        body = left.canonical()
        reply = self._ask("PUT", f"/{left.clip.clip_id}", {"Content-Digest": content_digest(body)}, body)
        return self._standing(reply, left.clip.clip_id)

    def standing(self, clip_id: str) -> ClipStanding:
        """How it stands there."""
        return self._standing(self._ask("GET", f"/{clip_id}"), clip_id)

    def take_back(self, clip_id: str) -> ClipStanding | None:
        """Deleted there before this is answered; None where it never came."""
        reply = self._ask("DELETE", f"/{clip_id}")
        return None if reply.status == 404 else self._standing(reply, clip_id)

    def send(self, clip_id: str, file: Path, start: int) -> int:
        """The next piece of a file. Returns where it stands there. Raises OSError."""
        with file.open("rb") as source:
            source.seek(start)
            piece = source.read(PIECE)
        headers = {
            "Content-Type": "application/offset+octet-stream", "Upload-Offset": str(start),
            "Content-Digest": content_digest(piece),
        }  # fmt: skip
        reply = self._ask("PATCH", f"/{clip_id}/file", headers, piece, DeliveryStep.PATCH)
        if reply.status != 204:
            raise refusal(DeliveryStep.PATCH, reply)
        return start + len(piece)

    def fetch(self, clip_id: str, start: int, size: int) -> bytes | None:
        """The next piece of a file of so many bytes; None where it was taken back meanwhile."""
        last = min(start + PIECE, size) - 1
        reply = self._ask("GET", f"/{clip_id}/file", {"Range": f"bytes={start}-{last}", "Accept": "*/*"})
        if reply.status in _GONE:
            return None
        if reply.status != 206:
            raise refusal(DeliveryStep.JSON, reply)
        if not reply.body or len(reply.body) > last + 1 - start:
            raise TransferError(Failure(DeliveryStep.JSON, Fault.PROTOCOL, reply.status, address=reply.address))
        return reply.body

    def deleted(self, clip_id: str) -> None:
        """Nothing of the copy here is left."""
        reply = self._ask("POST", f"/{clip_id}/deleted", {}, b"")
        if reply.status not in (204, 404):
            raise refusal(DeliveryStep.JSON, reply)

    def _standing(self, reply: Reply, clip_id: str) -> ClipStanding:
        said, key = read_strictly(reply, ClipStanding), self._studio.public_key
        signed = key is not None and said.is_signed_by(key) and said.studio_id == self._studio.id
        if not signed or said.clip_id != clip_id:
            raise TransferError(Failure(DeliveryStep.JSON, Fault.UNPROVEN, reply.status, address=reply.address))
        return said

    def _ask(
        self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes | None = None,
        step: DeliveryStep = DeliveryStep.JSON,
    ) -> Reply:  # fmt: skip
        sent = {"Accept": "application/json", "Content-Type": "application/json", **(headers or {})}
        return self._wire.ask(step, method, self._base + path, sent, body=body)


def is_about_one(stopped: TransferError) -> bool:
    """Whether the studio refused this one clip: others can be asked about all the same."""
    failure = stopped.failure
    return failure.fault is Fault.STATUS and failure.status in (403, 404, 409, 410, 413, 422)


def append(part: Path, piece: bytes) -> None:
    """One more piece, on the disk before it is counted. Raises OSError."""
    with part.open("ab") as out:
        out.write(piece)
    sync_file(part)
