"""What came out of the raw files of one take. Loads no media library: the window receives this value over a pipe."""

from __future__ import annotations

from dataclasses import dataclass

from perfstudio.capture.finishing.finished_take import FinishedTake
from perfstudio.model.checks import CheckResult
from perfstudio.model.take_2 import RawFile, VoiceActivity


@dataclass(frozen=True, slots=True)
class ProcessedTake:
    """What came out of the raw files of one take."""

    finished: FinishedTake
    checks: tuple[CheckResult, ...]
    voice: VoiceActivity | None = None
    """None where the sound could not be measured."""
    raw: tuple[RawFile, ...] = ()
    """What stays in `raw/`."""
