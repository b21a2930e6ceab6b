"""What stands on a brief, each part under its heading: the character, whom they speak to, what is played."""

from __future__ import annotations

from perfstudio.language.catalogue import _
from perfstudio.model.prompt_2 import RolePrompt, ShownBrief, ShownPrompt
from perfstudio.texts import states

Part = tuple[str, str]
"""A heading, and the words below it."""


def character_sheet(brief: ShownBrief) -> tuple[Part, ...]:
    """Who is played, as far as the brief says."""
    return _said(
        (_("Who I am"), brief.who),
        (_("What I want"), brief.wants),
        (_("What I hide"), brief.hides),
        (_("How I sound"), brief.sounds),
        (_("My people"), brief.relationships),
        (_("Limits"), " ".join(as_sentence(limit) for limit in brief.limits)),
    )


def spoken_to(prompt: ShownPrompt) -> str:
    """Who is spoken to, and who stands higher; of a scene for two at least what the other is called."""
    other = prompt.opposite if isinstance(prompt, RolePrompt) else None
    named = prompt.partner or (other.name if other is not None else "")
    parts = (as_sentence(named) if named else "", as_sentence(states.status(prompt.status)) if prompt.status else "")
    return " ".join(words for words in parts if words)


def wanted(prompt: ShownPrompt) -> tuple[Part, ...]:
    """What is played, as far as the scene says."""
    return _said(
        (_("What you want now"), prompt.objective),
        (_("What is in the way"), prompt.obstacle),
        (_("What nobody knows"), prompt.secret),
    )


def as_sentence(text: str) -> str:
    """With a capital and a full stop, as it stands among others."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?", "…")) else ".")


def _said(*parts: tuple[str, str | None]) -> tuple[Part, ...]:
    return tuple((heading, text) for heading, text in parts if text)
