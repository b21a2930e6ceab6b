"""A statement that was read aloud, as it is signed with."""

from __future__ import annotations

from dataclasses import dataclass

from perfstudio.model.base import sha256_hex
from perfstudio.model.spoken import SpokenStatement


@dataclass(frozen=True, slots=True)
class ReadAloud:
    """A recording in which a voice was heard, ready to be kept; and the words that were to be read."""

    sound: bytes
    """The FLAC file."""
    duration_s: float
    text: str
    language: str

    def statement(self) -> SpokenStatement:
        """What the record says of it."""
        return SpokenStatement(
            sha256=sha256_hex(self.sound),
            size=len(self.sound),
            duration_s=self.duration_s,
            text=self.text,
            language=self.language,
        )
