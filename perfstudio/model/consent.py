"""Consent: uses, the signed record, its events. ISO/IEC TS 27560 fields in DPV terms, per take and per use.

A record is hashed and signed as it was written: a value that the text of an old record does not have stays absent
(`exclude_unset`), so that a later version of this page, with more optional values, still verifies it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from perfstudio.language.catalogue import Messages
from perfstudio.model.base import Document, canonical_bytes, sha256_hex
from perfstudio.model.dates import Moment
from perfstudio.model.ids import Sha256
from perfstudio.model.others import Others
from perfstudio.model.spoken import SpokenRequest, SpokenStatement, only_when_said
from perfstudio.model.warning_rules import WarningGrade, WarningRule

Line = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=4000)]


class UseId(StrEnum):
    """The lines of the use grid."""

    STORE_REVIEW = "store_review"  # keep the take and let named reviewers watch it
    PUBLISH_PERFORMANCE = "publish_performance"  # show it publicly
    HUMAN_RESEARCH = "human_research"  # people study and annotate it
    MACHINE_ANALYSIS = "machine_analysis"  # finished software analyses it
    TRAIN_RECOGNITION = "train_recognition"  # train software that recognises or classifies
    TRAIN_GENERATIVE = "train_generative"  # train software that can perform
    REPLICA_VOICE = "replica_voice"  # make something that sounds like the performer
    REPLICA_LIKENESS = "replica_likeness"  # make something that looks like the performer
    BIOMETRIC_TEMPLATE = "biometric_template"  # compute a voiceprint or the geometry of a face
    SHARE_THIRD_PARTY = "share_third_party"  # give it to others


SEPARATE_USES = frozenset({UseId.REPLICA_VOICE, UseId.REPLICA_LIKENESS, UseId.BIOMETRIC_TEMPLATE})
"""Never part of "all": each asks for its own act."""

ALWAYS_NEEDED = frozenset({UseId.STORE_REVIEW})
"""Nobody can be sent, or keep, what nobody may keep."""


LegalBasis = Literal["eu-gdpr:A6-1-a", "eu-gdpr:A9-2-a"]
"""Consent (6(1)(a)), or explicit consent to special categories (9(2)(a)) when templates identify a person."""


def _legal_basis(data: dict[str, Any]) -> LegalBasis:
    return "eu-gdpr:A9-2-a" if data.get("id") is UseId.BIOMETRIC_TEMPLATE else "eu-gdpr:A6-1-a"


USE_LABELS: Messages[dict[UseId, str]] = {
    UseId.STORE_REVIEW: "Keep this take and let named reviewers watch it",
    UseId.PUBLISH_PERFORMANCE: "Show this take publicly",
    UseId.HUMAN_RESEARCH: "Let people study and annotate it",
    UseId.MACHINE_ANALYSIS: "Let finished software analyse it",
    UseId.TRAIN_RECOGNITION: "Train software that recognises or classifies",
    UseId.TRAIN_GENERATIVE: "Train software that can perform",
    UseId.REPLICA_VOICE: "Make something that sounds like me",
    UseId.REPLICA_LIKENESS: "Make something that looks like me",
    UseId.BIOMETRIC_TEMPLATE: "Compute a voiceprint or the geometry of my face",
    UseId.SHARE_THIRD_PARTY: "Give it to others",
}
"""What each line of the grid says, on the screen and in the receipt: part of what is signed, so it is said once."""


class ConsentStatus(StrEnum):
    """Event states, named as in DPV."""

    GIVEN = "ConsentGiven"
    REFUSED = "ConsentRefused"
    WITHDRAWN = "ConsentWithdrawn"
    RENEWED = "RenewedConsentGiven"
    EXPIRED = "ConsentExpired"


STANDING = frozenset({ConsentStatus.GIVEN, ConsentStatus.RENEWED})
"""The only states that DPV counts as valid for processing."""


class Compensation(Document):
    """Pay for one use, or for the work."""

    basis: Literal["none", "flat", "per_use", "per_hour", "session", "revenue_share"] = "none"
    amount: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,9}(\.[0-9]{1,2})?$")] | None = None
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    note: Line | None = None


class ReplicaTerms(Document):
    """What a replica of a voice or likeness may be used for: said specifically, or the clause does not hold."""

    media: tuple[Line, ...] = ()
    new_consent_per_use: bool = True
    exclusive: bool = False
    approval: Line | None = None
    """What the performer approves before each use."""
    suspension: Line | None = None
    """When the use rests, for example during a strike."""
    deletion_on_exit: bool = True
    """The replica and the recordings it was made from go when the performer leaves."""
    security: Line | None = None


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
    term: Annotated[str, StringConstraints(pattern=r"^P[0-9]{1,4}[DMY]$")]
    territory: tuple[Line, ...]
    recipients: tuple[Line, ...]
    compensation: Compensation = Compensation()
    withdrawal_effect: Line
    legal_basis: LegalBasis = Field(default_factory=_legal_basis)
    processing: tuple[
        Literal["store", "review", "transcribe", "annotate", "analyse", "train", "generate", "publish", "share"], ...
    ] = ()
    automated_decisions: bool = False
    storage: tuple[Line, ...] = ()
    """Where it is kept."""
    sublicense: bool = False
    replica: ReplicaTerms | None = None
    """For the two replica lines."""


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
    """The exact text that was on the screen. `sha256` is the digest of the pack's terms, made anew by `digest`."""

    id: str
    version: str
    language: str
    sha256: Sha256
    title: str
    summary: str
    text: str
    spoken: SpokenRequest | None = only_when_said()
    """What it asked to be read aloud; absent: nothing."""
    if_partner_takes_back: Text | None = only_when_said()
    """What it says of pay when the partner of a pair takes back; absent: nothing."""

    @property
    def of_partner(self) -> str:
        """What it says of pay when the partner of a pair takes back; empty where it does not."""
        return self.if_partner_takes_back or ""

    @property
    def prose(self) -> str:
        """Every sentence of it behind the summary."""
        return f"{self.text}\n\n{self.of_partner}" if self.of_partner else self.text

    def digest(self) -> str:
        """SHA-256 of the canonical text as shown; the same value as the `Terms.digest` it came from."""
        plain = self.to_json()
        del plain["sha256"]
        return sha256_hex(canonical_bytes(plain))


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
    adult: bool | None = None
    """True: the performer stated to be 18 or older before the first signature. Absent in records older than this."""


