"""What a media file of somebody else says it is, and why it is not: what crosses to the process that plays it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MediaForm(StrEnum):
    """What a file says it is."""

    FILM = "film"  # an MP4 of one film, and perhaps its sound
    SILENT_FILM = "silent_film"  # an MP4 of one film, and nothing else
    CLIP = "clip"  # an MP4 of anything that can be played
    FLAC = "flac"
    WAV = "wav"
    JPEG = "jpg"
    PNG = "png"
    WEBP = "webp"


class Unfit(StrEnum):
    """Why a file is not what it says."""

    OTHER_KIND = "other_kind"
    CUT_SHORT = "cut_short"  # or damaged in more than a spot
    OTHER_LENGTH = "other_length"
    OTHER_SHAPE = "other_shape"  # size of the picture, rate or channels of the sound
    TOO_COSTLY = "too_costly"  # more memory or time than such a file may need
    BREAKS_PLAYER = "breaks_player"  # the process that played it died


@dataclass(frozen=True, slots=True)
class MediaClaim:
    """One file (its absolute path), what it says it is, and what is said of it elsewhere; None: nothing is."""

    file: str
    form: MediaForm
    duration_s: float | None = None
    pictures: int | None = None
    width: int | None = None
    height: int | None = None
    rate_hz: int | None = None
    channels: int | None = None
    samples: int | None = None
    """Of each channel, exactly."""
    fps: float | None = None
    """Pictures a second, measured over the file."""
