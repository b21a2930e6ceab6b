"""Deliveries: the studio's document, what is queued, what the two ends say to each other, what arrived.

Documents that we write refuse unknown fields. *Answers* come from a receiver that may be newer than we are: unknown
fields in them are ignored, known ones are checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from perfstudio.model.base import Document
from perfstudio.model.call_servers import CallServers
from perfstudio.model.dates import Moment
from perfstudio.model.errors import ErrorCode
from perfstudio.model.ids import Sha256, Slug
from perfstudio.model.signed import PublicKey, SignedDocument
from perfstudio.model.take import FileRole

Uuid = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
FROM_START = "sha256-from-start"
"""A checksum that a tus server may offer (`Tus-Checksum-Algorithm`): SHA-256 of the upload from its first byte to the
last one of the request, by whatever requests they came."""


class SignIn(StrEnum):
    """How a studio wants to be told who delivers."""

    NONE = "none"
    TOKEN = "token"


class OfferedPack(Document):
    """A pack that a studio offers, by hash."""

    id: Slug
    version: str = Field(max_length=40)
    url: str = Field(pattern=r"^https://", max_length=300)
    sha256: Sha256


class Studio(Document):
    """studio.json: where takes go. Can be served by any static host, or handed over as a file.

    `tus` and `base` share one origin (scheme, host, port): a token belongs to exactly one origin.
    """

    format: Literal["perfstudio-studio/1"] = "perfstudio-studio/1"
    id: Slug
    name: str = Field(min_length=1, max_length=200)
    legal_name: str = Field(min_length=1, max_length=200)
    contact: str = Field(min_length=1, max_length=200)
    tus: str = Field(max_length=300)
    """tus 1.0 collection; https, or http on loopback only."""
    base: str | None = Field(default=None, max_length=300)
    """Base of the level B calls, or None for a plain tus server (level A)."""
    sign_in: SignIn = SignIn.TOKEN
    practice: bool = False
    """For trying things out: takes of practice devices may go there, and only these."""
    certificate: str | None = Field(default=None, max_length=20_000)
    """The receiver's own certificate, or that of its authority (PEM), when no authority that computers know vouches."""
    public_key: PublicKey | None = None
    """The studio's key (Ed25519, base64url without padding): what its receipts are signed with."""
    catalogue: tuple[OfferedPack, ...] = ()
    calls: CallServers | None = None
    """By which servers two performers who play together find a way to each other."""

    def to_json(self) -> dict[str, Any]:
        """As others read it: what the first readers of this form do not know stays out while it says nothing."""
        return {k: v for k, v in super().to_json().items() if v or k not in ("practice", "certificate", "calls")}


class DeliveryState(StrEnum):
    """Where a take is on its way."""

    QUEUED = "queued"
    SENDING = "sending"
    VERIFYING = "verifying"
    WAITING = "waiting"  # will try again by itself
    PAUSED = "paused"  # by the performer, or until signed in
    SENT = "sent"  # level A: every byte confirmed by the server's offset
    DELIVERED = "delivered"  # level B: the receiver has shown that it has the bytes, and signed for them
    REFUSED = "refused"
    CANCELLED = "cancelled"  # consent withdrawn or taken out of the queue


DELIVERY_ENDED = frozenset(
    {DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.REFUSED, DeliveryState.CANCELLED}
)
"""States that nothing leaves by itself."""


@dataclass(frozen=True, slots=True)
class DeliveryStatus:
    """One line of the Deliveries page."""

    take_id: str
    studio_id: str
    state: DeliveryState
    bytes_total: int
    bytes_sent: int
    bytes_per_s: float = 0.0
    attempts: int = 0
    next_try_s: float | None = None
    """Seconds until the next attempt, when waiting; else until what does not come is no longer waited for."""
    reason: ErrorCode | None = None
    facts: tuple[tuple[str, str | int | float], ...] = ()
    sent_at: datetime | None = None
    """When the last byte was confirmed; stays when consent is taken back afterwards."""
    withdrawn_at: datetime | None = None
    """When something was taken back last."""
    told_at: datetime | None = None
    """When the receiver confirmed that it was told. None: it has still to be told, or it never got anything."""
    untold: bool = False
    """Something was taken back and the receiver has not confirmed yet that it heard of it."""
    partly: bool = False
    """Only lines were taken back that a delivery can do without: it goes on, or stands."""
    word: str | None = None
    """A `DeletionWord`: what the receiver answered to that, as far as it can be believed."""
    deleted_at: datetime | None = None
    """When the receiver found nothing left of the take, by its signed statement."""
    exports: tuple[str, ...] = ()
    """What held the take, by that statement."""
    unfinished: bool = False
    """The receiver has still to be told, or to sign that it deleted the take."""
    bytes_read: int = 0
    """Of its own files, which are read once more before the first byte leaves."""

    @property
    def taken_out(self) -> bool:
        """The performer took it out of the queue; it goes when they ask for it again, and not before."""
        return self.state is DeliveryState.CANCELLED and self.reason is None


