"""Labelled cases, made from a few seeds by known degradations. Each names the check that has to speak, or none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from checks_material import RATE, Scene, db, pumped, room, tone, voice

from perfstudio.model.checks import CheckCode

C = CheckCode
SECONDS = 8.0


@dataclass(frozen=True)
class SoundCase:
    """Samples that should raise `fault` (None: nothing) and may also raise `along`."""

    name: str
    fault: CheckCode | None
    make: Callable[[], np.ndarray]
    along: frozenset[CheckCode] = frozenset()


@dataclass(frozen=True)
class PictureCase:
    """A scene that should raise `fault` (None: nothing) and may also raise `along`."""

    name: str
    fault: CheckCode | None
    scene: Scene
    fps: float = 6.0
    seconds: float = 2.5
    along: frozenset[CheckCode] = field(default_factory=frozenset)


def sound_cases(seeds: range) -> Iterator[SoundCase]:
    """Clean and degraded speech for every seed."""
    for seed in seeds:
        for name, make in _CLEAN_SOUND.items():
            yield SoundCase(f"{name}/{seed}", None, lambda make=make, seed=seed: make(seed))
        for name, (fault, make, along) in _BAD_SOUND.items():
            yield SoundCase(f"{name}/{seed}", fault, lambda make=make, seed=seed: make(seed), frozenset(along))


def picture_cases(seeds: range) -> Iterator[PictureCase]:
    """Clean and degraded scenes for every seed."""
    for seed in seeds:
        base = Scene(seed=seed, wall=105 + 6 * (seed % 5), face_height=0.3 + 0.03 * (seed % 4))
        for name, change in _CLEAN_PICTURE.items():
            yield PictureCase(f"{name}/{seed}", None, base.but(**change))
        for name, (fault, change, along) in _BAD_PICTURE.items():
            fps, seconds = (
                (30.0, 4.5)
                if fault in (C.FLICKER, C.SHAKE)
                else (6.0, 5.0 if fault in (C.OTHER_PERSON, C.CUT_OFF) else 2.5)
            )
            smaller = {"width": 320, "height": 180} if fault is C.FLICKER else {}
            scene = base.but(**{**smaller, **change})
            yield PictureCase(f"{name}/{seed}", fault, scene, fps, seconds, frozenset(along))


def _voice(seed: int) -> np.ndarray:
    return voice(seed, SECONDS)


def _loud(seed: int, peak_db: float) -> np.ndarray:
    return _voice(seed) / np.abs(_voice(seed)).max() * db(peak_db)


def _noisy(seed: int, snr_db: float, colour: float) -> np.ndarray:
    return _voice(seed) + room(seed + 50, len(_voice(seed)), -21.5 - snr_db, colour)


def _hummed(seed: int, mains: int, level: float) -> np.ndarray:
    clean = _voice(seed)
    return clean + sum(tone(mains * k, level - 4 * k, len(clean) / RATE, phase=k) for k in (1, 2, 3, 5))


def _reverberant(seed: int, decay_s: float) -> np.ndarray:
    clean, rng = _voice(seed), np.random.default_rng([seed, 3])
    time = np.arange(int(RATE * decay_s)) / RATE
    tail = rng.standard_normal(len(time)) * 10 ** (-3 * time / decay_s) * 0.05
    tail[0] = 1.0
    size = len(clean) + len(tail)
    wet = np.fft.irfft(np.fft.rfft(clean, size) * np.fft.rfft(tail, size))[: len(clean)]
    return wet / np.abs(wet).max() * 0.4


def _narrow(seed: int, half_rate: float) -> np.ndarray:
    clean = _voice(seed)
    bins = np.fft.rfft(clean)
    bins[np.fft.rfftfreq(len(clean), 1 / RATE) > half_rate] = 0
    return np.fft.irfft(bins, len(clean))


def _muted(seed: int, seconds: float) -> np.ndarray:
    torn = _voice(seed).copy()
    start = int((1.5 + 0.3 * seed) * RATE)
    torn[start : start + int(seconds * RATE)] = 0
    return torn


def _torn(seed: int, *, repeat: bool) -> np.ndarray:
    torn, rng = _voice(seed).copy(), np.random.default_rng([seed, 8])
    for at in rng.uniform(1.5, SECONDS - 1.5, 3):
        start, size = int(at * RATE), int(rng.choice([240, 480, 960]))
        torn[start : start + size] = torn[start - size : start] if repeat else 0
    return torn


_CLEAN_SOUND: dict[str, Callable[[int], np.ndarray]] = {
    "untouched": _voice,
    "shout": lambda seed: _loud(seed, -0.6),
    "softer": lambda seed: _voice(seed) * db(-6),
    "small noise": lambda seed: _noisy(seed, 36, 0.5),
    "small room": lambda seed: _reverberant(seed, 0.3),
    "steady room, long pauses": lambda seed: pumped(seed, 0),
}

_BAD_SOUND: dict[str, tuple[CheckCode, Callable[[int], np.ndarray], set[CheckCode]]] = {
    "gain -22 dB": (C.LOUDNESS, lambda s: _voice(s) * db(-22) + room(s, len(_voice(s)), -75), {C.SNR, C.SILENCE}),
    "clipped by 4 dB": (C.CLIPPING, lambda s: np.clip(_loud(s, 4), -1, 32767 / 32768), {C.PEAK, C.TRUE_PEAK}),
    "clipped by 10 dB, turned down": (C.CLIPPING, lambda s: np.clip(_loud(s, 10), -1, 1) * 0.5, set()),
    "hum 50 Hz at -48": (C.HUM, lambda s: _hummed(s, 50, -44), {C.NOISE_FLOOR, C.SNR}),
    "hum 60 Hz at -48": (C.HUM, lambda s: _hummed(s, 60, -44), {C.NOISE_FLOOR, C.SNR}),
    "noise at 15 dB": (C.SNR, lambda s: _noisy(s, 15, 0.5), {C.NOISE_FLOOR}),
    "noise at 8 dB": (C.SNR, lambda s: _noisy(s, 8, 0.0), {C.NOISE_FLOOR, C.SPEECH}),
    "noise floor -42": (C.NOISE_FLOOR, lambda s: _noisy(s, 20.5, 0.3), {C.SNR}),
    "reverberation 1.4 s": (C.REVERB, lambda s: _reverberant(s, 1.4), {C.NOISE_FLOOR, C.SNR}),
    "8 kHz headset": (C.BANDWIDTH, lambda s: _narrow(s, 3800), set()),
    "16 kHz headset": (C.BANDWIDTH, lambda s: _narrow(s, 7600), set()),
    "muted for 3 s": (C.ZEROS, lambda s: _muted(s, 3.0), {C.DROPOUTS}),
    "holes": (C.DROPOUTS, lambda s: _torn(s, repeat=False), set()),
    "repeated blocks": (C.DROPOUTS, lambda s: _torn(s, repeat=True), set()),
    "gain climbs 8 dB/s": (C.GAIN_PUMPING, lambda s: pumped(s, 8), {C.NOISE_FLOOR, C.SNR}),
    "direct current": (C.DC_OFFSET, lambda s: _voice(s) + 0.015, {C.NOISE_FLOOR, C.SNR, C.BANDWIDTH, C.SPEECH}),
    "one channel dead": (
        C.DEAD_CHANNEL,
        lambda s: np.stack([_voice(s), room(s, len(_voice(s)), -78)], axis=1),
        {C.NOISE_FLOOR},
    ),
    "nothing heard": (C.SILENCE, lambda s: room(s, int(SECONDS * RATE), -66), set()),
}

_CLEAN_PICTURE: dict[str, dict[str, object]] = {
    "720p": {"width": 1280, "height": 720},
    "360p": {},
    "240p": {"width": 426, "height": 240},
    "aside": {"face_x": 0.4},
    "further away": {"face_height": 0.2},
    "dark skin": {"person_gain": 0.45, "wall": 130},
    "glasses": {"wear": "glasses"},
    "beard": {"wear": "beard"},
    "hat": {"wear": "hat"},
}

_BAD_PICTURE: dict[str, tuple[CheckCode, dict[str, object], set[CheckCode]]] = {
    "nobody": (C.FACE, {"person": False}, set()),
    "far left": (C.CENTRING, {"face_x": 0.2}, set()),
    "far right": (C.CENTRING, {"face_x": 0.8}, set()),
    "small": (C.FACE_SIZE, {"face_height": 0.095, "width": 1280, "height": 720}, {C.FOCUS, C.EYE_LINE, C.HEADROOM}),
    "large": (C.FACE_SIZE, {"face_height": 0.74, "face_y": 0.52}, {C.CUT_OFF, C.HEADROOM}),
    "no headroom": (C.HEADROOM, {"face_y": 0.17, "face_height": 0.32}, {C.EYE_LINE, C.CUT_OFF}),
    "low": (C.HEADROOM, {"face_y": 0.72, "face_height": 0.3}, {C.EYE_LINE, C.FACE}),
    "cut off left": (C.CUT_OFF, {"face_x": 0.07}, {C.CENTRING, C.FACE, C.FACE_SIZE, C.LEFT_FRAME}),
    "cut off above": (C.CUT_OFF, {"face_y": 0.12}, {C.HEADROOM, C.EYE_LINE, C.FACE, C.FACE_SIZE, C.LEFT_FRAME}),
    "dim": (C.BRIGHTNESS, {"gain": 0.2}, {C.CRUSHED, C.FACE, C.BACKLIGHT, C.LEFT_FRAME}),
    "burnt": (C.BURNT, {"gain": 2.8}, {C.BRIGHTNESS, C.COLOUR_CAST, C.FACE, C.LEFT_FRAME}),
    "backlight": (C.BACKLIGHT, {"person_gain": 0.2, "wall": 225}, {C.BRIGHTNESS, C.BURNT, C.CRUSHED, C.FOCUS}),
    "lamp light": (C.COLOUR_CAST, {"balance": (0.62, 1.0, 1.45)}, {C.BURNT}),
    "blue light": (C.COLOUR_CAST, {"balance": (1.5, 1.0, 0.62)}, {C.BURNT}),
    "out of focus": (C.FOCUS, {"blur": 4.0}, set()),
    "flicker": (C.FLICKER, {"flicker": 0.04, "flicker_hz": 10.0}, {C.FOCUS}),
    "shaking": (C.SHAKE, {"shake": 0.012}, set()),
    "second person": (C.OTHER_PERSON, {"second": True, "face_x": 0.36}, set()),
    "covered": (C.BLACK, {"gain": 0.0, "noise": 0.8}, set()),
    "portrait": (C.ORIENTATION, {"width": 360, "height": 640, "face_height": 0.2}, {C.FOCUS, C.CUT_OFF}),
}
