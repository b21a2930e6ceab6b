"""Deliveries: the studio's document, what is queued, what arrived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field

from perfstudio.model.base import Document
from perfstudio.model.errors import ErrorCode
from perfstudio.model.ids import Sha256, Slug


class SignIn(StrEnum):
    """How a studio wants to be told who delivers."""

    NONE = "none"
    TOKEN = "token"


class Studio(Document):
    """studio.json: where takes go. Can be served by any static host, or handed over as a file."""

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


class DeliveryState(StrEnum):
    """Where a take is on its way."""

    QUEUED = "queued"
    SENDING = "sending"
    VERIFYING = "verifying"
    WAITING = "waiting"  # will try again by itself
    PAUSED = "paused"  # by the performer, or until signed in
    SENT = "sent"  # level A: every byte confirmed by the server's offset
    DELIVERED = "delivered"  # level B: every hash confirmed by the receiver
    REFUSED = "refused"
    CANCELLED = "cancelled"  # consent withdrawn or taken out of the queue


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
    """Seconds until the next attempt, when waiting."""
    reason: ErrorCode | None = None
    facts: tuple[tuple[str, str | int | float], ...] = ()


class ReceivedFile(Document):
    """A file as the receiver hashed it itself."""

    role: str
    name: str
    size: int
    sha256: Sha256


class Receipt(Document):
    """receipt.json: what the receiver confirmed. On level A that is what the server's offsets said."""

    format: Literal["perfstudio-receipt/1"] = "perfstudio-receipt/1"
    level: Literal["A", "B"]
    take_id: str
    studio_id: str
    state: Literal["sent", "accepted"]
    files: tuple[ReceivedFile, ...]
    at: datetime
    receipt_id: str = ""
