"""Who the performer of a home is, as their takes say it: for the day on which the settings no longer do."""

from __future__ import annotations

from pathlib import Path

from perfstudio.durable import read_plain
from perfstudio.model.strict_json import read_leniently

_MOST_BYTES = 16_000_000


def performer_of(takes: Path) -> str | None:
    """The performer's id in the newest take that tells it, or None."""
    try:
        folders = sorted(takes.iterdir(), key=lambda folder: folder.name, reverse=True)
    except OSError:
        return None
    return next((who for folder in folders if (who := _named(folder / "take.json"))), None)


def _named(manifest: Path) -> str | None:
    try:
        who = read_leniently(read_plain(manifest, _MOST_BYTES))["slate"]["performer_id"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return who if isinstance(who, str) and who.strip() else None
