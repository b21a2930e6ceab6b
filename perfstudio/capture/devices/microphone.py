"""The contract of a microphone: a callback that stamps and copies; the running sample count is the house's timeline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from perfstudio.capture.devices.camera import LostCall
from perfstudio.model.device import MicrophoneGranted


@dataclass(frozen=True, slots=True)
class AudioBlock:
    """Samples as the device delivered them, interleaved little-endian int16 or packed int24.

    `first_sample` counts frames delivered since the stream was opened (delivered, not elapsed: lost samples do not
    count). `host_ns` is the arrival on the one clock. `adc_s` and `current_s` are the driver's stamps, kept for the
    record. `overflow` is the driver's flag, which is never trusted alone.
    """

    data: bytes
    frames: int
    first_sample: int
    host_ns: int
    adc_s: float | None = None
    current_s: float | None = None
    overflow: bool = False


BlockSink = Callable[[AudioBlock], None]
"""Called on the sound callback's thread; must return at once."""


class MicrophoneSource(Protocol):
    """An open microphone. The constructor opens it (and raises DeviceError)."""

    @property
    def granted(self) -> MicrophoneGranted:
        """What was really granted."""
        ...

    def start(self, sink: BlockSink, lost: LostCall) -> None:
        """Begin delivering blocks."""
        ...

    def close(self, deadline_s: float = 2.0) -> None:
        """Stop and let the device go; may be called twice."""
        ...


def to_int32(data: bytes, channels: int, sample_format: str) -> NDArray[np.int32]:
    """Frames x channels, left-justified in 32 bits, bit-exact for int16 and packed int24 (little-endian)."""
    if sample_format == "int16":
        return (np.frombuffer(data, "<i2").astype(np.int32) << 16).reshape(-1, channels)
    raw = np.frombuffer(data, np.uint8).reshape(-1, 3)
    wide = np.zeros((len(raw), 4), np.uint8)
    wide[:, 1:] = raw
    return wide.view("<i4").reshape(-1, channels)
