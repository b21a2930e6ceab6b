"""Prompts and briefs of packs of version 2, and a prompt as one role reads it.

A prompt of version 2 is one of version 1 of which a situation and an end are enough, and which two can play: then each
role has its own brief, line and secret. Nobody is handed a prompt with both of them. What is shown, and kept in a take,
is a `RolePrompt`: the scene as one role reads it.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from perfstudio.model.base import Document, sha256_hex
from perfstudio.model.consent import Line, Text
from perfstudio.model.ids import Slug
from perfstudio.model.prompt import Brief, Emotion, Language, Prompt, PromptKind, Status, Terms
from perfstudio.model.spoken import only_when_said

NO_TAG: Final = "none"
"""What stands in the place of content tags where a scene touches nothing of the published list."""
_TITLE_LETTERS: Final = 48
"""Of a title that is made of a situation: what a card has room for."""

Languages = Annotated[tuple[Language, ...], Field(min_length=1, max_length=100)]


class PartnerKind(StrEnum):
    """Whom the performer plays to."""

    IMAGINED = "imagined"  # nobody is there, and nobody is heard
    RECORDED = "recorded"  # a recorded side is heard in the headphones
    LIVE = "live"  # somebody plays at another machine
    ANY = "any"  # whichever there is


class Terms2(Terms):
    """What the performer is asked to agree to, in one language; where two play also what holds of both."""

    if_partner_takes_back: Text | None = only_when_said()
    """What becomes of the performer's pay when the other of two takes back, so that their two takes may no longer be
    used together. Absent: the terms do not say."""

    @property
    def of_partner(self) -> str:
        """What becomes of pay when the partner of a pair takes back; empty where the terms do not say."""
        return self.if_partner_takes_back or ""


class Brief2(Document):
    """The character sheet, of which a name is enough."""

    id: Slug
    """Its id in the pack."""
    name: Line
    """The character's name."""
    age: int | None = only_when_said(ge=0, le=120)
    """The character's age in years; absent: the performer's own choice."""
    who: Text | None = only_when_said()
    """Who they are: what a performer needs of a person they have never met."""
    wants: Text | None = only_when_said()
    """What they want."""
    hides: Text | None = only_when_said()
    """What they hide."""
    sounds: Text | None = only_when_said()
    """How the character speaks: pace, register, habits."""
    relationships: Text | None = only_when_said()
    """Who others are to them."""
    limits: tuple[Line, ...] = ()
    """What the character never does, or what the performer may leave out."""
    media: tuple[Slug, ...] = ()
    """Pictures and sounds of the pack that belong to the character."""

    def digest(self) -> str:
        """SHA-256 of the canonical brief: proves which character sheet was on the screen."""
        return sha256_hex(self.canonical())


class SceneWords(Document):
    """What everybody in a scene may read."""

    id: Slug
    """Its id in the pack."""
    title: Line | None = only_when_said()
    """Its title; absent: the situation's first words stand for it."""
    kind: PromptKind = PromptKind.SCENE
    """What it exercises."""
    premise: Line | None = only_when_said()
    """The scene in one line for its card, continuing the character's name ("lost, late, and too proud to ask")."""
    situation: Text
    """Where and when, and what has happened."""
    ends_when: Line
    """What ends it, continuing "It ends when"."""
    beats: Annotated[tuple[Line, ...], Field(max_length=8)] = ()
    """What happens, step by step."""
    emotions: Annotated[tuple[Emotion, ...], Field(max_length=4)] = ()
    """In the order in which they arrive; none: what the scene brings."""
    min_s: int = Field(default=60, ge=5, le=7200)
    """The shortest it should be, in seconds."""
    max_s: int = Field(default=180, ge=5, le=7200)
    """The longest it should be, in seconds."""
    partner_kind: PartnerKind = PartnerKind.ANY
    """Whom it is played to."""
    languages: Languages | None = only_when_said()
    """Languages that it may be played in, as BCP 47 tags; absent: those of the pack."""
    content_tags: Annotated[tuple[Slug, ...], Field(min_length=1, max_length=50)] | None = only_when_said()
    """What it touches, by tags of the published list; `none` alone: nothing of that list. Absent is not "nothing": such
    a scene is not offered to a performer who has set a limit."""
    content_notes: tuple[Line, ...] = ()
    """What it touches, in words, shown before it is opened."""
    group: Slug | None = only_when_said()
    """Prompts of one pair or ladder share a group."""
    media: Annotated[tuple[Slug, ...], Field(max_length=20)] = ()
    """Pictures and sounds of the pack that belong to the scene."""


