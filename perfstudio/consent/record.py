"""Making and changing consent records.

Everything is off until the performer turns it on, use by use. One act for the ordinary uses, one act of its own for
every use that may never be part of "all", one act for what was refused. Acts are only ever appended.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime

from perfstudio import __version__
from perfstudio.consent.names import shown_name, signing_name
from perfstudio.consent.others import answer, require_free
from perfstudio.consent.permissions import covers, expires, missing, require
from perfstudio.consent.reading import read_record
from perfstudio.consent.spoken import require_spoken
from perfstudio.consent.warnings import REPLICA_YEARS, findings, too_long
from perfstudio.model.base import sha256_hex
from perfstudio.model.clock import utc_now
from perfstudio.model.consent import (
    SEPARATE_USES,
    STANDING,
    ConsentEvent,
    ConsentRecord,
    ConsentStatus,
    FileHash,
    Notice,
    Party,
    Representation,
    RequestedUse,
    Subject,
    TakeBinding,
    UseId,
    Withdrawal,
)
from perfstudio.model.errors import ConsentError, ErrorCode
from perfstudio.model.ids import new_id
from perfstudio.model.jws import SigningKey
from perfstudio.model.others import Others
from perfstudio.model.prompt import PackHead, StudioInfo, Terms
from perfstudio.model.spoken import SpokenStatement
from perfstudio.model.take import TakeManifest

__all__ = [
    "bind",
    "check",
    "covers",
    "expires",
    "known_uses",
    "missing",
    "read_record",
    "renew",
    "require",
    "sign",
    "split_uses",
    "withdraw",
]

Uses = Collection[UseId | str]
METHOD = "checkbox+typed-name"


def sign(
    manifest: TakeManifest,
    *,
    pack: PackHead,
    terms: Terms,
    granted: Uses,
    name: str,
    key: SigningKey,
    separately: Uses = (),
    representation: Representation = "none",
    adviser: str = "",
    adult: bool = False,
    others: Others | None = None,
    partner: str = "",
    spoken: SpokenStatement | None = None,
    replaces: str | None = None,
    method: str = METHOD,
    at: datetime | None = None,
) -> ConsentRecord:
    """A signed record for one sealed take.

    `granted` are the ordinary lines turned on, `separately` those of `SEPARATE_USES`, each turned on by its own act;
    every line left off is recorded as refused. `adult`: the performer stated to be 18 or older. `others`: who else is
    in the take, where that was asked; `partner`: their name. `spoken`: what was read aloud, where the text asks for it.
    `terms` is the text of the pack that was shown. `at` is aware local time, now by default. What the rules find stands
    in it as shown.

    Raises ConsentError: CONSENT_NAME_MISSING, CONSENT_NAME_LONG, CONSENT_USE_UNKNOWN, CONSENT_USE_SEPARATE,
    CONSENT_USE_REQUIRED, CONSENT_USE_TOO_LONG, what `others` raises, CONSENT_INVALID (text or pack of another take),
    TAKE_NOT_READY (not sealed), TAKE_DAMAGED (changed since it was sealed), and what
    `require_spoken` raises.
    """
    said = answer(others, shown_name(partner))
    ordinary, apart = check(
        manifest,
        pack=pack,
        terms=terms,
        granted=granted,
        separately=separately,
        name=name,
        others=others,
        partner=partner,
        adviser=adviser if representation != "none" else "",
    )
    require_spoken(terms, spoken, gives=bool(ordinary or apart))
    at = at or utc_now().astimezone()
    asked = [use.id for use in pack.uses]
    subject = Subject(id=manifest.slate.performer_id, signed_name=signing_name(name), **_stated(adult=adult))
    record = _head(manifest, pack, terms, subject=subject, public_key=key.public_key, at=at).model_copy(
        update={"replaces": replaces, "representation": representation}
        | _seen(pack, terms, representation, adviser)
        | said
        | ({"spoken": spoken} if spoken is not None else {})
    )
    for state, ids in _acts(asked, ordinary, apart):
        record = _append(record, key, state, ids, at=at, method=method)
    return record


def check(
    manifest: TakeManifest,
    *,
    pack: PackHead,
    terms: Terms,
    granted: Uses,
    separately: Uses,
    name: str,
    others: Others | None = None,
    partner: str = "",
    adviser: str = "",
) -> tuple[list[UseId], list[UseId]]:
    """The ordinary uses and the separate ones, in the order of the grid, if `sign` would take them; it raises what
    `sign` raises, but for what is read aloud. It needs no key, so it can be asked before one is opened or made.
    """
    _check_offer(manifest, pack, terms)
    asked = [use.id for use in pack.uses]
    ordinary, apart = _asked_for(asked, granted), _asked_for(asked, separately)
    answer(others, shown_name(partner))
    require_free(others, pack.uses, (*ordinary, *apart))
    _check_acts(pack.uses, ordinary, apart)
    _check_lengths(pack.uses, (*ordinary, *apart))
    signing_name(name)
    shown_name(adviser)
    bind(manifest)
    return ordinary, apart


def withdraw(
    record: ConsentRecord,
    key: SigningKey,
    uses: Uses | None = None,
    *,
    method: str = "button",
    at: datetime | None = None,
) -> ConsentRecord:
    """The record with its standing uses (or some of them) taken back; unchanged when none of them stands.

    Any key of the performer's may take back, so that a lost key never binds. Raises ConsentError(CONSENT_USE_UNKNOWN).
    """
    asked = [use.id for use in record.uses]
    wanted = asked if uses is None else _asked_for(asked, uses)
    standing = tuple(use_id for use_id in wanted if use_id in record.granted())
    if not standing:
        return record
    return _append(record, key, ConsentStatus.WITHDRAWN, standing, at=at, method=method)


def renew(
    record: ConsentRecord,
    key: SigningKey,
    granted: Uses,
    *,
    separately: Uses = (),
    method: str = METHOD,
    at: datetime | None = None,
) -> ConsentRecord:
    """The record with uses given again (their term begins anew), or given later under the same text.

    A newer text needs a new record (`sign(..., replaces=record.record_id)`), and so does another key. By default it
    is signed now, and at the time of the act that it follows where the clock was set back since: no receiver takes a
    record whose acts are out of order, not even after one more act.
    Raises ConsentError: CONSENT_USE_UNKNOWN, CONSENT_USE_SEPARATE, CONSENT_USE_TOO_LONG, CONSENT_BYSTANDER,
    KEY_UNAVAILABLE (detail "other_key").
    """
    if key.public_key != record.public_key:
        raise ConsentError(ErrorCode.KEY_UNAVAILABLE, detail="other_key")
    at = at or max(utc_now(), record.created_at, *(event.at for event in record.events)).astimezone()
    asked = [use.id for use in record.uses]
    ordinary, apart = _asked_for(asked, granted), _asked_for(asked, separately)
    _check_separate(ordinary, apart)
    _check_lengths(record.uses, (*ordinary, *apart))
    require_free(record.others, record.uses, (*ordinary, *apart))
    for ids in (ordinary, *((use_id,) for use_id in apart)):
        before = [use_id for use_id in ids if _ever_given(record, use_id)]
        first = [use_id for use_id in ids if use_id not in before]
        for state, some in ((ConsentStatus.RENEWED, before), (ConsentStatus.GIVEN, first)):
            if some:
                record = _append(record, key, state, tuple(some), at=at, method=method)
    return record


def known_uses(record: ConsentRecord, uses: Uses) -> frozenset[UseId]:
    """The named uses, all of them lines of this record. Raises ConsentError(CONSENT_USE_UNKNOWN, use, offered)."""
    return frozenset(_asked_for([use.id for use in record.uses], uses))


def split_uses(granted: Uses) -> tuple[frozenset[str], frozenset[str]]:
    """(ordinary, separate) of uses that a person named one by one, as on a command line; never of an "all"."""
    separate = frozenset(str(use) for use in granted if use in SEPARATE_USES)
    return frozenset(str(use) for use in granted) - separate, separate


def bind(manifest: TakeManifest) -> TakeBinding:
    """The take's seal and file hashes: what a consent is about."""
    if manifest.seal_sha256 is None:
        raise ConsentError(ErrorCode.TAKE_NOT_READY, take=manifest.take_id, state="rolling", needed="sealed")
    if manifest.seal() != manifest.seal_sha256:
        raise ConsentError(ErrorCode.TAKE_DAMAGED, take=manifest.take_id, detail="seal")
    files = tuple(FileHash(role=entry.role.value, sha256=entry.sha256) for entry in manifest.files)
    return TakeBinding(take_id=manifest.take_id, seal_sha256=manifest.seal_sha256, files=files)


