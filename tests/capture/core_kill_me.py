"""A process that records with scripted devices until it is killed; it says when it rolls."""

from __future__ import annotations

import multiprocessing
import signal
from multiprocessing.connection import Connection
from pathlib import Path

from core_rig import begin, make_recorder

from perfstudio.model.clock import host_ns
from perfstudio.model.device import Encode
from perfstudio.model.timing import MarkerName
from rigs.waiting import until


def record_and_kill(folder: Path, after_s: float, kind: str = "both") -> float:
    """How long it had rolled when it died. Kinds: "both", "sound" or "sent" (JPEG pictures kept as they come)."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=record, args=(there, folder, kind))
    process.start()
    with here, there:
        assert here.poll(60), "it does not roll"
        began = here.recv()
    until(lambda: (host_ns() - began) * 1e-9 >= after_s, "a take of that age", look_s=0.001)
    process.kill()
    rolled_s = (host_ns() - began) * 1e-9
    process.join()
    return float(rolled_s)


def record(said: Connection, folder: Path, kind: str) -> None:
    """In the process."""
    camera = {"both": {}, "sound": None, "sent": {"jpeg": True}}[kind]
    recorder = make_recorder(camera, {"ppm": 100.0}, encode=Encode.AFTER if kind == "sent" else Encode.LIVE)
    begin(recorder, folder, 0.3)
    recorder.mark(MarkerName.GO)
    said.send(host_ns())
    signal.pause()
