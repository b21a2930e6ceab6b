"""played-files.json: which files of this computer takes were last played to.

A take holds no path. One that was cut short is made whole by the next start, and what the microphone heard of its
partner is measured against the very file; so the home remembers where it lay.
"""

from __future__ import annotations

import contextlib
import logging
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field

from perfstudio.durable import is_file, read_plain, sha256_of, write_durably
from perfstudio.model.base import Document
from perfstudio.model.reading import read_document
from perfstudio.model.strict_json import JsonProblemError

MOST: Final = 20
"""Files that are remembered."""
_BYTES: Final = 1 << 20
_log = logging.getLogger(__name__)


class PlayedFilesBook(Document):
    """The file."""

    files: Annotated[tuple[str, ...], Field(max_length=MOST)] = ()
    """Absolute paths, the last one that was played first."""


class PlayedFiles:
    """Of one home. No take fails for its sake."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def note(self, played: Path) -> None:
        """A take is about to be played to this file, an absolute path."""
        others = (one for one in self._book() if one != str(played))
        book = PlayedFilesBook(files=(str(played), *others)[:MOST])
        try:
            write_durably(self._file, book.canonical())
        except OSError:
            _log.warning("where the partner's file lies could not be written down", exc_info=True)

    def of(self, sha256: str) -> Path | None:
        """The file with these very bytes, where it is still there."""
        for path in map(Path, self._book()):
            with contextlib.suppress(OSError):
                if is_file(path) and _sha256(path) == sha256:
                    return path
        return None

    def _book(self) -> tuple[str, ...]:
        try:
            return read_document(read_plain(self._file, _BYTES), PlayedFilesBook, limit=_BYTES, own_words=True).files
        except (OSError, JsonProblemError):
            return ()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return sha256_of(file)
