"""Whether a take may leave, asked four times a second while it is sent: read once, then only looked at for changes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from perfstudio.consent.key_chain import OwnKeys
from perfstudio.consent.permissions import expires, needed, require
from perfstudio.library.folder import Stamp, papers_sha256
from perfstudio.library.library import Library
from perfstudio.model.clock import utc_now
from perfstudio.model.consent import ConsentRecord, UseId
from perfstudio.model.errors import ConsentError, ErrorCode, LibraryError, PerfstudioError
from perfstudio.model.take import TakeState
from perfstudio.session.known_time import KnownTime
from perfstudio.session.takes.missing import missing

REVIEW = (UseId.STORE_REVIEW,)
"""Nobody can be sent what he may not look at."""
SETTLED_NS = 2_000_000_000
"""A file younger than this may change once more without its time changing: the coarsest clock of a file system (FAT)
ticks every two seconds."""
_LEAVES = (TakeState.ACCEPTED, TakeState.DELIVERED, TakeState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class _Permit:
    stamp: Stamp
    papers: str | None
    """What the documents were by their bytes, where the stamp alone did not say it yet."""
    ends: datetime
    keys: OwnKeys | None


class Permits:
    """Answers of yes, each remembered while the take's documents and the keys stay as they were and its term runs.

    A no is never remembered. Files that have just been written are read at every question, and judged again when one
    of their bytes is another. A change made by another process is seen at the next question, as one made by this one
    is.
    """

    def __init__(
        self,
        library: Library,
        known: KnownTime,
        now_ns: Callable[[], int] = time.time_ns,
        *,
        keys: Callable[[], OwnKeys] | None = None,
    ) -> None:
        """`keys`: those of this installation, that a consent has to be signed with; None asks for none."""
        self._keys = keys
        self._library = library
        self._known = known
        self._now_ns = now_ns
        self._given: dict[str, _Permit] = {}

    def may_send(self, take_id: str) -> bool:
        """Whether a signed, whole and standing consent covers this take at this moment."""
        try:
            self.require(take_id)
        except PerfstudioError:
            return False
        return True

    def require(self, take_id: str) -> None:
        """Raises ConsentError or LibraryError with the reason why this take may not leave at this moment."""
        stamp, keys, known = self._library.stamp(take_id), self._own(), self._given.get(take_id)
        settled = stamp.newest_ns < self._now_ns() - SETTLED_NS
        unsure = not settled or (known is not None and known.papers is not None)
        papers = self._papers(take_id) if unsure else None
        same = known is not None and (known.stamp, known.papers, known.keys) == (stamp, papers, keys)
        if not (known is not None and same and self._known.now() < known.ends):
            ends = _ends(self._judged(take_id))
            if self._library.stamp(take_id) != stamp or (unsure and self._papers(take_id) != papers):
                return  # it was changed meanwhile: what was found held, and is not relied on again
            known = _Permit(stamp, papers, ends, keys)
        self._given[take_id] = replace(known, papers=None) if settled else known

    def _papers(self, take_id: str) -> str:
        return papers_sha256(self._library.papers_folder(take_id))

    def _judged(self, take_id: str) -> ConsentRecord:
        """The consent that lets this take leave, all of it read and looked at. Raises as `require`."""
        state = self._library.state(take_id)
        if state not in _LEAVES:
            wants = ",".join(missing(self._library, self._library.row(take_id)))
            facts = {"take": take_id, "state": state.value, "needed": "accepted", "missing": wants}
            raise LibraryError(ErrorCode.TAKE_NOT_READY, **facts)
        record, manifest = self._library.consent(take_id), self._library.manifest(take_id)
        keys = self._own()
        try:
            return require(record, manifest, REVIEW, at=self._known.now(), keys=keys)
        except ConsentError:
            doubt = self._known.doubt()
            if doubt is None:
                raise
            require(record, manifest, REVIEW, at=doubt.clock, keys=keys)  # what stands in the way whatever the time is
            raise doubt.as_error() from None

    def _own(self) -> OwnKeys | None:
        return self._keys() if self._keys is not None else None


def _ends(record: ConsentRecord) -> datetime:
    """When the first of the needed lines runs out."""
    ends = [end for use_id in needed(record, REVIEW) if (end := expires(record, use_id)) is not None]
    return min(ends, default=utc_now())
