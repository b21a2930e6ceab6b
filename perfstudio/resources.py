"""The one place that finds `assets/`: in a source tree, in a wheel (as `perfstudio/assets`), or in a frozen app."""

from __future__ import annotations

import sys
from pathlib import Path


def assets() -> Path:
    """The folder of packs, schemas, themes, icons, fonts and sounds."""
    frozen = getattr(sys, "_MEIPASS", None)
    package = Path(__file__).resolve().parent
    candidates = [Path(frozen) / "assets"] if frozen else []
    candidates += [package / "assets", package.parent / "assets"]
    for folder in candidates:
        if folder.is_dir():
            return folder
    raise FileNotFoundError("assets")


def asset(*parts: str) -> Path:
    """The path of one asset, for example asset("packs", "practice")."""
    return assets().joinpath(*parts)
