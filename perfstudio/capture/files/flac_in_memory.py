"""A short sound as FLAC, made in memory: for what may not lie on a disk before it is kept."""

from __future__ import annotations

import io
from typing import Final

import av
import numpy as np
from numpy.typing import NDArray

_FRAME: Final = 4096


def flac_of(voice: NDArray[np.float32], rate_hz: int) -> bytes:
    """One channel (full scale 1.0) as FLAC of 16 bits. Nothing but the sound is in it: no tags, no times."""
    samples = np.clip(np.rint(voice.astype(np.float64) * 32767.0), -32768, 32767).astype(np.int16)
    file = io.BytesIO()
    with av.open(file, "w", format="flac", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream("flac", rate=rate_hz, layout="mono", format="s16")
        for start in range(0, len(samples), _FRAME):
            frame = av.AudioFrame.from_ndarray(samples[None, start : start + _FRAME], format="s16", layout="mono")
            frame.sample_rate, frame.pts = rate_hz, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()
