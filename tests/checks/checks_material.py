"""Sounds and pictures with known properties, made by code from seeds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path

import av
import cv2
import numpy as np
import soundfile
from av.video.reformatter import VideoReformatter

from perfstudio.capture.practice.voice import speech_loop
from perfstudio.checks.limits import house_limits
from perfstudio.checks.sound import SoundMeasures, SoundScan, judge_sound
from perfstudio.model.checks import CheckCode, CheckResult

RATE = 48000
_REACH = 300
"""How far the grain of a picture moves at most, in pixels."""


def db(level: float) -> float:
    """Amplitude of a level in dB."""
    return float(10 ** (level / 20))


@cache
def voice(seed: int = 1, seconds: float = 12.0) -> np.ndarray:
    """Clean speech-like voice with room tone at -64 dBFS: one second of room, the voice, one second of room."""
    loop = speech_loop(seed % 3)
    pace = 1.0 + 0.08 * ((seed * 7) % 5 - 2)
    wanted = int((seconds - 2) * RATE)
    start = (seed * 5 * RATE) % (len(loop) // 2)
    at = (start + np.arange(wanted) * pace) % (len(loop) - 1)
    spoken = np.interp(at, np.arange(len(loop)), loop)
    fade = np.minimum(1, np.minimum(np.arange(wanted), np.arange(wanted)[::-1]) / 2400)
    whole = np.concatenate([np.zeros(RATE), spoken * fade, np.zeros(RATE)])
    return (whole + room(seed, len(whole), -66.0)).astype(np.float32)


def room(seed: int, length: int, level_dbfs: float, colour: float = 0.5) -> np.ndarray:
    """Steady noise of one RMS level; colour 0 is white, 0.5 pink."""
    rng = np.random.default_rng([seed, 77])
    hertz = np.maximum(np.fft.rfftfreq(length, 1 / RATE), 30.0)
    noise = np.fft.irfft(np.fft.rfft(rng.standard_normal(length)) / hertz**colour, length)
    return noise / noise.std() * db(level_dbfs)


def pumped(seed: int, db_per_s: float, seconds: float = 12.0) -> np.ndarray:
    """Speech with pauses through an automatic gain: `db_per_s` up while nobody speaks (at most 15), quickly down."""
    count, frame = round(seconds * RATE), RATE // 100
    time = np.arange(count) / RATE
    spoken = np.where(time % (2.7 + 0.1 * (seed % 5)) < 1.3, voice(seed, seconds)[:count], 0.0)
    loud = np.abs(spoken[: count // frame * frame].reshape(-1, frame)).max(axis=1) > db(-45)
    gain, gains = 0.0, []
    for speaking in loud:
        gain = max(0.0, gain - 1.0) if speaking else min(15.0, gain + db_per_s / 100)
        gains.append(gain)
    return (spoken + room(seed, count, -62.0)) * db(1) ** np.interp(time, np.arange(len(gains)) / 100, gains)


def tone(hertz: float, level_dbfs: float, seconds: float, rate: int = RATE, phase: float = 0.0) -> np.ndarray:
    """A sine whose *peak* is `level_dbfs`."""
    time = np.arange(round(seconds * rate)) / rate
    return (db(level_dbfs) * np.sin(2 * np.pi * hertz * time + phase)).astype(np.float32)


def measured(samples: np.ndarray, rate: int = RATE, block: int = 9600) -> SoundMeasures:
    """Samples (mono or frames x channels) through the scan in blocks."""
    wide = samples.astype(np.float32).reshape(-1, samples.shape[1] if samples.ndim > 1 else 1)
    scan = SoundScan(rate, wide.shape[1])
    for start in range(0, len(wide), block):
        scan.push(wide[start : start + block])
    return scan.finish()


def heard(samples: np.ndarray, rate: int = RATE) -> dict[CheckCode, CheckResult]:
    """Results by code for samples."""
    return {r.code: r for r in judge_sound(measured(samples, rate), house_limits())}


def write_sound(path: Path, samples: np.ndarray, rate: int = RATE, subtype: str | None = None) -> Path:
    """A sound file; the format follows the name."""
    soundfile.write(path, samples, rate, subtype=subtype)
    return path


@cache
def portrait() -> np.ndarray:
    """A photographed face (BGR): 133 px of face in 400 px of height."""
    image = cv2.imread(str(Path(__file__).parent / "data" / "collins.jpg"))
    assert image is not None
    return image


@dataclass(frozen=True)
class Scene:
    """A person before a wall. Positions and sizes are shares of the picture."""

    width: int = 640
    height: int = 360
    face_height: float = 0.36
    face_x: float = 0.5
    face_y: float = 0.42
    wall: int = 120
    gain: float = 1.0
    person_gain: float = 1.0
    noise: float = 2.0
    balance: tuple[float, float, float] = (1.0, 1.0, 1.0)
    blur: float = 0.0
    person: bool = True
    second: bool = False
    sway: float = 0.01
    roll_deg: float = 0.0
    flicker: float = 0.0
    flicker_hz: float = 0.0
    shake: float = 0.0
    wear: str = ""
    seed: int = 0

    def but(self, **changes: object) -> Scene:
        """This scene with some things different."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def draw(self, at_s: float) -> np.ndarray:
        """The picture at a moment, BGR."""
        down, across = np.random.default_rng([self.seed, round(at_s * 1000)]).integers(0, _REACH, 2)
        canvas = _wall(self.seed, self.wall, self.width, self.height).copy()
        if self.person:
            self._stand(canvas, self.face_x + self.sway * np.sin(1.7 * at_s + self.seed), self.face_y, at_s)
        if self.second:
            self._stand(canvas, 0.85, 0.4, at_s + 1)
        for channel, share in enumerate(self.gain * part for part in self.balance):
            if share != 1:
                canvas[:, :, channel] *= share
        if self.flicker:
            rows = np.arange(self.height) / self.height
            light = 1 + self.flicker * np.sin(2 * np.pi * (self.flicker_hz * at_s + 1.5 * rows))
            canvas.reshape(self.height, -1)[:] *= light.astype(np.float32)[:, None]
        if self.shake:
            dx, dy = self.shake * self.width * np.sin(2 * np.pi * np.array([1.9, 2.3]) * at_s)
            canvas = cv2.warpAffine(
                canvas, np.float32([[1, 0, dx], [0, 1, dy]]), (self.width, self.height), borderMode=cv2.BORDER_REFLECT
            )
        if self.blur:
            canvas = cv2.GaussianBlur(canvas, (0, 0), self.blur * self.height / 360)
        grain = _grain(self.height, self.width, self.noise)[_REACH - down :, _REACH - across :]
        return cv2.add(canvas, grain[: self.height, : self.width], dtype=cv2.CV_8U)

    def _stand(self, canvas: np.ndarray, face_x: float, face_y: float, at_s: float) -> None:
        scale = self.face_height * self.height / 112
        person, soft = _person(scale, self.roll_deg, self.wear, self.person_gain)
        left = round(face_x * self.width - 205 * scale)
        top = round(face_y * self.height - 122 * scale)
        x0, y0 = max(0, left), max(0, top)
        x1, y1 = min(self.width, left + person.shape[1]), min(self.height, top + person.shape[0])
        if x1 > x0 and y1 > y0:
            behind = canvas[y0:y1, x0:x1]
            before = person[y0 - top : y1 - top, x0 - left : x1 - left] - behind
            before *= soft[x0 - left : x1 - left]
            behind += before


