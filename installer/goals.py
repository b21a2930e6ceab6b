"""What an installer may weigh. A build that is heavier fails, so that nobody's download grows unseen."""

from __future__ import annotations

from pathlib import Path

from archives import megabytes
from system import SetupError, say

INSTALLED_MB = {"linux": 225.0, "win32": 250.0, "darwin": 300.0}
DOWNLOAD_MB = 90.0
"""Of every system."""


def hold_installed(frozen: Path, system: str) -> None:
    """Raises SetupError when a frozen folder is heavier than its goal, with the heaviest parts of it."""
    weight = megabytes(frozen)
    goal = INSTALLED_MB.get(system, max(INSTALLED_MB.values()))
    say(f"Frozen: {weight:.0f} MB in {frozen}; it may weigh {goal:.0f}.")
    if weight > goal:
        raise SetupError(
            f"What was frozen weighs {weight:.0f} MB and may weigh {goal:.0f}. "
            f"The heaviest: {', '.join(heaviest(frozen))}. "
            "Leave out what the program does not call (parts.py, slim_linux.py), or say in goals.py why not."
        )


def hold_download(file: Path, goal: float = DOWNLOAD_MB) -> None:
    """Raises SetupError when an installer is heavier than its goal."""
    if megabytes(file) > goal:
        raise SetupError(
            f"{file.name} weighs {megabytes(file):.0f} MB and may weigh {goal:.0f}: see installer/goals.py."
        )


def heaviest(folder: Path, number: int = 8) -> list[str]:
    """The heaviest files, with their weight."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    files.sort(key=lambda path: (-path.stat().st_size, path))
    return [f"{path.name} {megabytes(path):.0f}" for path in files[:number]]