class Withdrawal(Document):
    """How consent is taken back: as easily as it was given."""

    in_app: bool = True
    contact: str
    response_days: int | None = Field(default=None, ge=0, le=365)
    effect: str
    """What taking back does, line by line, in the studio's words."""


class ConsentEvent(Document):
    """One act. Events are only ever appended; each carries the hash of what was before it."""

    seq: int = Field(ge=1)
    state: ConsentStatus
    use_ids: tuple[UseId, ...]
    at: Moment
    tz_offset_min: int
    by: Literal["performer", "guardian", "app"] = "performer"
    method: str
    consent_type: str = "ExplicitlyExpressedConsent"
    app_version: str
    prev_sha256: Sha256
    """Of the event before (whole, with its `jws`); of the record's head for the first."""
    public_key: str | None = None
    """Set when another installation than the record's signed: a withdrawal after the key was lost."""
    jws: str
    """Detached JWS (Ed25519, RFC 7515 with RFC 7797 `b64: false`) over the canonical event without `jws`."""

    def to_json(self) -> dict[str, Any]:
        """The event as it was written."""
        return self.model_dump(mode="json", exclude_unset=True)

    def payload(self) -> bytes:
        """The bytes that are signed: RFC 8785 form without the signature."""
        plain = self.to_json()
        del plain["jws"]
        return canonical_bytes(plain)


GDPR_RIGHTS = tuple(f"eu-gdpr:{a}" for a in ("A7-3", "A13", "A15", "A16", "A17", "A18", "A20", "A77"))
"""Withdraw, be informed, access, rectify, erase, restrict, take along, complain: ids of DPV's GDPR extension."""


Representation = Literal["none", "counsel", "union"]
"""Who advised the performer before they signed."""


class Warned(Document):
    """One thing that was shown to the performer before they signed."""

    rule: WarningRule
    """What it was about."""
    grade: WarningGrade
    """How grave it was called."""
    use: UseId | None = None
    """The line it was about; null: the text, or the whole."""
    quote: Annotated[str, StringConstraints(max_length=400)] = ""
    """The clause it was found in, shortened; empty where the values of the line say it."""


