"""The computer's own battery, where the system tells: a take should not end because it ran down.

Linux     /sys/class/power_supply (Documentation/ABI/testing/sysfs-class-power): a folder for each battery and plug
macOS     `pmset -g batt` (pmset(1)). Not run: read from lines as the manual and its users show them.
Windows   GetSystemPowerStatus (learn.microsoft.com, winbase.h). Run under Wine, which has no battery.
"""

from __future__ import annotations

import ctypes
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Protocol

LOW: Final = 0.2
"""Share left from which on a take may not last: desktops themselves warn at 10 to 20 per cent."""
SUPPLIES: Final = Path("/sys/class/power_supply")
_PATIENCE_S: Final = 5.0
_ON_BATTERY: Final = 0
"""ACLineStatus."""
_NO_BATTERY: Final = 128
"""BatteryFlag; 255 in it, or in the percentage, is "unknown"."""
_UNKNOWN: Final = 255


class Battery(Protocol):
    """How one system tells."""

    def left(self) -> float | None:
        """Share that is left, 0..1, while the computer runs on its battery; None on a plug, or where nothing says."""


class LinuxBattery:
    """With two batteries the fuller one counts. Mice and headsets have batteries too, of scope "Device"."""

    def __init__(self, supplies: Path = SUPPLIES) -> None:
        self._supplies = supplies

    def left(self) -> float | None:
        try:
            own = [folder for folder in self._supplies.iterdir() if _is_own(folder)]
        except OSError:
            return None
        if not any(_word(folder, "status") == "Discharging" for folder in own):
            return None
        shares = [int(share) / 100 for folder in own if (share := _word(folder, "capacity")).isdecimal()]
        return max(shares, default=None)


class MacBattery:
    """The fullest of those that are built in; a UPS is another computer's matter."""

    def __init__(self, ask: Callable[[], str] | None = None) -> None:
        """`ask` stands in for the tool in tests."""
        self._ask = ask or _pmset

    def left(self) -> float | None:
        try:
            said = self._ask()
        except (OSError, subprocess.SubprocessError):
            return None
        if "'Battery Power'" not in said:
            return None
        shares = [int(share) / 100 for share in re.findall(r"-InternalBattery-\d+.*?\b(\d{1,3})%", said)]
        return max(shares, default=None)


class PowerStatus(ctypes.Structure):
    """What Windows fills in: SYSTEM_POWER_STATUS."""

    _fields_ = (
        ("line", ctypes.c_uint8),
        ("flag", ctypes.c_uint8),
        ("percent", ctypes.c_uint8),
        ("saver", ctypes.c_uint8),
        ("left_s", ctypes.c_uint32),
        ("full_s", ctypes.c_uint32),
    )


class WindowsBattery:
    """All batteries together, as Windows counts them."""

    def __init__(self, kernel: Any = None) -> None:
        """`kernel` stands in for kernel32.dll in tests."""
        self._kernel = kernel

    def left(self) -> float | None:
        kernel: Any = self._kernel or ctypes.WinDLL("kernel32")  # type: ignore[attr-defined,unused-ignore]
        said = PowerStatus()
        if not kernel.GetSystemPowerStatus(ctypes.byref(said)) or said.line != _ON_BATTERY:
            return None
        if said.percent > 100 or (said.flag != _UNKNOWN and said.flag & _NO_BATTERY):
            return None
        return float(said.percent) / 100


def for_system(system: str) -> Battery:
    """The version of a system, by its `sys.platform`."""
    if system == "win32":
        return WindowsBattery()
    return MacBattery() if system == "darwin" else LinuxBattery()


def _pmset() -> str:
    done = subprocess.run(
        ("pmset", "-g", "batt"), capture_output=True, stdin=subprocess.DEVNULL, timeout=_PATIENCE_S, check=True
    )
    return done.stdout.decode("utf-8", "replace")


def _is_own(folder: Path) -> bool:
    return _word(folder, "type") == "Battery" and _word(folder, "scope") != "Device"


def _word(folder: Path, name: str) -> str:
    try:
        return (folder / name).read_text("ascii").strip()
    except (OSError, ValueError):
        return ""


BATTERY: Final = for_system(sys.platform)


def low_battery(battery: Battery = BATTERY) -> float | None:
    """Share that is left, 0..1, when the computer runs on its battery and little is left; else None."""
    left = battery.left()
    return left if left is not None and left <= LOW else None
