"""The take: its slate, its manifest (take.json), the performer's decision.

The manifest has two parts. The *sealed* part (slate, prompt as shown, devices, streams, sync, checks as measured,
files) never changes after sealing; `seal_sha256` is the SHA-256 of its canonical form. The *living* part (decision,
circled, labels, notes, trim, intended checks, consent reference, ledger) is what the performer adds later.

What both formats share is here; `take_1` and `take_2` have what each of them writes, `take_reading` the one reader.
New takes are written in format 2.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from enum import StrEnum
from typing import Any, Literal, NamedTuple, Self

from pydantic import Field

from perfstudio.model.base import Document, canonical_bytes, sha256_hex
from perfstudio.model.checks import CheckCode, CheckResult, StricterLimit
from perfstudio.model.consent import ConsentRef
from perfstudio.model.dates import Moment
from perfstudio.model.device import DevicesUsed
from perfstudio.model.emotion_words import pack_words, vocabulary_of
from perfstudio.model.ids import Sha256, Slug
from perfstudio.model.labels import Labels
from perfstudio.model.marks import Marks
from perfstudio.model.played import Played
from perfstudio.model.prompt import Brief, Prompt, StudioInfo
from perfstudio.model.prompt_2 import ShownBrief, ShownPrompt, character_of
from perfstudio.model.spoken import only_when_said
from perfstudio.model.timing import AudioStats, Marker, SyncReport, VideoStats


class FileRole(StrEnum):
    """What a file of a bundle is for. A role is there at most once, under its own name."""

    PICTURE = "picture"  # take.mp4
    SOUND = "sound"  # audio.flac
    THUMBNAIL = "thumbnail"  # thumbnail.jpg
    TIMING = "timing"  # timing.zip: every clock observation, to recompute the sync from (see timing.md)
    ROOM_TONE = "room_tone"  # room-tone.flac: the room without anybody speaking
    PARTNER_HEARD = "partner_heard"  # partner-heard.flac: the partner as it went to the headphones
    DUET_PINGS = "duet_pings"  # duet-pings.bin: this side's stamps of the pings between two machines
    TRANSCRIPT = "transcript"  # transcript.json: words with their times
    SPOKEN_CONSENT = "spoken_consent"  # spoken-consent.flac: the statement that was read aloud; consent.json names it
    MANIFEST = "manifest"  # take.json
    CONSENT = "consent"  # consent.json
    RECEIPT = "receipt"  # receipt.json


FILE_NAMES: dict[FileRole, str] = {
    FileRole.PICTURE: "take.mp4",
    FileRole.SOUND: "audio.flac",
    FileRole.THUMBNAIL: "thumbnail.jpg",
    FileRole.TIMING: "timing.zip",
    FileRole.ROOM_TONE: "room-tone.flac",
    FileRole.PARTNER_HEARD: "partner-heard.flac",
    FileRole.DUET_PINGS: "duet-pings.bin",
    FileRole.TRANSCRIPT: "transcript.json",
    FileRole.SPOKEN_CONSENT: "spoken-consent.flac",
    FileRole.MANIFEST: "take.json",
    FileRole.CONSENT: "consent.json",
    FileRole.RECEIPT: "receipt.json",
}


SECOND_COPY = "second-copy.json"
"""The mark in `raw/` that says: the finished files hold all of it. It names them by role and SHA-256."""


class FileEntry(Document):
    """One file of the take."""

    role: FileRole
    """What it is for; each role has one name."""
    name: str
    """Its name beside take.json."""
    size: int = Field(ge=0)
    """Bytes."""
    sha256: Sha256
    """SHA-256 of its bytes, so that a file that was changed or mixed up is noticed."""


class EndReason(StrEnum):
    """Why a take ended."""

    CUT = "cut"  # by the performer
    ABANDONED = "abandoned"  # by the performer, as not worth going on with
    CAMERA_LOST = "camera_lost"  # the camera went away
    MICROPHONE_LOST = "microphone_lost"  # the microphone went away
    DISK_FULL = "disk_full"  # no room was left
    DISK_FAILED = "disk_failed"  # it refused to write, or was gone
    ENCODER_FAILED = "encoder_failed"  # the encoder refused a picture or a block of sound
    RECORDER_DIED = "recorder_died"  # the recording process ended
    APP_CLOSED = "app_closed"  # the program was closed
    SUSPENDED = "suspended"  # the computer went to sleep
    RECOVERED = "recovered"  # found unfinished at a later start


class Decision(StrEnum):
    """What the performer decided after review."""

    UNDECIDED = "undecided"  # not yet
    KEPT = "kept"  # it may leave once it is labelled and signed
    BINNED = "binned"  # it waits for the bin to be emptied


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
    """Which sitting it is from: takes of one start of the program share it. Random."""
    performer_id: str
    """Who played: a random id that this performer's takes share. No name."""
    pack_id: Slug
    """The pack that asked for it."""
    pack_version: str
    """The version of that pack. Same id and version mean the same words for ever."""
    prompt_id: Slug
    """The scene in that pack."""
    take_number: int = Field(ge=1)
    """Counted for each scene from 1; a number is never given twice."""


