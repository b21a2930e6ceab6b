"""What is told before signing, as the verbs print it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from perfstudio.cli.output import Output
from perfstudio.consent import warning_words
from perfstudio.language.catalogue import _
from perfstudio.model.consent import Warned


def say_warnings(found: Iterable[Warned], out: Output, *, language: str) -> None:
    """Every finding with its source, the graver first; and that only English prose is read."""
    for one in found:
        out.say(f"  {warning_words.grade(one)} · {warning_words.where(one)}")
        out.say(f"       {warning_words.sentence(one)}")
        out.say(f"       {_('Source: {source}', source=warning_words.source(one))}")
    if language.split("-", maxsplit=1)[0] != "en":
        out.say(_(warning_words.NOT_READ))


def warnings_document(found: Iterable[Warned]) -> list[dict[str, Any]]:
    """The findings for programs."""
    return [one.to_json() | {"source": warning_words.source(one)} for one in found]
