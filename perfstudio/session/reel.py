"""A take, or the part between its in and out points, as a film for the performer's own reel: whole, or not there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from perfstudio.capture.finishing.slate import SlatePicture
from perfstudio.durable import disk_error, remove, replace_durably
from perfstudio.model.errors import ErrorCode, LibraryError, MediaError
from perfstudio.model.take import FILE_NAMES, FileRole
from perfstudio.session.reel_made import ReelMade
from perfstudio.session.takes.takes import Takes


def make_reel(
    takes: Takes,
    take_id: str,
    final: Path,
    *,
    whole: bool,
    slate: SlatePicture | None = None,
    tick: Callable[[float], bool] = lambda _: True,
) -> ReelMade | None:
    """Make `final` (an MP4 file) and a WAV file of its name beside it; None when `tick` ended it. What lay under
    `final` is replaced, a WAV file of that name is not: then another name is taken.

    Only the take's own picture and microphone are in it. Raises MediaError (MEDIA_MISSING, MEDIA_UNREADABLE),
    CaptureError and LibraryError; then there is no new file.
    """
    from perfstudio.capture.finishing.reel_media import ReelJob, ReelStoppedError, write_reel  # noqa: PLC0415 - no window opens with a decoder

    manifest = takes.manifest(take_id)
    movie, sound = (takes.file(take_id, role) for role in (FileRole.PICTURE, FileRole.SOUND))
    if not sound.is_file():
        raise MediaError(ErrorCode.MEDIA_MISSING, file=FILE_NAMES[FileRole.SOUND])
    length_s = manifest.duration_s or 0.0
    from_s, to_s = (0.0, length_s) if whole else (manifest.trim.in_s or 0.0, manifest.trim.out_s or length_s)
    job = ReelJob(movie if movie.is_file() else None, sound, from_s, min(to_s, length_s), slate)
    parts = (final.with_name(f".{final.name}.part"), final.with_name(f".{final.stem}.wav.part"))
    wave = _free(final.with_suffix(".wav"))
    try:
        for part in parts:
            remove(part)
        write_reel(job, *parts, tick)
        replace_durably(parts[1], wave)
        replace_durably(parts[0], final)
    except ReelStoppedError:
        return None
    except OSError as problem:
        raise disk_error(problem, final.parent, LibraryError, file=final.name) from problem
    finally:
        for part in parts:
            remove(part)
    return ReelMade(final, wave, job.to_s - job.from_s)


def _free(path: Path) -> Path:
    """A name under which nothing lies: the wanted one, or one with a number."""
    number = 2
    found = path
    while found.exists():
        found = path.with_name(f"{path.stem} ({number}){path.suffix}")
        number += 1
    return found
