"""A program that takes long and needs nothing of the tests is begun while they are still being found, where the whole
suite runs; the test that asks what it says waits for its end."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

from rigs.waiting import until

AT = "PERFSTUDIO_TESTS_BEFOREHAND"
"""The variable that names the folder of the answers."""
TOP = Path(__file__).resolve().parents[2]
CACHE = () if (TOP / ".mypy_cache").exists() else ("--cache-dir", os.devnull)
"""A fresh checkout is looked at once: to write down what was found costs a fifth of it."""
TYPES = ("-m", "mypy", *CACHE)
LIMIT_S = 500.0


def begin(folder: Path) -> subprocess.Popen[bytes]:
    """Begin it; every process that starts from now on knows where the answer will lie."""
    os.environ[AT] = str(folder)
    words = [sys.executable, __file__, str(folder)]
    env = {**os.environ, "PYTHONPATH": str(TOP / "tests")}
    return subprocess.Popen(words, cwd=TOP, env=env, start_new_session=True)  # Ctrl-C is for the tests


def end(begun: subprocess.Popen[bytes]) -> None:
    """Nobody asks any more."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(begun.pid, signal.SIGTERM)
    begun.wait()


def types() -> tuple[int, str]:
    """How the check of types ends, and what it says."""
    if AT not in os.environ:
        done = subprocess.run([sys.executable, *TYPES], cwd=TOP, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr
    answer = Path(os.environ[AT], "answer")
    until(answer.exists, "an answer of mypy", limit_s=LIMIT_S, look_s=0.1)
    code, _, said = answer.read_text(encoding="utf-8").partition("\n")
    return int(code), said


def main(folder: Path) -> None:
    """As a program: run it, and leave the answer."""
    done = subprocess.run([sys.executable, *TYPES], capture_output=True, text=True, check=False)
    made = folder / "being-made"
    made.write_text(f"{done.returncode}\n{done.stdout}{done.stderr}", encoding="utf-8")
    made.rename(folder / "answer")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
