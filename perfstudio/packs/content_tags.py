"""The published list of content tags: what a scene may touch, each with its meaning in plain words.

A tag keeps its meaning for ever; tags are only added. The words are read from `assets/schemas/content-tags.toml`, which
studios read as well, and are looked up in the catalogue where they are said.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from perfstudio.resources import asset


@dataclass(frozen=True, slots=True)
class ContentTag:
    """One tag: its id in packs and takes, its name, and what it means. English; the catalogue has other languages."""

    id: str
    name: str
    means: str


@cache
def content_tags() -> tuple[ContentTag, ...]:
    """The list, in its order."""
    plain = tomllib.loads(asset("schemas", "content-tags.toml").read_text(encoding="utf-8"))
    return tuple(ContentTag(tag["id"], tag["name"], tag["means"]) for tag in plain["tag"])


@cache
def tag_ids() -> frozenset[str]:
    """The ids of the list."""
    return frozenset(tag.id for tag in content_tags())
