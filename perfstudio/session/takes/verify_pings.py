"""The stamps of a live duet against the rest of its take: what their file says of take time, reckoned again."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from perfstudio.capture.finishing.finish import fit
from perfstudio.capture.finishing.raw_take import RawTake
from perfstudio.model.duet_pings import PingEvent, read_pings
from perfstudio.model.take import FILE_NAMES, FileRole, TakeManifest
from perfstudio.model.take_2 import TakeManifest2

TOLERANCE_NS: Final = 1_000_000
"""The same observations give the same figures; only the last digit may differ."""
TOLERANCE_PPM: Final = 1.0


def pings_differ(folder: Path, raw: RawTake, manifest: TakeManifest) -> bool:
    """Whether the stamps that go with a take lie elsewhere than its observations say, or are others than it counts.
    Raises ValueError for a file that is none, and OSError."""
    duet = manifest.duet if isinstance(manifest, TakeManifest2) else None
    if manifest.file(FileRole.DUET_PINGS) is None or duet is None:
        return manifest.file(FileRole.DUET_PINGS) is not None
    header, stamps = read_pings((folder / FILE_NAMES[FileRole.DUET_PINGS]).read_bytes())
    timeline = fit(raw)
    ns_per_s = timeline.clock.ns_per_sample * timeline.rate_hz
    sent = int(np.count_nonzero(stamps["what"] == PingEvent.PING_SENT))
    return (
        (header.duet_id, header.duet_take) != (duet.duet_id, duet.duet_take)
        or abs(int(header.zero_ns) - timeline.clock.zero_ns) > TOLERANCE_NS
        or abs(header.ns_per_s / ns_per_s - 1.0) * 1e6 > TOLERANCE_PPM
        or not sent <= duet.pings <= sent + header.left_out
    )
