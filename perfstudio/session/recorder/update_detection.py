"""Whether the program's files are still those it was started from.

An update under an open window would put a new recorder at the end of an old window's pipe. Code that runs already goes
on unharmed; what is started next would be the new one.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import perfstudio


class ProgramFiles:
    """The program's files as they were when this was made."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or Path(perfstudio.__file__).parent
        self._seen = self._stamp()

    def replaced(self) -> bool:
        """Whether any file was written anew, added or taken away since."""
        return self._stamp() != self._seen

    def _stamp(self) -> frozenset[tuple[str, int, int]]:
        """(path, time of writing in ns, size) of each source file, or of the one file that a packed program is."""
        if getattr(sys, "frozen", False):
            return frozenset(_stamp_of(Path(sys.executable)))
        places = os.walk(self._folder)
        sources = (Path(place, name) for place, _, names in places for name in names if name.endswith(".py"))
        return frozenset(stamp for source in sources for stamp in _stamp_of(source))


def _stamp_of(file: Path) -> list[tuple[str, int, int]]:
    try:
        found = file.stat()
    except OSError:  # gone since it was listed: an update is at work
        return []
    return [(str(file), found.st_mtime_ns, found.st_size)]
