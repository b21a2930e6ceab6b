"""The sound of a take, measured while it is written; and whether a closed file holds just these samples.

Live and from a file the measurements are the same, value for value, because the scan cuts its own blocks. They count
for a file when every sample that it gives back is a sample that was measured: the fingerprints say so.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from perfstudio.checks.media import Samples
from perfstudio.checks.sound import SoundMeasures, SoundScan


@dataclass(frozen=True, slots=True)
class HeardSound:
    """Measurements, and what they are of."""

    measures: SoundMeasures
    fingerprint: str

    @property
    def samples(self) -> int:
        """How many samples were heard, per channel."""
        return self.measures.levels.samples


class Fingerprint:
    """BLAKE2b over samples as 32-bit floats, which hold 24 bits exactly. However they are cut into blocks."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._hash = hashlib.blake2b(f"{rate_hz}/{channels}/".encode(), digest_size=16)

    def push(self, block: Samples) -> None:
        """Take a block of (frames, channels) float32."""
        self._hash.update(np.ascontiguousarray(block, "<f4").data)

    def text(self) -> str:
        """The digest in hex."""
        return self._hash.hexdigest()


@dataclass(slots=True)
class LiveSound:
    """Feeds on what is written, from the first sample of a take to its last."""

    _scan: SoundScan | None = None
    _print: Fingerprint | None = None
    _spoiled: bool = False

    def push(self, samples: Samples, rate_hz: int) -> None:
        """Frames x channels, full scale 1.0."""
        if self._scan is None or self._print is None:
            self._scan = SoundScan(rate_hz, samples.shape[1])
            self._print = Fingerprint(rate_hz, samples.shape[1])
        if (self._scan.rate_hz, self._scan.channels) != (rate_hz, samples.shape[1]):
            self._spoiled = True  # no file is like this
            return
        self._scan.push(samples)
        self._print.push(samples)

    def finish(self) -> HeardSound | None:
        """What was heard; None for nothing."""
        if self._scan is None or self._print is None or self._spoiled:
            return None
        return HeardSound(self._scan.finish(), self._print.text())
