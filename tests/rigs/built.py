"""Documents whose validators are built before a process is forked: each fork would build them again."""

from __future__ import annotations

from perfstudio.model.base import Document


def build_documents() -> None:
    """Every document that has been imported."""
    waiting = [Document]
    while waiting:
        document = waiting.pop()
        waiting += document.__subclasses__()
        document.model_rebuild()