class ShownWords(Document):
    """The exact words that were on the screen, and where they came from, of a pack of either version."""

    studio: StudioInfo
    """Who asked."""
    pack_title: str
    """The title of the pack."""
    pack_sha256: Sha256
    """SHA-256 of the pack file."""
    language: str
    """The language of the pack's words, as a BCP 47 tag."""
    prompt: ShownPrompt
    """The scene, word for word."""
    brief: ShownBrief | None = only_when_said()
    """The character sheet, word for word; absent where the character was the performer's own."""
    prompt_sha256: Sha256
    """SHA-256 of the scene's canonical form (RFC 8785): the same scene in two takes has the same hash."""
    brief_sha256: Sha256 | None = only_when_said()
    """The same of the character sheet."""
    limits: tuple[StricterLimit, ...] = ()
    """What the pack asks of the checks, so that the take is judged alike whenever it is read again."""

    @property
    def character(self) -> str:
        """Who was played: the character's name, or else the role's; empty where neither is said."""
        return character_of(self.prompt, self.brief)


class PromptShown(ShownWords):
    """The exact words that were on the screen, and where they came from."""

    prompt: Prompt
    """The scene, word for word."""
    brief: Brief
    """The character sheet, word for word."""
    brief_sha256: Sha256
    """The same of the character sheet."""


class ClipPlayed(NamedTuple):
    """A clip that was played to the performer: its id in the pack, if it came with one, the take time at which sample 0
    of it was heard or would have been, the sample that was heard first, and the take time at which it was heard last
    (None: as long as it lasts)."""

    media: str | None
    start_s: float
    first_sample: int = 0
    until_s: float | None = None


class Application(Document):
    """What made the take. No account names, no host names."""

    version: str
    """The version of perfstudio."""
    system: str
    """The operating system, such as Linux, Darwin, Windows."""
    python: str
    """The version of Python, two numbers."""


class Trim(Document):
    """In and out points, in take time; the files stay whole."""

    in_s: float | None = None
    """Where to begin, in seconds of take time; null: at the beginning. As made: where the countdown ended."""
    out_s: float | None = None
    """Where to end, in seconds of take time; null: at the end. As made: where cut was pressed."""


class LedgerEntry(Document):
    """Time spent, by kind, in seconds."""

    kind: Literal["prep", "roll", "review", "label"]
    """What it was spent on: preparing, recording, looking at it, labelling it."""
    seconds: float = Field(ge=0)
    """How long, in seconds."""


class JudgedPart(StrEnum):
    """What the performer adds to a take and a studio pays or judges by: fields of take.json, by their names."""

    DECISION = "decision"  # what the performer decided
    CIRCLED = "circled"  # whether it is preferred
    LABELS = "labels"  # what was meant and felt
    NOTE = "note"  # the performer's line
    TRIM = "trim"  # in and out points
    INTENDED = "intended"  # findings that were a choice
    LEDGER = "ledger"  # the time spent
    PLAYED = "played"  # language, accent and age as played
    MARKS = "marks"  # moments that the performer marked when they watched it
    TRANSCRIPT = "transcript"  # the words spoken


LIVING_FIELDS = frozenset({*JudgedPart, "consent", "as_sent", "seal_sha256"})


