"""What the streams did while rolling, in numbers, from the observations."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from perfstudio.capture.files.raw_video_files import STEPS
from perfstudio.capture.timing.audio_timeline import LostSound
from perfstudio.capture.timing.timing_log import BlockFlag, FrameFate, Log
from perfstudio.model.device import MicrophoneGranted
from perfstudio.model.support_line import Floats
from perfstudio.model.timing import AudioStats, Gap, GapCause, VideoStats

HOLE_S: Final = 0.2
"""A stretch without frames that is called a gap."""
ZERO_RUN_S: Final = 0.1
"""Exact zeros for this long are a run: silence in a room is never exactly zero."""


def video_stats(times_s: Floats, frames: Log, nominal_fps: float) -> VideoStats:
    """`times_s`: take times of the frames in take.mp4 that have one of their own, rising; `frames`: the whole log."""
    written = frames[frames["fate"] == FrameFate.WRITTEN]
    dropped = len(frames) - len(written)
    given_up = bool((frames["fate"] == FrameFate.BACKLOG).any())
    steps = np.diff(times_s)
    usual = float(np.median(steps)) if len(steps) else 1.0 / (nominal_fps or 30.0)
    # A hole is so many frame times long: one of them is the frame itself, the rest did not come or were given up.
    skipped = int(np.maximum(np.round(steps / usual) - 1, 0).sum()) if usual > 0 else 0
    holes = np.flatnonzero(steps > max(HOLE_S, 1.5 * usual))
    return VideoStats(
        frames=len(times_s),
        dropped=dropped,
        damaged=int((frames["fate"] == FrameFate.DAMAGED).sum()),
        missed=max(0, skipped - dropped),
        repeated=int((np.diff(written["check"].astype(np.int64)) == 0).sum()),
        measured_fps=round(len(steps) / float(steps.sum()), 3) if len(steps) else 0.0,
        jitter_p99_ms=round(float(np.percentile(np.abs(steps - usual), 99)) * 1e3, 3) if len(steps) else 0.0,
        longest_hole_ms=round(float(steps.max()) * 1e3, 3) if len(steps) else 0.0,
        gaps=tuple(
            Gap(
                start_s=round(float(times_s[i]), 6),
                length_s=round(float(steps[i]), 6),
                cause=GapCause.BACKLOG if given_up else GapCause.STALL,
            )
            for i in holes
        ),
        preset=STEPS[int(written["speed"].max(initial=0))],
    )


def audio_stats(samples: int, granted: MicrophoneGranted, blocks: Log, lost: tuple[LostSound, ...]) -> AudioStats:
    """`samples` of the finished audio.flac."""
    written = blocks[(blocks["flags"] & BlockFlag.WRITTEN) != 0]
    runs = _zero_runs(written) / granted.rate_hz
    runs = runs[runs >= ZERO_RUN_S]
    return AudioStats(
        samples=samples,
        rate_hz=granted.rate_hz,
        channels=granted.channels,
        sample_format=granted.sample_format,
        overflows=int(((written["flags"] & BlockFlag.OVERFLOW) != 0).sum()),
        zero_runs=len(runs),
        longest_zero_s=round(float(runs.max(initial=0.0)), 3),
        gaps=_sound_gaps(blocks, lost, granted.rate_hz),
    )


def _zero_runs(written: Log) -> NDArray[np.float64]:
    """Lengths in samples of all stretches of zero blocks."""
    zero = (written["flags"] & BlockFlag.ZERO) != 0
    edges = np.flatnonzero(np.diff(zero.astype(np.int8), prepend=0, append=0))
    total = np.concatenate(([0], np.cumsum(written["frames"])))
    return (total[edges[1::2]] - total[edges[::2]]).astype(np.float64)


def _sound_gaps(blocks: Log, lost: tuple[LostSound, ...], rate_hz: int) -> tuple[Gap, ...]:
    out: list[Gap] = []
    filled = 0
    for loss in lost:
        start = (loss.at_sample + filled) / rate_hz
        filled += loss.samples
        length = loss.samples / rate_hz
        pause = float(np.diff(blocks["host_ns"][max(0, loss.after_block - 1) : loss.after_block + 1]).sum()) * 1e-9
        cause = GapCause.STALL if pause > 0.8 * length else GapCause.OVERRUN
        out.append(
            Gap(
                start_s=round(start, 6),
                length_s=round(length, 6),
                cause=GapCause.DISK if loss.known else cause,
            )
        )
    return tuple(out)