def _head(
    manifest: TakeManifest, pack: PackHead, terms: Terms, *, subject: Subject, public_key: str, at: datetime
) -> ConsentRecord:
    """The fixed part, with every value written out, so that nothing in it depends on a default of later versions."""
    studio = manifest.prompt.studio
    head = ConsentRecord(
        record_id=new_id(),
        created_at=at.astimezone(UTC),
        subject=subject,
        take=bind(manifest),
        notice=_notice(terms),
        parties=(_controller(studio),),
        jurisdiction=studio.jurisdiction,
        collection=f"self-recorded in perfstudio {manifest.application.version}",
        uses=pack.uses,
        pay=pack.pay,
        withdrawal=Withdrawal(
            contact=studio.contact,
            effect="\n".join(dict.fromkeys(use.withdrawal_effect for use in pack.uses)),
        ),
        public_key=public_key,
    )
    plain = head.model_dump(mode="json", exclude={"adviser", "warned", "others", "partner", "spoken", "subject"})
    return ConsentRecord.model_validate(plain | {"subject": subject.model_dump(mode="json", exclude_unset=True)})


def _stated(*, adult: bool) -> dict[str, bool]:
    """What stands in the record only where it was said."""
    return {"adult": True} if adult else {}


def _seen(pack: PackHead, terms: Terms, representation: Representation, adviser: str) -> dict[str, object]:
    """What the head holds only where there is something to hold: who advised, by name, and what was shown."""
    name = shown_name(adviser) if representation != "none" else ""
    warned = findings(pack.uses, terms, pack.pay, language=pack.language)
    return ({"adviser": name} if name else {}) | ({"warned": warned} if warned else {})


