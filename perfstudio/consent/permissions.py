"""What a record allows now, and the gate that a take passes before it may leave the machine."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from perfstudio.consent.key_chain import OwnKeys
from perfstudio.consent.others import unanswered
from perfstudio.consent.verify import verify_record
from perfstudio.model.clock import utc_now
from perfstudio.model.consent import STANDING, ConsentRecord, ConsentStatus, UseId
from perfstudio.model.dates import end_of_term
from perfstudio.model.errors import ConsentError, ErrorCode
from perfstudio.model.others import others_found
from perfstudio.model.take import TakeManifest

AHEAD = timedelta(days=1)
"""An act that is dated later than this is of a clock that was wrong: no studio's receiver would take it."""


def covers(record: ConsentRecord, uses: Iterable[UseId], *, at: datetime | None = None) -> bool:
    """Whether every one of `uses` was given, is not taken back and has not run out. No uses: not covered."""
    wanted = frozenset(uses)
    return bool(wanted) and not missing(record, wanted, at=at)


def missing(record: ConsentRecord, uses: Iterable[UseId], *, at: datetime | None = None) -> frozenset[UseId]:
    """Those of `uses` that do not stand at `at` (now by default)."""
    moment = at or utc_now()
    return frozenset(use_id for use_id in uses if not _stands(record, use_id, moment))


def expires(record: ConsentRecord, use_id: UseId) -> datetime | None:
    """When a standing use runs out; None when it does not stand."""
    use, act = record.use(use_id), record.last_act(use_id)
    if use is None or act is None or act.state not in STANDING:
        return None
    return end_of_term(act.at, use.term)


def require(
    record: ConsentRecord | None,
    manifest: TakeManifest,
    uses: Iterable[UseId],
    *,
    at: datetime | None = None,
    keys: OwnKeys | None = None,
) -> ConsentRecord:
    """The record, if it is whole, is about exactly this take and covers `uses`: the gate before a take may leave.

    With `keys`, it was signed with one of them. Raises ConsentError: CONSENT_MISSING, CONSENT_INVALID (where, problem),
    CONSENT_WITHDRAWN, CONSENT_USE_REQUIRED (use: never given, or its term has run out), and what `OwnKeys.require`
    raises.
    """
    if record is None:
        raise ConsentError(ErrorCode.CONSENT_MISSING, take=manifest.take_id)
    for finding in verify_record(record, manifest):
        raise ConsentError(ErrorCode.CONSENT_INVALID, where=finding.where, problem=finding.problem.value)
    if keys is not None:
        keys.require(record)
    if unanswered(record, found=bool(others_found(manifest.checks))):
        raise ConsentError(ErrorCode.CONSENT_INVALID, problem="others_not_said")
    if any(event.at > (at or utc_now()) + AHEAD for event in record.events if event.state in STANDING):
        raise ConsentError(ErrorCode.CONSENT_INVALID, where="events", problem="not_begun")
    for use_id in sorted(missing(record, needed(record, uses), at=at)):
        act = record.last_act(use_id)
        if act and act.state is ConsentStatus.WITHDRAWN:
            raise ConsentError(ErrorCode.CONSENT_WITHDRAWN, take=manifest.take_id)
        raise ConsentError(ErrorCode.CONSENT_USE_REQUIRED, use=use_id.value)
    return record


def needed(record: ConsentRecord, uses: Iterable[UseId]) -> frozenset[UseId]:
    """`uses` and the lines without which the studio takes nothing."""
    return frozenset(uses) | {use.id for use in record.uses if use.required}


def _stands(record: ConsentRecord, use_id: UseId, moment: datetime) -> bool:
    act, end = record.last_act(use_id), expires(record, use_id)
    return act is not None and end is not None and moment < end
