"""How the documents of a take are written: as people and other programs read them."""

from __future__ import annotations

import json

from perfstudio.model.base import Document


def as_written(document: Document) -> bytes:
    """Indented UTF-8. What is hashed in a receipt are these very bytes."""
    return json.dumps(document.to_json(), indent=2, ensure_ascii=False).encode() + b"\n"
