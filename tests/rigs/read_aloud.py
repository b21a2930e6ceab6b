"""A pack that asks for a statement to be read aloud, and recordings of somebody who reads, or does not."""

from __future__ import annotations

import wave
from pathlib import Path
from typing import Any

import numpy as np

from perfstudio.capture.practice.voice import speech_loop
from rigs.asking_pack import asking_pack

STATEMENT = "I have read the terms of Thresholds, and I agree to what I have turned on."
WITH_NAME = "I am {name}. I have read the terms of Thresholds, and I agree to what I have turned on."


def speaking_pack(*, required: bool = True) -> dict[str, Any]:
    """The asking pack, with a statement in its terms."""
    pack = asking_pack()
    spoken = {"statement": STATEMENT, "with_name": WITH_NAME, "required": required, "why": "So that we know it is you."}
    return pack | {"terms": [terms | {"spoken": spoken} for terms in pack["terms"]]}


def reading(file: Path, seconds: float = 6.0, *, level: float = 1.0, channels: int = 1) -> Path:
    """A WAV of the practice voice; with more channels only the last one has it. Level 0 is silence."""
    voice = np.resize(speech_loop(1), round(seconds * 48_000)) * level
    samples = np.zeros((len(voice), channels), np.int16)
    samples[:, -1] = (voice * 32767).astype(np.int16)
    with wave.open(str(file), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(48_000)
        out.writeframes(samples.tobytes())
    return file
