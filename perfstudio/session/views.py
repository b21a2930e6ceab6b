"""What pages show: frozen values, made new at every change. A page never asks a room; it is handed a view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from perfstudio.capture.recording.messages import RecorderStatus
from perfstudio.consent.read_language import Unread, unread
from perfstudio.model.checks import CheckResult, LiveReading, StricterLimit, Verdict
from perfstudio.model.consent import Compensation, ConsentRecord, RequestedUse, UseId, Warned
from perfstudio.model.deletion import DeletionWord
from perfstudio.model.delivery import DeliveryStatus
from perfstudio.model.device import DevicesUsed
from perfstudio.model.errors import PerfstudioError
from perfstudio.model.prompt import StudioInfo, Terms
from perfstudio.model.prompt_2 import ShownBrief, ShownPrompt, character_of, role_in
from perfstudio.model.ruling import Ruling
from perfstudio.model.take import FileRole, TakeState
from perfstudio.packs.signature import Authorship
from perfstudio.session.partner_view import PartnerView
from perfstudio.session.scene_facts import LeftOut, SceneFacts
from perfstudio.session.take_safety import TakeSafety
from perfstudio.session.takes.missing import MissingLabel
from perfstudio.session.takes.rulings import AskedAgain


class SceneState(StrEnum):
    """How far a prompt has come: the ring on its card."""

    UNTOUCHED = "untouched"
    TRIED = "tried"
    CIRCLED = "circled"
    DELIVERED = "delivered"
    AGAIN = "again"  # the studio asked for it again, and nothing has been played since
    SKIPPED = "skipped"  # by the performer, and nothing was played


SCENES_DONE = frozenset({SceneState.CIRCLED, SceneState.DELIVERED})
"""A scene that asks for nothing more: a take of it is circled, or one was delivered, circled or not."""


@dataclass(frozen=True, slots=True)
class SceneCard:
    """One prompt on the Scenes page."""

    pack_id: str
    prompt: ShownPrompt
    brief: ShownBrief | None
    state: SceneState
    takes: int
    limits: tuple[StricterLimit, ...] = ()
    """What its pack asks of the checks, and"""
    pack_title: str = ""
    """that pack's title."""
    again: AskedAgain | None = None
    """What the studio said when it asked for it again, until another take has arrived."""
    studio_name: str = ""
    """Who asks for it; where it is asked for again, the one who does."""
    scene: SceneFacts = field(default_factory=SceneFacts)

    @property
    def character(self) -> str:
        """Who is played: the character's name, or else the role's; empty where neither is said."""
        return character_of(self.prompt, self.brief)

    @property
    def role(self) -> str | None:
        """The id of the role that is played, where the scene names roles and one was chosen."""
        return role_in(self.prompt)


@dataclass(frozen=True, slots=True)
class PackView:
    """One pack on the Scenes page, with its cards in the pack's order."""

    id: str
    version: str
    title: str
    summary: str
    studio: StudioInfo
    pay: Compensation
    deadline: str | None
    rights: str
    bundled: bool
    cards: tuple[SceneCard, ...]
    author: Authorship = Authorship.UNKNOWN
    """Whether it is known to be of its studio."""
    signed_by: str = ""
    """The key that signed it, as people compare it; empty without a signature."""
    left_out: LeftOut = field(default_factory=LeftOut)
    """What is not offered for the performer's own limits."""


class StageState(StrEnum):
    """Where the stage is. STARTING, CUTTING and CHECKING exist because devices, disks and checks take time.

    In CHECKING the take is whole and can be watched; its checks run and then it is sealed.
    """

    CLOSED = "closed"
    OPENING = "opening"
    READY = "ready"
    STARTING = "starting"
    COUNTDOWN = "countdown"
    ROLLING = "rolling"
    CUTTING = "cutting"
    CHECKING = "checking"
    FAILED = "failed"


class OpeningWait(StrEnum):
    """What devices that are being opened wait for, where it takes long."""

    ANSWER = "answer"  # the system asks whether they may be used
    CAMERA = "camera"
    MICROPHONE = "microphone"


class StageAction(StrEnum):
    """What the performer may do now. The page offers exactly these."""

    ROLL = "roll"
    CUT = "cut"
    AGAIN = "again"
    MARK = "mark"
    BROKE = "broke"
    ABANDON = "abandon"
    LEAVE = "leave"
    RETRY = "retry"