class RoleWords(Document):
    """What one who plays in a scene reads, and nobody else."""

    brief: Slug | None = only_when_said()
    """The id of the character sheet; absent: the character is the performer's own."""
    line: Line | None = only_when_said()
    """The one line that stays near the lens while rolling."""
    partner: Line | None = only_when_said()
    """Who is spoken to, and what they are to the character."""
    status: Status | None = only_when_said()
    """Who stands higher."""
    objective: Text | None = only_when_said()
    """What the character tries to get."""
    obstacle: Text | None = only_when_said()
    """What is in the way."""
    secret: Text | None = only_when_said()
    """What the character knows and does not say."""
    verbs: Annotated[tuple[Line, ...], Field(max_length=8)] = ()
    """Playable verbs: what to do to the partner."""
    note: Text | None = only_when_said()
    """The director's note."""


ROLE_WORDS: Final = frozenset(RoleWords.model_fields)
"""The fields that belong to a role, where a scene names roles."""


class SceneRole(RoleWords):
    """One of those who play in a scene, with what they alone read."""

    id: Slug
    """Its id in the scene."""
    name: Line | None = only_when_said()
    """What the role is called ("the caller"); absent: the name in its brief."""
    media: Annotated[tuple[Slug, ...], Field(max_length=20)] = ()
    """Pictures and sounds of the pack that this role alone sees and hears."""


class Prompt2(SceneWords, RoleWords):
    """One scene to play: a situation and an end, and as much more as there is to say. Without roles it is played by
    one, and what belongs to a role stands in the scene itself."""

    roles: Annotated[tuple[SceneRole, ...], Field(min_length=1, max_length=2)] | None = only_when_said()
    """Who plays in it, one or two; then everything that belongs to a role stands there."""

    @property
    def called(self) -> str:
        """Its title, or what stands for one."""
        return self.title or first_words(self.situation)


class RoleName(Document):
    """A role by its id, and what it is called."""

    id: Slug
    """Its id in the scene."""
    name: Line
    """What it is called."""


class RolePrompt(SceneWords, RoleWords):
    """A scene as one role reads it: what both read, what this role alone reads, and of the other its name."""

    title: Line
    """Its title, or the first words of the situation where it has none."""
    partner_kind: PartnerKind
    """Whom it is played to."""
    role: RoleName | None = only_when_said()
    """The role that is played; absent where the scene names none."""
    opposite: RoleName | None = only_when_said()
    """The other role; absent where there is none."""

    def digest(self) -> str:
        """SHA-256 of the canonical prompt: proves which words were on the screen."""
        return sha256_hex(self.canonical())


ShownPrompt = Prompt | RolePrompt
"""A scene as it is on the screen."""
ShownBrief = Brief | Brief2
"""A character sheet as it is on the screen."""


def character_of(prompt: ShownPrompt, brief: ShownBrief | None) -> str:
    """Who is played: the character's name, or else the role's; empty where neither is said."""
    if brief is not None:
        return brief.name
    role = prompt.role if isinstance(prompt, RolePrompt) else None
    return role.name if role is not None else ""


def role_in(prompt: ShownPrompt) -> str | None:
    """The id of the role that reads it; None where the scene names none, or none was chosen."""
    role = prompt.role if isinstance(prompt, RolePrompt) else None
    return role.id if role is not None else None


def first_words(text: str) -> str:
    """The beginning of a text as a title: its first clause where that is short, or else as many words as fit."""
    line = " ".join(text.split())
    clause = re.split(r"[.!?;:](?=\s|$)|[。！？]", line, maxsplit=1)[0]
    if not any(letter.isalnum() for letter in clause):
        clause = line
    if len(clause) <= _TITLE_LETTERS:
        return clause
    cut = line[: _TITLE_LETTERS - 1]
    whole = cut.rpartition(" ")[0] if " " in cut[_TITLE_LETTERS // 2 :] else cut
    return whole.rstrip(" ,;:-–—") + "…"


def tags_said(tags: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Content tags as a take keeps them: an empty list for "none of them", None where nothing is said."""
    return None if tags is None else tuple(tag for tag in tags if tag != NO_TAG)
