"""PACK_INVALID: where a pack does not keep to its form, as a plain path, and which rule it breaks, as a code.

Codes of `problem` come from the reader of documents (`model.reading`), from the cross references (`packs.cross`) and
from the zip (`packs.zipped`).
"""

from __future__ import annotations

from perfstudio.model.errors import ErrorCode, PackError


def invalid(file: str, where: str, problem: str, **facts: str | int | float) -> PackError:
    """PACK_INVALID with its facts."""
    return PackError(ErrorCode.PACK_INVALID, file=file, where=where, problem=problem, **facts)
