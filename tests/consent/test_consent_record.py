"""Signing, taking back, renewing: what a record allows, and what it refuses to be."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from perfstudio.consent.record import (
    covers,
    expires,
    missing,
    read_record,
    renew,
    require,
    sign,
    split_uses,
    withdraw,
)
from perfstudio.consent.verify import verify_record
from perfstudio.model.consent import ConsentFinding, ConsentProblem, ConsentRecord, ConsentStatus, UseId
from perfstudio.model.dates import end_of_term
from perfstudio.model.errors import ConsentError, ErrorCode
from perfstudio.model.jws import SigningKey
from perfstudio.model.prompt import Pack, Terms
from perfstudio.model.take import Decision, TakeManifest

U = UseId
SIGNED_AT = datetime(2026, 3, 1, 21, 5, 7, 250_000, tzinfo=timezone(timedelta(hours=1)))

Signer = Callable[..., ConsentRecord]


@pytest.fixture
def signed(manifest: TakeManifest, pack: Pack, terms: Terms, key: SigningKey) -> Signer:
    """Signs with what a test does not say taken from the ordinary case."""

    def make(granted: object = (U.STORE_REVIEW,), **changes: object) -> ConsentRecord:
        given = {"pack": pack, "terms": terms, "granted": granted, "name": "Ada Quist", "key": key, "at": SIGNED_AT}
        return sign(changes.pop("manifest", manifest), **(given | changes))  # type: ignore[arg-type]

    return make


def refused(act: Callable[[], object]) -> ConsentError:
    with pytest.raises(ConsentError) as caught:
        act()
    return caught.value


def test_a_record_is_about_this_take_and_these_words(
    signed: Signer, manifest: TakeManifest, terms: Terms, pack: Pack
) -> None:
    record = signed([U.STORE_REVIEW, U.HUMAN_RESEARCH])
    assert verify_record(record, manifest) == ()
    assert record.take.seal_sha256 == manifest.seal()
    assert {f.role: f.sha256 for f in record.take.files} == {f.role.value: f.sha256 for f in manifest.files}
    assert record.notice.sha256 == terms.digest()
    assert record.notice.text == terms.text
    assert record.uses == pack.uses
    assert record.subject.id == "p-17"
    assert record.pay == pack.pay


def test_every_line_left_off_is_refused_and_nothing_is_given_by_itself(signed: Signer) -> None:
    record = signed()
    given, off = record.events
    assert (given.state, given.use_ids) == (ConsentStatus.GIVEN, (U.STORE_REVIEW,))
    assert off.state is ConsentStatus.REFUSED
    assert set(off.use_ids) == {U.HUMAN_RESEARCH, U.TRAIN_RECOGNITION, U.REPLICA_VOICE, U.BIOMETRIC_TEMPLATE}
    assert record.granted() == {U.STORE_REVIEW}


def test_an_act_keeps_local_time_and_hour(signed: Signer) -> None:
    act = signed().events[0]
    assert act.at == SIGNED_AT
    assert act.tz_offset_min == 60
    assert act.to_json()["at"] == "2026-03-01T20:05:07.250000Z"


def test_a_required_use_must_be_given(signed: Signer) -> None:
    error = refused(lambda: signed([U.HUMAN_RESEARCH]))
    assert (error.code, error.facts["use"]) == (ErrorCode.CONSENT_USE_REQUIRED, "store_review")


def test_a_use_that_was_not_asked_for_cannot_be_given(signed: Signer) -> None:
    for unknown in (U.SHARE_THIRD_PARTY, "everything"):
        error = refused(lambda unknown=unknown: signed([U.STORE_REVIEW, unknown]))
        assert (error.code, error.facts["use"]) == (ErrorCode.CONSENT_USE_UNKNOWN, str(unknown))


@pytest.mark.parametrize("name", ["", "   ", "\u200b\u202e", "\x00\n"])
def test_an_empty_name_signs_nothing(signed: Signer, name: str) -> None:
    assert refused(lambda: signed(name=name)).code is ErrorCode.CONSENT_NAME_MISSING


def test_a_name_is_kept_as_typed_but_for_marks_that_turn_text_around(signed: Signer) -> None:
    assert signed(name="  Zoë \u202eO’Brien\td’Ávila ").subject.signed_name == "Zoë O’Brien d’Ávila"
    assert refused(lambda: signed(name="x" * 201)).code is ErrorCode.CONSENT_NAME_LONG


@pytest.mark.parametrize("use", [U.REPLICA_VOICE, U.BIOMETRIC_TEMPLATE])
def test_a_separate_use_never_comes_through_all(signed: Signer, pack: Pack, use: UseId) -> None:
    everything = [u.id for u in pack.uses]
    assert refused(lambda: signed(everything)).code is ErrorCode.CONSENT_USE_SEPARATE
    record = signed(separately=[use])
    assert [e.use_ids for e in record.events if use in e.use_ids and e.state is ConsentStatus.GIVEN] == [(use,)]
    assert covers(record, [use], at=SIGNED_AT)


def test_an_ordinary_use_is_not_a_separate_one(signed: Signer) -> None:
    error = refused(lambda: signed(separately=[U.HUMAN_RESEARCH]))
    assert error.code is ErrorCode.CONSENT_USE_SEPARATE


def test_uses_named_one_by_one_fall_into_their_acts(signed: Signer) -> None:
    ordinary, apart = split_uses(["store_review", "replica_voice", "biometric_template"])
    record = signed(ordinary, separately=apart)
    assert record.granted() == {U.STORE_REVIEW, U.REPLICA_VOICE, U.BIOMETRIC_TEMPLATE}
    assert len(record.events) == 4


def test_biometric_lines_rest_on_explicit_consent(signed: Signer) -> None:
    bases = {use.id: use.legal_basis for use in signed().uses}
    assert bases[U.BIOMETRIC_TEMPLATE] == "eu-gdpr:A9-2-a"
    assert bases[U.STORE_REVIEW] == "eu-gdpr:A6-1-a"


def test_only_a_sealed_and_unchanged_take_can_be_signed(signed: Signer, manifest: TakeManifest) -> None:
    unsealed = manifest.model_copy(update={"seal_sha256": None})
    assert refused(lambda: signed(manifest=unsealed)).code is ErrorCode.TAKE_NOT_READY
    changed = manifest.model_copy(update={"duration_s": 3.0})
    assert refused(lambda: signed(manifest=changed)).code is ErrorCode.TAKE_DAMAGED


def test_the_text_must_be_the_packs_and_the_pack_the_takes(signed: Signer, pack: Pack, terms: Terms) -> None:
    other_text = terms.model_copy(update={"text": "We may do anything."})
    assert refused(lambda: signed(terms=other_text)).facts["where"] == "terms"
    other_pack = pack.model_copy(update={"version": "2"})
    assert refused(lambda: signed(pack=other_pack)).facts["where"] == "pack"


def test_covers_is_given_standing_and_in_time(signed: Signer) -> None:
    record = signed([U.STORE_REVIEW, U.TRAIN_RECOGNITION])
    assert covers(record, [U.STORE_REVIEW, U.TRAIN_RECOGNITION], at=SIGNED_AT)
    assert not covers(record, [U.STORE_REVIEW, U.HUMAN_RESEARCH], at=SIGNED_AT)
    assert not covers(record, [], at=SIGNED_AT)
    half_a_year = datetime(2026, 9, 1, 20, 5, 7, 250_000, tzinfo=UTC)
    assert expires(record, U.TRAIN_RECOGNITION) == half_a_year
    assert covers(record, [U.TRAIN_RECOGNITION], at=half_a_year - timedelta(milliseconds=1))
    assert not covers(record, [U.TRAIN_RECOGNITION], at=half_a_year)
    assert missing(record, U, at=half_a_year) == set(U) - {U.STORE_REVIEW}


@pytest.mark.parametrize(
    ("start", "term", "end"),
    [
        ("2026-01-31", "P1M", "2026-02-28"),
        ("2024-02-29", "P1Y", "2025-02-28"),
        ("2026-11-30", "P14M", "2028-01-30"),
        ("2026-12-31", "P1D", "2027-01-01"),
        ("2026-01-01", "P0D", "2026-01-01"),
        ("2026-01-01", "P99999Y", "9999-12-31"),
        ("2026-01-01", "P9999999999D", "9999-12-31"),
    ],
)
def test_terms_end_by_the_calendar(start: str, term: str, end: str) -> None:
    begun = datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert end_of_term(begun, term).date().isoformat() == end


def test_taking_back_is_an_act_and_needs_no_reason(signed: Signer, key: SigningKey, manifest: TakeManifest) -> None:
    record = signed([U.STORE_REVIEW, U.HUMAN_RESEARCH])
    some = withdraw(record, key, [U.HUMAN_RESEARCH], at=SIGNED_AT)
    assert some.granted() == {U.STORE_REVIEW}
    assert some.events[:2] == record.events
    gone = withdraw(some, key=key)
    assert gone.granted() == frozenset()
    assert verify_record(gone, manifest) == ()
    assert withdraw(gone, key=key) is gone


def test_a_lost_key_never_binds_but_another_key_cannot_give(
    signed: Signer, key: SigningKey, manifest: TakeManifest
) -> None:
    record, other = signed([U.STORE_REVIEW, U.HUMAN_RESEARCH]), SigningKey.generate()
    gone = withdraw(record, key=other)
    assert verify_record(gone, manifest) == ()
    assert gone.granted() == frozenset()
    assert refused(lambda: renew(record, other, [U.HUMAN_RESEARCH])).code is ErrorCode.KEY_UNAVAILABLE
    forged = renew(record.model_copy(update={"public_key": other.public_key}), other, [U.TRAIN_RECOGNITION])
    event = forged.events[-1].model_copy(update={"public_key": other.public_key})
    event = event.model_copy(update={"jws": other.sign(event.payload())})
    given_by_another = record.model_copy(update={"events": (*record.events, event)})
    assert verify_record(given_by_another, None) == (ConsentFinding("event 3", ConsentProblem.KEY_FOREIGN),)


def test_renewing_begins_the_term_anew_and_gives_what_was_off(signed: Signer, key: SigningKey) -> None:
    record = signed([U.STORE_REVIEW, U.TRAIN_RECOGNITION])
    later = SIGNED_AT + timedelta(days=400)
    again = renew(record, key, [U.TRAIN_RECOGNITION, U.HUMAN_RESEARCH], separately=[U.REPLICA_VOICE], at=later)
    assert covers(again, [U.TRAIN_RECOGNITION, U.HUMAN_RESEARCH, U.REPLICA_VOICE], at=later)
    assert [e.state for e in again.events[2:]] == [ConsentStatus.RENEWED, ConsentStatus.GIVEN, ConsentStatus.GIVEN]
    assert verify_record(again, None) == ()
    assert refused(lambda: renew(record, key, [U.REPLICA_VOICE])).code is ErrorCode.CONSENT_USE_SEPARATE


def test_the_gate_tells_why_a_take_may_not_leave(signed: Signer, manifest: TakeManifest, key: SigningKey) -> None:
    needed = [U.STORE_REVIEW]
    record = signed([U.STORE_REVIEW, U.HUMAN_RESEARCH])
    assert require(record, manifest, needed, at=SIGNED_AT) is record
    assert refused(lambda: require(None, manifest, needed)).code is ErrorCode.CONSENT_MISSING
    gone = withdraw(record, key=key)
    assert refused(lambda: require(gone, manifest, needed)).code is ErrorCode.CONSENT_WITHDRAWN
    late = SIGNED_AT + timedelta(days=731)
    assert refused(lambda: require(record, manifest, needed, at=late)).code is ErrorCode.CONSENT_USE_REQUIRED
    other = manifest.model_copy(update={"take_id": "01jd0000000000000000000001"}).sealed()
    assert refused(lambda: require(record, other, needed)).code is ErrorCode.CONSENT_INVALID


def test_con_2_old_takes_keep_the_old_text(
    signed: Signer, pack: Pack, terms: Terms, manifest: TakeManifest, key: SigningKey
) -> None:
    old = signed()
    newer_text = terms.model_copy(update={"version": "4", "text": "New words."})
    newer_pack = pack.model_copy(update={"terms": (newer_text,)})
    new = signed(pack=newer_pack, terms=newer_text, replaces=old.record_id)
    assert (old.notice.version, new.notice.version, new.replaces) == ("3", "4", old.record_id)
    assert verify_record(old, manifest) == verify_record(new, manifest) == ()


def test_what_the_performer_adds_to_a_take_later_does_not_touch_its_consent(
    signed: Signer, manifest: TakeManifest
) -> None:
    record = signed()
    later = manifest.model_copy(
        update={"decision": Decision.KEPT, "circled": True, "note": "the one", "consent": record.reference()}
    )
    assert verify_record(record, later) == ()


def test_reading_gives_back_what_was_written(signed: Signer, key: SigningKey) -> None:
    record = withdraw(signed([U.STORE_REVIEW, U.HUMAN_RESEARCH]), key, [U.HUMAN_RESEARCH])
    assert read_record(record.canonical()) == record
    assert read_record(json.dumps(record.to_json(), indent=2).encode()).digest() == record.digest()


def test_a_record_of_an_older_version_still_verifies(signed: Signer, key: SigningKey, manifest: TakeManifest) -> None:
    """A value that an old record's text does not have stays absent, so that its hash holds."""
    plain = signed().to_json()
    del plain["authority"], plain["events"], plain["uses"][0]["sublicense"]
    old = ConsentRecord.model_validate(plain)
    event = signed().events[0].model_copy(update={"prev_sha256": old.head_digest()})
    old = old.model_copy(update={"events": (event.model_copy(update={"jws": key.sign(event.payload())}),)})
    back = read_record(old.canonical())
    assert "authority" not in back.to_json()
    assert verify_record(back, manifest) == ()


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "not_json"),
        (b"{", "not_json"),
        (b"\xff\xfe", "not_utf8"),
        (b"[" * 100_000, "too_deep"),
        (b"[]", "not_an_object"),
        (b'{"record_id": NaN}', "not_a_number"),
        (b"{}", "missing"),
        (b" " * (5 << 20), "too_large"),
    ],
)
def test_what_is_not_a_record_is_refused_in_one_sentence(data: bytes, problem: str) -> None:
    error = refused(lambda: read_record(data))
    assert error.code is ErrorCode.CONSENT_INVALID
    assert error.facts["problem"] == problem


def test_doubled_names_and_other_types_are_refused(signed: Signer) -> None:
    text = signed().canonical().decode()
    doubled = text.replace('"record_id":', '"record_id":"x","record_id":', 1)
    assert refused(lambda: read_record(doubled.encode())).facts["problem"] == "duplicate_key"
    retyped = text.replace('"seq":1', '"seq":"1"', 1)
    assert refused(lambda: read_record(retyped.encode())).facts["problem"] == "not_a_number"
