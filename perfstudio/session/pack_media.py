"""Media of a pack are opened before the pack is in: by a process with limits, and never by the window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from perfstudio.model.errors import ErrorCode, PackError
from perfstudio.model.media_claim import MediaClaim, MediaForm, Unfit
from perfstudio.session.guarded_work import GuardLimits, MediaGuard

LIMITS = GuardLimits(cpu_s=120.0, wall_s=300.0)
"""Two hundred media at most, of which only clips take more than a moment."""
_PROBLEMS = {Unfit.OTHER_KIND: "media_type", Unfit.TOO_COSTLY: "too_costly"}


def first_unfit(files: Sequence[Path]) -> tuple[int, str] | None:
    """The first of these files that is not what its ending says, and why, as a code of PACK_INVALID.

    Raises PackError(UNEXPECTED) where no process can be started to find out.
    """
    found = first_misfit([MediaClaim(str(file.absolute()), _form(file)) for file in files])
    return (found[0], problem_of(found[1])) if found is not None else None


def first_misfit(claims: Sequence[MediaClaim]) -> tuple[int, Unfit] | None:
    """The first of these files that is not what is said of it, and why.

    Raises PackError(UNEXPECTED) where no process can be started to find out.
    """
    try:
        found = MediaGuard().look(claims, LIMITS) if claims else ()
    except OSError as error:
        raise PackError(ErrorCode.UNEXPECTED, detail="no process to open media with") from error
    return next(((at, bad) for at, bad in enumerate(found) if bad is not None), None)


def problem_of(bad: Unfit) -> str:
    """Why, as a code of PACK_INVALID."""
    return _PROBLEMS.get(bad, "damaged")


def _form(file: Path) -> MediaForm:
    """The ending was given by what the file begins with (`packs.file_type`)."""
    ending = file.suffix.removeprefix(".").lower()
    return MediaForm.CLIP if ending == "mp4" else MediaForm(ending)
