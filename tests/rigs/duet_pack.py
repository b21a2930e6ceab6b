"""Packs of version 2, whole and broken, for the tests of several packages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from perfstudio.resources import asset

MARA = {"id": "mara", "name": "Mara", "age": 34, "who": "A nurse.", "wants": "Rest.", "hides": "It.", "sounds": "Low."}
LIGHT = {"id": "bus", "situation": "A bus stops on the bridge. Nobody gets off.", "ends_when": "it goes on"}
SECRETS = ("She wrote it.", "He has read it.")
"""Of the first role, and of the second."""


def duet(**changes: Any) -> dict[str, Any]:
    """A scene for two, with all that keeps them apart."""
    return {
        "id": "duet",
        "title": "The letter",
        "situation": "A kitchen at night.",
        "ends_when": "one of them laughs",
        "content_tags": ["grief", "family-rift"],
        "roles": [
            {"id": "a", "brief": "mara", "line": "Read it.", "secret": SECRETS[0], "partner": "Her brother"},
            {"id": "b", "name": "The brother", "line": "No.", "secret": SECRETS[1], "note": "Slowly."},
        ],
        **changes,
    }


def pack_2(**changes: Any) -> dict[str, Any]:
    """A scene for two and a light one, for a studio called Attic; asked for in three languages."""
    practice = json.loads(asset("packs", "practice", "pack.json").read_bytes())
    return {
        "format": "perfstudio-pack/2",
        "id": "evening",
        "version": "1.0",
        "title": "Evening",
        "summary": "Two scenes.",
        "language": "en",
        "languages": ["de", "en", "yue"],
        "studio": {"id": "attic", "name": "Attic", "legal_name": "Attic Ltd", "contact": "hello@attic.example"},
        "rights": "Research only.",
        "terms": practice["terms"],
        "uses": practice["uses"],
        "briefs": [MARA],
        "prompts": [duet(), LIGHT | {"content_tags": ["none"]}],
        **changes,
    }


def pack_folder(folder: Path, **changes: Any) -> Path:
    """The same as its author has it."""
    folder.mkdir()
    (folder / "pack.json").write_text(json.dumps(pack_2(**changes)), encoding="utf-8")
    return folder
