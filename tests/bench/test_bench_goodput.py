"""How much of a line a delivery uses, beside `curl -T` of the same file to the same server (`-m bench -s`).

One table: curl, the least that a sender on the same library can be, and a delivery, turn by turn. Ratios are medians of
rounds, each of which compares neighbours: on a busy machine seconds say little, neighbours say something.
"""

from __future__ import annotations

import contextlib
import shutil
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "rigs"))

from draining_server import draining_server
from goodput_turns import Film, Server, turns
from receiver_process import receiver_process
from take_bundles import studio_at
from throttled_line import throttled_line

pytestmark = pytest.mark.bench
GOAL = 0.95
CASES = (
    ("our receiver", 60.0, 384, 3),
    ("our receiver", 5.0, 48, 3),
    ("our receiver", None, 384, 9),
    ("a drain", 60.0, 384, 3),
    ("a drain", None, 384, 9),
)
"""Whose server, the line in MB/s (none: loopback, where the processor is the bound of all), MiB of film, rounds."""
HEADING = f"\n{'server':14}{'line':>10}{'MiB':>6}{'curl s':>9}{'floor s':>9}{'we s':>8}{'whole s':>9}"
HEADING += f"{'floor/curl':>12}{'we/curl':>9}{'we/floor':>10}"


@contextlib.contextmanager
def server(whose: str, line_mb_s: float | None, place: Path) -> Iterator[Server]:
    """One of the two, over a line where there is one."""
    with contextlib.ExitStack() as held:
        line = held.enter_context(throttled_line(line_mb_s)) if line_mb_s else None
        if whose == "a drain":
            port = held.enter_context(draining_server())
            found = Server(studio_at(f"{line.url if line else f'http://127.0.0.1:{port}'}/files"))
        else:
            ours = held.enter_context(receiver_process(place, public_url=line.url if line else ""))
            port, found = ours.port, Server(ours.studio(), ours)
        if line:
            line.lead_to(port)
        yield found


@pytest.mark.timeout(3600)
@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl here")
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]} {case[1]}")
def test_goodput_beside_curl(case: tuple[str, float | None, int, int], tmp_path: Path) -> None:
    whose, line_mb_s, mebibytes, rounds = case
    with server(whose, line_mb_s, tmp_path / "studio") as running:
        rows = turns(Film(tmp_path, mebibytes), running, rounds, tmp_path)
    curl_s, floor_s, we_s, whole_s = (statistics.median(column) for column in zip(*rows, strict=True))
    floor, we, beside = (
        statistics.median(row[a] / row[b] for row in rows) for a, b in ((0, 1), (0, 2), (1, 2))
    )  # goodput of one over that of the other
    line = f"{line_mb_s:.0f} MB/s" if line_mb_s else "loopback"
    print(
        f"{HEADING}\n{whose:14}{line:>10}{mebibytes:>6}{curl_s:>9.2f}{floor_s:>9.2f}{we_s:>8.2f}{whole_s:>9.2f}"
        f"{floor:>12.3f}{we:>9.3f}{beside:>10.3f}   (goal {GOAL} of curl)"
    )
    if line_mb_s:
        assert we >= GOAL
