"""Small documents of the home: read strictly at every question, laid aside and said once when they are damaged; and
written whole."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import TypeVar

from perfstudio.durable import disk_error, read_plain, write_durably
from perfstudio.model.base import Document
from perfstudio.model.errors import LibraryError
from perfstudio.model.reading import read_document
from perfstudio.model.strict_json import JsonProblemError
from perfstudio.session.set_aside import SetAside, SetAsideKind, Tell, lay_aside

Kind = TypeVar("Kind", bound=Document)
_MOST_BYTES = 4_000_000


def read_or_lay_aside(file: Path, kind: type[Kind], what: SetAsideKind, tell: Tell) -> Kind | None:
    """The document in `file`, or None where there is none.

    A damaged one is None, too: it is laid aside, and `tell` hears of it. One that cannot be read for now (no
    permission, a drive that is gone) stays where it is.
    """
    try:
        return read_document(read_plain(file, _MOST_BYTES), kind, limit=_MOST_BYTES, own_words=True)
    except JsonProblemError:
        damaged = True
    except OSError as problem:
        damaged = problem.errno == errno.EFBIG
    aside = lay_aside(file) if damaged else None
    if aside is not None:
        tell(SetAside(what, aside))
    return None


def write_home_document(file: Path, document: Document) -> None:
    """In the place of what is there. Raises LibraryError for the disk."""
    try:
        write_durably(file, document.model_dump_json(indent=2).encode())
    except OSError as error:
        raise disk_error(error, file.parent, LibraryError, file=file.name) from error
