"""Partners' clips in a home, each with what has to be known before it is deleted; and deleting one."""

from __future__ import annotations

from dataclasses import dataclass

from perfstudio.model.clip_waiting import ClipFetched
from perfstudio.model.clock import utc_now
from perfstudio.model.errors import ErrorCode, LibraryError, MediaError, PerfstudioError
from perfstudio.model.take_2 import TakeManifest2
from perfstudio.session.clips.arrival import scene_of
from perfstudio.session.clips.clip_store import KeptClip
from perfstudio.session.home import Home


@dataclass(frozen=True, slots=True)
class ClipHere:
    """A partner's clip in this home."""

    kept: KeptClip
    takes: tuple[str, ...] = ()
    """Takes of this home that were made to it, also those in the bin."""
    paper: ClipFetched | None = None
    """Where it came from a studio, signed by whoever plays in it; None: it came as a file."""
    unfit: PerfstudioError | None = None
    """Why it cannot be played to as things stand here."""

    @property
    def size(self) -> int:
        """Bytes of its media."""
        return sum(member.size for member in self.kept.clip.members.values())


def clips_here(home: Home) -> tuple[ClipHere, ...]:
    """Every one, the last one taken in first."""
    return tuple(about(home, kept) for kept in home.clips.store.all())


def about(home: Home, kept: KeptClip) -> ClipHere:
    """What has to be known of one."""
    try:
        scene_of(home, kept.clip, kept.file)
        unfit = None
    except PerfstudioError as problem:
        unfit = problem
    return ClipHere(kept, _made_to(home, kept), _paper(home, kept), unfit)


def find(home: Home, words: str) -> ClipHere:
    """The one whose id begins so. Raises MediaError(CLIP_UNKNOWN)."""
    found = [kept for kept in home.clips.store.all() if kept.clip.clip_id.startswith(words.casefold())]
    if len(found) != 1 or not words:
        raise MediaError(ErrorCode.CLIP_UNKNOWN, id=words[:80])
    return about(home, found[0])


def delete(home: Home, clip: ClipHere) -> None:
    """Nothing of it is left here afterwards, and it does not come again by itself. Raises MediaError(CLIP_IN_USE) where
    something of it is left, LibraryError for the disk."""
    if not home.clips.store.remove(clip.kept):
        raise MediaError(ErrorCode.CLIP_IN_USE, file=clip.kept.file)
    if clip.paper is not None:
        home.clip_papers.keep_fetched(clip.paper.model_copy(update={"deleted_at": utc_now()}))


def _paper(home: Home, kept: KeptClip) -> ClipFetched | None:
    return next((paper for paper in home.clip_papers.fetched() if paper.left.clip == kept.clip), None)


def _made_to(home: Home, kept: KeptClip) -> tuple[str, ...]:
    scene, found = kept.clip.scene, list[str]()
    for row in home.library.list():
        if (row.pack_id, row.prompt_id) != (scene.pack_id, scene.prompt_id):
            continue
        try:
            manifest = home.library.manifest(row.take_id)
        except LibraryError:
            continue
        partner = manifest.partner if isinstance(manifest, TakeManifest2) else None
        if partner is not None and partner.sha256 == kept.clip.sound.sha256:
            found.append(row.take_id)
    return tuple(found)
