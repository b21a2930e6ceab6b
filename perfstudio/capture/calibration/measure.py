"""From a recorded file, or from a take that was just recorded for this, to an offset or a reason why there is none."""

from __future__ import annotations

from pathlib import Path

from perfstudio.capture.calibration.claps import by_claps
from perfstudio.capture.calibration.film import read_film
from perfstudio.capture.calibration.flashes import by_flashes
from perfstudio.capture.finishing.finish import finish
from perfstudio.model.calibration import Method, Outcome
from perfstudio.model.take import FILE_NAMES, FileRole


def measure_media(
    picture: Path,
    sound: Path | None = None,
    *,
    method: Method = Method.CLAP,
    source_ms: float = 0.0,
    source_sure_ms: float | None = None,
) -> Outcome:
    """Measure a media file. `source_ms`: see `Measurement`; it is for patterns alone. Raises MediaError."""
    film = read_film(picture, sound)
    if method is Method.CLAP:
        return by_claps(film)
    return by_flashes(film, source_ms=source_ms, source_sure_ms=source_sure_ms)


def measure_folder(
    folder: Path, *, method: Method = Method.CLAP, source_ms: float = 0.0, source_sure_ms: float | None = None
) -> Outcome:
    """Measure what a recorder wrote to `folder/raw`, by the clocks' own map and with no offset applied.

    Raises CaptureError, MediaError.
    """
    finish(folder)
    return measure_media(
        folder / FILE_NAMES[FileRole.PICTURE],
        folder / FILE_NAMES[FileRole.SOUND],
        method=method,
        source_ms=source_ms,
        source_sure_ms=source_sure_ms,
    )