class ConsentRecord(Document):
    """consent.json: one take, the uses asked for, and the performer's acts."""

    schema_: Literal["https://w3id.org/dpv/schema/dpv-27560#record-eu-gdpr"] = Field(
        default="https://w3id.org/dpv/schema/dpv-27560#record-eu-gdpr", alias="schema"
    )
    profile: Literal["perfstudio-consent/1"] = "perfstudio-consent/1"
    record_id: str
    replaces: str | None = None
    """The record this one takes over from, when the same take is signed under a newer text."""
    created_at: Moment
    subject: Subject
    take: TakeBinding
    notice: Notice
    parties: tuple[Party, ...]
    jurisdiction: tuple[str, ...] = ()
    authority: str | None = None
    rights: tuple[str, ...] = GDPR_RIGHTS
    collection: str
    """Where the data comes from: the program and version that recorded it."""
    uses: tuple[RequestedUse, ...]
    """The requested uses as shown, whole, whether granted or not."""
    pay: Compensation = Compensation()
    """Pay for the work as shown beside the pack."""
    withdrawal: Withdrawal
    representation: Representation = "none"
    adviser: Line | None = None
    """The name of the lawyer or the union, where the performer gave one."""
    warned: tuple[Warned, ...] | None = None
    """What was shown before signing; absent when nothing was, or when the record is older than the rules."""
    others: Others | None = None
    """Who else is in the take, as the performer stated; absent when it was not asked."""
    partner: Line | None = None
    """The name or stage name of the partner who agreed; absent where no partner did."""
    spoken: SpokenStatement | None = None
    """What was read aloud for it; absent where nothing was."""
    public_key: str
    """Ed25519 public key of this installation, base64url without padding."""
    events: tuple[ConsentEvent, ...] = ()

    model_config = ConfigDict(serialize_by_alias=True)

    def to_json(self) -> dict[str, Any]:
        """The record as it was written."""
        return self.model_dump(mode="json", exclude_unset=True)

    def head(self) -> dict[str, Any]:
        """Everything but the events: fixed for ever when the record is made."""
        plain = self.to_json()
        plain.pop("events", None)
        return plain

    def head_digest(self) -> str:
        """SHA-256 of the canonical head: what the first event is chained to."""
        return sha256_hex(canonical_bytes(self.head()))

    def digest(self) -> str:
        """SHA-256 of the canonical record as it stands."""
        return sha256_hex(self.canonical())

    def reference(self) -> ConsentRef:
        """What take.json keeps: the record as it stands now."""
        return ConsentRef(record_id=self.record_id, sha256=self.digest(), use_ids=tuple(sorted(self.granted())))

    def use(self, use_id: UseId) -> RequestedUse | None:
        """The line of the use grid with this id, or None when it was not asked for."""
        return next((use for use in self.uses if use.id is use_id), None)

    def last_act(self, use_id: UseId) -> ConsentEvent | None:
        """The latest event about one use, or None."""
        return next((event for event in reversed(self.events) if use_id in event.use_ids), None)

    def granted(self) -> frozenset[UseId]:
        """The uses given and not taken back, whether or not their term has run out."""
        acts = {use.id: self.last_act(use.id) for use in self.uses}
        return frozenset(use_id for use_id, act in acts.items() if act and act.state in STANDING)

    def ever_given(self) -> frozenset[UseId]:
        """The uses that were given once, whether or not they stand."""
        return frozenset(use_id for event in self.events if event.state in STANDING for use_id in event.use_ids)

    def said_aloud(self) -> SpokenStatement | None:
        """The recording that lies beside the record: for as long as anything stands."""
        return self.spoken if self.granted() else None

    def lost(self, standing: frozenset[UseId]) -> frozenset[UseId]:
        """The uses that were given once, do not stand, and without which nothing of the take may be sent."""
        needed = ALWAYS_NEEDED | {use.id for use in self.uses if use.required}
        return (self.ever_given() - standing) & needed


class ConsentRef(Document):
    """In take.json: which record this take is bound to."""

    record_id: str
    """The id of the record in consent.json."""
    sha256: Sha256
    """SHA-256 of its canonical form (RFC 8785): take and record name each other by hash."""
    use_ids: tuple[UseId, ...]
    """The lines that stand, so that a reader need not open the record to see them."""


class ConsentProblem(StrEnum):
    """What is wrong with a record. Sentences live in `perfstudio.texts`."""

    HEAD_CHANGED = "head_changed"  # the fixed part is not what was signed
    EVENT_CHANGED = "event_changed"  # an act is not what was signed
    EVENT_MISSING = "event_missing"  # an act was cut out, moved or put in
    EVENTS_ABSENT = "events_absent"  # nothing was ever signed
    CHAIN_BROKEN = "chain_broken"  # an act does not follow from what is before it
    KEY_UNREADABLE = "key_unreadable"
    KEY_DIFFERS = "key_differs"  # not the key that was expected
    KEY_FOREIGN = "key_foreign"  # another installation gave (it may only take back)
    USE_UNKNOWN = "use_unknown"  # an act about a use that was not asked for
    USE_BUNDLED = "use_bundled"  # a use that needs its own act was given together with others
    USE_BYSTANDER = "use_bystander"  # a use was given that a person in it by chance would have to allow
    NAMED_TWICE = "named_twice"  # two lines, parties or files have one name: each reader may take another one
    NOTICE_DIFFERS = "notice_differs"  # the text shown does not have its hash
    TAKE_DIFFERS = "take_differs"  # bound to another take
    SEAL_DIFFERS = "seal_differs"  # the take was changed after signing, or the binding was
    FILES_DIFFER = "files_differ"  # a file's hash is not the one that was signed
    REFERENCE_DIFFERS = "reference_differs"  # the take names another state of this record: acts are missing at the end


@dataclass(frozen=True, slots=True)
class ConsentFinding:
    """One thing that is wrong, and where: "head", "event 2", "notice", "take", "file picture"."""

    where: str
    problem: ConsentProblem
