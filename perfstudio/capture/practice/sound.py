"""The sound of the practice room as a function of practice time: voice, room tone, clicks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from perfstudio.capture.practice.plan import flashes_between
from perfstudio.capture.practice.script import PracticeScript
from perfstudio.capture.practice.voice import CLICK_LENGTH_S, LOOP_RATE, click, room_tone, speech_loop


class PracticeSound:
    """What there is to hear, by a script's seed, signal and offset."""

    def __init__(self, script: PracticeScript) -> None:
        self._seed = script.seed
        self._late_s = script.offset_ms / 1000
        self._loop = speech_loop(script.seed) if script.signal == "voice" else room_tone(script.seed)

    def at(self, practice_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """The sound at rising practice times, -1..1, just below full scale at most."""
        heard = practice_s - self._late_s
        place = (heard * LOOP_RATE) % len(self._loop)
        before = place.astype(np.int64)
        here, there = self._loop[before], self._loop[(before + 1) % len(self._loop)]
        sound = here + (there - here) * (place - before)
        for flash in flashes_between(self._seed, float(heard[0]) - CLICK_LENGTH_S, float(heard[-1]) + 1e-9):
            sound = sound + click(heard - flash)
        return np.asarray(np.clip(sound, -1, 1 - 2**-23), np.float64)
