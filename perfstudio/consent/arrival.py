"""The gate at the other end: what a receiver asks of a record, by its own clock, before it takes a byte of the take.

The same conditions as `allow.require`, without the take's own papers (they have not come yet), and two that only the
receiver can ask: that the record is about the take that was announced, and that this studio is a party to it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from perfstudio.consent.others import unanswered
from perfstudio.consent.spoken import spoken_problem
from perfstudio.consent.verify import verify_record
from perfstudio.model.base import sha256_hex
from perfstudio.model.consent import (
    STANDING,
    ConsentEvent,
    ConsentProblem,
    ConsentRecord,
    ConsentStatus,
    FileHash,
    UseId,
)
from perfstudio.model.dates import end_of_term
from perfstudio.model.errors import ConsentError, ErrorCode
from perfstudio.model.jws import is_signed
from perfstudio.model.take import FileRole

CLOCKS_DIFFER = timedelta(minutes=15)
"""How far the performer's clock may be ahead of the receiver's."""
_PAPERS = frozenset({FileRole.MANIFEST.value, FileRole.CONSENT.value, FileRole.RECEIPT.value})
_SPOKEN = FileRole.SPOKEN_CONSENT.value


def require_whole(record: ConsentRecord) -> None:
    """Every act is signed and follows from the one before. Raises ConsentError(CONSENT_INVALID, where, problem)."""
    for finding in verify_record(record, None):
        raise ConsentError(ErrorCode.CONSENT_INVALID, where=finding.where, problem=finding.problem.value)


def require_act(
    record: ConsentRecord, known: Iterable[ConsentEvent], act: ConsentEvent, keys: Collection[str] = ()
) -> None:
    """An act of withdrawal that came by itself is the performer's: the record's own key signed it, or one that came in
    its place (`keys`), it is about lines of this record, and it follows from what is known of it (`known`: acts that
    came beside it before). An act of another record of the same performer does not pass. Raises
    ConsentError(CONSENT_INVALID).
    """
    own = (None, record.public_key, *keys)
    if act in record.events and act.public_key in own:
        return
    if not set(act.use_ids) <= {use.id for use in record.uses} or not act.use_ids:
        raise _invalid("act", ConsentProblem.USE_UNKNOWN)
    if act.public_key not in own:
        raise _invalid("act", ConsentProblem.KEY_FOREIGN)
    if not is_signed(act.jws, act.payload(), act.public_key or record.public_key):
        raise _invalid("act", ConsentProblem.EVENT_CHANGED)
    before = {record.head_digest(), *(sha256_hex(event.canonical()) for event in (*record.events, *known))}
    if act.prev_sha256 not in before:
        raise _invalid("act", ConsentProblem.CHAIN_BROKEN)


def require_arriving(
    record: ConsentRecord,
    *,
    take_id: str,
    files: Iterable[FileHash],
    parties: Collection[str],
    uses: Iterable[UseId],
    at: datetime,
    taken_back: Collection[UseId] = (),
) -> None:
    """The record is whole, about this take and these files, given to one of `parties`, and covers `uses` at `at`.

    Its own required lines count as `uses`, too. Raises ConsentError: CONSENT_INVALID (where, problem),
    CONSENT_WITHDRAWN, CONSENT_USE_REQUIRED (use).
    """
    require_whole(record)
    if unanswered(record, found=False):  # what was found stands in take.json, which comes last
        raise _invalid("others", "others_not_said")
    require_party(record, parties)
    if record.take.take_id != take_id:
        raise _invalid("take", "consent_of_another_take")
    coming = {(f.role, f.sha256) for f in files if f.role not in _PAPERS}
    aloud = record.said_aloud()
    named = {(f.role, f.sha256) for f in record.take.files}
    if coming != named | ({(_SPOKEN, aloud.sha256)} if aloud is not None else set()):
        raise _invalid("take", "files_differ")
    require_read_aloud(record)
    require_now(record, uses, at=at, taken_back=taken_back)


def require_read_aloud(record: ConsentRecord) -> None:
    """What the text asks to be read aloud was, in its words. Raises ConsentError(CONSENT_INVALID)."""
    if wrong := spoken_problem(record):
        raise _invalid("spoken", wrong)


def require_party(record: ConsentRecord, parties: Collection[str]) -> None:
    """One of `parties` is who the rights were given to. Raises ConsentError(CONSENT_INVALID)."""
    if not {party.id for party in record.parties} & set(parties):
        raise _invalid("parties", "other_studio")


def require_adult(record: ConsentRecord) -> None:
    """The performer stated to be 18 or older, under their signature. Raises ConsentError(CONSENT_INVALID)."""
    if record.subject.adult is not True:
        raise _invalid("subject", "adult_not_said")


def require_now(
    record: ConsentRecord, uses: Iterable[UseId], *, at: datetime, taken_back: Collection[UseId] = ()
) -> None:
    """`uses` and the record's required lines stand at `at`: given, begun, not over, not taken back."""
    if any(event.at > at + CLOCKS_DIFFER for event in record.events):
        raise _invalid("events", "not_begun")
    if _out_of_order(record):
        raise _invalid("events", "out_of_order")
    for use_id in sorted(frozenset(uses) | {use.id for use in record.uses if use.required}):
        _stands(record, use_id, at, taken_back)


def _out_of_order(record: ConsentRecord) -> bool:
    """Whether something was given at a time before an act that it follows. Taking back is right at any time."""
    latest = record.created_at
    for event in record.events:
        if event.state in STANDING and event.at < latest - CLOCKS_DIFFER:
            return True
        latest = max(latest, event.at)
    return False


def _stands(record: ConsentRecord, use_id: UseId, at: datetime, taken_back: Collection[UseId]) -> None:
    use, act = record.use(use_id), record.last_act(use_id)
    if use_id in taken_back or (act is not None and act.state is ConsentStatus.WITHDRAWN):
        raise ConsentError(ErrorCode.CONSENT_WITHDRAWN, take=record.take.take_id)
    if use is None or act is None or act.state not in STANDING:
        raise ConsentError(ErrorCode.CONSENT_USE_REQUIRED, use=use_id.value)
    if at >= end_of_term(act.at, use.term):
        raise _invalid(use_id.value, "expired")


def _invalid(where: str, problem: str) -> ConsentError:
    return ConsentError(ErrorCode.CONSENT_INVALID, where=where, problem=problem)