@cache
def _person(scale: float, roll_deg: float, wear: str, gain: float) -> tuple[np.ndarray, np.ndarray]:
    """Somebody in this light, and how much of each column is theirs: the sides fade into the wall."""
    sized = cv2.resize(_dressed(wear), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.float32)
    if roll_deg:
        turn = cv2.getRotationMatrix2D((205 * scale, 125 * scale), roll_deg, 1.0)
        sized = cv2.warpAffine(sized, turn, sized.shape[1::-1], borderMode=cv2.BORDER_REPLICATE)
    columns = np.arange(sized.shape[1], dtype=np.float32)
    soft = np.clip(np.minimum(columns, columns[::-1]) / (12 * scale), 0, 1).astype(np.float32)
    return sized * np.float32(gain), np.repeat(soft[:, None], 3, axis=1)


def _dressed(wear: str) -> np.ndarray:
    """The portrait with painted glasses, beard or hat: eyes at (181, 101) and (228, 101), the mouth at (205, 145)."""
    person = portrait().copy()
    if wear == "glasses":
        for x in (181, 228):
            cv2.ellipse(person, (x, 102), (19, 15), 0, 0, 360, (60, 60, 70), 1, cv2.LINE_AA)
        cv2.line(person, (200, 99), (209, 99), (60, 60, 70), 2, cv2.LINE_AA)
    if wear == "beard":
        beard = person.copy()
        cv2.ellipse(beard, (205, 152), (40, 34), 0, -10, 190, (28, 38, 55), -1, cv2.LINE_AA)
        cv2.ellipse(beard, (205, 147), (15, 5), 0, 0, 360, (110, 110, 170), -1, cv2.LINE_AA)
        person = cv2.addWeighted(beard, 0.8, person, 0.2, 0)
    if wear == "hat":
        cv2.ellipse(person, (205, 62), (62, 58), 0, 180, 360, (70, 50, 40), -1, cv2.LINE_AA)
        cv2.ellipse(person, (205, 66), (78, 9), 0, 0, 360, (50, 36, 28), -1, cv2.LINE_AA)
    return person


