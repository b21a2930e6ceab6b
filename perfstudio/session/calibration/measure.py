"""Measuring an offset from a recording that was made for it: in the recorder's process, or in a verb's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfstudio.capture.calibration.measure import measure_folder
from perfstudio.model.calibration import Method, Outcome
from perfstudio.model.device import DeviceKind, DevicesUsed
from perfstudio.session import recorder_messages as rm

if TYPE_CHECKING:
    from pathlib import Path

METHODS = {rm.Purpose.CLAPS: Method.CLAP, rm.Purpose.PATTERN: Method.PATTERN}


def measure_offset(
    folder: Path, devices: DevicesUsed, method: Method, *, source_ms: float = 0.0, source_sure_ms: float | None = None
) -> Outcome:
    """The offset in a recording's raw files. Practice devices flash and click in step by themselves, exactly.

    Raises CaptureError, MediaError.
    """
    pair = (devices.camera, devices.microphone)
    if all(device is not None and device.kind is DeviceKind.PRACTICE for device in pair):
        source_ms, source_sure_ms = 0.0, 0.0
    return measure_folder(folder, method=method, source_ms=source_ms, source_sure_ms=source_sure_ms)
