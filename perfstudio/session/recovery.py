"""What to do at start about takes that were cut short. Idempotent, deletes nothing, never blocks the start.

A folder whose recovery has been interrupted three times is left as it is and reported; its files stay where they are.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from perfstudio.library.library import Library
from perfstudio.model.errors import ErrorCode, LibraryError, PerfstudioError
from perfstudio.session.calibration import UNCALIBRATED, Calibration
from perfstudio.session.takes_making import recover_take

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recovery:
    """What was made whole, and what was left with the reason."""

    recovered: tuple[str, ...]
    left: tuple[tuple[str, PerfstudioError], ...]


def recover_unsealed(
    library: Library,
    calibration: Calibration = UNCALIBRATED,
    told: Callable[[str], None] = lambda _: None,
) -> Recovery:
    """Seal every unfinished folder that holds something readable and that no live recorder writes to."""
    recovered: list[str] = []
    left: list[tuple[str, PerfstudioError]] = []
    for opened in library.unsealed():
        if not library.claim(opened.take_id):
            continue
        try:
            recover_take(library, opened, calibration)
        except PerfstudioError as problem:
            library.release(opened.take_id)
            if problem.code is not ErrorCode.NOTHING_RECORDED or not library.drop_empty(opened.take_id):
                left.append((opened.take_id, problem))
        except Exception as problem:  # noqa: BLE001 - one damaged take must not keep the others
            _log.exception("recovery of one take ended badly")
            library.release(opened.take_id)
            damaged = LibraryError(ErrorCode.TAKE_DAMAGED, take=opened.take_id, detail=type(problem).__name__)
            left.append((opened.take_id, damaged))
        else:
            recovered.append(opened.take_id)
            told(opened.take_id)
    return Recovery(tuple(recovered), tuple(left))
