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
    """Keep a clip, once it is known that it can be played to here. Raises as `scene_of` and `ClipStore.take_in` do;
    then nothing of it is kept."""
    card = scene_of(home, read_clip(file), file.name)
    return ClipArrived(home.clips.store.take_in(file), card)


def take_in_for(home: Home, file: Path, clip: ClipDocument, scene: PlayedScene) -> KeptClip:
    """Keep a clip that was read from `file`, once it is known that it can be played to in this scene.

    Raises MediaError (CLIP_*) where it cannot, and as `ClipStore.take_in` does; then nothing of it is kept.
    """
    home.clips.require(clip, scene, file.name)
    return home.clips.store.take_in(file)


def scene_of(home: Home, clip: ClipDocument, file: str) -> SceneCard:
    """Where a clip is played to, as the part that answers it reads it; `file` is what the clip is called.

    Raises MediaError (CLIP_*) where it cannot be played to as things stand here, PackError(PROMPT_BEYOND) where the
    performer's own limits leave the scene out.
    """
    told = clip.scene
    reference = f"{told.pack_id}/{told.prompt_id}"
    try:
        card = home.scenes.card(reference, clip.answer.id if clip.answer is not None else None)
    except PackError as problem:
        if problem.code not in (ErrorCode.PACK_UNKNOWN, ErrorCode.PROMPT_UNKNOWN):
            raise
        raise MediaError(
            ErrorCode.CLIP_PACK_MISSING, file=file, pack=told.pack_title, version=told.pack_version
        ) from problem
    version = home.scenes.find(reference)[0].pack.version
    home.clips.require(clip, PlayedScene(card.pack_id, card.prompt, version), file)
    offered = home.scenes.offers(reference)
    if offered is not Offered.YES:
        raise PackError(ErrorCode.PROMPT_BEYOND, prompt=told.title, reason=f"content_{offered.value}")
    return card
