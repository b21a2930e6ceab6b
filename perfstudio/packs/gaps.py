"""What a sound pack leaves unsaid: allowed, and worth a line to whoever wrote it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum

from perfstudio.model.pack_2 import AnyPrompt
from perfstudio.model.prompt_2 import PartnerKind, Prompt2, RoleWords
from perfstudio.packs.reader import PackFile
from perfstudio.packs.tagging import tags_of


class PackGap(StrEnum):
    """One thing that is not said."""

    CONTENT_TAGS = "content_tags"  # what the scene touches: it is not shown to a performer with a limit
    TITLE = "title"  # the first words of the situation stand for it
    BRIEF = "brief"  # the character is the performer's own
    LINE = "line"  # the title stands near the lens
    PARTNER_PAY = "partner_pay"  # what becomes of pay when one of two takes back
    RECORDING = "recording"  # it is for a recorded partner, and brings no sound and no clip


def gaps(file: PackFile) -> dict[PackGap, tuple[str, ...]]:
    """What is not said, with the ids of the scenes that do not say it, in their order."""
    heard = {media.id for media in file.pack.media if media.kind != "image"}
    prompts: Sequence[AnyPrompt] = file.pack.prompts
    silent = not all(terms.of_partner for terms in file.pack.terms)
    found = {
        gap: tuple(prompt.id for prompt in prompts if isinstance(prompt, Prompt2) and unsaid(prompt))
        for gap, unsaid in _of_version_2(heard, silent=silent).items()
    }
    untagged = tuple(prompt.id for prompt in prompts if tags_of(file, prompt) is None)
    return {gap: scenes for gap, scenes in ({PackGap.CONTENT_TAGS: untagged} | found).items() if scenes}


def for_two(prompt: Prompt2) -> bool:
    """Whether it is played by two, each with a take of their own: at once, or one answers what the other recorded."""
    return len(prompt.roles or ()) > 1 or prompt.partner_kind is PartnerKind.LIVE


def _of_version_2(heard: set[str], *, silent: bool) -> dict[PackGap, Callable[[Prompt2], bool]]:
    return {
        PackGap.TITLE: lambda prompt: prompt.title is None,
        PackGap.BRIEF: lambda prompt: any(one.brief is None for one in _played(prompt)),
        PackGap.LINE: lambda prompt: any(one.line is None for one in _played(prompt)),
        PackGap.PARTNER_PAY: lambda prompt: silent and for_two(prompt),
        PackGap.RECORDING: lambda prompt: prompt.partner_kind is PartnerKind.RECORDED and not heard & _media(prompt),
    }


def _played(prompt: Prompt2) -> Sequence[RoleWords]:
    return prompt.roles or (prompt,)


def _media(prompt: Prompt2) -> set[str]:
    return {*prompt.media, *(name for role in prompt.roles or () for name in role.media)}
