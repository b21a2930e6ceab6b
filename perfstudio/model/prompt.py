"""Packs: prompts, character briefs, terms and what the studio asks for. The shape of pack.json."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import FailFast, Field, StringConstraints

from perfstudio.model.base import Document, sha256_hex
from perfstudio.model.checks import StricterLimit
from perfstudio.model.consent import Compensation, Line, RequestedUse, Text
from perfstudio.model.dates import Day
from perfstudio.model.ids import Sha256, Slug
from perfstudio.model.spoken import SpokenRequest, only_when_said

LongText = Annotated[str, StringConstraints(min_length=1, max_length=100_000)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]


class Intensity(StrEnum):
    """How strong an emotion is asked for."""

    LIGHT = "light"  # hardly there
    MEDIUM = "medium"  # clearly there
    STRONG = "strong"  # all there is


class Status(StrEnum):
    """Who stands higher in the scene, as improvisers use the word."""

    HIGH = "high"  # the character
    LOW = "low"  # the partner
    EQUAL = "equal"  # neither
    SHIFTING = "shifting"  # it changes hands


class PromptKind(StrEnum):
    """What a prompt exercises."""

    SCENE = "scene"  # a scene as it comes
    TURN = "turn"  # one emotion turns into another
    LADDER = "ladder"  # the same moment at rising intensity
    PAIR = "pair"  # one character in two moods


class PackMedia(Document):
    """A picture, sound or clip that comes with a pack: a file below `media/`, bound by its hash."""

    id: Slug
    file: Annotated[str, StringConstraints(pattern=r"^media/[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
    """Its name inside the pack; kept under its hash, never under this name."""
    kind: Literal["image", "sound", "clip"]
    sha256: Sha256
    about: Line
    """What is seen or heard, for those who cannot."""


class Emotion(Document):
    """An emotion the scene asks for. `term` is free but short; `vocabulary` names the set it comes from, if any."""

    term: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    """The word for it."""
    intensity: Intensity = Intensity.MEDIUM
    """How strongly."""
    vocabulary: str = ""
    """The address of the set that the word is of; empty: a word of the pack."""


class Brief(Document):
    """The character sheet."""

    id: Slug
    """Its id in the pack."""
    name: Line
    """The character's name."""
    age: int = Field(ge=0, le=120)
    """The character's age in years."""
    who: Text
    """Who they are."""
    wants: Text
    """What they want."""
    hides: Text
    """What they hide."""
    sounds: Text
    """How the character speaks: pace, register, habits."""
    relationships: Text | None = None
    """Who others are to them."""
    limits: tuple[Line, ...] = ()
    """What the character never does, or what the performer may leave out."""
    media: tuple[Slug, ...] = ()
    """Pictures and sounds of the pack that belong to the character."""

    def digest(self) -> str:
        """SHA-256 of the canonical brief: proves which character sheet was on the screen."""
        return sha256_hex(self.canonical())


class Prompt(Document):
    """One scene to play."""

    id: Slug
    """Its id in the pack."""
    title: Line
    """Its title."""
    brief: Slug
    """The id of its character sheet."""
    kind: PromptKind = PromptKind.SCENE
    """What it exercises."""
    premise: Line | None = None
    """The scene in one line for its card, continuing the character's name ("lost, late, and too proud to ask")."""
    line: Line
    """The one line that stays near the lens while rolling."""
    situation: Text
    """Where and when, and what has happened."""
    partner: Line
    """Who is spoken to, and what they are to the character."""
    status: Status = Status.EQUAL
    """Who stands higher."""
    objective: Text
    """What the character tries to get."""
    obstacle: Text
    """What is in the way."""
    secret: Text
    """What the character knows and does not say."""
    verbs: Annotated[tuple[Line, ...], Field(min_length=1, max_length=8)]
    """Playable verbs: what to do to the partner."""
    beats: Annotated[tuple[Line, ...], Field(min_length=1, max_length=8)]
    """What happens, step by step."""
    ends_when: Line
    """What ends it, continuing "It ends when"."""
    note: Text | None = None
    """The director's note."""
    emotions: Annotated[tuple[Emotion, ...], Field(min_length=1, max_length=4)]
    """In the order in which they arrive; more than one is a turn or a ladder."""
    min_s: int = Field(default=60, ge=5, le=7200)
    """The shortest it should be, in seconds."""
    max_s: int = Field(default=180, ge=5, le=7200)
    """The longest it should be, in seconds."""
    content_notes: tuple[Line, ...] = ()
    """What it touches, in words, shown before it is opened."""
    group: Slug | None = None
    """Prompts of one pair or ladder share a group."""
    media: tuple[Slug, ...] = ()
    """Pictures and sounds of the pack that belong to the scene."""

    def digest(self) -> str:
        """SHA-256 of the canonical prompt: proves which words were on the screen."""
        return sha256_hex(self.canonical())


