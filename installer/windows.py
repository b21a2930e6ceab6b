"""The set-up for Windows, by NSIS. It asks for no administrator, and leaves takes alone when it removes."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from archives import megabytes, under
from build_environment import Bench
from system import SetupError

SCRIPT = Path(__file__).resolve().parent / "windows" / "perfstudio.nsi"


def setup(bench: Bench, frozen: Path) -> Path:
    """`perfstudio-VERSION-windows-x86_64-setup.exe` from a folder frozen on Windows. Raises SetupError."""
    if not (frozen / "perfstudio-window.exe").exists():
        raise SetupError(f"{frozen} was not frozen on Windows.")
    makensis = shutil.which("makensis")
    if makensis is None:
        raise SetupError(
            "NSIS is missing (makensis): install it with winget install NSIS.NSIS, or apt-get install nsis."
        )
    listed = bench.work / "installed.txt"
    listed.write_text("".join(f"{name}\r\n" for name in names(frozen)), encoding="utf-16-le", newline="")
    target = bench.target / f"perfstudio-{bench.version}-windows-x86_64-setup.exe"
    facts: dict[str, object] = {
        "VERSION": bench.version,
        "FROZEN": frozen,
        "ICON": bench.work / "icons" / "perfstudio.ico",
        "LISTED": listed,
        "KB": round(megabytes(frozen) * 1000),
        "OUT": target,
    }
    if bench.quick:
        facts["QUICK"] = 1
    if target_of(makensis):
        facts["TARGET"] = target_of(makensis)
    command = [
        makensis,
        "-V2",
        "-INPUTCHARSET",
        "UTF8",
        *(f"-D{name}={fact}" for name, fact in facts.items()),
        str(SCRIPT),
    ]
    if subprocess.run(command, env=bench.environment(), check=False).returncode:
        raise SetupError("makensis could not make the set-up; why stands above.")
    return target


def names(frozen: Path) -> list[str]:
    """What is installed, in the order in which it can be removed: what lies in a folder before the folder."""
    return [str(path.relative_to(frozen)).replace("/", "\\") for path in reversed(under(frozen))]


def target_of(makensis: str) -> str:
    """The 64-bit stub, where this NSIS has one: the ordinary one is a program of 32 bits."""
    places = (Path(makensis).parent.parent / "share/nsis/Stubs", Path(makensis).parent / "Stubs")
    return "amd64-unicode" if any((place / "lzma-amd64-unicode").exists() for place in places) else ""
