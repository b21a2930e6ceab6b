"""What is built and read before a process is forked: each fork would do it again."""

from __future__ import annotations

import gc

from perfstudio.checks.limits import house_limits
from perfstudio.consent import warnings as _warnings  # noqa: F401 - its phrases
from perfstudio.consent.phrase import Phrase
from perfstudio.consent.warning_rules import rules
from perfstudio.model.base import Document
from perfstudio.packs.reserved import bundled_studio


def build_documents() -> None:
    """The validators of every document that has been imported."""
    waiting = [Document]
    while waiting:
        document = waiting.pop()
        waiting += document.__subclasses__()
        document.model_rebuild()


def read_assets() -> None:
    """What the program reads of its own once in each process, and the phrases that it looks for in terms."""
    bundled_studio()
    rules()
    house_limits()
    for phrase in gc.get_objects():
        if isinstance(phrase, Phrase):
            phrase.search("")
