"""The one canonical form that is hashed and signed: RFC 8785 (JSON Canonicalization Scheme).

Nearly every value of ours is written alike by Python's own encoder, which is compiled. What it would write in another
way, or not at all, is left to `rfc8785`, and so are refusals.
"""

from __future__ import annotations

import json
from typing import Any

import rfc8785

_EXACT = 2**53
"""Below it a whole number is the same as an integer and as a float."""
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, check_circular=False).encode


class _OtherwiseError(Exception):
    """The two would not write this alike."""


def canonical_bytes(value: Any) -> bytes:
    """RFC 8785 bytes of a plain JSON value: what is hashed and what is signed."""
    try:
        return _encode(_alike(value)).encode()
    except (_OtherwiseError, TypeError, UnicodeEncodeError, RecursionError):
        return rfc8785.dumps(value)


def _alike(value: Any) -> Any:
    """The value as Python's encoder has to be given it, or _OtherwiseError."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return value
    if kind is dict and "".join(value).isascii():  # other names may stand in another order: there it goes by UTF-16
        return {name: _alike(item) for name, item in value.items()}
    if kind is list:
        return [_alike(item) for item in value]
    if kind is int or kind is float:
        return _number(value)
    raise _OtherwiseError


def _number(value: float) -> float:
    """Whole numbers have no point; others are written alike as long as neither writes an exponent."""
    if abs(value) < _EXACT and value == int(value):
        return int(value)
    if isinstance(value, float) and 1e-4 <= abs(value) < _EXACT:
        return value
    raise _OtherwiseError
