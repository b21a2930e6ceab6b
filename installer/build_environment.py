"""Where an installer is built: a virtual environment from the lock, with the packers that `build.lock` pins."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from environment import LOCK, TOP, split_lock
from system import SetupError, say

BUILD_LOCK = Path(__file__).resolve().parent / "build.lock"
_VERSION = re.compile(r'^__version__ = "([^"]+)"$', re.MULTILINE)


@dataclass(frozen=True)
class Bench:
    """One build: the Python that is frozen, and where things lie."""

    python: list[str]
    """The command of a Python with everything of both locks."""
    work: Path
    """Whatever is made on the way; may be thrown away."""
    target: Path
    """Where installers come to lie."""
    version: str
    epoch: int
    """The time of everything inside an installer, s since 1970."""
    system: str = sys.platform
    """`sys.platform` of the Python that is frozen."""
    quick: bool = False
    """Pack quickly and large, to try it."""
    front: tuple[str, ...] = ()
    """What stands before the frozen program to run it: nothing, or a bench that stands in for its system."""

    def environment(self) -> dict[str, str]:
        """What makes two builds of the same input alike, and keeps the person's own settings out of them."""
        fixed = {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": str(self.epoch), "PYTHONDONTWRITEBYTECODE": "1"}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PERFSTUDIO_"))}
        return {**kept, **fixed, "PERFSTUDIO_LANGUAGE": "en", "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8"}


def version() -> str:
    """The one that stands in `perfstudio/__init__.py`."""
    found = _VERSION.search((TOP / "perfstudio/__init__.py").read_text(encoding="utf-8"))
    if found is None:
        raise SetupError("perfstudio/__init__.py names no version.")
    return found[1]


def epoch() -> int:
    """SOURCE_DATE_EPOCH, else the time of the last commit."""
    if named := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(named)
    asked = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=TOP, capture_output=True, text=True, check=False)
    if asked.returncode:
        raise SetupError(
            "This is no git work tree: set SOURCE_DATE_EPOCH to the time of the release (seconds since 1970)."
        )
    return int(asked.stdout)


def provide(work: Path) -> list[str]:
    """The Python of the virtual environment in `work`, made and filled when it does not fit the locks."""
    folder = work / "environment"
    python, stamp = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python"), folder / "perfstudio.stamp"
    wanted = f"{sys.version} {hashlib.sha256(LOCK.read_bytes() + BUILD_LOCK.read_bytes()).hexdigest()}"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return [str(python)]
    say(f"Making the environment that is frozen, in {folder} ...")
    shutil.rmtree(folder, ignore_errors=True)
    _run([sys.executable, "-m", "venv", str(folder)])
    with tempfile.TemporaryDirectory() as place:
        runtime = Path(place) / "runtime.txt"
        runtime.write_text(split_lock(LOCK.read_text(encoding="utf-8"))[0], encoding="utf-8")
        pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet", "install", "--no-deps"]
        for lock in (runtime, BUILD_LOCK):
            _run([*pip, "--require-hashes", "--only-binary", ":all:", "-r", str(lock)])
    stamp.write_text(wanted, encoding="utf-8")
    return [str(python)]


def locked_names() -> list[str]:
    """The packages that are installed on some system."""
    return sorted({*re.findall(r"(?m)^([A-Za-z0-9_.-]+)==", split_lock(LOCK.read_text(encoding="utf-8"))[0])})


def _run(command: list[str]) -> None:
    if subprocess.run(command, check=False).returncode:
        raise SetupError(f"This did not work: {' '.join(command[:6])} ... What it said stands above.")
