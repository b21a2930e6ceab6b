"""Partners with whom a performer does not play again: kept in the home, and told to nobody.

A partner is known by the pseudonym of their takes, which is all that one learns of them. Whoever makes themselves a new
home has a new one, and would have to be blocked again.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from perfstudio.model.base import Document
from perfstudio.model.clock import utc_now
from perfstudio.model.dates import Moment
from perfstudio.model.duet_terms import DuetTerms
from perfstudio.model.errors import CallError, ErrorCode
from perfstudio.model.take import TakeManifest
from perfstudio.model.take_2 import TakeManifest2
from perfstudio.model.two_in_a_scene import Duet
from perfstudio.session.home_document import read_or_lay_aside, write_home_document
from perfstudio.session.set_aside import SetAsideKind, Tell, untold

_MOST = 4_000
"""Partners; the oldest are forgotten first."""
MOST_LETTERS = 500
"""Of a reason."""


class BlockedPartner(Document):
    """One partner."""

    performer_id: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    """Their pseudonym."""
    duet_id: str
    """The duet after which they were blocked."""
    reason: Annotated[str, StringConstraints(max_length=MOST_LETTERS)] = ""
    """In the performer's words."""
    blocked_utc: Moment


class BlockedBook(Document):
    """What blocked-partners.json holds, the newest last."""

    format: Literal["perfstudio-blocked-partners/1"] = "perfstudio-blocked-partners/1"
    partners: Annotated[tuple[BlockedPartner, ...], Field(max_length=_MOST)] = ()


def duet_of(manifest: TakeManifest) -> Duet:
    """The duet that a take is one side of. Raises CallError(DUET_NO_PARTNER)."""
    duet = manifest.duet if isinstance(manifest, TakeManifest2) else None
    if duet is None:
        raise CallError(ErrorCode.DUET_NO_PARTNER, take=manifest.take_id)
    return duet


class BlockedPartners:
    """blocked-partners.json of one home, from any thread. What writes raises LibraryError for the disk."""

    def __init__(self, file: Path, *, tell: Tell = untold) -> None:
        """`tell` is told of a file that cannot be read; it is laid aside."""
        self._file, self._tell = file, tell
        self._lock = threading.Lock()

    def all(self) -> tuple[BlockedPartner, ...]:
        """Everybody, the newest last."""
        with self._lock:
            return tuple(self._read().values())

    def admit(self, terms: DuetTerms) -> None:
        """Raises CallError(DUET_BLOCKED) for a partner who is blocked."""
        if any(partner.performer_id == terms.performer_id for partner in self.all()):
            raise CallError(ErrorCode.DUET_BLOCKED)

    def block(self, manifest: TakeManifest, reason: str = "") -> BlockedPartner:
        """Whoever played the other side of this take. Raises CallError(DUET_NO_PARTNER)."""
        duet = duet_of(manifest)
        told = " ".join(reason.split())[:MOST_LETTERS]
        partner = BlockedPartner(performer_id=duet.peer, duet_id=duet.duet_id, reason=told, blocked_utc=utc_now())
        with self._lock:
            self._write({**self._read(), partner.performer_id: partner})
        return partner

    def unblock(self, performer_id: str) -> None:
        """Play with them again. Raises CallError(DUET_NOT_BLOCKED)."""
        with self._lock:
            partners = self._read()
            if partners.pop(performer_id, None) is None:
                raise CallError(ErrorCode.DUET_NOT_BLOCKED, id=performer_id)
            self._write(partners)

    def _read(self) -> dict[str, BlockedPartner]:
        found = read_or_lay_aside(self._file, BlockedBook, SetAsideKind.BLOCKED, self._tell)
        return {partner.performer_id: partner for partner in found.partners} if found is not None else {}

    def _write(self, partners: dict[str, BlockedPartner]) -> None:
        write_home_document(self._file, BlockedBook(partners=tuple(partners.values())[-_MOST:]))
