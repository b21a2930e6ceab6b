"""A colleague's clip that is opened: the scene that it is for, as the part that answers it reads it, and the clip."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from perfstudio.model.clip import ClipDocument
from perfstudio.model.errors import ErrorCode, MediaError, PackError
from perfstudio.session.clips.clip_file import read_clip
from perfstudio.session.clips.clip_store import KeptClip
from perfstudio.session.clips.fitting import PlayedScene
from perfstudio.session.content_limits import Offered
from perfstudio.session.home import Home
from perfstudio.session.views import SceneCard


@dataclass(frozen=True, slots=True)
class ClipArrived:
    """A clip that is here now, and where it is played to."""

    kept: KeptClip
    card: SceneCard


def take_in(home: Home, file: Path) -> ClipArrived:
    """Keep a clip, once it is known that it can be played to here.

    Raises MediaError (CLIP_*, MEDIA_UNREADABLE), PackError(PROMPT_BEYOND) where the performer's own limits leave the
    scene out, LibraryError for the disk; then nothing of it is kept.
    """
    clip = read_clip(file)
    told = clip.scene
    reference = f"{told.pack_id}/{told.prompt_id}"
    try:
        card = home.scenes.card(reference, clip.answer.id if clip.answer is not None else None)
    except PackError as problem:
        if problem.code not in (ErrorCode.PACK_UNKNOWN, ErrorCode.PROMPT_UNKNOWN):
            raise
        raise MediaError(
            ErrorCode.CLIP_PACK_MISSING, file=file.name, pack=told.pack_title, version=told.pack_version
        ) from problem
    version = home.scenes.find(reference)[0].pack.version
    offered = home.scenes.offers(reference)
    if offered is not Offered.YES:
        raise PackError(ErrorCode.PROMPT_BEYOND, prompt=told.title, reason=f"content_{offered.value}")
    return ClipArrived(take_in_for(home, file, clip, PlayedScene(card.pack_id, card.prompt, version)), card)


def take_in_for(home: Home, file: Path, clip: ClipDocument, scene: PlayedScene) -> KeptClip:
    """Keep a clip that was read from `file`, once it is known that it can be played to in this scene.

    Raises as `ClipStore.take_in`, and MediaError (CLIP_*) where it is not played to there; then nothing of it is kept.
    """
    unfit = home.clips.why_not(clip, scene, file.name)
    if unfit is not None:
        raise unfit
    return home.clips.store.take_in(file)
