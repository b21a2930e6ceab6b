"""The whole window with practice devices as a program: says "open" when its door is, "front" when somebody knocked, and
its exit code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rigs.stage import SMALL_PAIR
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


def rolling(say: Say, home: Path) -> None:
    """The same; it names the memory that its recorder shares, steps on the stage with the first scene by itself,
    and says "rolling"."""
    from perfstudio import app  # as above
    from perfstudio.session import session as sessions
    from perfstudio.session.events import StageChanged
    from perfstudio.session.views import StageState

    sessions.PRACTICE_PAIR = SMALL_PAIR
    show = app.Coordinator.show

    def shown(window: Any) -> None:
        show(window)
        session = window._session
        say(session._recorder._preview.name)
        session.settings.change(countdown_s=0)
        session.bus.subscribe(StageChanged, lambda e: say("rolling") if e.view.state is StageState.ROLLING else None)
        window.stage.enter(session.home.scenes.packs()[0].cards[0], roll=True)

    app.Coordinator.show = shown  # type: ignore[method-assign]
    main(say, home)
