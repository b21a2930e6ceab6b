"""The picture before a film, as whoever draws it hands it over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SLATE_S: Final = 2.0
"""So long it is seen."""


@dataclass(frozen=True, slots=True)
class SlatePicture:
    """BGRX, row by row without gaps."""

    width: int
    height: int
    pixels: bytes
