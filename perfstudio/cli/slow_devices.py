"""A line for a device that takes long to open: who waits at a terminal knows for what."""

from __future__ import annotations

from collections.abc import Callable

from perfstudio.capture.recording.messages import Stream
from perfstudio.cli.output import Output
from perfstudio.session.stage.opening_wait import SLOW
from perfstudio.texts.devices import waits


def say_slow(out: Output) -> Callable[[Stream, bool], None]:
    """What `SlowOpening` tells: a line that goes away when the device is open, or has failed."""

    def told(stream: Stream, now: bool) -> None:
        if now:
            out.progress(waits(SLOW[stream]))
        else:
            out.progress_done()

    return told
