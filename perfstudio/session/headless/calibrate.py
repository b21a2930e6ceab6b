"""Calibration without a window: through the same recorder, or from a file that somebody recorded for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from perfstudio.capture.calibration.measure import measure_media
from perfstudio.capture.recording.messages import Notice, Stream, TakeEnded
from perfstudio.capture.recording.recorder import Recorder
from perfstudio.capture.recording.slow_opening import SlowOpening
from perfstudio.durable import disk_error, is_there, private_folder
from perfstudio.model.calibration import Measurement, Method, Outcome
from perfstudio.model.device import DeviceSelection, DevicesUsed
from perfstudio.model.errors import CaptureError, ErrorCode, MediaError
from perfstudio.model.ids import new_id
from perfstudio.model.strict_json import JsonProblemError
from perfstudio.model.take import FILE_NAMES, FileRole
from perfstudio.model.take_reading import read_take, unreadable
from perfstudio.session.calibration.measure import measure_offset

POLL_S = 0.2


def measure_devices(
    selection: DeviceSelection,
    scratch: Path,
    seconds: float,
    method: Method,
    *,
    source_ms: float | None = None,
    stop: threading.Event,
    status: Callable[[float], None] = lambda _: None,
    slow: Callable[[Stream, bool], None] = lambda _, __: None,
) -> tuple[Outcome | None, DevicesUsed]:
    """Open the devices, record `seconds` (0: only open them) below `scratch`, measure.

    The caller deletes `scratch`; `slow` hears of devices what `SlowOpening` tells.
    Raises DeviceError, CaptureError, MediaError.
    """

    def hear(notice: Notice) -> None:
        if isinstance(notice, TakeEnded):
            stop.set()

    opening = SlowOpening(slow)
    recorder = Recorder(selection, notify=hear, open_camera=opening.camera, open_microphone=opening.microphone)
    try:
        devices = recorder.open()
        if seconds <= 0:
            return None, devices
        try:
            folder = private_folder(scratch / new_id())
        except OSError as error:
            raise disk_error(error, scratch, CaptureError) from error
        recorder.roll(folder)
        while not stop.wait(POLL_S):
            now = recorder.status()
            status(now.elapsed_s)
            if now.elapsed_s >= seconds:
                break
        recorder.cut()
    finally:
        recorder.close()
    known = None if source_ms is None else 0.0
    return measure_offset(folder, devices, method, source_ms=source_ms or 0.0, source_sure_ms=known), devices


def measure_path(
    path: Path, sound: Path | None, method: Method, *, source_ms: float | None = None
) -> tuple[Outcome, DevicesUsed | None]:
    """Measure a media file, or a take folder, whose pair is known and whose correction is taken back first.

    Raises MediaError.
    """
    known = None if source_ms is None else 0.0
    if not is_there(path):
        raise MediaError(ErrorCode.MEDIA_MISSING, file=path.name)
    if not path.is_dir():
        outcome = measure_media(path, sound, method=method, source_ms=source_ms or 0.0, source_sure_ms=known)
        return outcome, None
    try:
        manifest = read_take((path / FILE_NAMES[FileRole.MANIFEST]).read_bytes())
    except (OSError, JsonProblemError) as bad:
        why = unreadable(bad, "manifest")
        raise MediaError(ErrorCode.MEDIA_UNREADABLE, file=f"{path.name}/take.json", detail=why) from bad
    picture, audio = path / FILE_NAMES[FileRole.PICTURE], path / FILE_NAMES[FileRole.SOUND]
    outcome = measure_media(picture, audio, method=method, source_ms=source_ms or 0.0, source_sure_ms=known)
    if isinstance(outcome, Measurement) and manifest.sync is not None:
        # the pictures of this take were moved already: what is left comes on top
        whole = outcome.offset_ms + manifest.sync.offset_ms
        outcome = outcome.model_copy(update={"offset_ms": round(whole, 3)})
    return outcome, manifest.devices
