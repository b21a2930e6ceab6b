"""A session that rolls until it is killed: `python -m rigs.rolling_app HOME SECONDS`.

Says "rolling" once it has rolled for so long, then "sealed".

`with started(home) as program:` begins it in a process group of its own and goes on once it rolls.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from perfstudio.paths import AppPaths
from perfstudio.session.session import Session
from rigs.stage import Thread, on_stage, roll


def started(home: Path, seconds: float = 0.3) -> subprocess.Popen[str]:
    """The program, once it has rolled for so long."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    words = [sys.executable, "-m", "rigs.rolling_app", str(home), str(seconds)]
    program = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=env, start_new_session=True)
    assert program.stdout is not None
    assert program.stdout.readline() == "rolling\n"
    return program


def main(home: Path, seconds: float) -> None:
    thread = Thread()
    session = Session(AppPaths(home).prepare(), thread.post, thread)
    session.director.countdown_s = 0
    sealed = on_stage(session, thread)
    roll(session, thread, seconds)
    print("rolling", flush=True)
    thread.until(lambda: bool(sealed), 300)
    print("sealed", flush=True)
    thread.until(lambda: False, 300)


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