@dataclass(frozen=True, slots=True)
class StageView:
    """The stage as it stands."""

    state: StageState
    actions: frozenset[StageAction]
    card: SceneCard | None = None
    take_number: int = 1
    countdown: int = 0
    """3, 2, 1 while counting down, else 0."""
    devices: DevicesUsed | None = None
    calibrated: bool = False
    """Whether the constant offset of this camera and microphone has been measured."""
    partner: PartnerView | None = None
    """Whom it is played to, where that is a recording."""
    practice: bool = False
    problem: PerfstudioError | None = None
    """Why the stage failed, or what was lost while rolling."""
    waits: OpeningWait | None = None
    """While opening: what is waited for, once it takes long."""
    made: float | None = None
    """While cutting: how much of a film is done, 0..1, that is made of pictures kept as sent."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """Polled 30 times a second: the newest picture, what was read back from the disk, and whether the take is safe.

    `picture` is height x width x 4 bytes (BGRX), not mirrored, or None when there is nothing newer than the last poll.
    """

    picture: memoryview | None
    reading: LiveReading
    status: RecorderStatus = field(default_factory=RecorderStatus)
    safety: TakeSafety = field(default_factory=TakeSafety)
    """What the judge says of the take that rolls; of the recorder itself, nothing."""

    @property
    def elapsed_s(self) -> float:
        """Since the roll."""
        return self.status.elapsed_s


@dataclass(frozen=True, slots=True)
class TakeLine:
    """One take in the library."""

    take_id: str
    title: str
    character: str
    emotions: tuple[str, ...]
    pack_id: str
    prompt_id: str
    number: int
    duration_s: float | None
    recorded: datetime
    state: TakeState
    circled: bool
    verdict: Verdict | None
    sent: bool
    """Every byte of it has left."""
    size: int
    thumbnail: Path | None
    practice: bool
    missing: tuple[MissingLabel, ...] = ()
    """What it waits for before it can go."""
    ruling: Ruling | None = None
    """What the studio decided of it."""
    delivered: bool = False
    """A receiver confirmed every hash of it, whatever was taken back since."""
    damage: str = ""
    """A code for why it is damaged (see `TakeRow.damage`)."""


class KeyState(StrEnum):
    """Where the signing key lives."""

    KEYRING = "keyring"
    FILE = "file"  # passphrase-protected, exists
    NONE = "none"  # no keyring here: a passphrase must be chosen
    DAMAGED = "damaged"  # its file is there and cannot be read


@dataclass(frozen=True, slots=True)
class SignedBefore:
    """What was signed for another take of the same studio, to compare with."""

    title: str
    number: int
    record: ConsentRecord


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """The ordinary lines that stand for another take under the same words, to be set once more."""

    title: str
    number: int
    uses: frozenset[UseId]


@dataclass(frozen=True, slots=True)
class ConsentOffer:
    """Everything the Consent page needs about one take."""

    take_id: str
    title: str
    number: int
    studio: StudioInfo
    terms: Terms
    pay: Compensation
    """For the work; a line may pay something of its own."""
    uses: tuple[RequestedUse, ...]
    standing: frozenset[UseId]
    """Uses that are granted now (empty before signing)."""
    taken_back: frozenset[UseId]
    """Uses that were granted once and are not any more."""
    signed: datetime | None
    withdrawn: bool
    name: str
    """The name used last time."""
    last_take: LastAnswer | None
    """Of the newest consent under the same terms, for "same as the last take"; None when there is none."""
    key: KeyState
    practice: bool
    languages: tuple[Terms, ...] = ()
    """The same terms in every language of the pack, `terms` among them."""
    missing: tuple[MissingLabel, ...] = ()
    """What the take waits for, as it stands."""
    files: tuple[FileRole, ...] = ()
    """What would be sent, beside take.json and the consent."""
    warned: Mapping[str, tuple[Warned, ...]] = field(default_factory=dict)
    """What is told before signing, the graver first, by the language in which the terms are read."""
    language: str = "en"
    """That of the lines."""
    adult: bool = False
    """Whether the performer has stated to be 18 or older."""
    before: SignedBefore | None = None
    """What was signed last with the same studio for another take; None when nothing was."""
    others: tuple[CheckResult, ...] = ()
    """What the checks saw or heard of somebody else: then signing asks who that is."""
    for_two: bool = False
    """The take is, or may become, one side of a scene for two."""

    def asks_the_same(self, other: ConsentOffer) -> bool:
        """Whether neither is signed and both ask for the same; what the take waits for may differ."""
        unsigned = self.signed is None and other.signed is None
        return unsigned and replace(self, missing=other.missing, last_take=other.last_take) == other

    def told(self, language: str | None = None) -> tuple[Warned, ...]:
        """What is told of it where the terms are read in this language, by default as they are offered."""
        return self.warned.get(language or self.terms.language, ())

    def unread(self, terms: Terms | None = None) -> Unread | None:
        """What the rules could not read of it, with this text; by default with that which is offered."""
        return unread(terms or self.terms, self.uses, language=self.language)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What was read back of a consent that was taken back."""

    at: datetime
    arrived: datetime | None
    """When the take had arrived before that; None when it had not."""
    told: datetime | None
    """When the studio confirmed that it heard of it."""
    untold: bool
    """It got something, and has not confirmed yet."""
    partly: bool = False
    """Lines were taken back that a delivery can do without."""
    delivered: bool = False
    """The studio had confirmed every hash before that."""
    word: DeletionWord | None = None
    """What the studio answered, as far as it can be believed."""
    deleted: datetime | None = None
    """Since when nothing of it lies there, by the studio's signed statement."""
    exports: tuple[str, ...] = ()
    """What held it, by that statement."""


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """One take on the Deliveries page."""

    status: DeliveryStatus
    title: str
    number: int
    studio_name: str
    taken_back: TakenBack | None = None
    ruling: Ruling | None = None
    """What the studio decided of it."""
    paid: Compensation | None = None
    """What was signed for the work, where the take was rejected."""


@dataclass(frozen=True, slots=True)
class StudioLine:
    """A studio takes can go to, and whether a token for it is at hand."""

    id: str
    name: str
    address: str
    needs_token: bool
    has_token: bool
    known: bool | None = None
    """Whether the studio knows the token, by its own answer; None while it has not been asked with it."""
    unopened: bool = False
    """The keyring was not opened, or did not answer, and is asked no more until perfstudio is started anew."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Polled with the pulse while a part runs: how much of it is done (0..1), and whether it begins anew."""

    share: float
    again: bool
