"""The computer's own battery, where the system tells: a take should not end because it ran down."""

from __future__ import annotations

from pathlib import Path
from typing import Final

SUPPLIES: Final = Path("/sys/class/power_supply")
"""Linux: one folder for each battery and each plug. Other systems warn by themselves before it matters."""
LOW: Final = 0.2
"""Share left from which on a take may not last: desktops themselves warn at 10 to 20 per cent."""


def low_battery(supplies: Path = SUPPLIES) -> float | None:
    """Share that is left, 0..1, when the computer runs on its battery and little is left; else None.

    With two batteries the fuller one counts. Mice and headsets have batteries too, of scope "Device".
    """
    try:
        own = [folder for folder in supplies.iterdir() if _is_own(folder)]
    except OSError:
        return None
    if not any(_word(folder, "status") == "Discharging" for folder in own):
        return None
    shares = [int(share) / 100 for folder in own if (share := _word(folder, "capacity")).isdecimal()]
    left = max(shares, default=1.0)
    return left if left <= LOW else None


def _is_own(folder: Path) -> bool:
    return _word(folder, "type") == "Battery" and _word(folder, "scope") != "Device"


def _word(folder: Path, name: str) -> str:
    try:
        return (folder / name).read_text("ascii").strip()
    except (OSError, ValueError):
        return ""
