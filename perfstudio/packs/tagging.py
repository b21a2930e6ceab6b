"""What a scene touches, wherever its pack says so."""

from __future__ import annotations

import tomllib
from functools import cache

from perfstudio.model.pack_2 import AnyPrompt
from perfstudio.model.prompt_2 import Prompt2, tags_said
from perfstudio.packs.reader import PackFile
from perfstudio.resources import asset


def tags_of(file: PackFile, prompt: AnyPrompt) -> tuple[str, ...] | None:
    """The content tags of a scene: an empty list where it touches none of the published list, None where nobody has
    said. Packs of version 1 have no place for them; those of the practice room stand beside it."""
    if isinstance(prompt, Prompt2):
        return tags_said(prompt.content_tags)
    beside = _beside_practice().get((file.pack.id, file.pack.version, prompt.id))
    return tags_said(beside)


@cache
def _beside_practice() -> dict[tuple[str, str, str], tuple[str, ...]]:
    """By pack, version and scene: same id and version mean the same words for ever, and no other pack may take the
    practice room's id."""
    plain = tomllib.loads(asset("packs", "practice-tags.toml").read_text(encoding="utf-8"))
    return {(plain["pack"], plain["version"], name): tuple(tags) for name, tags in plain["tags"].items()}
