"""How a take was played: its language, and the accent and age that were put on. It is what the performer says of the
playing, and no guess at the performer."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field, StringConstraints

from perfstudio.model.base import Document
from perfstudio.model.prompt import Language
from perfstudio.model.spoken import only_when_said

OLDEST: Final = 120
"""Years that a character may have lived."""
UNSAID: Final = "und"
"""The tag for a language that nobody has named (ISO 639-2: undetermined)."""


class Played(Document):
    """How it was played, by the performer's own word; the scene may have asked for something else."""

    language: Language
    """The language that was spoken, as a BCP 47 tag; the pack's own while the performer says nothing else."""
    accent: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = only_when_said()
    """The accent or dialect that was played, in the performer's words."""
    age: Annotated[int, Field(ge=0, le=OLDEST)] | None = only_when_said()
    """The age that was played, in years. It says nothing about the performer."""
