"""A process that records with scripted devices until it is killed; prints a line when it rolls."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from core_rig import make_recorder

from perfstudio.model.clock import host_ns
from perfstudio.model.timing import MarkerName


def main() -> None:
    folder, sound_only = Path(sys.argv[1]), sys.argv[2] == "sound"
    recorder = make_recorder(None if sound_only else {}, {"ppm": 100.0})
    recorder.open()
    time.sleep(0.3)
    recorder.roll(folder)
    recorder.mark(MarkerName.GO)
    print("rolling", host_ns(), flush=True)
    time.sleep(60)


if __name__ == "__main__":
    main()
