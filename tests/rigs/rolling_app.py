"""A session that rolls until it is killed, as a program of its own.

`with started(home) as app:` goes on once it rolls; `app.recorder` is its recorder. It says "sealed" when its take is.
"""

from __future__ import annotations

from pathlib import Path

import psutil

from perfstudio.paths import AppPaths
from perfstudio.session.session import Session
from rigs.stage import Thread, on_stage, recorder_process, roll
from rigs.warm_program import Program, Say


class RollingApp(Program):
    """The program, once it has rolled for so long."""

    def __init__(self, home: Path, seconds: float) -> None:
        super().__init__(main, home, seconds)
        try:
            self.recorder = psutil.Process(self.hear())
        except BaseException:
            self.kill()
            raise


def started(home: Path, seconds: float = 0.3) -> RollingApp:
    """Begin it, and wait until it rolls."""
    return RollingApp(home, seconds)


def main(say: Say, home: Path, seconds: float) -> None:
    """The program: tells its recorder once it has rolled for so long."""
    thread = Thread()
    session = Session(AppPaths(home).prepare(), thread.post, thread)
    session.director.countdown_s = 0
    sealed = on_stage(session, thread)
    roll(session, thread, seconds)
    say(recorder_process().pid)
    thread.until(lambda: bool(sealed), 300)
    say("sealed")
    thread.until(lambda: False, 300)
