"""Ask a database of known vulnerabilities about every package of the lock; needs pip-audit and a network.

    pip install pip-audit && python3 installer/audit.py

Exit 0: nothing is known. 1: something is, or the database could not be asked; which of both is said.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from environment import LOCK, TOP

NOT_REACHED = re.compile(r"Connection|timed out|resolve|ServiceError|HTTPError|Max retries", re.IGNORECASE)


def main() -> int:
    """Ask, and say what came of it."""
    program = shutil.which("pip-audit") or str(Path(sys.executable).with_name("pip-audit"))
    if not Path(program).exists():
        print("pip-audit is missing: pip install pip-audit", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "requirements.txt"
        wanted.write_text(LOCK.read_text(encoding="utf-8"), encoding="utf-8")
        command = [program, "-r", str(wanted), "--require-hashes", "--disable-pip", "--progress-spinner", "off"]
        asked = subprocess.run(command, capture_output=True, text=True, cwd=TOP, check=False)
    said = (asked.stdout + asked.stderr).strip()
    if asked.returncode and NOT_REACHED.search(asked.stderr):
        print("The database of vulnerabilities could not be asked: nothing is known either way.", file=sys.stderr)
        print(said.splitlines()[-1] if said else "", file=sys.stderr)
        return 1
    print(said)
    return asked.returncode


if __name__ == "__main__":
    sys.exit(main())
