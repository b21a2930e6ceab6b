"""The sound of a partner's clip, decoded whole before a take rolls: nothing is read or decoded while it plays."""

from __future__ import annotations

import hashlib
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import av
import numpy as np

from perfstudio.capture.playing.decoding import UNREADABLE
from perfstudio.capture.playing.film_sound import FilmSound
from perfstudio.capture.playing.held_file import HeldFile
from perfstudio.model.errors import ErrorCode, MediaError
from perfstudio.model.partner import LONGEST_CLIP_S, ClipToPlay

HEARD: Final = 1e-3
"""A clip whose samples all stay under this (-60 dB below full scale) is silent."""
_OPTIONS: Final = {"protocol_whitelist": ""}
"""FFmpeg reads what is given to it, and opens nothing by itself."""


@dataclass(frozen=True, slots=True)
class PartnerSound:
    """Interleaved 16 bit, left and right, at `rate_hz`."""

    samples: bytes
    rate_hz: int
    sha256: str
    """Of the whole file."""
    file_rate_hz: int
    from_s: float
    """Where in the file it begins."""

    @property
    def frames(self) -> int:
        """Samples per channel."""
        return len(self.samples) // 4


def read_partner(clip: ClipToPlay, rate_hz: int) -> PartnerSound:
    """Decode a clip at a rate.

    Raises MediaError (MEDIA_MISSING, MEDIA_UNREADABLE, PARTNER_NO_SOUND, PARTNER_SILENT, PARTNER_LONG).
    """
    name = clip.file.name
    try:
        digest = _digest(clip.file)
        samples, file_rate_hz = _decoded(clip, rate_hz)
    except FileNotFoundError:
        raise MediaError(ErrorCode.MEDIA_MISSING, file=name) from None
    except UNREADABLE as problem:
        raise MediaError(ErrorCode.MEDIA_UNREADABLE, file=name) from problem
    return PartnerSound(samples, rate_hz, digest, file_rate_hz, clip.from_s)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _decoded(clip: ClipToPlay, rate_hz: int) -> tuple[bytes, int]:
    held, name = HeldFile(clip.file), clip.file.name
    with ExitStack() as stack:
        stack.callback(held.let_go)
        box = stack.enter_context(av.open(cast("Any", held.reader()), "r", options=_OPTIONS))
        if not box.streams.audio:
            raise MediaError(ErrorCode.PARTNER_NO_SOUND, file=name)
        sound = FilmSound(box)
        end_s = sound.end_s if clip.to_s is None else min(clip.to_s, sound.end_s)
        if end_s - clip.from_s > LONGEST_CLIP_S:
            raise MediaError(ErrorCode.PARTNER_LONG, file=name, seconds=LONGEST_CLIP_S)
        whole, loudest = bytearray(), 0.0
        for block in sound.blocks(clip.from_s, end_s, rate_hz, 1.0, 1.0):
            wave = np.frombuffer(block, "<f4")
            loudest = max(loudest, float(np.abs(wave).max(initial=0.0)))
            whole += (np.clip(wave, -1.0, 1.0) * 32767).astype("<i2").tobytes()
    if loudest < HEARD:
        raise MediaError(ErrorCode.PARTNER_SILENT, file=name)
    return bytes(whole), sound.rate_hz
