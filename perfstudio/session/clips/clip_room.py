"""Clips and studios as the window needs them: what can be left where, what was agreed to, and how all of it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from perfstudio.model.clip import ClipAgreed, clip_uses
from perfstudio.model.clip_waiting import ClipSent
from perfstudio.model.clock import utc_now
from perfstudio.model.delivery import Studio
from perfstudio.model.errors import ErrorCode, PerfstudioError
from perfstudio.session.clips.clip_here import ClipHere
from perfstudio.session.clips.clip_post import ClipPost
from perfstudio.session.clips.clips_here import about, clips_here, delete
from perfstudio.session.clips.offer import USUAL_DAYS, ClipOffer, offer
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.home import Home
from perfstudio.session.views import SceneCard


@dataclass(frozen=True, slots=True)
class LeaveOffer:
    """What a clip of a take would be, and where it would wait."""

    clip: ClipOffer
    studio: Studio
    until: datetime
    """So long a partner may keep it."""


@dataclass(frozen=True, slots=True)
class ClipsNow:
    """Own clips at studios, and partners' clips that are here: each with the studio's name, empty for a clip that came
    as a file."""

    sent: tuple[tuple[ClipSent, str], ...] = ()
    here: tuple[tuple[ClipHere, str], ...] = ()


class ClipRoom:
    """Of one home. What asks a studio may take a while."""

    def __init__(self, home: Home, service: DeliveryService, post: ClipPost) -> None:
        self._home, self._service, self.post = home, service, post

    def now(self) -> ClipsNow:
        """How all of it stands."""
        sent = tuple(
            (paper, self._service.studio_name(paper.left.studio_id)) for paper in self._home.clip_papers.sent()
        )
        return ClipsNow(sent, tuple((clip, self._studio(clip)) for clip in clips_here(self._home)))

    def for_card(self, card: SceneCard) -> tuple[ClipHere, str] | None:
        """The clip that this scene is played to, with its studio's name; else one that belongs to other words of it."""
        kept = self._home.clips.for_card(card)
        if kept is not None:
            clip = about(self._home, kept)
            return clip, self._studio(clip)
        of_scene = (
            about(self._home, one)
            for one in self._home.clips.store.all()
            if (one.clip.scene.pack_id, one.clip.scene.prompt_id) == (card.pack_id, card.prompt.id)
        )
        other = (one for one in of_scene if one.unfit is not None and one.unfit.code is ErrorCode.CLIP_OTHER_WORDS)
        return next(((clip, self._studio(clip)) for clip in other), None)

    def delete(self, clip: ClipHere) -> None:
        """Nothing of a partner's clip is left here. Raises as `clips_here.delete` does."""
        delete(self._home, clip)

    def _studio(self, clip: ClipHere) -> str:
        return self._service.studio_name(clip.paper.left.studio_id) if clip.paper is not None else ""

    def may_leave(self, take_id: str) -> bool:
        """Whether a clip of this take could wait: it is of a scene for two, and its studio can be asked."""
        try:
            offered = self.offered(take_id)
        except PerfstudioError:
            return False
        return bool(offered.clip.answer) and offered.studio.base is not None and offered.studio.public_key is not None

    def offered(self, take_id: str) -> LeaveOffer:
        """What would wait, and where. Raises LibraryError, MediaError, DeliveryError."""
        studio = self._service.studios.get(self._home.library.manifest(take_id).prompt.studio.id)
        return LeaveOffer(offer(self._home.library, take_id), studio, utc_now() + timedelta(days=USUAL_DAYS))

    def leave(self, offered: LeaveOffer, text: tuple[str, str], secret: str | None, *, picture: bool) -> ClipSent:
        """Let it wait, under the sentence that was agreed to, and its language. Raises as `ClipPost.leave`."""
        may = clip_uses(picture=picture)
        agreed = ClipAgreed(at=utc_now(), language=text[1], text=text[0], may=may, keep_until=offered.until)
        key = self._home.consents.open_key(lambda: secret)
        return self.post.leave(offered.clip.take_id, offered.studio, agreed, key)

    def take_back(self, paper: ClipSent) -> ClipSent:
        """It waits there no longer. Raises as `ClipPost.take_back`."""
        return self.post.take_back(paper)
