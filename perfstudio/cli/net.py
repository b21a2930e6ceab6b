"""The last net: a failure that nobody expected becomes one plain line, and what a maintainer needs goes to a file.

A net that catches something is a fault of the program: everything that may go wrong with files, devices, papers and
networks is a `PerfstudioError` long before.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import traceback
from pathlib import Path

from perfstudio.model.clock import utc_now
from perfstudio.model.errors import ErrorCode, PerfstudioError
from perfstudio.paths import AppPaths


def caught(problem: Exception, home: Path | None) -> PerfstudioError:
    """The failure as one that can be said; its traceback is kept beside the logs, or where the system keeps what is
    soon forgotten."""
    text = "".join(traceback.format_exception(problem))
    for folder in _folders(home):
        with contextlib.suppress(OSError, ValueError):
            file = folder / f"unexpected-{utc_now():%Y%m%d-%H%M%S-%f}.txt"
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as out:
                out.write(text)
            return PerfstudioError(ErrorCode.UNEXPECTED, file=str(file))
    return PerfstudioError(ErrorCode.UNEXPECTED)


def _folders(home: Path | None) -> list[Path]:
    found = [Path(tempfile.gettempdir())]
    with contextlib.suppress(OSError, RuntimeError, ValueError, PerfstudioError):
        found.insert(0, AppPaths.choose(home).logs)
    return found
