"""Packs of version 2, whole and broken."""

from __future__ import annotations

from typing import Any

from packs_made import pack

LIGHT = {"id": "bus", "situation": "A bus stops on the bridge. Nobody gets off.", "ends_when": "it goes on"}


def duet(**changes: Any) -> dict[str, Any]:
    return {
        "id": "duet",
        "title": "The letter",
        "situation": "A kitchen at night.",
        "ends_when": "one of them laughs",
        "content_tags": ["grief", "family-rift"],
        "roles": [
            {"id": "a", "brief": "mara", "line": "Read it.", "secret": "She wrote it.", "partner": "Her brother"},
            {"id": "b", "name": "The brother", "line": "No.", "secret": "He has read it.", "note": "Slowly."},
        ],
        **changes,
    }


def pack_2(**changes: Any) -> dict[str, Any]:
    whole = pack(format="perfstudio-pack/2", prompts=[duet(), LIGHT | {"content_tags": ["none"]}])
    return whole | {"languages": ["de", "en", "yue"]} | changes
