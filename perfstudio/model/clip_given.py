"""clips.json beside a take: which clips of it went out as files, and what was agreed to before each."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from perfstudio.model.base import Document
from perfstudio.model.clip import ClipAgreed
from perfstudio.model.delivery import Uuid
from perfstudio.model.ids import Sha256
from perfstudio.model.two_in_a_scene import TakeRef

MOST_CLIPS = 1000
"""Clips that are remembered of one take."""


class ClipGiven(Document):
    """One clip that went out."""

    clip_id: Uuid
    """The same in every copy of the file."""
    file: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    """What the file was called, without its folder."""
    size: int = Field(ge=1)
    """Bytes of the file."""
    sha256: Sha256
    """SHA-256 of the file."""
    from_s: float
    """Where in the take it begins, in seconds of take time."""
    to_s: float
    """Where it ends."""
    agreed: ClipAgreed
    """What was agreed to, when, and until when it may be kept."""


class ClipsGiven(Document):
    """Every clip that was made of one take, the last one first."""

    format: Literal["perfstudio-clips-given/1"] = "perfstudio-clips-given/1"
    take_id: TakeRef
    """The take that it lies beside."""
    clips: Annotated[tuple[ClipGiven, ...], Field(max_length=MOST_CLIPS)] = ()
