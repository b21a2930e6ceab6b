"""Run the tests under a Python for Windows, folder by folder, and say the figures.

    python installer/windows_tests.py PYTHON [FOLDER ...]

PYTHON is what starts it: `py -3.13` on a Windows machine is written as its whole path, a wrapper elsewhere (Wine) as
the wrapper's. Without folders all of the suite's are run. What Windows has not is skipped with its reason
(`tests/rigs/systems.py`). A folder that takes longer than its limit is ended, and said to be.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
FOLDERS = (
    "systems", "packs", "texts", "consent", "library", "delivery", "receiver", "session", "cli", "checks", "capture",
    "ui", "system", "architecture",
)  # fmt: skip
"""The quick ones first."""
LIMIT_S = 3600
QUIET = ("-q", "-p", "no:cacheprovider", "--tb=line", "-o", "qt_log_ignore=QFontDatabase")
"""A Qt without fonts warns of that, and is one of a bench and not of a performer."""
_TOLD = re.compile(r"(\d+) (passed|failed|skipped|errors?)\b")


@dataclass(frozen=True, slots=True)
class FolderResult:
    """What came of one folder: counts by pytest's own words, the names of what failed, and how long it took."""

    folder: str
    counts: dict[str, int]
    failed: tuple[str, ...]
    seconds: float
    ended: bool = True
    """False: it took too long, or the program ended without a word."""

    @property
    def good(self) -> bool:
        """Nothing failed, and something was tried."""
        return self.ended and not self.failed and bool(self.counts.get("passed"))


def main(words: list[str]) -> int:
    """Run, and print as it comes; 0 when nothing failed."""
    if not words or words[0] in ("-h", "--help"):
        print(__doc__)
        return 0 if words else 2
    python, folders = words[0], words[1:] or [f"tests/{folder}" for folder in FOLDERS]
    results = []
    for folder in folders:
        results.append(run(python, folder))
        print(row(results[-1]), flush=True)
        for name in results[-1].failed:
            print(f"    {name}", flush=True)
    total = {kind: sum(r.counts.get(kind, 0) for r in results) for kind in ("passed", "failed", "skipped", "errors")}
    print(row(FolderResult("all", total, (), sum(r.seconds for r in results))))
    return 0 if all(result.good for result in results) else 1


def run(python: str, folder: str) -> FolderResult:
    """The tests of one folder in a process of their own."""
    began = time.monotonic()
    try:
        done = subprocess.run(
            [python, "-m", "pytest", *QUIET, folder], cwd=TOP, capture_output=True, timeout=LIMIT_S, check=False
        )
    except subprocess.TimeoutExpired as late:
        return result(folder, late.stdout or b"", time.monotonic() - began, ended=False)
    return result(folder, done.stdout, time.monotonic() - began)


def result(folder: str, said: bytes, seconds: float, *, ended: bool = True) -> FolderResult:
    """What pytest said. Its last line counts; the lines before name what failed."""
    lines = said.decode("utf-8", "replace").replace("\r", "").splitlines()
    last = next((line for line in reversed(lines) if _TOLD.search(line)), "")
    counts = {"errors" if kind.startswith("error") else kind: int(number) for number, kind in _TOLD.findall(last)}
    return FolderResult(folder, counts, tuple(named(lines)), seconds, ended and bool(counts))


def named(lines: list[str]) -> Iterator[str]:
    """The tests that failed, by pytest's own summary."""
    for line in lines:
        kind, _, rest = line.partition(" ")
        if kind in ("FAILED", "ERROR") and rest:
            yield rest.partition(" - ")[0]


def row(found: FolderResult) -> str:
    """One line of the table."""
    told = ", ".join(f"{number} {kind}" for kind, number in found.counts.items() if number)
    return f"{found.folder:<20} {found.seconds:6.0f} s   {told}{'' if found.ended else '   NOT ENDED'}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
