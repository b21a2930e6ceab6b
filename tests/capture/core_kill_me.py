"""A process that records with scripted devices until it is killed; it says when it rolls, and what has come since."""

from __future__ import annotations

import contextlib
import multiprocessing
from multiprocessing.connection import Connection
from pathlib import Path

from core_rig import begin, devices, make_recorder

from perfstudio.model.clock import host_ns
from perfstudio.model.device import Encode
from perfstudio.model.timing import MarkerName
from rigs.waiting import until


def record_and_kill(folder: Path, after_s: float, kind: str = "both") -> float:
    """How much its devices had handed over when it died: on a machine that is busy with other things that is less than
    the time that went by. Kinds: "both", "sound" or "sent" (JPEG pictures kept as they come)."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=record, args=(there, folder, kind))
    process.start()
    there.close()
    handed_s = 0.0
    with here:
        assert here.poll(60), "it does not roll"
        began = here.recv()
        until(lambda: (host_ns() - began) * 1e-9 >= after_s, "a take of that age", look_s=0.001)
        process.kill()
        process.join()
        with contextlib.suppress(EOFError):
            while True:
                handed_s = here.recv()
    return handed_s


def record(said: Connection, folder: Path, kind: str) -> None:
    """In the process."""
    shows = {"both": {}, "sound": None, "sent": {"jpeg": True}}[kind]
    recorder = make_recorder(shows, {"ppm": 100.0}, encode=Encode.AFTER if kind == "sent" else Encode.LIVE)
    begin(recorder, folder, 0.3)
    camera, microphone = devices(recorder)

    def handed() -> tuple[float, ...]:
        return (microphone.made_s, *([camera.delivered / camera.fps] if camera is not None else []))

    recorder.mark(MarkerName.GO)
    at_go = handed()
    said.send(host_ns())
    until(lambda: said.send(min(now - then for now, then in zip(handed(), at_go, strict=True))), "a kill", look_s=0.01)
