"""The constant picture-to-sound offset of a camera-microphone pair, where it has been measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Calibration:
    """Milliseconds the picture is moved later (+) or earlier (-); 0 and not measured until somebody has clapped."""

    offset_ms: float = 0.0
    measured: bool = False


UNCALIBRATED = Calibration()
