"""The source that an installer was made from, in one archive: every file that is kept in git, as it is now."""

from __future__ import annotations

import subprocess
from pathlib import Path

import archives
from build_environment import Bench
from environment import TOP
from system import SetupError


def source(bench: Bench) -> Path:
    """`perfstudio-VERSION-source.tar.xz`. Raises SetupError outside a git work tree."""
    asked = subprocess.run(["git", "ls-files", "-z"], cwd=TOP, capture_output=True, text=True, check=False)
    if asked.returncode:
        raise SetupError("This is no git work tree; the source archive is made from one.")
    paths = sorted(TOP / name for name in asked.stdout.split("\0") if name and (TOP / name).is_file())
    inside = f"perfstudio-{bench.version}"
    return archives.tar(bench.target / f"{inside}-source.tar.xz", TOP, paths, inside=inside, epoch=bench.epoch)


def is_clean() -> bool:
    """Whether the tree is as it was committed: only then do two builds of one commit hold the same."""
    asked = subprocess.run(["git", "status", "--porcelain"], cwd=TOP, capture_output=True, text=True, check=False)
    return asked.returncode == 0 and not asked.stdout.strip()
