"""A start that makes whole what was cut short, as a process of its own that is killed on its way."""

from __future__ import annotations

from pathlib import Path

from perfstudio.paths import AppPaths
from perfstudio.session.home import Home
from perfstudio.session.takes.recovery import recover_unsealed


def recover(home: Path) -> None:
    """What a start does."""
    with Home(AppPaths(home)) as opened:
        recover_unsealed(opened.library)