class ReceivedFile(Document):
    """A file as the receiver hashed it itself."""

    role: str
    name: str
    size: int
    sha256: Sha256


class Receipt(SignedDocument):
    """receipt.json: what the receiver confirmed, signed with the studio's key.

    Receipts of 0.1.0 have no signature: the sender wrote them itself, of level A too (what a server's offsets said).
    """

    format: Literal["perfstudio-receipt/1"] = "perfstudio-receipt/1"
    level: Literal["A", "B"]
    take_id: str
    studio_id: str
    state: Literal["sent", "accepted"]
    files: tuple[ReceivedFile, ...]
    """Each file as it lies at the receiver, consent.json among them; the hashes are the receiver's own."""
    at: Moment
    """When it was accepted."""
    receipt_id: str = ""
    record_id: Uuid | None = None
    """The consent record that it came with."""


class SentNote(Document):
    """sent.json: what this computer noted when a plain tus server (level A) had taken every byte of a take.

    No receipt: such a server confirms nothing of what it holds.
    """

    format: Literal["perfstudio-sent/1"] = "perfstudio-sent/1"
    level: Literal["A"] = "A"
    take_id: str
    studio_id: str
    state: Literal["sent"] = "sent"
    files: tuple[ReceivedFile, ...]
    """Each file as it was sent; the hashes are the sender's own."""
    at: Moment
    """When the server's offsets had reached the end of every file."""


Arrival = Receipt | SentNote
"""How a delivery ended: with the receiver's receipt, or sent and unconfirmed."""


# What the sender says on level B


class AnnouncedConsent(Document):
    """A consent record the take stands on: SHA-256 of consent.json as it was sent."""

    record_id: Uuid
    sha256: Sha256


class AnnouncedFile(Document):
    """A file that will come by tus."""

    file_id: Uuid
    role: FileRole
    filename: str = Field(max_length=80)
    filetype: str = Field(max_length=80)
    size: int = Field(ge=0)
    sha256: Sha256


class Announcement(Document):
    """Body of `PUT /v1/takes/{take_id}`."""

    prompt_id: str = Field(max_length=64)
    consents: Annotated[tuple[AnnouncedConsent, ...], Field(min_length=1, max_length=8)]
    files: Annotated[tuple[AnnouncedFile, ...], Field(min_length=1, max_length=32)]


# What the receiver answers on level B


class Answer(Document):
    """The base of what a receiver says."""

    model_config = ConfigDict(extra="ignore")


class ServerInfo(Answer):
    """`GET /v1/server`: this receiver speaks level B."""

    level: Literal["B"]


class ReceiverHealth(Answer):
    """`GET /health`: the receiver lives."""

    ready: bool
    """It could take a take now."""
    room: bool
    """There is room on its disk."""
    verifies: bool
    """What has come is checked, and its disk plays along."""


class ConsentReceived(Answer):
    """Answer to `PUT /v1/consents/{record_id}` and to a withdrawal."""

    record_id: str
    sha256: Sha256
    received_at: datetime | None = None
    receipt_sig: str | None = None


class Announced(Answer):
    """Answer to `PUT /v1/takes/{take_id}`."""

    state: Literal["awaiting_upload", "uploading", "verifying", "accepted", "rejected"]
    tus: str | None = None
    max_chunk: int | None = Field(default=None, ge=1)


class ReportedFile(Answer):
    """A file as it lies at the receiver; the hash is the receiver's own."""

    file_id: str
    sha256: Sha256
    size: int


class TakeReport(Answer):
    """Answer to `GET /v1/takes/{take_id}`."""

    state: Literal["awaiting_upload", "uploading", "verifying", "accepted", "rejected"]
    files: tuple[ReportedFile, ...] = ()
    accepted_at: datetime | None = None
    reason: str | None = None
    receipt_id: str | None = None
