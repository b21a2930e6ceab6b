"""What each of two says of themselves once their computers are connected, before anything else goes over the line."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from perfstudio.model.base import Document


class DuetTerms(Document):
    """One side's word to the other. No name, no address."""

    format: Literal["perfstudio-duet-terms/1"] = "perfstudio-duet-terms/1"
    performer_id: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    """A pseudonym: the performer id of their takes."""
    adult: bool
    """The performer stated to be 18 or older."""
    draws: bool = False
    """A scene is to be drawn out of those that both may play; else each has named it."""
    records: bool = False
    """A take is to be recorded; else the line is only tried."""
