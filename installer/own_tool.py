"""Run a tool of `.venv`, where this system keeps it (bin, or Scripts on Windows): hooks name one place for all systems.

python installer/own_tool.py ruff check --force-exclude FILE ...
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from environment import TOP, python
from system import say


def main(words: list[str]) -> int:
    """What the tool ends with; 2 without a name, 1 where it is not there."""
    if not words:
        say(__doc__ or "")
        return 2
    tool = python().with_name(words[0] + python().suffix)
    if not tool.is_file():
        start = "py" if sys.platform == "win32" else "python3"
        say(f"{tool} is not there. Run this first:  {start} installer/bootstrap.py test --version")
        return 1
    return subprocess.run([tool, *words[1:]], cwd=TOP, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