def _append(
    record: ConsentRecord,
    key: SigningKey,
    state: ConsentStatus,
    use_ids: tuple[UseId, ...],
    *,
    at: datetime | None,
    method: str,
) -> ConsentRecord:
    """The record with one more signed act, chained to the one before or to the head."""
    moment = at or utc_now().astimezone()
    offset = moment.utcoffset()
    last = record.events[-1] if record.events else None
    foreign = key.public_key != record.public_key
    draft = ConsentEvent(
        seq=len(record.events) + 1,
        state=state,
        use_ids=use_ids,
        at=moment.astimezone(UTC),
        tz_offset_min=round(offset.total_seconds() / 60) if offset else 0,
        by="performer",
        method=method,
        consent_type="ExplicitlyExpressedConsent",
        app_version=__version__,
        prev_sha256=sha256_hex(last.canonical()) if last else record.head_digest(),
        public_key=key.public_key if foreign else None,
        jws="",
    )
    event = draft.model_copy(update={"jws": key.sign(draft.payload())})
    return record.model_copy(update={"events": (*record.events, event)})


def _acts(
    asked: Sequence[UseId], ordinary: Sequence[UseId], apart: Sequence[UseId]
) -> Iterator[tuple[ConsentStatus, tuple[UseId, ...]]]:
    if ordinary:
        yield ConsentStatus.GIVEN, tuple(ordinary)
    for use_id in apart:
        yield ConsentStatus.GIVEN, (use_id,)
    refused = tuple(use_id for use_id in asked if use_id not in (*ordinary, *apart))
    if refused:
        yield ConsentStatus.REFUSED, refused


def _asked_for(asked: Sequence[UseId], named: Uses) -> list[UseId]:
    """The named uses in the order of the grid. Raises ConsentError(CONSENT_USE_UNKNOWN, use, offered)."""
    for use in named:
        if use not in asked:
            raise ConsentError(ErrorCode.CONSENT_USE_UNKNOWN, use=str(use), offered=", ".join(asked))
    return [use_id for use_id in asked if use_id in named]


def _check_offer(manifest: TakeManifest, pack: PackHead, terms: Terms) -> None:
    if (manifest.slate.pack_id, manifest.slate.pack_version) != (pack.id, pack.version):
        raise ConsentError(ErrorCode.CONSENT_INVALID, where="pack", problem="of_another_take")
    if terms not in pack.terms:
        raise ConsentError(ErrorCode.CONSENT_INVALID, where="terms", problem="of_another_pack")


def _check_separate(ordinary: Sequence[UseId], apart: Sequence[UseId]) -> None:
    for use_id in (*(u for u in ordinary if u in SEPARATE_USES), *(u for u in apart if u not in SEPARATE_USES)):
        raise ConsentError(ErrorCode.CONSENT_USE_SEPARATE, use=use_id.value)


def _check_acts(uses: Sequence[RequestedUse], ordinary: Sequence[UseId], apart: Sequence[UseId]) -> None:
    _check_separate(ordinary, apart)
    for use in uses:
        if use.required and use.id not in (*ordinary, *apart):
            raise ConsentError(ErrorCode.CONSENT_USE_REQUIRED, use=use.id.value)


def _check_lengths(uses: Sequence[RequestedUse], wanted: Collection[UseId]) -> None:
    """A copy of a person is never signed for longer than the rules allow, whatever the line is called."""
    for use in uses:
        if use.id in wanted and too_long(use):
            raise ConsentError(ErrorCode.CONSENT_USE_TOO_LONG, use=use.id.value, years=REPLICA_YEARS)


def _ever_given(record: ConsentRecord, use_id: UseId) -> bool:
    return any(event.state in STANDING and use_id in event.use_ids for event in record.events)


def _notice(terms: Terms) -> Notice:
    return Notice(
        id=terms.id,
        version=terms.version,
        language=terms.language,
        sha256=terms.digest(),
        title=terms.title,
        summary=terms.summary,
        text=terms.text,
        spoken=terms.spoken,
        if_partner_takes_back=terms.of_partner or None,
    )


def _controller(studio: StudioInfo) -> Party:
    return Party(
        id=studio.id,
        name=studio.name,
        legal_name=studio.legal_name,
        contact=studio.contact,
        address=studio.address,
    )
