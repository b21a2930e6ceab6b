"""The whole window with practice devices as a program: says "open" when its door is, "front" when somebody knocked, and
its exit code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rigs.warm_program import Say


def main(say: Say, home: Path) -> None:
    """What `perfstudio --practice` does."""
    from perfstudio import app  # the process of tests does not need it
    from perfstudio.cli.main import run

    open_door, to_front = app._door, app.Coordinator.to_front

    def opened(*wired: Any) -> Any:
        door = open_door(*wired)
        say("open")
        return door

    def fronted(window: Any) -> None:
        to_front(window)
        say("front")

    app._door, app.Coordinator.to_front = opened, fronted  # type: ignore[method-assign]
    say(run(["--practice", "--home", str(home)]))
