"""Run the tests under a Python for Windows, folder by folder, and say the figures.

    python installer/windows_tests.py PYTHON [FOLDER ...]

PYTHON is what starts it: `py -3.13` on a Windows machine is written as its whole path, a wrapper elsewhere (Wine) as
the wrapper's. Without folders all of the suite's are run. What Windows has not, and what Wine alone does otherwise
than Windows is documented to, is skipped by the tests themselves with its reason (`posix_only`, `no_wine` and their
like in `tests/rigs/systems.py`). The reasons are told as the folders end; at the end stands a table of all folders. A
folder that takes longer than its limit is ended, and said to be.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections import Counter
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
QUIET = (
    "-q", "-p", "no:cacheprovider", "--tb=line", "-r", "fEs", "--capture=sys", "-o", "qt_log_ignore=QFontDatabase",
)  # fmt: skip
"""Nothing is put in the place of the descriptors: under Wine a Python may not begin where a plain file is one of them,
and what children say when they end is seen. A Qt without fonts warns of that, and is one of a bench and not of a
performer."""
WINE = "not under Wine: "
"""How a reason of `no_wine` begins."""
COLUMNS = ("folder", "passed", "failed", "Wine's", "not tried")
_TOLD = re.compile(r"(\d+) (passed|failed|skipped|errors?)\b")
_SKIPPED = re.compile(r"^SKIPPED \[(\d+)\] \S+ (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class FolderResult:
    """What came of one folder: how many tests passed, which failed, what was skipped and why, and how long it took."""

    folder: str
    passed: int
    failed: tuple[str, ...]
    skipped: tuple[tuple[int, str], ...]
    """How many, and why."""
    seconds: float
    ended: bool = True
    """False: it took too long, or the program ended without a word."""

    @property
    def good(self) -> bool:
        """Nothing failed, and something was tried."""
        return self.ended and not self.failed and self.passed > 0

    @property
    def figures(self) -> tuple[int, int, int, int]:
        """Passed; failed; skipped for what Wine does otherwise; skipped for what Windows, or this machine, has not."""
        wines = sum(number for number, why in self.skipped if why.startswith(WINE))
        return self.passed, len(self.failed), wines, sum(number for number, _ in self.skipped) - wines


def main(words: list[str]) -> int:
    """Run, tell of each folder as it ends, and print the table; 0 when nothing failed."""
    if not words or words[0] in ("-h", "--help"):
        print(__doc__)
        return 0 if words else 2
    results = []
    for folder in words[1:] or [f"tests/{folder}" for folder in FOLDERS]:
        results.append(run(words[0], folder))
        for line in told(results[-1]):
            print(line, flush=True)
    print("\n".join(table(results)))
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
    """What pytest said. Its last line counts; the lines before name what failed, and what was not tried."""
    lines = said.decode("utf-8", "replace").replace("\r", "").splitlines()
    last = next((line for line in reversed(lines) if _TOLD.search(line)), "")
    passed = sum(int(number) for number, kind in _TOLD.findall(last) if kind == "passed")
    skipped = tuple((int(number), why) for number, why in _SKIPPED.findall("\n".join(lines)))
    return FolderResult(folder, passed, tuple(failures(lines)), skipped, seconds, ended and bool(last))


def failures(lines: list[str]) -> Iterator[str]:
    """The tests that failed, or whose surroundings did, by pytest's own summary."""
    for line in lines:
        kind, _, rest = line.partition(" ")
        if kind in ("FAILED", "ERROR") and rest:
            yield rest.partition(" - ")[0].replace("\\", "/")


def told(found: FolderResult) -> Iterator[str]:
    """How long it took; what failed; what was skipped, and why, what is Wine's first."""
    yield f"{found.folder}: {found.seconds:.0f} s{'' if found.ended else ', NOT ENDED'}"
    yield from (f"    failed: {name}" for name in found.failed)
    reasons: Counter[str] = Counter()
    for number, why in found.skipped:
        reasons[why] += number
    for why, number in sorted(reasons.items(), key=lambda item: (not item[0].startswith(WINE), item[0])):
        yield f"    skipped: {number}, {why}"


def table(results: list[FolderResult]) -> Iterator[str]:
    """The folders and their sum, as Markdown writes a table and a terminal shows one."""
    rows = [(each.folder + ("" if each.ended else " (not ended)"), *each.figures) for each in results]
    sums = (sum(column) for column in zip(*(each.figures for each in results), strict=True))
    for cells in (COLUMNS, ("---", *["---:"] * 4), *rows, ("all", *sums)):
        yield f"| {cells[0]:<20} | " + " | ".join(f"{cell:>9}" for cell in cells[1:]) + " |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
