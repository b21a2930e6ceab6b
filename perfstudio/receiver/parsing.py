"""Reading what a sender says, strictly: records, announcements, acts of withdrawal."""

from __future__ import annotations

from typing import TypeVar

from perfstudio.model.base import Document
from perfstudio.model.clip_waiting import ClipLeft
from perfstudio.model.consent import ConsentEvent, ConsentRecord, ConsentStatus
from perfstudio.model.delivery import Announcement
from perfstudio.model.duet_meeting import DuetSaid
from perfstudio.model.ids import is_take_id
from perfstudio.model.key_change import KeyChange
from perfstudio.model.pair_document import PairsAsked
from perfstudio.model.proof import ProofRequest
from perfstudio.model.reading import read_document
from perfstudio.model.ruling import RulingsAsked, RulingWish
from perfstudio.model.strict_json import JsonProblemError
from perfstudio.model.take import FILE_NAMES, FileRole
from perfstudio.receiver.errors import RefusedError

Kind = TypeVar("Kind", bound=Document)
_MOST_BYTES = 4 << 20


def parse_record(record_id: str, data: bytes) -> ConsentRecord:
    """A consent record under its own id. Raises RefusedError(422)."""
    record = _document(data, ConsentRecord)
    if record.record_id != record_id:
        raise RefusedError(422, "record_id differs from the address")
    return record


def parse_withdrawal(data: bytes) -> ConsentEvent:
    """One act that takes consent back. Raises RefusedError(422)."""
    event = _document(data, ConsentEvent)
    if event.state is not ConsentStatus.WITHDRAWN:
        raise RefusedError(422, "not a withdrawal")
    return event


def parse_announcement(take_id: str, data: bytes) -> Announcement:
    """What will come of a take: one file of each role, under the role's own name. Raises RefusedError(422)."""
    if not is_take_id(take_id):
        raise RefusedError(422, "not a take id")
    announcement = _document(data, Announcement)
    files = announcement.files
    strange = any(f.filename != FILE_NAMES[f.role] for f in files)
    ours = {FileRole.CONSENT, FileRole.RECEIPT} & {f.role for f in files}
    twice = len({f.role for f in files}) != len(files) or len({f.file_id for f in files}) != len(files)
    if strange or ours or twice:
        raise RefusedError(422, "files: one of each role, under the role's own name")
    return announcement


def parse_clip_left(data: bytes) -> ClipLeft:
    """A clip that is to wait. Raises RefusedError(422)."""
    return _document(data, ClipLeft)


def parse_proof_request(data: bytes) -> ProofRequest:
    """The salt that a proof is asked for with. Raises RefusedError(422)."""
    return _document(data, ProofRequest)


def parse_duet_said(data: bytes) -> DuetSaid:
    """What one of two says to the other. Raises RefusedError(422)."""
    return _document(data, DuetSaid)


def parse_key_change(data: bytes) -> KeyChange:
    """That a performer signs with another key from now on. Raises RefusedError(422)."""
    return _document(data, KeyChange)


def parse_ruling_wish(data: bytes) -> RulingWish:
    """What the studio decides of a take. Raises RefusedError(422)."""
    return _document(data, RulingWish)


def parse_rulings_asked(data: bytes) -> RulingsAsked:
    """Which takes somebody asks about. Raises RefusedError(422)."""
    return _document(data, RulingsAsked)


def parse_pairs_asked(data: bytes) -> PairsAsked:
    """Of which takes somebody asks for the pairs. Raises RefusedError(422)."""
    return _document(data, PairsAsked)


def read_or_drop(data: bytes | None, kind: type[Kind]) -> Kind | None:
    """What the receiver itself has written, or None where there is nothing, or nothing that can be read."""
    try:
        return None if data is None else _read(data, kind)
    except JsonProblemError:
        return None


def _document(data: bytes, kind: type[Kind]) -> Kind:
    try:
        return _read(data, kind)
    except JsonProblemError as problem:
        raise RefusedError(422, _words(problem)) from None


def _read(data: bytes, kind: type[Kind]) -> Kind:
    return read_document(data, kind, limit=_MOST_BYTES, own_words=True)


def _words(problem: JsonProblemError) -> str:
    """Which place is wrong, how, and how many others are."""
    more = int(problem.facts.get("problems", 1)) - 1
    others = f", and {more} more" if more else ""
    return f"wrong or missing: {problem.where or 'body'} ({problem.problem.replace('_', ' ')}){others}"
