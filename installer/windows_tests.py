"""Run the tests under a Python for Windows, folder by folder, and say the figures.

    python installer/windows_tests.py PYTHON [FOLDER ...]

PYTHON is what starts it: `py -3.13` on a Windows machine is written as its whole path, a wrapper elsewhere (Wine) as
the wrapper's. Without folders all of the suite's are run. What Windows has not is skipped with its reason
(`tests/rigs/systems.py`), and the reasons are told. What fails under Wine alone stands in `WALLS` with its reason, and
counts there as Wine's. A folder that takes longer than its limit is ended, and said to be.
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
QUIET = ("-q", "-p", "no:cacheprovider", "--tb=line", "-r", "fEs", "-o", "qt_log_ignore=QFontDatabase")
"""A Qt without fonts warns of that, and is one of a bench and not of a performer."""
WALLS: dict[str, str] = {}
"""Tests, or the beginning of their names, that Wine 8 fails where Windows does as it is documented; why."""
_TOLD = re.compile(r"(\d+) (passed|failed|skipped|errors?)\b")
_SKIPPED = re.compile(r"^SKIPPED \[(\d+)\] \S+ (.+)$", re.MULTILINE)
_WORDS = {"FAILED": "failed", "ERROR": "errors"}
_IS_WINE = "import ctypes, sys; sys.exit(not hasattr(ctypes.WinDLL('ntdll'), 'wine_get_version'))"


@dataclass(frozen=True, slots=True)
class FolderResult:
    """What came of one folder: counts by pytest's own words, the names of what failed, and how long it took."""

    folder: str
    counts: dict[str, int]
    failed: tuple[str, ...]
    seconds: float
    ended: bool = True
    """False: it took too long, or the program ended without a word."""
    skipped: tuple[tuple[int, str], ...] = ()
    """How many, and why."""
    walls: tuple[tuple[str, str], ...] = ()
    """What failed by Wine's own fault, and why."""

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
    walls = WALLS if subprocess.run([python, "-c", _IS_WINE], capture_output=True, check=False).returncode == 0 else {}
    results = []
    for folder in folders:
        results.append(run(python, folder, walls))
        print(row(results[-1]), flush=True)
        for line in told(results[-1]):
            print(f"    {line}", flush=True)
    kinds = ("passed", "failed", "errors", "skipped", "Wine's fault")
    total = {kind: sum(r.counts.get(kind, 0) for r in results) for kind in kinds}
    print(row(FolderResult("all", total, (), sum(r.seconds for r in results))))
    return 0 if all(result.good for result in results) else 1


def run(python: str, folder: str, walls: dict[str, str]) -> FolderResult:
    """The tests of one folder in a process of their own."""
    began = time.monotonic()
    try:
        done = subprocess.run(
            [python, "-m", "pytest", *QUIET, folder], cwd=TOP, capture_output=True, timeout=LIMIT_S, check=False
        )
    except subprocess.TimeoutExpired as late:
        return result(folder, late.stdout or b"", time.monotonic() - began, walls, ended=False)
    return result(folder, done.stdout, time.monotonic() - began, walls)


def result(folder: str, said: bytes, seconds: float, walls: dict[str, str], *, ended: bool = True) -> FolderResult:
    """What pytest said. Its last line counts; the lines before name what failed, and what was not tried."""
    lines = said.decode("utf-8", "replace").replace("\r", "").splitlines()
    last = next((line for line in reversed(lines) if _TOLD.search(line)), "")
    counts = {"errors" if kind.startswith("error") else kind: int(number) for number, kind in _TOLD.findall(last)}
    behind, failed = [], []
    for kind, name in named(lines):
        why = next((why for wall, why in walls.items() if name.startswith(wall)), "")
        if why:
            behind.append((name, why))
            counts[kind] = counts.get(kind, 1) - 1
        else:
            failed.append(name)
    if behind:
        counts["Wine's fault"] = len(behind)
    skipped = tuple((int(number), why) for number, why in _SKIPPED.findall("\n".join(lines)))
    return FolderResult(folder, counts, tuple(failed), seconds, ended and bool(last), skipped, tuple(behind))


def named(lines: list[str]) -> Iterator[tuple[str, str]]:
    """The tests that failed, by pytest's own summary: the word of its counts, and the name."""
    for line in lines:
        kind, _, rest = line.partition(" ")
        if kind in _WORDS and rest:
            yield _WORDS[kind], rest.partition(" - ")[0].replace("\\", "/")


def told(found: FolderResult) -> Iterator[str]:
    """What failed; what did so by Wine's fault, and why; what was not tried, and why."""
    yield from (f"failed: {name}" for name in found.failed)
    yield from (f"Wine's fault: {name}: {why}" for name, why in found.walls)
    reasons: Counter[str] = Counter()
    for number, why in found.skipped:
        reasons[why] += number
    yield from (f"not tried: {number}, {why}" for why, number in sorted(reasons.items()))


def row(found: FolderResult) -> str:
    """One line of the table."""
    counts = ", ".join(f"{number} {kind}" for kind, number in found.counts.items() if number)
    return f"{found.folder:<20} {found.seconds:6.0f} s   {counts}{'' if found.ended else '   NOT ENDED'}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