class TakeManifest(Document, ABC):
    """What the two formats of take.json share. Before the cut (`ended` is None) it is a draft: what was asked for, with
    which devices, and nothing of what came of it."""

    format: str
    take_id: str
    """The take's id: 26 characters that sort by the moment of recording, unique for ever. Also the folder's name."""
    slate: Slate
    """What a clapperboard would say."""
    prompt: ShownWords
    """What was asked for, word for word."""
    application: Application
    """What made the take."""
    devices: DevicesUsed
    """What was asked of camera and microphone, beside what they gave."""
    practice: bool
    """Made with a practice device: good for rehearsal, never for a real delivery by mistake."""
    started_utc: Moment
    """When it was begun, by the computer's own clock."""
    tz_offset_min: int
    """Minutes that the performer's clock was ahead of UTC: what time of day it was for them."""
    ended: EndReason | None = None
    """Why it ended; null while it is a draft."""
    duration_s: float | None = None
    """Its length in seconds: that of the sound. Take time counts from its first sample."""
    markers: tuple[Marker, ...] = ()
    """Named moments, in take time."""
    video: VideoStats | None = None
    """What the picture stream did; null for a take of sound alone."""
    audio: AudioStats | None = None
    """What the sound stream did."""
    sync: SyncReport | None = None
    """How picture and sound were put on one timeline, and how sure that is."""
    checks: tuple[CheckResult, ...] = ()
    """As measured. `intended` lives beside them (see `intended`), so that the seal holds."""
    files: tuple[FileEntry, ...] = ()
    """Every file that belongs to the take but take.json, consent.json with what was read aloud, and receipt.json."""
    # living part
    decision: Decision = Decision.UNDECIDED
    """What the performer decided. Living."""
    circled: bool = False
    """The performer prefers it over the other takes of the scene. Living."""
    note: str = ""
    """The performer's line to themselves. Living."""
    trim: Trim = Trim()
    """Where the performer would begin and end it. Living."""
    intended: tuple[CheckCode, ...] = ()
    """Findings of which the performer says that they were a choice. Living."""
    consent: ConsentRef | None = None
    """The signed record that it is bound to; null while nothing was signed. Living."""
    ledger: tuple[LedgerEntry, ...] = ()
    """Time spent on it, for pay by the hour. Living."""
    seal_sha256: Sha256 | None = None
    """SHA-256 of the canonical form (RFC 8785) of everything in this document that is not living, in the very fields
    that are written here. It binds files, words and measurements to what was signed."""

    def to_json(self) -> dict[str, Any]:
        """The manifest as it was written: a field that a later version added does not appear in an older take, so that
        its seal holds. A sealed manifest has every field of its time (see `sealed`)."""
        return self.model_dump(mode="json", exclude_unset=True)

    def seal(self) -> str:
        """SHA-256 over the canonical sealed part, as it was written."""
        plain: dict[str, Any] = {k: v for k, v in self.to_json().items() if k not in LIVING_FIELDS}
        return sha256_hex(canonical_bytes(plain))

    def sealed(self) -> Self:
        """This manifest with every value written out, so that nothing depends on a default, and with its seal set."""
        whole = self.model_validate(self.model_dump(mode="json"))
        return whole.model_copy(update={"seal_sha256": whole.seal()})

    def file(self, role: FileRole) -> FileEntry | None:
        """The entry of one file, or None."""
        return next((f for f in self.files if f.role == role), None)

    def judged(self) -> tuple[CheckResult, ...]:
        """The checks with the performer's "intended" applied."""
        return tuple(c.model_copy(update={"intended": c.code in self.intended}) for c in self.checks)

    @abstractmethod
    def bound_for_sending(self) -> Self:
        """With what is judged bound by hash, as far as the take's format has a place for that."""

    @abstractmethod
    def changed_since_sent(self) -> tuple[JudgedPart, ...]:
        """What is no longer as it was when the take was last put on its way."""

    @abstractmethod
    def said(self) -> Labels | None:
        """What the performer said about it, or None."""

    @abstractmethod
    def labelled(self, labels: Labels) -> Self:
        """With what the performer says about it, in the words of the take's format."""

    @abstractmethod
    def how_played(self) -> Played | None:
        """The language, accent and age that were played, or None where the take's format has no place for that."""

    @abstractmethod
    def with_played(self, played: Played) -> Self:
        """With how it was played. Raises LibraryError(PLAYED_NO_PLACE, take) where the format has no place for that."""

    @abstractmethod
    def own_marks(self) -> Marks | None:
        """The moments that were marked in review, or None where the take's format has no place for them."""

    @abstractmethod
    def with_own_marks(self, marks: Marks) -> Self:
        """With these. Raises LibraryError(MARKS_NO_PLACE, take) where the format has no place for them."""

    @abstractmethod
    def clip_played(self) -> ClipPlayed | None:
        """The clip that was played to the performer, or None."""

    def vocabulary_of(self, term: str) -> str:
        """The address of the vocabulary that a word about this take is of."""
        slate, shown = self.slate, self.prompt
        own = pack_words(slate.pack_id, slate.pack_version, shown.pack_sha256)
        return vocabulary_of(term, shown.prompt.emotions, own)
