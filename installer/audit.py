"""Ask a database of known vulnerabilities about every package of the lock; needs pip-audit and a network.

    python3 -m pip install pip-audit
    python3 installer/audit.py

Exit 0: all were asked about, and nothing is known. 1: something is known, or not all could be asked about; it is said.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from environment import LOCK, TOP
from system import SetupError, say, show


def main() -> int:
    """Ask, and say what came of it."""
    try:
        lines, sound = told(asked())
    except SetupError as reason:
        say(str(reason))
        return 1
    show("\n".join(lines))
    return 0 if sound else 1


def asked() -> list[dict[str, Any]]:
    """What pip-audit says of each package. Raises SetupError."""
    program = shutil.which("pip-audit") or str(Path(sys.executable).with_name("pip-audit"))
    if not Path(program).exists():
        raise SetupError("pip-audit is missing: pip install pip-audit")
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "requirements.txt"
        wanted.write_text(LOCK.read_text(encoding="utf-8"), encoding="utf-8")
        command = [program, "-r", str(wanted), "--require-hashes", "--disable-pip", "--progress-spinner", "off"]
        done = subprocess.run([*command, "-f", "json"], capture_output=True, text=True, cwd=TOP, check=False)
    try:
        found: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise SetupError(f"The database could not be asked; nothing is known either way: {last}") from None
    return found


def told(found: list[dict[str, Any]]) -> tuple[list[str], bool]:
    """Lines for a person, and whether all were asked about and nothing is known."""
    known = [(part, flaw) for part in found for flaw in part.get("vulns", [])]
    lines = [f"{part['name']} {part['version']}: {flaw['id']}, mended in {_mended(flaw)}" for part, flaw in known]
    unasked = sorted({part["name"] for part in found if "skip_reason" in part})
    if unasked:
        lines.append(f"Not asked about, so nothing is known of them: {', '.join(unasked)}.")
    answered = len(found) - sum("skip_reason" in part for part in found)
    lines.append(f"{answered} packages asked about, {len(known)} vulnerabilities known.")
    return lines, bool(found) and not known and not unasked


def _mended(flaw: dict[str, Any]) -> str:
    return ", ".join(flaw.get("fix_versions") or []) or "no version yet"


if __name__ == "__main__":
    sys.exit(main())
