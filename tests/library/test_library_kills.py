"""kill -9 at any moment: nothing that was promised is lost, no number is given twice (catalogue PRC-1, PWR-2, G17)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rigs.systems import posix_only

pytestmark = posix_only("no fork and no SIGKILL; a killed process is tried by others")
KILLS = Path(__file__).with_name("library_kills.py")


def promises_after(root: Path, *words: object) -> dict[str, object]:
    """What the workers were promised, and what of it was broken."""
    command = [sys.executable, str(KILLS), str(root), *map(str, words)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.mark.timeout(600)
@pytest.mark.parametrize("kills", [5, pytest.param(100, marks=pytest.mark.soak)])
def test_a_hundred_kills(root: Path, kills: int) -> None:
    found = promises_after(root, kills, 1)
    assert found["broken"] == []
    assert found["promises"] > kills // 5  # type: ignore[operator]


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_a_thousand_kills(root: Path) -> None:
    found = promises_after(root, 1000, 2)
    print(found)
    assert found["broken"] == []


def test_a_kill_at_every_step_of_letting_raw_files_go(root: Path) -> None:
    """Before, between and behind the files: the take is whole, and the next start ends what was begun."""
    found = promises_after(root, "steps")
    assert found["broken"] == []
    assert found["steps"] == 8, "five files, the mark, the folder, and one that is not killed"


SEAL = """
import os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from library_takes import draft_of, finished
from perfstudio.library.library import Library
with Library(Path(sys.argv[1])) as library:
    begun = library.create(draft_of())
    manifest = finished(begun)
    os.path.exists("/the-seal-begins")
    library.seal(begun.take_id, manifest)
    os.path.exists("/the-seal-ends")
"""


def test_saved_means_on_the_disk(root: Path, tmp_path: Path) -> None:
    """The order of system calls behind a seal: a power cut after it can lose nothing (PWR-2)."""
    if shutil.which("strace") is None or sys.platform != "linux":
        pytest.skip("needs strace")
    trace = tmp_path / "trace"
    calls = "trace=fsync,fdatasync,rename,renameat,renameat2,stat,newfstatat,statx"
    command = ["strace", "-f", "-y", "-e", calls, "-o", str(trace), sys.executable, "-c", SEAL]
    subprocess.run([*command, str(root), str(KILLS.parent)], check=True, capture_output=True)
    lines = trace.read_text().splitlines()
    first = next(i for i, line in enumerate(lines) if "/the-seal-begins" in line)
    last = next(i for i, line in enumerate(lines) if "/the-seal-ends" in line)
    steps = [line for line in lines[first + 1 : last] if ("sync(" in line or "rename" in line) and "= 0" in line]
    wanted = [
        ("sync(", "take.mp4>"),
        ("sync(", "audio.flac>"),
        ("sync(", "take.json."),
        ("rename", 'take.json"'),
        ("sync(", ".part>"),
        ("rename", '.part"'),
        ("sync(", "/takes>"),
        ("sync(", "index.sqlite-wal>"),
    ]
    at = 0
    for call, name in wanted:
        later = [i for i in range(at, len(steps)) if call in steps[i] and name in steps[i]]
        assert later, f"no {call} of {name} after step {at}: {steps}"
        at = later[0] + 1
