"""Consent: uses, the signed record, its events. ISO/IEC TS 27560 fields in DPV terms, per take and per use."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from perfstudio.model.base import Document, canonical_bytes, sha256_hex
from perfstudio.model.ids import Sha256

Line = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=4000)]


class UseId(StrEnum):
    """The lines of the use grid."""

    STORE_REVIEW = "store_review"
    PUBLISH_PERFORMANCE = "publish_performance"
    HUMAN_RESEARCH = "human_research"
    MACHINE_ANALYSIS = "machine_analysis"
    TRAIN_RECOGNITION = "train_recognition"
    TRAIN_GENERATIVE = "train_generative"
    REPLICA_VOICE = "replica_voice"
    REPLICA_LIKENESS = "replica_likeness"
    BIOMETRIC_TEMPLATE = "biometric_template"
    SHARE_THIRD_PARTY = "share_third_party"


SEPARATE_USES = frozenset({UseId.REPLICA_VOICE, UseId.REPLICA_LIKENESS, UseId.BIOMETRIC_TEMPLATE})
"""Never part of "all": each asks for its own act."""


class ConsentStatus(StrEnum):
    """Event states, named as in DPV."""

    GIVEN = "ConsentGiven"
    REFUSED = "ConsentRefused"
    WITHDRAWN = "ConsentWithdrawn"
    RENEWED = "RenewedConsentGiven"
    EXPIRED = "ConsentExpired"


class Compensation(Document):
    """Pay for one use, or for the work."""

    basis: Literal["none", "flat", "per_use", "per_hour", "session", "revenue_share"] = "none"
    amount: Annotated[str, StringConstraints(pattern=r"^\d{1,9}(\.\d{1,2})?$")] | None = None
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    note: Line | None = None


class RequestedUse(Document):
    """One line of the use grid, as the studio asks for it. Everything is off until the performer turns it on."""

    id: UseId
    required: bool = False
    """The delivery makes no sense without it (and the pack says why)."""
    why: Line | None = None
    exactly: Text
    """What exactly will be done."""
    data: tuple[Literal["voice", "face_video", "performance", "transcript", "self_ratings", "device_info"], ...] = (
        "voice",
        "face_video",
        "performance",
    )
    term: Annotated[str, StringConstraints(pattern=r"^P\d+[DMY]$")]
    territory: tuple[Line, ...]
    recipients: tuple[Line, ...]
    compensation: Compensation = Compensation()
    withdrawal_effect: Line


class FileHash(Document):
    """A file of the take, by role and hash."""

    role: str
    sha256: Sha256


class TakeBinding(Document):
    """What the consent is about: exactly these bytes."""

    take_id: str
    seal_sha256: Sha256
    files: tuple[FileHash, ...]


class Notice(Document):
    """The exact text that was on the screen."""

    id: str
    version: str
    language: str
    sha256: Sha256
    title: str
    text: str


class Party(Document):
    """Who receives the rights."""

    role: Literal["controller"] = "controller"
    id: str
    name: str
    legal_name: str
    contact: str
    address: str | None = None


class Subject(Document):
    """The performer, by a pseudonymous id and the name they typed when they signed."""

    id: str
    signed_name: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class ConsentEvent(Document):
    """One act. Events are only ever appended; each carries the hash of the one before."""

    seq: int = Field(ge=1)
    state: ConsentStatus
    use_ids: tuple[UseId, ...]
    at: datetime
    tz_offset_min: int
    by: Literal["performer", "guardian", "app"] = "performer"
    method: str
    consent_type: str = "ExplicitlyExpressedConsent"
    app_version: str
    prev_sha256: Sha256 | None
    jws: str
    """Detached JWS (Ed25519, RFC 7797) over this event without `jws`, bound to the record's head."""


class ConsentRecord(Document):
    """consent.json: one take, the uses asked for, and the performer's acts."""

    schema_: Literal["https://w3id.org/dpv/schema/dpv-27560#record-eu-gdpr"] = Field(
        default="https://w3id.org/dpv/schema/dpv-27560#record-eu-gdpr", alias="schema"
    )
    profile: Literal["perfstudio-consent/1"] = "perfstudio-consent/1"
    record_id: str
    created_at: datetime
    subject: Subject
    take: TakeBinding
    notice: Notice
    parties: tuple[Party, ...]
    jurisdiction: tuple[str, ...] = ()
    uses: tuple[RequestedUse, ...]
    """The requested uses as shown, whole, whether granted or not."""
    withdrawal_effect: str
    representation: Literal["none", "counsel", "union"] = "none"
    public_key: str
    """Ed25519 public key of this installation, base64url without padding."""
    events: tuple[ConsentEvent, ...] = ()

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    def head(self) -> dict[str, Any]:
        """Everything but the events: fixed for ever when the record is made."""
        plain = self.to_json()
        del plain["events"]
        return plain

    def digest(self) -> str:
        """SHA-256 of the canonical record as it stands."""
        return sha256_hex(canonical_bytes(self.to_json()))

    def granted(self) -> frozenset[UseId]:
        """The uses that stand now: given and not taken back."""
        standing: set[UseId] = set()
        for event in self.events:
            if event.state in (ConsentStatus.GIVEN, ConsentStatus.RENEWED):
                standing |= set(event.use_ids)
            else:
                standing -= set(event.use_ids)
        return frozenset(standing)


class ConsentRef(Document):
    """In take.json: which record this take is bound to."""

    record_id: str
    sha256: Sha256
    use_ids: tuple[UseId, ...]
