"""The take: its slate, its manifest (take.json), the performer's decision and labels.

The manifest has two parts. The *sealed* part (slate, prompt as shown, devices, streams, sync, checks as measured,
files) never changes after sealing; `seal_sha256` is the SHA-256 of its canonical form. The *living* part (decision,
circled, labels, notes, trim, intended checks, consent reference, ledger) is what the performer adds later.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from perfstudio.model.base import Document, canonical_bytes, sha256_hex
from perfstudio.model.checks import CheckCode, CheckResult, StricterLimit
from perfstudio.model.consent import ConsentRef
from perfstudio.model.dates import Moment
from perfstudio.model.device import DevicesUsed
from perfstudio.model.ids import Sha256, Slug
from perfstudio.model.prompt import Brief, Intensity, Prompt, StudioInfo
from perfstudio.model.timing import AudioStats, Marker, SyncReport, VideoStats


class FileRole(StrEnum):
    """The files of a bundle."""

    PICTURE = "picture"  # take.mp4
    SOUND = "sound"  # audio.flac
    THUMBNAIL = "thumbnail"  # thumbnail.jpg
    MANIFEST = "manifest"  # take.json
    CONSENT = "consent"  # consent.json
    RECEIPT = "receipt"  # receipt.json


FILE_NAMES: dict[FileRole, str] = {
    FileRole.PICTURE: "take.mp4",
    FileRole.SOUND: "audio.flac",
    FileRole.THUMBNAIL: "thumbnail.jpg",
    FileRole.MANIFEST: "take.json",
    FileRole.CONSENT: "consent.json",
    FileRole.RECEIPT: "receipt.json",
}


class FileEntry(Document):
    """One media file of the take."""

    role: FileRole
    name: str
    size: int = Field(ge=0)
    sha256: Sha256


class EndReason(StrEnum):
    """Why a take ended."""

    CUT = "cut"
    ABANDONED = "abandoned"
    CAMERA_LOST = "camera_lost"
    MICROPHONE_LOST = "microphone_lost"
    DISK_FULL = "disk_full"
    DISK_FAILED = "disk_failed"  # it refused to write, or was gone
    RECORDER_DIED = "recorder_died"
    APP_CLOSED = "app_closed"
    SUSPENDED = "suspended"
    RECOVERED = "recovered"  # found unfinished at a later start


class Decision(StrEnum):
    """What the performer decided after review."""

    UNDECIDED = "undecided"
    KEPT = "kept"
    BINNED = "binned"


class TakeState(StrEnum):
    """The one state word of a take, derived from the manifest and the receipt; never stored."""

    ROLLING = "rolling"
    UNDECIDED = "undecided"
    KEPT = "kept"
    BINNED = "binned"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    WITHDRAWN = "withdrawn"
    DAMAGED = "damaged"


class Slate(Document):
    """What a clapperboard would say."""

    session_id: str
    performer_id: str
    pack_id: Slug
    pack_version: str
    prompt_id: Slug
    take_number: int = Field(ge=1)


class PromptShown(Document):
    """The exact words that were on the screen, and where they came from."""

    studio: StudioInfo
    pack_title: str
    pack_sha256: Sha256
    language: str
    prompt: Prompt
    brief: Brief
    prompt_sha256: Sha256
    brief_sha256: Sha256
    limits: tuple[StricterLimit, ...] = ()
    """What the pack asks of the checks, so that the take is judged alike whenever it is read again."""


class PartnerPlayed(Document):
    """A clip of the pack that was played to the performer, and the take time at which it began."""

    media: Slug
    sha256: Sha256
    start_s: float


class Application(Document):
    """What made the take. No account names, no host names."""

    version: str
    system: str
    python: str


class Trim(Document):
    """In and out points, in take time; the files stay whole."""

    in_s: float | None = None
    out_s: float | None = None


Scale9 = Annotated[int, Field(ge=1, le=9)]


class Labels(Document):
    """The performer's own words about the take. Asked-for, meant and felt are kept apart."""

    meant: tuple[Annotated[str, StringConstraints(min_length=1, max_length=40)], ...]
    intensity: Intensity | None = None
    valence: Scale9 | None = None
    arousal: Scale9 | None = None
    dominance: Scale9 | None = None
    scale: str = "SAM-9"
    held_character: Literal["all_the_way", "slipped"] | None = None
    note: Annotated[str, StringConstraints(max_length=1000)] = ""
    vocabulary: str = "http://www.w3.org/TR/emotion-voc/xml#everyday-categories"


class LedgerEntry(Document):
    """Time spent, by kind, in seconds."""

    kind: Literal["prep", "roll", "review", "label"]
    seconds: float = Field(ge=0)


LIVING_FIELDS = frozenset(
    {"decision", "circled", "labels", "note", "trim", "intended", "consent", "ledger", "seal_sha256"}
)


class TakeManifest(Document):
    """take.json. Before the cut (`ended` is None) it is a draft: slate, prompt and devices only."""

    format: Literal["perfstudio-take/1"] = "perfstudio-take/1"
    take_id: str
    slate: Slate
    prompt: PromptShown
    application: Application
    devices: DevicesUsed
    practice: bool
    """Made with a practice device: good for rehearsal, never for a real delivery by mistake."""
    started_utc: Moment
    tz_offset_min: int
    ended: EndReason | None = None
    duration_s: float | None = None
    markers: tuple[Marker, ...] = ()
    video: VideoStats | None = None
    audio: AudioStats | None = None
    sync: SyncReport | None = None
    partner: PartnerPlayed | None = None
    checks: tuple[CheckResult, ...] = ()
    """As measured. `intended` lives beside them (see `intended`), so that the seal holds."""
    files: tuple[FileEntry, ...] = ()
    # living part
    decision: Decision = Decision.UNDECIDED
    circled: bool = False
    labels: Labels | None = None
    note: str = ""
    trim: Trim = Trim()
    intended: tuple[CheckCode, ...] = ()
    consent: ConsentRef | None = None
    ledger: tuple[LedgerEntry, ...] = ()
    seal_sha256: Sha256 | None = None

    def to_json(self) -> dict[str, Any]:
        """The manifest as it was written: a field that a later version added does not appear in an older take, so that
        its seal holds. A sealed manifest has every field of its time (see `sealed`)."""
        return self.model_dump(mode="json", exclude_unset=True)

    def seal(self) -> str:
        """SHA-256 over the canonical sealed part, as it was written."""
        plain: dict[str, Any] = {k: v for k, v in self.to_json().items() if k not in LIVING_FIELDS}
        return sha256_hex(canonical_bytes(plain))

    def sealed(self) -> TakeManifest:
        """This manifest with every value written out, so that nothing depends on a default, and with its seal set."""
        whole = TakeManifest.model_validate(self.model_dump(mode="json"))
        return whole.model_copy(update={"seal_sha256": whole.seal()})

    def file(self, role: FileRole) -> FileEntry | None:
        """The entry of one file, or None."""
        return next((f for f in self.files if f.role == role), None)

    def judged(self) -> tuple[CheckResult, ...]:
        """The checks with the performer's "intended" applied."""
        return tuple(c.model_copy(update={"intended": c.code in self.intended}) for c in self.checks)
