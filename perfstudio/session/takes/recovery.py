"""What to do at start about takes that were cut short. Idempotent, deletes nothing, never blocks the start.

A folder whose recovery was begun three times and never came to an end (it took the program down with it, say) is left
as it is and reported at every later start; its files stay where they are, and asking for it by name tries once more.
"""

from __future__ import annotations

import contextlib
import logging
import os
from dataclasses import dataclass
from pathlib import Path

from perfstudio.library.library import Library
from perfstudio.library.take_row import OpenTake
from perfstudio.model.checks import FaceModel
from perfstudio.model.errors import ErrorCode, LibraryError, PerfstudioError
from perfstudio.session.offset_store import ForDevices, none_measured
from perfstudio.session.takes.partner_clips import ClipOf, no_clip
from perfstudio.session.takes.take_lifecycle import recover_take

TRIES = 3
TALLY = "recoveries"
"""A file in `raw/`: one byte for every recovery that was begun."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recovery:
    """What was made whole, and what was left with the reason."""

    recovered: tuple[str, ...]
    left: tuple[tuple[str, PerfstudioError], ...]


def recover_unsealed(
    library: Library,
    calibration: ForDevices = none_measured,
    face_model: FaceModel | None = None,
    *,
    clip_of: ClipOf = no_clip,
    even_after_tries: bool = False,
    apart: bool = False,
) -> Recovery:
    """Seal every unfinished folder that holds something readable and that no live recorder writes to.

    `clip_of` finds the clip of a partner that was played, so that how much of it is heard is measured as after a cut.
    With `apart` each is made whole in a process of its own, and what brings that down brings nothing else down.
    """
    recovered: list[str] = []
    left: list[tuple[str, PerfstudioError]] = []
    for opened in library.unsealed():
        if not library.claim(opened.take_id):
            continue
        try:
            begun = _begin(opened, even_after_tries=even_after_tries)
            try:
                recover_take(library, opened, calibration, face_model=face_model, clip=clip_of(opened), apart=apart)
            except Exception as problem:
                if isinstance(problem, PerfstudioError) and problem.code is ErrorCode.RECORDER_DIED:
                    raise _left(opened, "recovery_died") from problem
                _came_to_an_end(opened, begun)
                raise
        except PerfstudioError as problem:
            library.release(opened.take_id)
            if problem.code is not ErrorCode.NOTHING_RECORDED or not library.drop_empty(opened.take_id):
                left.append((opened.take_id, problem))
        except Exception as problem:  # noqa: BLE001 - one damaged take must not keep the others
            _log.exception("recovery of one take ended badly")
            library.release(opened.take_id)
            left.append((opened.take_id, _left(opened, type(problem).__name__)))
        else:
            recovered.append(opened.take_id)
    return Recovery(tuple(recovered), tuple(left))


def _begin(opened: OpenTake, *, even_after_tries: bool) -> int:
    """How many recoveries were begun before this one. Raises LibraryError when they were too many."""
    tally = _tally(opened)
    begun = _begun(tally)
    if begun >= TRIES and not even_after_tries:
        raise _left(opened, "recovery_interrupted")
    with contextlib.suppress(OSError), tally.open("ab") as file:  # a full disk is no reason not to try
        file.write(b".")
    return begun


def _left(opened: OpenTake, why: str) -> LibraryError:
    return LibraryError(ErrorCode.TAKE_DAMAGED, take=opened.take_id, detail=why)


def _came_to_an_end(opened: OpenTake, begun: int) -> None:
    """If not to a good one: only what is cut short is counted."""
    with contextlib.suppress(OSError):
        os.truncate(_tally(opened), begun)


def _tally(opened: OpenTake) -> Path:
    return opened.folder / "raw" / TALLY


def _begun(tally: Path) -> int:
    try:
        return tally.stat().st_size
    except OSError:
        return 0
