"""`develop` in a process of its own: for the window, which neither keeps the 90 MB that codecs and checks leave behind
nor ends with a codec that a damaged file brings down."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from perfstudio.durable import disk_error
from perfstudio.model.checks import FaceModel
from perfstudio.model.device import DevicesUsed
from perfstudio.model.errors import CaptureError, ErrorCode
from perfstudio.session.child_process import run_in_child_process
from perfstudio.session.offset_store import OffsetStore

if TYPE_CHECKING:
    from perfstudio.checks.limits import CheckLimits
    from perfstudio.session.takes.processed_take import ProcessedTake


def develop_apart(
    folder: Path,
    devices: DevicesUsed,
    *,
    calibration: OffsetStore,
    limits: CheckLimits,
    face_model: FaceModel | None,
    clip: Path | None = None,
) -> ProcessedTake:
    """Returns and raises what `develop` does; RECORDER_DIED when the process ended without an answer."""
    try:
        return run_in_child_process("recovery", _develop, (folder, clip), devices, calibration, limits, face_model)
    except EOFError:
        raise CaptureError(ErrorCode.RECORDER_DIED) from None


def _develop(
    files: tuple[Path, Path | None],
    devices: DevicesUsed,
    calibration: OffsetStore,
    limits: CheckLimits,
    face_model: FaceModel | None,
) -> ProcessedTake:
    from perfstudio.session.takes.processing import develop  # noqa: PLC0415 - the window does not load what only this needs

    folder, clip = files
    try:
        return develop(folder, devices, calibration=calibration, limits=limits, face_model=face_model, clip=clip)
    except OSError as problem:
        raise disk_error(problem, folder, CaptureError) from problem
