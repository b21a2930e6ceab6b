"""A statement that is read aloud: as a pack asks for it beside its terms, and as it stands in the record."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import Field, StringConstraints

from perfstudio.model.base import Document
from perfstudio.model.ids import Sha256

NAME: Final = "{name}"
"""Where the name stands in the wording with a name."""
MOST_LETTERS: Final = 1000
"""Of a statement: what a person reads aloud in about a minute."""
LONGEST_NAME: Final = 200
"""Of a name in it, in letters: that of a name that is signed."""
LONGEST_S: Final = 180.0
"""The longest recording of one."""
MOST_BYTES: Final = 72 << 20
"""Of its file: three minutes of one channel of 16 bits at 192 kHz, packed or not."""


def _absent(value: object) -> bool:
    return value is None


def only_when_said(**more: Any) -> Any:
    """A field that is left out while it has nothing to say, so that what is older keeps its hash."""
    return Field(default=None, exclude_if=_absent, **more)


class SpokenRequest(Document):
    """That the performer reads a statement aloud when they sign."""

    statement: Annotated[str, StringConstraints(min_length=1, max_length=MOST_LETTERS, pattern=r"^[^{}]+$")]
    """What is read, in the language of the terms. It names nobody."""
    with_name: Annotated[str, StringConstraints(max_length=MOST_LETTERS, pattern=r"^[^{}]*\{name\}[^{}]*$")] | None = (
        None
    )
    """The same with `{name}` in it, for performers who want to say their name; null: no name is spoken."""
    required: bool = False
    """Nothing may be allowed without it. Not required: the performer chooses whether to read it."""
    why: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    """What it is for, in one line."""

    def words(self, name: str = "") -> str:
        """The exact words to read; with a name where one is wanted and the request has a place for it."""
        if name and self.with_name is not None:
            return self.with_name.replace(NAME, name)
        return self.statement


class SpokenStatement(Document):
    """In a consent record: the recording of the statement, by its hash. The file lies beside the record."""

    sha256: Sha256
    """SHA-256 of the file."""
    size: int = Field(ge=1, le=MOST_BYTES)
    """Bytes of the file."""
    duration_s: float = Field(ge=0, le=LONGEST_S)
    """Its length in seconds."""
    text: Annotated[str, StringConstraints(min_length=1, max_length=MOST_LETTERS + LONGEST_NAME)]
    """The exact words that were shown to be read."""
    language: str
    """The language of these words, as a BCP 47 tag."""
