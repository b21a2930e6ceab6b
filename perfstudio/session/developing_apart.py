"""`develop` in a process of its own: for the window, which neither keeps the 90 MB that codecs and checks leave behind
nor ends with a codec that a damaged file brings down."""

from __future__ import annotations

import multiprocessing
import os
import threading
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfstudio.model.checks import FaceModel
from perfstudio.model.device import DevicesUsed
from perfstudio.model.errors import CaptureError, ErrorCode, PerfstudioError
from perfstudio.session.calibration import Calibration

if TYPE_CHECKING:
    from perfstudio.checks.limits import Limits
    from perfstudio.session.developed import Developed


def develop_apart(
    folder: Path, devices: DevicesUsed, *, calibration: Calibration, limits: Limits, face_model: FaceModel | None
) -> Developed:
    """Returns and raises what `develop` does; RECORDER_DIED when the process ended without an answer."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    how = {"calibration": calibration, "limits": limits, "face_model": face_model}
    process = context.Process(target=_work, args=(there, folder, devices, how), name="perfstudio-recovery", daemon=True)
    process.start()
    there.close()
    try:
        answer: Developed | PerfstudioError = here.recv()
    except EOFError:
        raise CaptureError(ErrorCode.RECORDER_DIED) from None
    finally:
        here.close()
        process.join()
    if isinstance(answer, PerfstudioError):
        raise answer
    return answer


def _work(pipe: Connection, folder: Path, devices: DevicesUsed, how: dict[str, Any]) -> None:
    from perfstudio.session.developing import develop  # noqa: PLC0415 - the window does not load what only this needs

    os.umask(0o077)
    threading.Thread(target=_end_with, args=(pipe,), daemon=True).start()
    answer: Developed | PerfstudioError
    try:
        answer = develop(folder, devices, **how)
    except PerfstudioError as problem:
        answer = problem
    except OSError as problem:
        answer = CaptureError(ErrorCode.DISK_WRITE, file=folder.name, detail=problem.strerror or "")
    pipe.send(answer)


def _end_with(pipe: Connection) -> None:
    """Nobody waits any more: the next start makes the take whole, and must be alone with its files."""
    try:
        pipe.recv()
    except (EOFError, OSError):
        os._exit(1)
