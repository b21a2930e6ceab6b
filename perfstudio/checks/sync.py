"""Picture to sound by the clocks: a verdict on the recorder's own sync report."""

from __future__ import annotations

from perfstudio.checks.limits import CheckLimits
from perfstudio.model.checks import CheckCode, CheckResult
from perfstudio.model.timing import SyncReport


def judge_sync(sync: SyncReport, limits: CheckLimits) -> CheckResult:
    """What may be left between picture and sound, in ms (positive: the sound is late).

    The constant camera and microphone delay is part of it only when it was calibrated; without calibration the result
    says so (`calibrated` = 0) and speaks of the clocks alone.
    """
    return limits.judge(
        CheckCode.SYNC,
        sync.residual_ms,
        digits=2,
        offset_ms=sync.offset_ms,
        drift_ms=sync.drift_ms,
        rate_ppm=sync.audio.rate_ppm if sync.audio else 0.0,
        calibrated=int(sync.calibrated),
        frame_clock=sync.frame_clock,
    )
