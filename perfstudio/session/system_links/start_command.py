"""How the system starts this program: frozen, or installed for a Python (from a folder of sources too)."""

from __future__ import annotations

import importlib.metadata
import os
import sys
from pathlib import Path

from perfstudio.frozen import is_frozen
from perfstudio.model.errors import ErrorCode, LibraryError
from perfstudio.paths import usual_home


def start_words(home: Path) -> tuple[str, ...]:
    """Program and words; what is opened stands behind them. A home of one's own is named: who starts it knows no
    variables.

    Raises LibraryError(LINKS_NOT_INSTALLED) where Python would not find the program from another folder.
    """
    own_home = () if home == usual_home() else ("--home", str(home))
    return (*_program(), *own_home)


def _program() -> tuple[str, ...]:
    if is_frozen():
        appimage = os.environ.get("APPIMAGE")  # one lies where it was put, and runs elsewhere
        return (appimage or _quiet("perfstudio-window.exe"),)
    try:
        importlib.metadata.distribution("perfstudio")
    except importlib.metadata.PackageNotFoundError:
        python = "py" if sys.platform == "win32" else "python3"
        raise LibraryError(ErrorCode.LINKS_NOT_INSTALLED, python=python) from None
    return (
        _quiet("pythonw.exe"),
        "-P",
        "-m",
        "perfstudio",
    )  # -P: never what lies in the folder that a browser stands in


def _quiet(name: str) -> str:
    """On Windows the program beside this one that opens no terminal."""
    quiet = Path(sys.executable).with_name(name)
    return str(quiet) if sys.platform == "win32" and quiet.exists() else sys.executable
