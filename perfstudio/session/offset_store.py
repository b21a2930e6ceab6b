"""The constant picture-to-sound offset of a camera-microphone pair, where it was measured: the value and the store."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from perfstudio.durable import disk_error, write_durably
from perfstudio.model.calibration import CalibrationBook, CalibrationUsed, Measurement, PairCalibration, pair_key
from perfstudio.model.clock import utc_now
from perfstudio.model.device import DevicesUsed
from perfstudio.model.errors import CaptureError
from perfstudio.session.home_document import read_or_lay_aside
from perfstudio.session.set_aside import SetAsideKind, Tell, untold


@dataclass(frozen=True, slots=True)
class OffsetStore:
    """Milliseconds the picture is moved later (+) or earlier (-); 0 and not measured until somebody has clapped."""

    offset_ms: float = 0.0
    measured: bool = False
    used: CalibrationUsed | None = None
    """How it was measured, for the take's sync report."""


UNCALIBRATED = OffsetStore()
ForDevices = Callable[[DevicesUsed], OffsetStore]
"""The calibration in force for opened devices."""


def none_measured(_: DevicesUsed) -> OffsetStore:
    """The calibrations of somebody who has none."""
    return UNCALIBRATED


class Calibrations:
    """calibration.json, read anew at every question: the window and a verb may both change it."""

    def __init__(self, file: Path, *, tell: Tell = untold) -> None:
        self._file = file
        self._tell = tell

    def pairs(self) -> tuple[PairCalibration, ...]:
        """Every pair that was measured; none where the file is damaged, which is set aside then."""
        book = read_or_lay_aside(self._file, CalibrationBook, SetAsideKind.CALIBRATION, self._tell)
        return book.pairs if book is not None else ()

    def of(self, devices: DevicesUsed) -> PairCalibration | None:
        """The line of an opened pair in exactly this mode."""
        key = pair_key(devices)
        return next((line for line in self.pairs() if line.pair == key), None)

    def for_devices(self, devices: DevicesUsed) -> OffsetStore:
        """What to apply to a take made with these devices."""
        line = self.of(devices)
        if line is None:
            return UNCALIBRATED
        return OffsetStore(line.used.offset_ms, measured=True, used=line.used)

    def keep(self, devices: DevicesUsed, measured: Measurement) -> PairCalibration:
        """From now on this holds for this pair. Raises CaptureError (disk); ValueError without a pair."""
        key, camera, microphone = pair_key(devices), devices.camera, devices.microphone
        if key is None or camera is None or microphone is None:
            raise ValueError("a calibration needs a camera and a microphone")
        line = PairCalibration(
            pair=key,
            camera_name=camera.name,
            microphone_name=microphone.name,
            used=CalibrationUsed(**measured.model_dump(), measured_utc=utc_now()),
        )
        self._write((*(other for other in self.pairs() if other.pair != key), line))
        return line

    def forget(self, devices: DevicesUsed) -> bool:
        """The pair is not calibrated any more; False when it was not."""
        key, before = pair_key(devices), self.pairs()
        after = tuple(line for line in before if line.pair != key)
        if len(after) != len(before):
            self._write(after)
        return len(after) != len(before)

    def _write(self, pairs: tuple[PairCalibration, ...]) -> None:
        text = json.dumps(CalibrationBook(pairs=pairs).to_json(), indent=1)
        try:
            write_durably(self._file, text.encode())
        except OSError as error:
            raise disk_error(error, self._file.parent, CaptureError, file=self._file.name) from error