class Terms(Document):
    """What the performer is asked to agree to, in one language."""

    id: Slug
    version: Line
    language: Language
    title: Line
    summary: Text
    """The terms in one breath, in plain words."""
    text: LongText
    spoken: SpokenRequest | None = only_when_said()
    """A statement to be read aloud at signing; absent: nothing is."""

    @property
    def of_partner(self) -> str:
        """What becomes of pay when the partner of a pair takes back; empty where the terms do not say."""
        return ""

    @property
    def prose(self) -> str:
        """Every sentence of it behind the summary."""
        return f"{self.text}\n\n{self.of_partner}" if self.of_partner else self.text

    def digest(self) -> str:
        """SHA-256 of the canonical terms: the exact text shown."""
        return sha256_hex(self.canonical())


class StudioInfo(Document):
    """Who asks: named in the pack, shown before anything is signed."""

    id: Slug
    """The id that it gave itself."""
    name: Line
    """Its name."""
    legal_name: Line
    """Its legal name: the party that a consent is given to."""
    contact: Line
    """Where it can be reached."""
    address: Line | None = None
    """Its postal address."""
    jurisdiction: tuple[Line, ...] = ()
    """Whose law applies."""
    url: str | None = Field(default=None, pattern=r"^https://", max_length=300)
    """Where studio.json lives, when the pack can be delivered online."""


class PackHead(Document):
    """What packs of both versions say beside their scenes: who asks, for what, under which terms."""

    id: Slug
    version: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,6}(\.[0-9]{1,6}){0,2}$")]
    title: Line
    summary: Text
    language: Language
    studio: StudioInfo
    pay: Compensation = Compensation()
    deadline: Day | None = None
    rights: Line
    """The rights in one line, shown beside the title."""
    terms: Annotated[tuple[Terms, ...], FailFast(), Field(min_length=1)]
    uses: Annotated[tuple[RequestedUse, ...], FailFast(), Field(min_length=1)]
    media: Annotated[tuple[PackMedia, ...], FailFast(), Field(max_length=200)] = ()
    limits: Annotated[tuple[StricterLimit, ...], FailFast(), Field(max_length=100)] = ()
    """Checks that this studio looks at more strictly than the house does."""


class Pack(PackHead):
    """pack.json: a versioned set of prompts, briefs and terms from one studio."""

    format: Literal["perfstudio-pack/1"] = "perfstudio-pack/1"
    briefs: Annotated[tuple[Brief, ...], FailFast(), Field(min_length=1)]
    prompts: Annotated[tuple[Prompt, ...], FailFast(), Field(min_length=1, max_length=1000)]

    def brief(self, prompt: Prompt) -> Brief:
        """The character of a prompt. A validated pack always has it."""
        return next(b for b in self.briefs if b.id == prompt.brief)

    def prompt(self, prompt_id: str) -> Prompt | None:
        """The prompt with this id, or None."""
        return next((p for p in self.prompts if p.id == prompt_id), None)
