"""Partners' clips in a home: what is known of each, and deleting one."""

from __future__ import annotations

from perfstudio.model.clip import ClipDocument
from perfstudio.model.clip_waiting import ClipFetched
from perfstudio.model.clock import utc_now
from perfstudio.model.errors import ErrorCode, LibraryError, MediaError, PerfstudioError
from perfstudio.model.take_2 import TakeManifest2
from perfstudio.session.clips.arrival import scene_of
from perfstudio.session.clips.clip_here import ClipHere
from perfstudio.session.clips.clip_store import KeptClip
from perfstudio.session.home import Home


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
    return ClipHere(kept.clip, _made_to(home, kept.clip), _paper(home, kept.clip), unfit)


def find(home: Home, words: str) -> ClipHere:
    """The one whose id begins so. Raises MediaError(CLIP_UNKNOWN)."""
    found = [kept for kept in home.clips.store.all() if kept.clip.clip_id.startswith(words.casefold())]
    if len(found) != 1 or not words:
        raise MediaError(ErrorCode.CLIP_UNKNOWN, id=words[:80])
    return about(home, found[0])


def delete(home: Home, clip: ClipHere) -> None:
    """Nothing of it is left here afterwards, and it does not come again by itself. Raises MediaError(CLIP_IN_USE) where
    something of it is left, LibraryError for the disk."""
    for kept in home.clips.store.all():
        if kept.clip == clip.clip and not home.clips.store.remove(kept):
            raise MediaError(ErrorCode.CLIP_IN_USE, file=kept.file)
    if clip.paper is not None:
        home.clip_papers.keep_fetched(clip.paper.model_copy(update={"deleted_at": utc_now()}))


def _paper(home: Home, clip: ClipDocument) -> ClipFetched | None:
    return next((paper for paper in home.clip_papers.fetched() if paper.left.clip == clip), None)


def _made_to(home: Home, clip: ClipDocument) -> tuple[str, ...]:
    scene, found = clip.scene, list[str]()
    for row in home.library.list():
        if (row.pack_id, row.prompt_id) != (scene.pack_id, scene.prompt_id):
            continue
        try:
            manifest = home.library.manifest(row.take_id)
        except LibraryError:
            continue
        partner = manifest.partner if isinstance(manifest, TakeManifest2) else None
        if partner is not None and partner.sha256 == clip.sound.sha256:
            found.append(row.take_id)
    return tuple(found)
