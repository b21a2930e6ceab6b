"""Films whose pictures can be counted, and a projector that is turned by hand."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import soundfile

from perfstudio.capture.devices.sound_run import SoundRun
from perfstudio.capture.devices.speaker import SpeakerState
from perfstudio.capture.playing.beside import BesideParts, open_beside
from perfstudio.capture.playing.beside_film import BesideFilm
from perfstudio.capture.playing.film_opening import FilmParts, open_parts
from perfstudio.capture.playing.film_pictures import ShownPicture
from perfstudio.capture.playing.film_sound import FRAME_BYTES
from perfstudio.capture.playing.held_file import HeldFile
from perfstudio.capture.playing.play_options import PlayOptions
from perfstudio.capture.playing.projector import Projector
from perfstudio.capture.playing.told import FilmTold
from perfstudio.capture.playing.wishes import WishBox

FPS, RATE, PICTURES = 30, 48000, 75
SECONDS = PICTURES / FPS


def counted_film(path: Path, fps: int = FPS, seed: int = 5) -> Path:
    """As a take is written, with a key picture every ten: picture n is 2 n brighter than black, its sound is noise,
    which lies beside it as .wav."""
    noise = np.random.default_rng(seed).integers(-9000, 9000, round(PICTURES / fps * RATE), np.int16)
    soundfile.write(path.with_suffix(".wav"), noise, RATE)
    with av.open(str(path), "w", options={"movflags": "faststart"}) as box:
        video = box.add_stream("libx264", rate=fps, options={"preset": "ultrafast", "bf": "0", "g": "10", "crf": "1"})
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        audio = box.add_stream("flac", rate=RATE, layout="mono")
        for number in range(PICTURES):
            planes = np.full((72, 64), 128, np.uint8)
            planes[:48] = 16 + 2 * number
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, fps)
            box.mux(video.encode(frame))
        box.mux(video.encode(None))
        for first in range(0, len(noise), 4000):
            block = av.AudioFrame.from_ndarray(noise[None, first : first + 4000], format="s16", layout="mono")
            block.sample_rate, block.pts, block.time_base = RATE, first, Fraction(1, RATE)
            box.mux(audio.encode(block))
        box.mux(audio.encode(None))
    return path


def number_of(frame: av.VideoFrame) -> int:
    """Which picture of the film it is, by what is seen in it."""
    return round((memoryview(frame.planes[0])[32] - 16) / 2)


class HandSpeaker:
    """A loudspeaker in the hands of a test: `hear` lets it play so many seconds."""

    def __init__(self, state: SpeakerState = SpeakerState.READY) -> None:
        self.rate_hz, self.state = RATE, state
        self.run: SoundRun | None = None
        self.heard: list[bytes] = []
        self.closed = False

    def play(self, run: SoundRun) -> None:
        self.run = run

    def hush(self) -> None:
        self.run = None

    def try_again(self) -> None: ...

    def close(self) -> None:
        self.closed = True

    def hear(self, now_ns: int, seconds: float = 0.01) -> None:
        """It asks for sound that is heard at once."""
        frames = round(seconds * RATE)
        out = bytearray(frames * FRAME_BYTES)
        if self.run is not None:
            self.run.fill(out, frames, 0.0, now_ns)
            self.heard.append(bytes(out))


class TurnedFilm:
    """A projector, a loudspeaker and a clock that only move when they are told to."""

    def __init__(
        self, film: Path, stack: ExitStack, speaker: HandSpeaker | None, beside: BesideFilm | None = None
    ) -> None:
        self.now_ns, self.speaker = 0, speaker
        self.shown: list[tuple[float, float]] = []
        """Where it stood, and the stamp of the picture."""
        self.beside: list[tuple[float, int, float]] = []
        """The same of the film beside it, with the number of its picture between."""
        self.told: list[FilmTold] = []
        self.projector: Projector | None = None
        self.options, self.wishes = PlayOptions(), WishBox()
        make: Callable[[int], HandSpeaker] | None = None if speaker is None else lambda _rate: speaker
        file = HeldFile(film)
        stack.callback(file.let_go)
        other = self._opened(beside, stack) if beside is not None else None
        parts: FilmParts = open_parts(file, stack, self._show, make, other and other.sound)
        if parts.pictures is not None:
            parts.pictures.show_at(0.0, lambda: False)
        self.shown.clear()
        self.projector = Projector(
            parts.duration_s, parts.pictures, parts.sound, tell=self.told.append, beside=other and other.pictures
        )

    def _opened(self, beside: BesideFilm, stack: ExitStack) -> BesideParts:
        files = [HeldFile(file) for file in (beside.sound, beside.picture) if file is not None]
        for file in files:
            stack.callback(file.let_go)
        return open_beside(beside, files[0], files[1] if len(files) > 1 else None, stack, self._show_beside)

    def _show_beside(self, picture: ShownPicture) -> None:
        self.beside.append(
            (self.at() if self.projector else 0.0, round(picture.pixels[4] * 219 / 255 / 2), picture.at_s)
        )

    def _show(self, picture: ShownPicture) -> None:
        self.shown.append((self.at() if self.projector else 0.0, picture.at_s))

    def at(self) -> float:
        """Where it stands, in seconds."""
        return self.projector.clock.at(self.now_ns)

    def turn(self) -> float | None:
        return self.projector.turn(self.wishes.take(), self.options, self.now_ns)

    def live(self, seconds: float, *, heard: bool = True) -> None:
        """So long in steps of ten milliseconds, in each of which the loudspeaker takes as much."""
        for _ in range(round(seconds * 100)):
            self.turn()
            self.now_ns += 10_000_000
            if heard and self.speaker is not None:
                self.speaker.hear(self.now_ns)
