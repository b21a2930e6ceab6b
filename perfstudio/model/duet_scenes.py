"""How two agree on one scene that both may play, and hear of no other: what one side's program says, and the answer.

Scenes are named by salted digests, always as many of them, so that what a performer leaves out is neither said nor
counted. Whoever has the pack and bends their own program can still try its scenes one by one: a partner may guess.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from perfstudio.model.base import Document
from perfstudio.model.ids import Slug

SAID: Final = 200
"""Digests in one list: those of scenes, filled up with such as are of none."""

SceneDigest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]
"""The first six bytes of HMAC-SHA-256 of a scene under the salt."""


class ScenesPossible(Document):
    """What the one who begins says: the scenes that are possible here."""

    format: Literal["perfstudio-duet-scenes/1"] = "perfstudio-duet-scenes/1"
    salt: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    """Drawn for this line."""
    digests: Annotated[tuple[SceneDigest, ...], Field(min_length=SAID, max_length=SAID)]
    """In the order of their letters."""


class SceneDrawn(Document):
    """The answer: one scene that both may play."""

    format: Literal["perfstudio-duet-scene/1"] = "perfstudio-duet-scene/1"
    digest: SceneDigest | None = None
    """The scene; absent: there is none."""
    role: Slug | None = None
    """Who is played by the one who began."""
