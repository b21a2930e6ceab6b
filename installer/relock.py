"""Make `requirements.lock` anew from pyproject.toml: every package, every system, Python 3.11 to 3.14, with hashes.

    .venv/bin/python -m pip install uv
    .venv/bin/python installer/relock.py

On Windows .venv\\Scripts\\python.

The runtime part stands above the divider (with setuptools, which builds perfstudio itself), what only the tests need
below it. Where packages are fetched from is not written down.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from environment import DIVIDER, LOCK, TOP

BUILD = "setuptools>=77\n"
OPTIONS = [
    "--universal", "--generate-hashes", "--python-version", "3.11", "--only-binary", ":all:",
    "--no-emit-index-url", "--no-header", "--no-annotate", "--quiet",
]  # fmt: skip


def main() -> None:
    """Write the lock."""
    everything = blocks(compiled("--extra", "test"))
    runtime = {name for name, _ in blocks(compiled())}
    above = [text for name, text in everything if name in runtime]
    below = [text for name, text in everything if name not in runtime]
    head = "# Made by installer/relock.py; not to be edited.\n# ---- runtime ----\n"
    LOCK.write_text(f"{head}{''.join(above)}{DIVIDER}\n{''.join(below)}", encoding="utf-8")


def compiled(*more: str) -> str:
    """What uv resolves, as requirements with hashes."""
    beside = Path(sys.executable).with_name("uv")
    uv = str(beside) if beside.exists() else shutil.which("uv") or "uv"
    command = [uv, "pip", "compile", *OPTIONS, *more, "pyproject.toml", "-"]
    return subprocess.run(command, input=BUILD, capture_output=True, encoding="utf-8", check=True, cwd=TOP).stdout


def blocks(text: str) -> list[tuple[str, str]]:
    """(package name, its lines) for each requirement."""
    parts = re.split(r"(?m)^(?=[a-z0-9])", text)
    return [(part.partition("==")[0], part) for part in parts if "==" in part]


if __name__ == "__main__":
    main()
