"""Whether a clip can be played to in a scene: the rules that a studio will hold the two takes to, asked before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from perfstudio.library.library import Library
from perfstudio.model.clip import ClipDocument
from perfstudio.model.clock import utc_now
from perfstudio.model.errors import ErrorCode, LibraryError, MediaError
from perfstudio.model.pair import scene_digest
from perfstudio.model.partner import ClipToPlay
from perfstudio.model.prompt_2 import ShownPrompt, role_in
from perfstudio.model.take import TakeState
from perfstudio.session.clips.clip_store import ClipStore, KeptClip
from perfstudio.session.views import SceneCard

_GONE = frozenset({TakeState.WITHDRAWN, TakeState.BINNED})


@dataclass(frozen=True, slots=True)
class PlayedScene:
    """A scene as somebody is about to play it."""

    pack_id: str
    prompt: ShownPrompt
    pack_version: str = ""
    """Said where a clip is of other words; empty where nothing is said."""


class ClipDesk:
    """The clips of one home, and the scenes that they are for."""

    def __init__(self, store: ClipStore, library: Library, performer_id: Callable[[], str]) -> None:
        """`performer_id`: of whoever plays here."""
        self.store = store
        self._library = library
        self._performer_id = performer_id

    def why_not(self, clip: ClipDocument, scene: PlayedScene, file: str) -> MediaError | None:
        """Why a clip is not played to in this scene; None: it can be. `file` is what it is called."""
        return self.why_gone(clip, file) or _unfit(clip, scene, file)

    def require(self, clip: ClipDocument, scene: PlayedScene, file: str) -> None:
        """Raises MediaError where `why_not` has a reason."""
        unfit = self.why_not(clip, scene, file)
        if unfit is not None:
            raise unfit

    def why_gone(self, clip: ClipDocument, file: str) -> MediaError | None:
        """Why a clip may not be played at all any more."""
        if clip.agreed.keep_until <= utc_now():
            return MediaError(ErrorCode.CLIP_LAPSED, file=file, seen=clip.agreed.keep_until.isoformat())
        if self._is_gone_here(clip):
            return MediaError(ErrorCode.CLIP_TAKE_GONE, file=file)
        return MediaError(ErrorCode.CLIP_TAKEN_BACK, file=file) if self._taken_back(clip) else None

    def for_scene(self, scene: PlayedScene) -> KeptClip | None:
        """The clip that this scene is played to: of those that fit, the last one taken in. What was taken back is
        deleted here."""
        for kept in self.store.all():
            if (kept.clip.scene.pack_id, kept.clip.scene.prompt_id) != (scene.pack_id, scene.prompt.id):
                continue
            gone = self.why_gone(kept.clip, kept.file)
            if gone is not None:
                self.store.remove(kept)
            elif _unfit(kept.clip, scene, kept.file) is None:
                return kept
        return None

    def for_card(self, card: SceneCard) -> KeptClip | None:
        """The same of a scene as the window shows it."""
        return self.for_scene(PlayedScene(card.pack_id, card.prompt))

    def of_sound(self, sha256: str) -> KeptClip | None:
        """The clip that a take names, while it may be played; what was taken back is deleted here."""
        kept = self.store.of_sound(sha256)
        if kept is not None and self.why_gone(kept.clip, kept.file) is not None:
            self.store.remove(kept)
            return None
        return kept

    def _taken_back(self, clip: ClipDocument) -> bool:
        """Whether a studio told that the clip's take was taken back there."""
        return any(told == clip.take_id for told in self._told_gone(clip))

    def _is_gone_here(self, clip: ClipDocument) -> bool:
        """Whether it was made here of a take that was deleted, binned or taken back since."""
        if clip.performer_id != self._performer_id():
            return False
        try:
            return self._library.state(clip.take_id) in _GONE
        except LibraryError:
            return True

    def _told_gone(self, clip: ClipDocument) -> Iterator[str]:
        rows = [row.take_id for row in self._library.list() if row.prompt_id == clip.scene.prompt_id and row.sealed]
        for take_id in (*rows, *self._library.deleted_with_papers()):
            try:
                pairs = self._library.pairs.of(take_id)
            except LibraryError:
                continue
            yield from (told.partner_take_id for told in pairs if told.partner_gone_at and told.partner_take_id)


def to_play(kept: KeptClip) -> ClipToPlay:
    """What the recorder is given of it."""
    clip = kept.clip
    return ClipToPlay(
        kept.sound, take_id=clip.take_id, seal_sha256=clip.seal_sha256,
        role=clip.role.id if clip.role is not None else None, performer_id=clip.performer_id,
        take_sample=clip.first_sample,
    )  # fmt: skip


def _unfit(clip: ClipDocument, scene: PlayedScene, file: str) -> MediaError | None:
    told, prompt = clip.scene, scene.prompt
    if (told.pack_id, told.prompt_id) != (scene.pack_id, prompt.id):
        return MediaError(ErrorCode.CLIP_OTHER_SCENE, file=file, scene=told.title, pack=told.pack_title)
    if told.sha256 != scene_digest(prompt):
        return MediaError(ErrorCode.CLIP_OTHER_WORDS, file=file, version=told.pack_version, known=scene.pack_version)
    mine = role_in(prompt)
    if clip.role is not None and clip.role.id == mine:
        return MediaError(ErrorCode.CLIP_SAME_ROLE, file=file, role=clip.role.name)
    return None
