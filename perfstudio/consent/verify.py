"""Verification: is this record what was signed, and is it about this take? The first bad entry is named first.

What is checked, in this order: the chain from the head through every act (order, hash of what is before it, signature),
whose key it is, what the acts are about, the text shown, and the take the record is bound to. An act that was
altered fails its own signature; when an act's signature holds but the hash it carries does not fit, what lies
*before* it was altered.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfstudio.consent.others import barred
from perfstudio.model.base import sha256_hex
from perfstudio.model.consent import (
    SEPARATE_USES,
    STANDING,
    ConsentEvent,
    ConsentFinding,
    ConsentProblem,
    ConsentRecord,
    ConsentRef,
    ConsentStatus,
    FileHash,
)
from perfstudio.model.jws import is_public_key, is_signed, names_key
from perfstudio.model.take import TakeManifest

__all__ = ["ConsentFinding", "verify_record"]


def verify_record(
    record: ConsentRecord, manifest: TakeManifest | None, *, public_key: str | None = None
) -> tuple[ConsentFinding, ...]:
    """Everything wrong with a record, first bad entry first; empty when it is whole.

    With the take's manifest also the binding to its seal and files, and that no act was cut off at the end since the
    take last named the record. With `public_key`, that it is this installation's key.
    """
    findings = [*_chain(record), *_key(record, public_key), *_acts(record), *_named_twice(record), *_notice(record)]
    if manifest is not None:
        findings += _take(record, manifest)
    return tuple(findings)


def _chain(record: ConsentRecord) -> Iterator[ConsentFinding]:
    if not record.events:
        yield ConsentFinding("events", ConsentProblem.EVENTS_ABSENT)
    before = record.head_digest()
    for place, event in enumerate(record.events, start=1):
        problem = _link(record, event, place, before)
        if problem:
            yield problem
            return  # everything behind a broken link is unproven, and would only repeat it
        before = sha256_hex(event.canonical())


def _link(record: ConsentRecord, event: ConsentEvent, place: int, before: str) -> ConsentFinding | None:
    """What is wrong with one link of the chain, at its place counted from 1."""
    where, follows = f"event {place}", event.prev_sha256 == before
    key = event.public_key or record.public_key
    if is_signed(event.jws, event.payload(), key):
        if event.seq != place:
            return ConsentFinding(where, ConsentProblem.EVENT_MISSING)
        if not follows:
            return _changed_before(place)
        return None
    if place == 1 and not follows and event.public_key is None and not names_key(event.jws, key):
        return ConsentFinding("head", ConsentProblem.HEAD_CHANGED)  # the key in the head is not the one that signed
    return ConsentFinding(where, ConsentProblem.EVENT_CHANGED)


def _changed_before(place: int) -> ConsentFinding:
    if place == 1:
        return ConsentFinding("head", ConsentProblem.HEAD_CHANGED)
    return ConsentFinding(f"event {place}", ConsentProblem.CHAIN_BROKEN)


def _key(record: ConsentRecord, expected: str | None) -> Iterator[ConsentFinding]:
    if not is_public_key(record.public_key):
        yield ConsentFinding("head", ConsentProblem.KEY_UNREADABLE)
    elif expected is not None and record.public_key != expected:
        yield ConsentFinding("head", ConsentProblem.KEY_DIFFERS)
    for place, event in enumerate(record.events, start=1):
        taken_back = event.state is ConsentStatus.WITHDRAWN
        if event.public_key not in (None, record.public_key) and not taken_back:
            yield ConsentFinding(f"event {place}", ConsentProblem.KEY_FOREIGN)


def _acts(record: ConsentRecord) -> Iterator[ConsentFinding]:
    asked = {use.id for use in record.uses}
    for place, event in enumerate(record.events, start=1):
        ids = set(event.use_ids)
        if not ids or not ids <= asked:
            yield ConsentFinding(f"event {place}", ConsentProblem.USE_UNKNOWN)
        if event.state in STANDING and ids & SEPARATE_USES and len(ids) > 1:
            yield ConsentFinding(f"event {place}", ConsentProblem.USE_BUNDLED)
        if event.state in STANDING and barred(record.others, ids):
            yield ConsentFinding(f"event {place}", ConsentProblem.USE_BYSTANDER)


def _named_twice(record: ConsentRecord) -> Iterator[ConsentFinding]:
    """What is signed means one thing to every reader, to one that takes the last of two as well."""
    lists: dict[str, list[str]] = {
        "uses": [use.id for use in record.uses],
        "parties": [party.id for party in record.parties],
        "files": [file.role for file in record.take.files],
    }
    for where, names in lists.items():
        if len(set(names)) != len(names):
            yield ConsentFinding(where, ConsentProblem.NAMED_TWICE)


def _notice(record: ConsentRecord) -> Iterator[ConsentFinding]:
    if record.notice.digest() != record.notice.sha256:
        yield ConsentFinding("notice", ConsentProblem.NOTICE_DIFFERS)


def _take(record: ConsentRecord, manifest: TakeManifest) -> Iterator[ConsentFinding]:
    if record.take.take_id != manifest.take_id or record.subject.id != manifest.slate.performer_id:
        yield ConsentFinding("take", ConsentProblem.TAKE_DIFFERS)
    if not record.take.seal_sha256 == manifest.seal() == manifest.seal_sha256:
        yield ConsentFinding("take", ConsentProblem.SEAL_DIFFERS)
    signed = set(record.take.files)
    there = {FileHash(role=entry.role.value, sha256=entry.sha256) for entry in manifest.files}
    for role in sorted({file.role for file in signed ^ there}):
        yield ConsentFinding(f"file {role}", ConsentProblem.FILES_DIFFER)
    named = manifest.consent
    if named is not None and named not in _states(record):
        yield ConsentFinding("events", ConsentProblem.REFERENCE_DIFFERS)


def _states(record: ConsentRecord) -> list[ConsentRef]:
    """What a take may have named: the record as it stood after each of its acts."""
    cuts = (record.model_copy(update={"events": record.events[:n]}) for n in range(1, len(record.events) + 1))
    return [cut.reference() for cut in cuts]
