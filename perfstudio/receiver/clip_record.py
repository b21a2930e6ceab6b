"""What a receiver knows of one clip that waits: clip.json of its folder, and the folder's files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from perfstudio.model.base import Document
from perfstudio.model.clip_waiting import MOST_FETCHES, ClipFetch, ClipLeft, ClipStanding
from perfstudio.model.dates import Moment
from perfstudio.model.jws import SigningKey


class NamedFetch(ClipFetch):
    """A copy that went out, and the name of the token that it went out to."""

    name: str


class ClipRecord(Document):
    """record.json: a clip that waits, or that has waited."""

    format: Literal["perfstudio-clip-record/1"] = "perfstudio-clip-record/1"
    left: ClipLeft
    """What its performer signed."""
    left_at: Moment
    """When it was announced."""
    whole: bool = False
    """The file came to its end, and is what was said."""
    partner: str | None = None
    """The name of the token that may fetch it, as the studio decided."""
    fetches: Annotated[tuple[NamedFetch, ...], Field(max_length=MOST_FETCHES)] = ()
    taken_back_at: Moment | None = None
    """Its performer took it back, or its take, or its time was over."""
    gone_at: Moment | None = None
    """Nothing of the file is left here since."""

    @property
    def clip_id(self) -> str:
        """Of the clip."""
        return self.left.clip.clip_id

    @property
    def waits(self) -> bool:
        """Whether it may be fetched by whoever was matched."""
        return self.whole and self.taken_back_at is None

    def must_delete(self, name: str) -> bool:
        """Whether this one has a copy, or a part of one, and may keep none."""
        has = any(one.name == name and one.deleted_at is None for one in self.fetches)
        return has and (self.taken_back_at is not None or self.partner != name)

    def begun_by(self, name: str, at: datetime) -> ClipRecord:
        """Its first bytes go out to somebody."""
        if any(one.name == name and one.whole_at is None and one.deleted_at is None for one in self.fetches):
            return self
        return self.model_copy(update={"fetches": (*self.fetches, NamedFetch(name=name, begun_at=at))[-MOST_FETCHES:]})

    def ended_by(self, name: str, at: datetime) -> ClipRecord:
        """Its last bytes go out to them."""
        return self._each(name, lambda one: {} if one.whole_at is not None else {"whole_at": at})

    def deleted_by(self, name: str, at: datetime) -> ClipRecord:
        """Nothing of it is left there."""
        return self._each(name, lambda one: {} if one.deleted_at is not None else {"deleted_at": at})

    def standing(self, studio_id: str, received: int, key: SigningKey) -> ClipStanding:
        """What its performer is told."""
        plain = ({name: value for name, value in one.to_json().items() if name != "name"} for one in self.fetches)
        return ClipStanding(
            studio_id=studio_id,
            clip_id=self.clip_id,
            received=received,
            whole=self.whole,
            matched=self.partner is not None,
            fetches=tuple(ClipFetch.model_validate(one) for one in plain),
            taken_back_at=self.taken_back_at,
            gone_at=self.gone_at,
        ).signed(key)

    def _each(self, name: str, changed: Callable[[NamedFetch], dict[str, datetime]]) -> ClipRecord:
        return self.model_copy(
            update={
                "fetches": tuple(
                    one.model_copy(update=changed(one)) if one.name == name else one for one in self.fetches
                )
            }
        )


FILE, PART = "clip.perfclip", "clip.part"


def media_of(folder: Path) -> tuple[Path, Path]:
    """The file that is whole, and the one that comes."""
    return folder / FILE, folder / PART
