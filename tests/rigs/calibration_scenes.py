"""Scenes for calibration with everything known: hands that clap, screens that flash, an echo, a real camera.

Drawn at the size the estimators look at, exposure by exposure: every picture is the mean of what was there while the
shutter was open, in linear light, then bent by the camera's brightness curve, with noise. A picture is stamped with
the middle of its exposure, and the hidden offset moves all sounds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from perfstudio.capture.calibration.film import HEIGHT, WIDTH, Film

RATE = 48000
Light = NDArray[np.float32]
_NOISE = 1 << 18


@dataclass(frozen=True)
class Shoot:
    """How it is recorded."""

    seed: int
    offset_ms: float
    fps: float
    exposure_s: float
    noise: float
    """Standard deviation of one small pixel, in grey levels."""
    brightness: float
    """1 is a well-lit room."""
    jitter_ms: float
    echo: float
    """Strength of the loudest echo."""
    hiss: float = 0.001
    clock_ppm: float = 0.0
    """How much faster than it says the camera runs: no camera is in step with a screen for long."""

    @classmethod
    def drawn(cls, seed: int) -> Shoot:
        """The conditions of one seed of the promise."""
        dice = np.random.default_rng([seed, 9])
        fps = float(dice.choice([24.0, 25.0, 30.0, 60.0]))
        longest = min(1 / 30, 1 / fps)
        exposure = float(np.exp(dice.uniform(np.log(1 / 500), np.log(longest))))
        return cls(
            seed=seed,
            offset_ms=float(dice.uniform(-100, 150)),
            fps=fps,
            exposure_s=exposure,
            noise=float(dice.uniform(0.3, 2.5)),
            brightness=float(dice.choice([1.0, 1.0, 0.5, 0.2])),
            jitter_ms=float(dice.uniform(0, 2)),
            echo=float(dice.uniform(0, 0.7)),
            hiss=float(10 ** dice.uniform(-4, -2.3)),
            clock_ppm=float(dice.uniform(-1000, 1000)),
        )


class _Scene:
    """Frames of a scene: `draw(times) -> linear light [n, high, wide]` averaged over the exposure."""

    def __init__(self, shoot: Shoot, seconds: float) -> None:
        self.shoot = shoot
        self.dice = np.random.default_rng([shoot.seed, 1])
        phase = self.dice.uniform(0, 1)
        self.true_s = (np.arange(int(seconds * shoot.fps)) + phase) / (shoot.fps * (1 + shoot.clock_ppm * 1e-6))
        self.gamma = self.dice.uniform(1.8, 2.6)

    def develop(self, linear: Iterable[Light]) -> NDArray[np.uint8]:
        """Pictures of linear light 0..1 as the camera gives them. The noise of each is cut from one long row of it."""
        noise = self.shoot.noise * self.dice.standard_normal(HEIGHT * WIDTH + _NOISE, np.float32) + np.float32(0.5)
        return np.array([self._bent(light, noise) for light in linear])

    def _bent(self, light: Light, noise: Light) -> NDArray[np.uint8]:
        first = int(self.dice.integers(_NOISE))
        bent = cv2.pow(np.clip(light * np.float32(self.shoot.brightness), 0, 1), 1 / self.gamma)
        seen = cv2.scaleAdd(bent, 255.0, noise[first : first + light.size].reshape(light.shape))
        return np.asarray(np.clip(seen, 0, 255, out=seen), np.uint8)

    def stamps(self) -> NDArray[np.float64]:
        """Times of the pictures as recorded."""
        jitter = self.dice.normal(0, self.shoot.jitter_ms / 1000, len(self.true_s))
        return np.maximum.accumulate(self.true_s + jitter + np.arange(len(self.true_s)) * 1e-9)

    def room(self, dry: NDArray[np.float64]) -> NDArray[np.float32]:
        """A sound in a room: early echoes, a tail, hiss."""
        shoot, dice = self.shoot, self.dice
        impulse = np.zeros(int(0.35 * RATE))
        impulse[0] = 1.0
        for _ in range(6):
            impulse[int(dice.uniform(0.004, 0.06) * RATE)] += shoot.echo * dice.uniform(-1, 1)
        late = np.arange(len(impulse)) / RATE
        impulse += 0.03 * shoot.echo * dice.normal(size=len(impulse)) * np.exp(-late / 0.08) * (late > 0.01)
        wet = _echoing(dry, impulse)
        return (wet + dice.normal(0, shoot.hiss, len(dry))).astype(np.float32)


def _echoing(dry: NDArray[np.float64], impulse: NDArray[np.float64]) -> NDArray[np.float64]:
    """The convolution, as long as the dry sound; piece by piece, which is quicker than at once."""
    size = 1 << 16
    step, room = size - len(impulse), np.fft.rfft(impulse, size)
    wet = np.zeros(len(dry) + size)
    for first in range(0, len(dry), step):
        wet[first : first + size] += np.fft.irfft(np.fft.rfft(dry[first : first + step], size) * room, size)
    return wet[: len(dry)]


def _film(scene: _Scene, grey: NDArray[np.uint8], dry: NDArray[np.float64]) -> Film:
    return Film(scene.stamps(), grey, scene.room(dry), RATE)


def _place(sound: NDArray[np.float64], at_s: float, what: NDArray[np.float64]) -> None:
    """Add a sound at a fraction of a sample."""
    first = int(np.floor(at_s * RATE))
    share = at_s * RATE - first
    late = np.concatenate([[0.0], what[:-1]])
    part = what * (1 - share) + late * share
    end = min(len(sound), first + len(part))
    if first >= 0 and end > first:
        sound[first:end] += part[: end - first]


def clap_sound(dice: np.random.Generator) -> NDArray[np.float64]:
    """One clap: noise around 1 to 3 kHz that begins at once and fades within 10 ms."""
    time = np.arange(int(0.06 * RATE)) / RATE
    tone = dice.uniform(900, 2600)
    noise = dice.normal(size=len(time))
    body = np.cos(2 * np.pi * tone * time + dice.uniform(0, 6)) + 0.8 * noise
    attack = np.minimum(1, time / dice.uniform(0.0002, 0.001))
    return dice.uniform(0.15, 0.5) * attack * np.exp(-time / dice.uniform(0.004, 0.012)) * body


def clap_gap(since: NDArray[np.float64], style: dict[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    """Distance of the hands in pictures widths, `since` the contact: they come faster and faster, meet, rest, open."""
    wide, come_s, sharp = style["wide"], style["come"], style["sharp"]
    coming = wide * (1 - np.clip(1 + since / come_s, 0, 1) ** sharp)
    opening = wide * np.clip((since - style["hold"]) / style["open"], 0, 1)
    return np.where(since < 0, coming, 0.5 * wide * (1 - np.cos(np.pi * np.clip(opening / wide, 0, 1))))


def claps(shoot: Shoot, count: int = 10, sounds: bool = True, pictures: bool = True) -> Film:
    """A performer who claps `count` times; without `pictures` only heard."""
    dice = np.random.default_rng([shoot.seed, 2])
    at, times = 1.0, []
    for _ in range(count):
        times.append(at)
        at += dice.uniform(0.75, 1.15)
    scene = _Scene(shoot, at + 0.3)
    styles = [
        {
            "wide": dice.uniform(0.12, 0.3),
            "come": dice.uniform(0.13, 0.24),
            "sharp": dice.uniform(1.5, 2.4),
            "hold": dice.uniform(0.06, 0.25) if dice.random() < 0.75 else dice.uniform(0.0, 0.03),
            "open": dice.uniform(0.15, 0.35),
        }
        for _ in times
    ]
    look = _Hands(dice)
    scene.true_s = scene.true_s[: None if pictures else 0]
    shots = max(4, int(np.ceil(shoot.exposure_s / 0.002)))
    moments = scene.true_s[:, None] + ((np.arange(shots) + 0.5) / shots - 0.5) * shoot.exposure_s
    exposures = zip(moments.tolist(), _gaps(moments, times, styles).tolist(), strict=True)
    light = (sum(map(look.at, *exposure)) / np.float32(shots) for exposure in exposures)
    dry = np.zeros(int((at + 0.5) * RATE))
    if sounds:
        for time in times:
            _place(dry, time + shoot.offset_ms / 1000, clap_sound(dice))
    return _film(scene, scene.develop(light), dry)


def _gaps(times: NDArray[np.float64], claps_s: list[float], styles: list[dict[str, float]]) -> NDArray[np.float64]:
    """The distance of the hands at each time, in the manner of the clap that is near."""
    place = np.abs(times[..., None] - np.array(claps_s) - 0.1).argmin(axis=-1)
    style = {name: np.array([one[name] for one in styles])[place] for name in styles[0]}
    return clap_gap(times - np.array(claps_s)[place], style)


class _Hands:
    """A torso, a head and two hands before a wall; everything sways a little."""

    def __init__(self, dice: np.random.Generator) -> None:
        wall = dice.uniform(0.05, 0.6) + 0.1 * cv2.resize(dice.normal(size=(9, 16)), (WIDTH, HEIGHT))
        self.wall = np.clip(wall, 0.02, 1).astype(np.float32)
        self.skin = float(dice.uniform(0.15, 0.6))
        self.cloth = float(np.clip(self.skin + dice.choice([-1, 1]) * dice.uniform(0.12, 0.3), 0.02, 0.9))
        self.size = float(dice.uniform(0.9, 1.4))
        self.tilt = float(dice.uniform(-0.3, 0.3))
        self.middle = (float(dice.uniform(70, 90)), float(dice.uniform(55, 70)))
        self.phase = float(dice.uniform(0, 6))
        self._bodies: dict[int, Light] = {}

    def at(self, time: float, gap: float) -> Light:
        """Linear light at a moment, with the hands `gap` picture widths apart."""
        sway = 0.8 * np.sin(1.3 * time + self.phase)
        image = self._body(80 + sway).copy()
        x, y = self.middle
        half = gap * WIDTH / 2 + 3.48 * self.size  # half the width of a hand that leans by 12 degrees: they just touch
        for side in (-1, 1):
            centre = (x + sway + side * half * np.cos(self.tilt), y + side * half * np.sin(self.tilt))
            self._blob(image, centre, (3.0 * self.size, 9 * self.size), 12 * side, self.skin)
            self._blob(image, (centre[0] + side * 8, centre[1] + 9), (9, 4), 35 * side, self.skin * 0.85)
        return image

    def _body(self, x: float) -> Light:
        """What does not clap, where it stands: on a sixteenth of a pixel, as everything is drawn."""
        place = round(x * 16)
        if place not in self._bodies:
            image = self._bodies[place] = self.wall.copy()
            self._blob(image, (x, 85), (30, 40), 0, self.cloth)
            self._blob(image, (x, 25), (12, 16), 0, self.skin * 0.9)
        return self._bodies[place]

    @staticmethod
    def _blob(image: Light, at: tuple[float, float], axes: tuple[float, float], angle: float, tone: float) -> None:
        reach = int(max(axes)) + 3
        left, top = max(0, int(at[0]) - reach), max(0, int(at[1]) - reach)
        part = image[top : int(at[1]) + reach, left : int(at[0]) + reach]  # all that it may touch
        cover = np.zeros(part.shape, np.uint8)
        centre = (round(at[0] * 16) - left * 16, round(at[1] * 16) - top * 16)
        cv2.ellipse(cover, centre, (round(axes[0] * 16), round(axes[1] * 16)), angle, 0, 360, 255, -1, cv2.LINE_AA, 4)
        part += cover * np.float32(1 / 255) * (np.float32(tone) - part)


def pattern(shoot: Shoot, edges_s: NDArray[np.float64], ramp_s: float, refresh_hz: float = 60.0) -> Film:
    """A screen of `refresh_hz` in front of the camera that plays light edges (dark first) with a click at each."""
    dice = np.random.default_rng([shoot.seed, 3])
    begin = dice.uniform(0.3, 0.8)
    scene = _Scene(shoot, begin + float(edges_s[-1]) + 1.0)
    shots = 24
    steps = (np.arange(shots) + 0.5) / shots - 0.5
    moments = (scene.true_s[:, None] + steps * shoot.exposure_s).ravel()
    shown = screen_light(np.floor((moments - begin) * refresh_hz) / refresh_hz + 0.5 / refresh_hz, edges_s, ramp_s)
    level = shown.reshape(len(scene.true_s), shots).mean(axis=1)
    wall = 0.05 + 0.25 * np.abs(cv2.resize(dice.normal(size=(9, 16)), (WIDTH, HEIGHT)))
    cover = np.zeros((HEIGHT, WIDTH), np.float32)
    x, y = int(dice.uniform(30, 60)), int(dice.uniform(15, 35))
    cover[y : y + int(dice.uniform(25, 50)), x : x + int(dice.uniform(30, 80))] = 1.0
    cover = cv2.GaussianBlur(cover, (0, 0), 2)
    drift = 1 + 0.05 * np.sin(0.9 * scene.true_s)
    walls = (wall * 0.5).astype(np.float32)
    linear = (walls + np.float32(lit) * cover for lit in (0.02 + 0.9 * level) * drift)
    dry = np.zeros(int((begin + edges_s[-1] + 1.2) * RATE))
    time = np.arange(int(0.02 * RATE)) / RATE
    click = 0.3 * np.exp(-time / 0.003) * np.sin(2 * np.pi * 6000 * time)
    for at in edges_s:
        _place(dry, begin + at + shoot.offset_ms / 1000, click)
    return _film(scene, scene.develop(linear), dry)


def screen_light(at_s: NDArray[np.float64], edges_s: NDArray[np.float64], ramp_s: float) -> NDArray[np.float64]:
    """Share of the screen that is lit: each edge in turn comes and goes, `ramp_s` long, its middle at the edge."""
    light = np.zeros(len(at_s))
    for index, edge in enumerate(edges_s):
        ramp = np.clip((at_s - edge) / ramp_s + 0.5, 0, 1)
        light += ramp if index % 2 == 0 else -ramp
    return light


def talking(shoot: Shoot, seconds: float = 12.0, music: bool = False) -> Film:
    """Somebody who talks (or plays a piano) and moves the hands, and never claps."""
    dice = np.random.default_rng([shoot.seed, 4])
    scene = _Scene(shoot, seconds)
    look = _Hands(dice)
    rates = dice.uniform(0.8, 2.2, 3)
    gaps = 0.12 + 0.05 * sum(np.sin(2 * np.pi * r * scene.true_s + i) for i, r in enumerate(rates)) / 1.5
    linear = map(look.at, scene.true_s.tolist(), np.abs(gaps).tolist())
    time = np.arange(int(seconds * RATE)) / RATE
    dry = np.zeros(len(time))
    at = 0.3
    while at < seconds - 0.6:
        length = dice.uniform(0.12, 0.4)
        inside = (time >= at) & (time < at + length)
        since = time[inside] - at
        pitch = dice.uniform(110, 240) if not music else 220 * 2 ** (dice.integers(0, 24) / 12)
        tone = sum(np.sin(2 * np.pi * pitch * k * since) / k for k in range(1, 20))
        rise = 0.004 if music else 0.03
        shape = np.minimum(1, since / rise) * (
            np.exp(-since / 0.4) if music else np.minimum(1, (length - since) / 0.05)
        )
        dry[inside] += 0.1 * tone * shape
        if not music and dice.random() < 0.5:  # a plosive before the vowel
            burst = dice.normal(size=600) * np.exp(-np.arange(600) / 200)
            _place(dry, at - 0.02, 0.05 * burst)
        at += length + dice.uniform(0.02, 0.3)
    return _film(scene, scene.develop(linear), dry)
