"""Partners' clips as they come from a studio, and as they go again: what is here is what their performers signed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from perfstudio.delivery.clip_calls import ClipWire, append
from perfstudio.durable import disk_error, private_folder, sha256_of
from perfstudio.model.clip import ClipDocument
from perfstudio.model.clip_waiting import ClipFetched, ClipLeft, ClipsWaiting
from perfstudio.model.clock import utc_now
from perfstudio.model.errors import ErrorCode, LibraryError, MediaError, PerfstudioError
from perfstudio.session.clips.arrival import scene_of
from perfstudio.session.home import Home

_NOT_FOR_GOOD: Final = "too_costly"
"""A busy computer may need longer for a clip than is allowed: it is tried again."""


@dataclass(slots=True)
class Came:
    """What came of asking one studio about partners' clips, so far."""

    here: list[ClipDocument] = field(default_factory=list)
    unfit: list[PerfstudioError] = field(default_factory=list)
    refused: list[MediaError] = field(default_factory=list)
    deleted: list[ClipFetched] = field(default_factory=list)
    problems: list[PerfstudioError] = field(default_factory=list)


class ClipsComing:
    """Of one home."""

    def __init__(self, home: Home) -> None:
        self._home, self._away = home, home.clip_papers

    def hear(self, wire: ClipWire, studio_id: str, waiting: ClipsWaiting, came: Came) -> None:
        """What was taken back goes, what waits comes, and what is kept here no longer is told. Raises DeliveryError
        where the line broke."""
        for clip_id in waiting.gone:
            came.deleted += self._delete(wire, clip_id)
        for left in waiting.clips:
            try:
                self._one(wire, studio_id, left, came)
            except (MediaError, LibraryError) as problem:
                came.problems.append(problem)
        for paper in self._away.fetched():
            if paper.left.studio_id == studio_id and (paper.deleted_at or paper.refused) and not paper.told:
                wire.deleted(paper.left.clip.clip_id)
                self._away.keep_fetched(paper.model_copy(update={"told": True}))

    def _one(self, wire: ClipWire, studio_id: str, left: ClipLeft, came: Came) -> None:
        """A clip that waits here, once: on where it broke off, and only as its performer signed it."""
        if any(_settles(paper, left) for paper in self._away.fetched()):
            return
        if left.public_key is None or not left.is_signed_by(left.public_key) or left.studio_id != studio_id:
            self._refuse(left, _not_as_said(left, "signature"), came)
            return
        part = self._away.part(left.clip.clip_id)
        if not self._come(wire, left, part):
            return
        try:
            kept = self._home.clips.store.take_in(part)
        except MediaError as problem:
            if problem.facts.get("detail") == _NOT_FOR_GOOD:
                raise
            self._refuse(left, _called(problem, left), came)
            return
        finally:
            self._away.drop_part(left.clip.clip_id)
        if kept.clip != left.clip:
            self._home.clips.store.remove(kept)
            self._refuse(left, _not_as_said(left, "clip.json"), came)
            return
        self._away.keep_fetched(ClipFetched(left=left))
        came.here.append(kept.clip)
        try:
            scene_of(self._home, kept.clip, kept.file)
        except PerfstudioError as problem:
            came.unfit.append(problem)

    def _refuse(self, left: ClipLeft, problem: MediaError, came: Came) -> None:
        """It is said once, and not asked for again: its bytes are the ones that its performer signed."""
        self._away.keep_fetched(ClipFetched(left=left, refused=problem.code.value))
        came.refused.append(problem)

    def _come(self, wire: ClipWire, left: ClipLeft, part: Path) -> bool:
        """All of its bytes; False where it was taken back on the way: then nothing of it is left here."""
        clip_id = left.clip.clip_id
        try:
            private_folder(part.parent.parent)
            private_folder(part.parent)
            at = part.stat().st_size if part.is_file() else 0
            if at > left.size:
                self._away.drop_part(clip_id)
                at = 0
            while at < left.size:
                piece = wire.fetch(clip_id, at, left.size)
                if piece is None:
                    self._away.drop_part(clip_id)
                    return False
                append(part, piece)
                at += len(piece)
            with part.open("rb") as file:
                same = sha256_of(file) == left.sha256
        except OSError as problem:
            raise disk_error(problem, part, LibraryError) from problem
        if not same:
            self._away.drop_part(clip_id)
            raise _not_as_said(left, "sha256")
        return True

    def _delete(self, wire: ClipWire, clip_id: str) -> tuple[ClipFetched, ...]:
        """Delete what is here of a clip, look that nothing is left, and only then say so."""
        self._away.drop_part(clip_id)
        store = self._home.clips.store
        for kept in store.all():
            if kept.clip.clip_id == clip_id and not store.remove(kept):
                return ()  # a file of it is open: it is asked for again
        gone: list[ClipFetched] = []
        for paper in self._away.fetched():
            if paper.left.clip.clip_id == clip_id and paper.gone_at is None:
                gone.append(paper.model_copy(update={"gone_at": utc_now(), "told": True}))
                self._away.keep_fetched(gone[-1])
        wire.deleted(clip_id)
        return tuple(gone)


def _settles(paper: ClipFetched, left: ClipLeft) -> bool:
    """Whether this clip came already. One that was refused may come again as something else, and one that the studio
    took away may be named for this performer again."""
    if paper.left.clip.clip_id != left.clip.clip_id or paper.gone_at is not None:
        return False
    return paper.refused is None or paper.left == left


def _not_as_said(left: ClipLeft, where: str) -> MediaError:
    return MediaError(ErrorCode.CLIP_INVALID, file=left.clip.scene.title, where=where, problem="not_as_said")


def _called(problem: MediaError, left: ClipLeft) -> MediaError:
    """The same of the clip as its partner knows it: the file on the way has a number for a name."""
    return MediaError(problem.code, **(problem.facts | {"file": left.clip.scene.title}))
