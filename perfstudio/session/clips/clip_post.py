"""Clips to and from studios: one of one's own is left there for a partner, a partner's is fetched and deleted again.

Everything can be broken off at any moment and is gone on with at the next contact: what is wanted is written down
before the studio is asked, and what it said when it has answered.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

from perfstudio.delivery.asking import ASKING, asking
from perfstudio.delivery.clip_calls import ClipWire, is_about_one
from perfstudio.delivery.failure import TransferError
from perfstudio.delivery.http import HttpClient
from perfstudio.delivery.policy import told
from perfstudio.durable import disk_error, rename_durably
from perfstudio.model.clip import ClipAgreed
from perfstudio.model.clip_waiting import ClipLeft, ClipSent, ClipStanding
from perfstudio.model.clock import utc_now
from perfstudio.model.delivery import Studio
from perfstudio.model.errors import DeliveryError, ErrorCode, LibraryError, PerfstudioError
from perfstudio.model.jws import SigningKey
from perfstudio.model.take import TakeState
from perfstudio.session.clips.clip_coming import Came, ClipsComing
from perfstudio.session.clips.clip_file import read_clip
from perfstudio.session.clips.clip_news import ClipNews
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.home import Home


class ClipPost:
    """Of one home. May take as long as a network does; one after another, from any thread."""

    def __init__(self, home: Home, service: DeliveryService) -> None:
        self._home, self._service = home, service
        self._away = home.clip_papers
        self._coming = ClipsComing(home)
        self._wire: HttpClient | None = None
        self._stopped = False
        self._lock = threading.Lock()

    def stop(self) -> None:
        """Break off what is being asked, and ask no more. From any thread."""
        self._stopped = True
        if self._wire is not None:
            self._wire.abort()

    def leave(self, take_id: str, studio: Studio, agreed: ClipAgreed, key: SigningKey, *, called: str = "") -> ClipSent:
        """Make a clip of a take and let it wait at a studio. What did not arrive goes on with the next `hear`.

        Raises as `make_clip` does, and DeliveryError: STUDIO_KEYLESS for one whose word could not be believed; a line
        that broke, with the clip on its way.
        """
        if studio.base is None or studio.public_key is None:
            raise DeliveryError(ErrorCode.STUDIO_KEYLESS, studio=studio.name)
        from perfstudio.session.clips.making import make_clip  # noqa: PLC0415 - codecs load late

        place = self._away.room() / f".new-{take_id}.perfclip"
        given = make_clip(self._home.library, self._home.paths.clips, take_id, place, agreed, called=called)
        left = ClipLeft(studio_id=studio.id, clip=read_clip(place), size=given.size, sha256=given.sha256).signed(key)
        rename_durably(place, self._away.file(given.clip_id))
        paper = ClipSent(left=left)
        self._away.keep_sent(paper)
        with self._lock, self._to(studio) as wire:
            return self._bring(wire, paper)

    def take_back(self, paper: ClipSent) -> ClipSent:
        """It waits there no longer: written down at once, and told now where the studio can be reached. Raises
        DeliveryError where it cannot; the next `hear` tells it."""
        wanted = paper.model_copy(update={"wanted_back": True})
        self._away.keep_sent(wanted)
        self._away.drop_file(paper.left.clip.clip_id)
        with self._lock, self._to(self._service.studios.get(paper.left.studio_id)) as wire:
            return self._fetch_back(wire, wanted)

    def hear(self, studio_id: str | None = None) -> tuple[ClipNews, ...]:
        """Ask every studio (or the one named): what waits here comes, what was taken back goes. Never raises for a
        studio's sake."""
        able = [s for s in self._service.studios.all() if s.base is not None and s.public_key is not None]
        asked = [studio for studio in able if studio_id in (None, studio.id) and self._service.token(studio)]
        with self._lock:
            return tuple(self._hear(studio) for studio in asked if not self._stopped)

    def _hear(self, studio: Studio) -> ClipNews:
        came, new = Came(), list[ClipSent]()
        try:
            with self._to(studio) as wire:
                self._coming.hear(wire, studio.id, wire.waiting(), came)
                for paper in (one for one in self._away.sent() if one.left.studio_id == studio.id):
                    try:
                        now = paper if _is_over(paper) else self._go_on(wire, paper)
                    except TransferError as refused:
                        if not is_about_one(refused):
                            raise
                        came.problems.append(told(refused.failure))
                        continue
                    new += [now] if now.standing != paper.standing else []
        except PerfstudioError as problem:
            came.problems.append(problem)
        return ClipNews(
            studio.name, tuple(came.here), tuple(came.deleted), tuple(new), tuple(came.problems),
            unfit=tuple(came.unfit), refused=tuple(came.refused),
        )  # fmt: skip

    # one's own

    def _go_on(self, wire: ClipWire, paper: ClipSent) -> ClipSent:
        """What is still to be told or sent of a clip; else how it stands."""
        clip = paper.left.clip
        if paper.wanted_back or self._take_is_gone(clip.take_id):
            return self._fetch_back(wire, paper)
        if paper.standing is None or not paper.standing.whole:
            return self._bring(wire, paper)
        return self._said(paper, wire.standing(clip.clip_id))

    def _take_is_gone(self, take_id: str) -> bool:
        """Whether its take was taken back, or deleted, since: then the clip goes, too."""
        try:
            return self._home.library.state(take_id) is TakeState.WITHDRAWN
        except LibraryError as problem:
            return problem.code is ErrorCode.TAKE_UNKNOWN

    def _bring(self, wire: ClipWire, paper: ClipSent) -> ClipSent:
        clip_id, file = paper.left.clip.clip_id, self._away.file(paper.left.clip.clip_id)
        standing = wire.leave(paper.left)
        try:
            at = standing.received
            while not standing.whole and at < paper.left.size:
                at = wire.send(clip_id, file, at)
            standing = wire.standing(clip_id)
        except OSError as problem:
            raise disk_error(problem, file, LibraryError) from problem
        done = self._said(paper, standing)
        if standing.whole:
            self._away.drop_file(clip_id)
        return done

    def _fetch_back(self, wire: ClipWire, paper: ClipSent) -> ClipSent:
        standing = wire.take_back(paper.left.clip.clip_id)
        self._away.drop_file(paper.left.clip.clip_id)
        return self._said(paper.model_copy(update={"wanted_back": True}), standing or _never_came(paper))

    def _said(self, paper: ClipSent, standing: ClipStanding) -> ClipSent:
        now = paper.model_copy(update={"standing": standing})
        if now != paper:
            self._away.keep_sent(now)
        return now

    @contextlib.contextmanager
    def _to(self, studio: Studio) -> Iterator[ClipWire]:
        with asking(studio, self._service.token(studio), ASKING, self._connected) as wire:
            yield ClipWire(wire, studio)

    def _connected(self, wire: HttpClient) -> None:
        self._wire = wire
        if self._stopped:
            wire.abort()


def _is_over(paper: ClipSent) -> bool:
    """Whether nothing more can become of it: it is gone there, and every copy that went out as well."""
    said = paper.standing
    return said is not None and said.gone_at is not None and all(one.deleted_at is not None for one in said.fetches)


def _never_came(paper: ClipSent) -> ClipStanding:
    """The studio knows nothing of it: there is nothing to be deleted. These words it has not signed."""
    now = utc_now()
    return ClipStanding(
        studio_id=paper.left.studio_id, clip_id=paper.left.clip.clip_id, received=0, whole=False, matched=False,
        taken_back_at=now, gone_at=now,
    )  # fmt: skip
