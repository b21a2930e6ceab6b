"""The packs that come with perfstudio, in the order in which they are shown: the practice room, and what lies beside
it. They are of one studio, which is nobody but this computer."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from perfstudio.packs.reader import PackFile, read_pack
from perfstudio.resources import asset

PRACTICE_ROOM: Final = "practice"
TWO_CHAIRS: Final = "two-chairs"


def bundled_folders() -> tuple[Path, ...]:
    """Where they lie."""
    return tuple(asset("packs", name) for name in (PRACTICE_ROOM, TWO_CHAIRS))


def bundled_packs() -> tuple[PackFile, ...]:
    """All of them, read."""
    return tuple(map(read_pack, bundled_folders()))
