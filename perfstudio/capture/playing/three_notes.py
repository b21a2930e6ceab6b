"""Three notes in one output: whoever hears them there knows what it is."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Final

import numpy as np

from perfstudio.capture.devices.headphones import PlayedBlock, open_headphones
from perfstudio.model.errors import DeviceError, ErrorCode

NOTES_HZ: Final = (440.0, 554.4, 659.3)
"""A, C sharp, E: nothing that a computer says by itself."""
NOTE_S: Final = 0.35
LOUD: Final = 0.2
"""Of full scale: -14 dB, for ears that do not know yet how loud it will be."""
WAKE_S: Final = 5.0
"""How long an output may take to begin to play, and to play them, in seconds."""


def play_notes(output_id: str) -> None:
    """Play them; returns when they were played. Raises DeviceError. It takes two seconds and more."""
    playing = _Playing(output_id)
    try:
        playing.play()
    finally:
        playing.headphones.close()


class _Playing:
    """An output that is waited for, block by block."""

    def __init__(self, output_id: str) -> None:
        self._asked = threading.Condition()
        self._blocks: deque[PlayedBlock] = deque(maxlen=1)
        self.headphones = open_headphones(output_id, self._given)

    def play(self) -> None:
        """From waking up to the last note's end."""
        sound = notes(self.headphones.rate_hz)
        self._await(self.headphones.is_awake)
        self.headphones.load(sound)
        self.headphones.play()
        begun = self._blocks[0].first_sample
        length_s = len(NOTES_HZ) * NOTE_S + self.headphones.latency_s
        end = begun + round(length_s * self.headphones.rate_hz)
        self._await(lambda: self._blocks[0].first_sample >= end)

    def _given(self, block: PlayedBlock) -> None:
        with self._asked:
            self._blocks.append(block)
            self._asked.notify()

    def _await(self, reached: Callable[[], bool]) -> None:
        with self._asked:
            if not self._asked.wait_for(reached, WAKE_S) or not self.headphones.is_well:
                raise DeviceError(ErrorCode.HEADPHONES_REFUSED, id=self.headphones.output.name)


def notes(rate_hz: int) -> bytes:
    """The notes one after the other, each swelling and fading; frames of 16 bit, left and right."""
    at = np.arange(round(NOTE_S * rate_hz)) / rate_hz
    swell = np.hanning(len(at))
    wave = np.concatenate([LOUD * swell * np.sin(2 * np.pi * hz * at) for hz in NOTES_HZ])
    return np.repeat((wave * 32767).astype("<i2"), 2).tobytes()
