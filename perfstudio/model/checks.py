"""Checks: a code, a verdict, a number with its unit and limit, and the moments it points to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pydantic import Field

from perfstudio.model.base import Document
from perfstudio.model.timing import Span


class Verdict(StrEnum):
    """What a check advises. It never forbids."""

    GOOD = "good"
    LOOK = "look"
    RETAKE = "retake"


class CheckCode(StrEnum):
    """Every check, by its stable name. Sentences live in `perfstudio.words.checks`."""

    PEAK = "peak"
    CLIPPING = "clipping"
    LOUDNESS = "loudness"
    NOISE_FLOOR = "noise_floor"
    SILENCE = "silence"
    ZEROS = "zeros"
    SOUND_GAPS = "sound_gaps"
    FACE = "face"
    HEADROOM = "headroom"
    CENTRING = "centring"
    FACE_SIZE = "face_size"
    BRIGHTNESS = "brightness"
    FRAME_RATE = "frame_rate"
    DROPS = "drops"
    SYNC = "sync"


class CheckResult(Document):
    """One finding about one take."""

    code: CheckCode
    verdict: Verdict
    value: float | None = None
    unit: str = ""
    limit: float | None = None
    source: str = ""
    """Where the limit comes from: a standard, a measurement, a house rule."""
    times: tuple[Span, ...] = ()
    facts: dict[str, float | int | str] = Field(default_factory=dict)
    """More numbers and codes for the sentence (direction = "left", share = 0.82)."""
    intended: bool = False
    """The performer says: this is a choice."""


@dataclass(frozen=True, slots=True)
class LiveReading:
    """What the preview shows now: levels in dBFS (peak and RMS over the last block), and the hint worth saying."""

    peak_dbfs: float = -120.0
    rms_dbfs: float = -120.0
    clipped: bool = False
    zeros_s: float = 0.0
    face_box: tuple[float, float, float, float] | None = None
    """x, y, width, height as shares of the picture (0..1), or None when no face is found."""
    luma: float | None = None
    """Mean brightness of the picture, 0..255."""
    fps: float | None = None
    hint: CheckResult | None = None
    """The most serious finding that has lasted, or None."""


def worst(results: tuple[CheckResult, ...]) -> Verdict:
    """The most serious verdict; a finding the performer intended does not count."""
    order = [Verdict.GOOD, Verdict.LOOK, Verdict.RETAKE]
    return max((r.verdict for r in results if not r.intended), key=order.index, default=Verdict.GOOD)
