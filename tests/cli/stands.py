"""Stand-ins at the very edge, for what would record, serve or wait: everything before it is the real thing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from perfstudio.capture.devices import scan
from perfstudio.model.errors import CaptureError, ErrorCode, LibraryError
from perfstudio.paths import AppPaths


class ServesNothing:
    """In the place of a web server: it has started, and has ended as soon as it runs."""

    started = True
    should_exit = False

    def __init__(self, *_: object) -> None:
        """Nothing is kept."""

    def run(self, sockets: list[Any]) -> None:
        """Nobody is answered."""


seen_once = cache(scan.scan_apart)
"""A look at the devices by a program of its own costs half a second; they stay the same while the tests run."""


def put_in(put: Callable[[Any, str, Any], object] = setattr) -> None:
    """Let verbs that would go on for long end where they begin to."""
    import perfstudio.receiver.serve as serving
    from perfstudio import app
    from perfstudio.capture.calibration import pattern
    from perfstudio.capture.recording import recorder
    from perfstudio.cli.verbs import receive
    from perfstudio.session.headless import demo

    def ends(*_: object, **__: object) -> None:
        raise CaptureError(ErrorCode.NOTHING_RECORDED)

    def starts(folder: Path, host: str, port: int, token: str | None, *, ready: Any, **more: Any) -> None:
        with serving.Receiver(folder, host, port, token, **more) as receiver:
            ready(receiver)

    def opens(home: Path | None, *, practice: bool = False, opened: Sequence[str] = ()) -> int:
        try:
            AppPaths.choose(home).prepare()
        except LibraryError as problem:
            raise problem from None
        return 0

    put(scan, "scan_apart", seen_once)
    put(pattern, "EDGES", 2)
    put(recorder.Recorder, "roll", ends)
    put(serving.uvicorn, "Server", ServesNothing)
    put(receive, "serve", starts)
    put(demo, "record_take", ends)
    put(app, "open_window", opens)
