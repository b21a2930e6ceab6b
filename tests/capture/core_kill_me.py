"""Processes that record with scripted devices until they are killed; each says who it is when it rolls.

Reads a line for each: folder, and "both", "sound" or "sent" (JPEG pictures kept as they come).
They are forked from here, so that each costs no start-up.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from core_rig import begin, make_recorder

from perfstudio.model.clock import host_ns
from perfstudio.model.device import Encode
from perfstudio.model.timing import MarkerName


def record(folder: Path, kind: str) -> None:
    camera = {"both": {}, "sound": None, "sent": {"jpeg": True}}[kind]
    recorder = make_recorder(camera, {"ppm": 100.0}, encode=Encode.AFTER if kind == "sent" else Encode.LIVE)
    begin(recorder, folder, 0.3)
    recorder.mark(MarkerName.GO)
    os.write(1, f"{folder} {os.getpid()} {host_ns()}\n".encode())  # one write: many share the line out
    signal.pause()


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the dead
    for line in sys.stdin:
        folder, kind = line.rstrip("\n").rsplit(" ", 1)
        if os.fork() == 0:
            record(Path(folder), kind)
            os._exit(1)


if __name__ == "__main__":
    main()
