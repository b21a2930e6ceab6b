"""How a take was played, in one sentence."""

from __future__ import annotations

from perfstudio.language.catalogue import _
from perfstudio.model.played import UNSAID, Played
from perfstudio.texts import languages
from perfstudio.texts.formatting import chain
from perfstudio.texts.template import one_line, quoted


def played_line(played: Played) -> str:
    """Played in English (en-GB), accent: “Leeds”, age: 40."""
    return chain(
        [
            _("Played in {language}", language=languages.name(played.language)) if played.language != UNSAID else "",
            _("accent: {accent}", accent=quoted(one_line(played.accent))) if played.accent else "",
            _("age: {age}", age=played.age) if played.age is not None else "",
        ]
    )
