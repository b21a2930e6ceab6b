"""known-time.json: the latest moment that this home has seen proof of, so that a clock set back brings nothing back."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from perfstudio.model.base import Document
from perfstudio.model.dates import Moment


class SeenTime(Document):
    """The highest time seen, and how far the clock was ahead of a receiver's when they were compared last."""

    format: Literal["perfstudio-known-time/1"] = "perfstudio-known-time/1"
    highest: Moment
    """Of the last signature, of what a receiver said, or of the clock when the performer said that it is right."""
    by: Annotated[str, StringConstraints(max_length=80)] = ""
    """The id of the studio whose receiver said it; empty for this home itself."""
    ahead_s: int = Field(default=0, ge=0)
    """Seconds that the clock was ahead of that receiver."""
    clock: Moment | None = None
    """What the clock said then."""
