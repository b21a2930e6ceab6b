"""A line for a device that takes long to open: who waits at a terminal knows for what."""

from __future__ import annotations

from collections.abc import Callable

from perfstudio.capture.recording.messages import Stream
from perfstudio.cli.output import Output
from perfstudio.session.stage.opening_wait import SLOW
from perfstudio.texts.devices import waits


def say_slow(out: Output) -> Callable[[Stream, bool], None]:
    """What `SlowOpening` tells, once for each device; that it is over is seen."""

    def told(stream: Stream, now: bool) -> None:
        if now:
            out.progress_done()
            out.warn(waits(SLOW[stream]))

    return told
