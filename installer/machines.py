"""For which machines the locked packages are made, and what is said on any other. Held against the registry by
lock_check.py, which asks for each of them."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
TARGETS = {
    "Windows, x86-64": "x86_64-pc-windows-msvc",
    "macOS 14, Apple silicon": "aarch64-apple-darwin",
    "macOS 14, Intel": "x86_64-apple-darwin",
    "Linux, x86-64, glibc 2.34": "x86_64-manylinux_2_34",
    "Linux, arm64, glibc 2.39": "aarch64-manylinux_2_39",
}
"""What is promised, and its name for uv."""
MACOS, GLIBC = (14, 0), {"x86_64": (2, 34), "aarch64": (2, 39)}
"""PyAV's wheels ask for macOS 14; Qt's for these versions of the C library."""


@dataclass(frozen=True)
class Machine:
    """What matters of a computer for the packages."""

    system: str
    """As `platform.system()` says it."""
    processor: str
    release: tuple[int, ...] = ()
    """Of macOS, or of the C library on Linux; empty: not glibc."""
    bits: int = 64


def this_machine() -> Machine:
    """The one that this Python runs on."""
    system, release = platform.system(), ""
    if system == "Darwin":
        release = platform.mac_ver()[0]
    elif system == "Linux":
        name, version = platform.libc_ver()
        release = version if name == "glibc" else ""
    numbers = tuple(int(part) for part in release.split(".")[:2] if part.isdecimal())
    return Machine(system, platform.machine(), numbers, 64 if sys.maxsize > 2**32 else 32)


def why_not(machine: Machine) -> str:
    """One sentence on why the packages cannot be installed there; empty where they can."""
    if machine.bits != 64:
        return "perfstudio needs a Python of 64 bits; this one has 32."
    return {"Windows": _windows, "Darwin": _macos, "Linux": _linux}.get(machine.system, _other)(machine)


def _windows(machine: Machine) -> str:
    if machine.processor.upper() in {"AMD64", "X86_64"}:
        return ""
    return (
        "perfstudio's packages are not made for a Python of Windows on ARM. "
        "Install Python for Windows x86-64 instead: it runs on this computer too."
    )


def _macos(machine: Machine) -> str:
    if machine.release >= MACOS:
        return ""
    return f"perfstudio needs macOS {MACOS[0]} or later; this is {_dotted(machine.release)}."


def _linux(machine: Machine) -> str:
    least = GLIBC.get(machine.processor)
    if least is None:
        return f"perfstudio's packages are made for x86-64 and arm64; this computer is {machine.processor}."
    if not machine.release:
        return "perfstudio's packages need the GNU C library (glibc); this Linux has another one."
    if machine.release < least:
        return (
            f"On {machine.processor} perfstudio needs a Linux with glibc {_dotted(least)} or later "
            f"(Debian {'12' if least < (2, 36) else '13'}, Ubuntu {'22.04' if least < (2, 36) else '24.04'}); "
            f"this one has {_dotted(machine.release)}."
        )
    return ""


def _other(machine: Machine) -> str:
    return f"perfstudio runs on Windows, macOS and Linux; this is {machine.system or 'another system'}."


def _dotted(numbers: tuple[int, ...]) -> str:
    return ".".join(map(str, numbers))
