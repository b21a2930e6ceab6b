"""How the documents of a take are written: as people and other programs read them."""

from __future__ import annotations

import json
import re
from typing import Any

from pydantic_core import to_json

from perfstudio.model.base import Document

_TINY_OR_HUGE = re.compile(rb" -?(?:[0-9][0-9.]*e|0\.0000)")
"""Where a number may stand that the two encoders write in two ways, or a text that looks like one."""


def as_written(document: Document) -> bytes:
    """Indented UTF-8. What is hashed in a receipt are these very bytes."""
    return indented(document.to_json()) + b"\n"


def indented(plain: dict[str, Any]) -> bytes:
    """The bytes of `json.dumps(plain, indent=2, ensure_ascii=False)`, in a tenth of its time."""
    written = to_json(plain, indent=2)
    if _TINY_OR_HUGE.search(written):
        return json.dumps(plain, indent=2, ensure_ascii=False).encode()
    return written
