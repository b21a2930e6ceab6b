"""What a practice device shall do: a frozen script, and its short form inside a device id."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from perfstudio.model.device import PRACTICE

T = TypeVar("T")

Window = tuple[float, float]
"""Start and length in seconds, counted from the start of the device."""


@dataclass(frozen=True, slots=True)
class PracticeScript:
    """One practice device. The defaults are a faultless device; times of faults count from `start`.

    The same `seed` gives camera and microphone the same words, flashes and clicks.
    """

    seed: int = 1
    offset_ms: float = 0.0
    """Microphone: clicks and voice come this much after the picture (positive: the sound is late)."""
    drift_ppm: float = 0.0
    """How much faster (+) than it says the device's own clock runs."""
    jitter_ms: float = 0.0
    """Mean of an exponential delay on top of every delivery."""
    late_s: float = 0.0
    """Nothing is delivered for this long after `start`; what was captured meanwhile is lost."""
    drop_share: float = 0.0
    """Share of frames or blocks that are lost at random, 0..1."""
    gaps: tuple[Window, ...] = ()
    """Lost for good: frames or samples of these windows never come, and nothing says so."""
    stalls: tuple[Window, ...] = ()
    """Nothing comes, then everything at once."""
    zeros: tuple[Window, ...] = ()
    """Exact silence, or a black picture."""
    freezes: tuple[Window, ...] = ()
    """Camera: the same picture again and again."""
    lost_s: float | None = None
    """The device is unplugged after this time."""
    stamps: str = "driver"
    """Camera: "driver" gives exact driver stamps, "arrival" gives none."""
    flash: str = "lamp"
    """Camera: what lights up: "lamp" or the whole "frame", or "none"."""
    signal: str = "voice"
    """Microphone: "voice", "clicks" (room tone and clicks), "silence" (exact zeros) or "counter" (sample n has the
    value n mod 65536 - 32768; lost samples are counted)."""
    rate_hz: int = 0
    """Microphone: the only rate it runs at; 0 takes the one asked for."""
    bits: int = 16
    channels: int = 1
    fail: str = ""
    """Opening fails: "busy", "refused" or "no_answer"."""


def parse_script(device_id: str) -> PracticeScript | None:
    """The script of an id such as "practice" or "practice?drift=200&offset=40&gap=3:0.3,5:0.05", or None.

    None means that the id is not a practice device, or has a word or number that no script has.
    """
    name, _, query = device_id.partition("?")
    if name != PRACTICE:
        return None
    wanted: dict[str, Any] = {}
    try:
        for key, text in parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query)):
            field, read = _WORDS[key]
            wanted[field] = read(text)
    except (KeyError, ValueError):
        return None
    return PracticeScript(**wanted)


def inside(at_s: float, windows: tuple[Window, ...]) -> Window | None:
    """The window that holds a time, or None."""
    return next(((start, length) for start, length in windows if start <= at_s < start + length), None)


def _windows(text: str) -> tuple[Window, ...]:
    pairs = [part.split(":") for part in text.split(",")]
    return tuple((float(start), float(length)) for start, length in pairs)


def _finite(text: str) -> float:
    value = float(text)
    if not abs(value) < 1e6:
        raise ValueError(text)
    return value


def _share(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise ValueError(text)
    return value


def _one_of(*known: T, read: Callable[[str], T]) -> Callable[[str], T]:
    def choose(text: str) -> T:
        value = read(text)
        if value not in known:
            raise ValueError(text)
        return value

    return choose


_WORDS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "seed": ("seed", int),
    "offset": ("offset_ms", _finite),
    "drift": ("drift_ppm", _finite),
    "jitter": ("jitter_ms", _finite),
    "late": ("late_s", _finite),
    "drop": ("drop_share", _share),
    "gap": ("gaps", _windows),
    "stall": ("stalls", _windows),
    "zero": ("zeros", _windows),
    "freeze": ("freezes", _windows),
    "lost": ("lost_s", _finite),
    "stamps": ("stamps", _one_of("driver", "arrival", read=str)),
    "flash": ("flash", _one_of("lamp", "frame", "none", read=str)),
    "signal": ("signal", _one_of("voice", "clicks", "silence", "counter", read=str)),
    "rate": ("rate_hz", _one_of(8000, 16000, 24000, 32000, 44100, 48000, 96000, read=int)),
    "bits": ("bits", _one_of(16, 24, read=int)),
    "channels": ("channels", _one_of(1, 2, read=int)),
    "fail": ("fail", _one_of("busy", "refused", "no_answer", read=str)),
}
