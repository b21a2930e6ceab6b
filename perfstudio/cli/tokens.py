"""The token that a studio gave, from a file."""

from __future__ import annotations

import errno
from pathlib import Path

from perfstudio.model.errors import DeliveryError, ErrorCode

LARGEST = 16 << 10


def read_token(file: Path) -> str:
    """The one line of a token file. Raises DeliveryError(TOKEN_UNREADABLE, file, detail)."""
    try:
        with file.open("rb") as handle:
            token = handle.read(LARGEST).decode("ascii").strip()
    except OSError as problem:
        detail = "missing" if isinstance(problem, FileNotFoundError) else _code(problem)
        raise DeliveryError(ErrorCode.TOKEN_UNREADABLE, file=file.name, detail=detail) from None
    except UnicodeDecodeError:
        raise DeliveryError(ErrorCode.TOKEN_UNREADABLE, file=file.name, detail="not_a_token") from None
    if not token or not all("!" <= c <= "~" for c in token):
        raise DeliveryError(ErrorCode.TOKEN_UNREADABLE, file=file.name, detail="not_a_token" if token else "empty")
    return token


def _code(problem: OSError) -> str:
    return errno.errorcode.get(problem.errno or 0, "unreadable")
