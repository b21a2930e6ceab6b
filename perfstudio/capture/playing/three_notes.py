"""Three notes in one output: whoever hears them there knows what it is."""

from __future__ import annotations

import threading
import time
from typing import Final

import numpy as np

from perfstudio.capture.devices.headphones import Headphones, open_headphones
from perfstudio.model.errors import DeviceError, ErrorCode

NOTES_HZ: Final = (440.0, 554.4, 659.3)
"""A, C sharp, E: nothing that a computer says by itself."""
NOTE_S: Final = 0.35
LOUD: Final = 0.2
"""Of full scale: -14 dB, for ears that do not know yet how loud it will be."""
WAKE_S: Final = 5.0
"""How long an output may take to begin to play, in seconds."""
_LOOK_S: Final = 0.05


def play_notes(output_id: str) -> None:
    """Play them; returns when they were played. Raises DeviceError. It takes two seconds and more."""
    headphones = open_headphones(output_id, lambda _: None)
    try:
        headphones.load(notes(headphones.rate_hz))
        _wake(headphones)
        headphones.play()
        threading.Event().wait(len(NOTES_HZ) * NOTE_S + headphones.latency_s + 0.3)
    finally:
        headphones.close()


def notes(rate_hz: int) -> bytes:
    """The notes one after the other, each swelling and fading; frames of 16 bit, left and right."""
    at = np.arange(round(NOTE_S * rate_hz)) / rate_hz
    swell = np.hanning(len(at))
    wave = np.concatenate([LOUD * swell * np.sin(2 * np.pi * hz * at) for hz in NOTES_HZ])
    return np.repeat((wave * 32767).astype("<i2"), 2).tobytes()


def _wake(headphones: Headphones) -> None:
    until = time.monotonic() + WAKE_S
    while not headphones.is_awake():
        if time.monotonic() > until or not headphones.is_well:
            raise DeviceError(ErrorCode.HEADPHONES_REFUSED, id=headphones.output.name)
        time.sleep(_LOOK_S)
