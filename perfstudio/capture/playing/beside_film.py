"""The files of a partner that are played beside a take, and where they lie on it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from perfstudio.model.heard_times import HeardTimes


@dataclass(frozen=True, slots=True)
class BesideFilm:
    """`sound` is the clip that was heard, from its sample `first_sample` on, at the rate of its file. `picture` is a
    file that begins at second `picture_from_s` of the clip; None where its performer lets nothing be seen."""

    sound: Path
    picture: Path | None
    times: HeardTimes
    first_sample: int = 0
    gain_db: float = 0.0
    picture_from_s: float = 0.0
