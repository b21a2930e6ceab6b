"""A process that records until no file may grow beyond a size (RLIMIT_FSIZE) or the disk is full; says how it ended."""

from __future__ import annotations

import resource
import sys
import threading
from pathlib import Path

from core_rig import make_recorder

from perfstudio.capture.recording.messages import Notice, TakeEnded
from perfstudio.model.timing import MarkerName


def main() -> None:
    folder, limit = Path(sys.argv[1]), int(sys.argv[2])
    ended = threading.Event()
    seen: list[Notice] = []

    def notify(notice: Notice) -> None:
        seen.append(notice)
        if isinstance(notice, TakeEnded):
            ended.set()

    recorder = make_recorder({}, {"sample_format": "int24", "channels": 2}, size=(640, 480), notify=notify)
    recorder.open()
    recorder.roll(folder)
    recorder.mark(MarkerName.GO)
    if limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    print("ended" if ended.wait(40) else "still rolling", *(type(n).__name__ for n in seen), flush=True)
    recorder.close()


if __name__ == "__main__":
    main()