@cache
def _wall(seed: int, level: int, width: int, height: int) -> np.ndarray:
    rng = np.random.default_rng([seed, 5])
    wall = np.full((height, width, 3), level, np.float32)
    wall += np.linspace(-12, 12, width)[None, :, None]
    for _ in range(6):  # pictures on the wall, so that there is something to hold on to
        x, y = rng.integers(0, width), rng.integers(0, height)
        w, h = rng.integers(width // 32, width // 7, 2)
        wall[y : y + h, x : x + w] *= rng.uniform(0.6, 1.3)
    return wall


@lru_cache(maxsize=4)
def _grain(height: int, width: int, noise: float) -> np.ndarray:
    """Grey grain of a sensor in every colour, with room for moving it by `_REACH` down and across."""
    grain = np.random.default_rng(9).standard_normal((height, width)).astype(np.float32) * np.float32(noise)
    return cv2.cvtColor(np.pad(grain, ((_REACH, 0), (_REACH, 0)), mode="wrap"), cv2.COLOR_GRAY2BGR)


class SeesNobody:
    """A finder for what has nothing to do with faces, and for those whom no finder sees."""

    name, sha256 = "haar", ""

    def find(self, image: object, **more: object) -> tuple[()]:
        """Nothing."""
        return ()


def frames(scene: Scene, seconds: float, fps: float = 30.0) -> Iterator[tuple[float, np.ndarray]]:
    """(time, picture) at a steady rate."""
    for index in range(round(seconds * fps)):
        yield index / fps, scene.draw(index / fps)


def write_film(
    path: Path,
    pictures: Iterable[tuple[float, np.ndarray]],
    *,
    sound: np.ndarray | None = None,
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    rate: int = RATE,
) -> Path:
    """A film with real presentation times; the container follows the name. Sound is mono FLAC."""
    with av.open(str(path), "w") as container:
        stream = None
        base, scaler = Fraction(1, 90000), VideoReformatter()
        voice_stream = container.add_stream("flac", rate=rate, layout="mono") if sound is not None else None
        for at_s, picture in pictures:
            if stream is None:
                stream = container.add_stream(codec, rate=30)
                stream.width, stream.height = picture.shape[1], picture.shape[0]
                stream.pix_fmt = pix_fmt
                stream.codec_context.time_base = base
                if codec == "libx264":
                    stream.options = {"preset": "ultrafast", "crf": "18", "bf": "0", "threads": "1"}
            frame = scaler.reformat(av.VideoFrame.from_ndarray(picture, format="bgr24"), format=pix_fmt)
            frame.pts, frame.time_base = round(at_s / base), base
            container.mux(stream.encode(frame))
        if stream is not None:
            container.mux(stream.encode())
        if voice_stream is not None and sound is not None:
            for start in range(0, len(sound), 4096):
                block = np.clip(sound[start : start + 4096] * 32768, -32768, 32767).astype(np.int16)[None, :]
                piece = av.AudioFrame.from_ndarray(block, format="s16", layout="mono")
                piece.sample_rate, piece.pts = rate, start
                container.mux(voice_stream.encode(piece))
            container.mux(voice_stream.encode())
    return path
