"""Packs of version 2: the shape of their pack.json, and a scene of either version as somebody plays it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import FailFast, Field

from perfstudio.model.base import Document
from perfstudio.model.consent import Line, Text
from perfstudio.model.ids import Slug
from perfstudio.model.prompt import Pack, PackHead, Prompt
from perfstudio.model.prompt_2 import (
    ROLE_WORDS,
    Brief2,
    Languages,
    Prompt2,
    RoleName,
    RolePrompt,
    SceneRole,
    ShownBrief,
    ShownPrompt,
    Terms2,
)
from perfstudio.model.spoken import only_when_said


class PackSection(Document):
    """Scenes that belong together, under a heading, in the order in which they are meant to be played."""

    id: Slug
    """Its id in the pack."""
    title: Line
    """Its heading."""
    about: Text | None = only_when_said()
    """What its scenes have in common, for the performer."""
    prompts: Annotated[tuple[Slug, ...], Field(min_length=1, max_length=1000)]
    """The ids of its scenes, in order."""


class Pack2(PackHead):
    """pack.json of version 2: scenes for one or two, of which a situation and an end are enough. A pack of version 1 is
    one of version 2 as soon as its first line says so."""

    format: Literal["perfstudio-pack/2"]
    languages: Languages | None = only_when_said()
    """Languages that its scenes may be played in, as BCP 47 tags; absent: that of its words."""
    terms: Annotated[tuple[Terms2, ...], FailFast(), Field(min_length=1)]
    sections: Annotated[tuple[PackSection, ...], Field(max_length=100)] = ()
    """Its scenes under headings, in the order in which they are shown. Scenes of no section follow, as they stand."""
    briefs: Annotated[tuple[Brief2, ...], FailFast()] = ()
    prompts: Annotated[tuple[Prompt2, ...], FailFast(), Field(min_length=1, max_length=1000)]

    def prompt(self, prompt_id: str) -> Prompt2 | None:
        """The prompt with this id, or None."""
        return next((p for p in self.prompts if p.id == prompt_id), None)

    def name_of(self, role: SceneRole) -> RoleName:
        """What a role is called: by its scene, by its brief, or else by its id."""
        brief = next((b for b in self.briefs if b.id == role.brief), None)
        return RoleName(id=role.id, name=role.name or (brief.name if brief else role.id))


AnyPack = Pack | Pack2
AnyPrompt = Prompt | Prompt2


def title_of(prompt: AnyPrompt) -> str:
    """What a prompt is called."""
    return prompt.called if isinstance(prompt, Prompt2) else prompt.title


def roles_of(pack: AnyPack, prompt: AnyPrompt) -> tuple[RoleName, ...]:
    """The roles that a prompt names; nothing where it is for whoever plays it."""
    if isinstance(pack, Pack) or isinstance(prompt, Prompt):
        return ()
    return tuple(pack.name_of(role) for role in prompt.roles or ())


def as_role(pack: AnyPack, prompt: AnyPrompt, role_id: str | None = None) -> ShownPrompt:
    """A prompt as one role reads it. Of two roles one has to be named; while it is not (or is not of the scene), only
    what both may read is shown."""
    if isinstance(prompt, Prompt):
        return prompt
    roles = prompt.roles or ()
    mine = next((role for role in roles if role.id == role_id or len(roles) == 1), None)
    words = _both_read(prompt)
    if mine is not None:
        named = dict(zip(roles, roles_of(pack, prompt), strict=False))
        words |= {name: getattr(mine, name) for name in ROLE_WORDS & mine.model_fields_set}
        words |= {"media": tuple(dict.fromkeys((*prompt.media, *mine.media))), "role": named[mine]}
        if (other := next((role for role in roles if role is not mine), None)) is not None:
            words["opposite"] = named[other]
    elif not roles:
        words |= {name: getattr(prompt, name) for name in ROLE_WORDS & prompt.model_fields_set}
    return RolePrompt(**words)


def _both_read(prompt: Prompt2) -> dict[str, Any]:
    said = prompt.model_fields_set - ROLE_WORDS - {"roles"}
    words: dict[str, Any] = {name: getattr(prompt, name) for name in said}
    return words | {"title": prompt.called, "partner_kind": prompt.partner_kind}


def brief_of(pack: AnyPack, prompt: ShownPrompt) -> ShownBrief | None:
    """The character sheet of a prompt as it is shown; None where the character is the performer's own."""
    return next((brief for brief in pack.briefs if brief.id == prompt.brief), None)


def languages_of(pack: AnyPack, prompt: ShownPrompt) -> tuple[str, ...]:
    """The languages that a prompt may be played in, the pack's own first where it is among them."""
    asked = prompt.languages if isinstance(prompt, RolePrompt) else None
    asked = asked or (pack.languages if isinstance(pack, Pack2) else None) or (pack.language,)
    return tuple(dict.fromkeys(sorted(asked, key=lambda tag: tag != pack.language)))


def in_order(pack: AnyPack) -> tuple[tuple[PackSection | None, AnyPrompt], ...]:
    """Every prompt of a pack in the order in which it is shown, with its section."""
    if isinstance(pack, Pack):
        return tuple((None, prompt) for prompt in pack.prompts)
    by_id = {prompt.id: prompt for prompt in pack.prompts}
    placed = [(section, by_id.pop(name)) for section in pack.sections for name in section.prompts if name in by_id]
    return (*placed, *((None, prompt) for prompt in by_id.values()))
