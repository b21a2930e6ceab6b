"""Ask the registry whether everything in the lock can be installed on every promised machine. Installs nothing.

python3 installer/lock_check.py           needs uv, and a network; about a minute
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from environment import LOCK, split_lock
from machines import MACOS, PYTHONS, TARGETS
from system import SetupError


def main() -> int:
    """A line for each machine and Python; 1 when one of them cannot have it."""
    bad = 0
    for name, target in TARGETS.items():
        for python in PYTHONS:
            problem = installable(target, python)
            print(f"{'yes' if not problem else 'NO '}  {name}, Python {python}{problem and ': ' + problem}", flush=True)
            bad += bool(problem)
    return min(bad, 1)


def installable(target: str, python: str) -> str:
    """Why the runtime part of the lock cannot be installed there; empty where it can."""
    with tempfile.TemporaryDirectory() as folder:
        return put(Path(folder), target, python, "--dry-run")


def put(folder: Path, target: str, python: str, *more: str) -> str:
    """Put the runtime part of the lock into a folder, as for that machine; why that cannot be, empty where it was done.

    Raises SetupError without uv.
    """
    uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
    if not Path(uv).exists():
        raise SetupError("uv is missing: pip install uv")
    with tempfile.TemporaryDirectory() as place:
        wanted = Path(place) / "requirements.txt"
        wanted.write_text(split_lock(LOCK.read_text(encoding="utf-8"))[0], encoding="utf-8")
        where = ["--target", str(folder), "--python-platform", target, "--python-version", python]
        command = [uv, "pip", "install", *more, "--no-deps", "--require-hashes", "--only-binary", ":all:", *where]
        environment = os.environ | {"MACOSX_DEPLOYMENT_TARGET": ".".join(map(str, MACOS)), "NO_COLOR": "1"}
        asked = subprocess.run(
            [*command, "--python", sys.executable, "-r", str(wanted)],
            capture_output=True, text=True, env=environment, check=False,
        )  # fmt: skip
    return "" if asked.returncode == 0 else " ".join(asked.stderr.split())[-400:]


if __name__ == "__main__":
    sys.exit(main())
