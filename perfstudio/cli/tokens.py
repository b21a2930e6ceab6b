"""The token that a studio gave, from a file."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.model.typed_text import typed_text

LARGEST = 16 << 10


def read_token(file: Path) -> str:
    """The one line of a token file. Raises DeliveryError(TOKEN_UNREADABLE, file, detail).

    What names no file may be the token itself, typed in its place: it is not repeated.
    """
    named = {"file": file.name} if os.path.lexists(file) else {}
    try:
        with file.open("rb") as handle:
            token = typed_text(handle.read(LARGEST)).strip()
    except OSError as problem:
        detail = "missing" if isinstance(problem, FileNotFoundError) else _code(problem)
        raise DeliveryError(ErrorCode.TOKEN_UNREADABLE, detail=detail, **named) from None
    except UnicodeDecodeError:
        raise DeliveryError(ErrorCode.TOKEN_UNREADABLE, detail="not_a_token", **named) from None
    if not token or not all("!" <= c <= "~" for c in token):
        raise DeliveryError(ErrorCode.TOKEN_UNREADABLE, detail="not_a_token" if token else "empty", **named)
    return token


def _code(problem: OSError) -> str:
    return errno.errorcode.get(problem.errno or 0, "unreadable")
