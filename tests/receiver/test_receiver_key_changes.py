"""A changed key: both keys sign it, it begins at the key that is known, and the earlier one signs nothing new."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from take_bundles import STUDIO

from perfstudio.model.base import sha256_hex
from perfstudio.model.clock import utc_now
from perfstudio.model.consent import ConsentRecord, ConsentStatus, UseId
from perfstudio.model.jws import SigningKey, fingerprint
from perfstudio.model.key_change import MOST_CHANGES, MOST_PERFORMERS, MOST_RECORDS, KeyChange
from perfstudio.receiver import key_changes
from perfstudio.receiver.errors import RefusedError
from perfstudio.receiver.key_changes import KeyChanges
from perfstudio.receiver.layout import ReceiverLayout
from perfstudio.receiver.performers import PerformerKnown, Performers
from perfstudio.receiver.serve import Receiver, ReceiverSettings
from perfstudio.receiver.tokens import Tokens
from rigs.take_bundles import consent_event, consent_record

ADA = "p-17"
A, B, C, THIEF = (SigningKey.generate() for _ in range(4))


@pytest.fixture
def performers(tmp_path: Path) -> Performers:
    layout = ReceiverLayout(tmp_path / "in")
    layout.make()
    return Performers(layout)


@pytest.fixture
def changes(performers: Performers) -> KeyChanges:
    return KeyChanges(performers)


def record(key: SigningKey, *more: tuple[ConsentStatus, UseId]) -> ConsentRecord:
    """A record that names this key, with these acts behind the first."""
    made = consent_record("01jd0000000000000000000000", (), ADA)
    acts = (consent_event(place, state, (use,)) for place, (state, use) in enumerate(more, start=2))
    return made.model_copy(update={"public_key": key.public_key, "events": (*made.events, *acts)})


def change(old: SigningKey, new: SigningKey, *records: ConsentRecord, who: str = ADA) -> KeyChange:
    named = (one.digest() for one in records)
    return KeyChange.made(old, new, performers=(who,), at=utc_now(), records=named)


def anybody(performer: str) -> bool:
    return True


def refused(ask: Callable[..., object], *words: object) -> tuple[int, str]:
    with pytest.raises(RefusedError) as told:
        ask(*words)
    return told.value.status, told.value.words


def names(performers: Performers) -> list[str]:
    (known,) = performers.all()
    return [key.public_key for key in known.keys]


def test_every_word_of_a_change_is_signed_by_both(changes: KeyChanges, performers: Performers) -> None:
    performers.keep(ADA, A.public_key)
    good = change(A, B)
    assert good.holds()
    lies = [
        good.model_copy(update={"performers": (ADA, "p-18")}),
        good.model_copy(update={"records": ("0" * 64,)}),
        good.model_copy(update={"new_key": THIEF.public_key}),
        good.model_copy(update={"new_key": THIEF.public_key}).signed(A),
        good.model_copy(update={"new_signature": None}).signed(A),
        good.model_copy(update={"signature": None}),
        good.model_copy(update={"public_key": None}),
        good.signed(THIEF),
        change(A, A),
    ]
    for lie in lies:
        assert not lie.holds()
        assert refused(changes.learn, lie, anybody)[0] == 422
    assert names(performers) == [A.public_key]


def test_a_change_begins_at_the_key_that_is_known(changes: KeyChanges, performers: Performers) -> None:
    assert not changes.learn(change(A, B), anybody), "nobody of that name has come"
    assert performers.all() == ()
    performers.keep(ADA, A.public_key)
    for lie in (change(THIEF, B), change(B, C)):
        assert refused(changes.learn, lie, anybody) == (409, "key_not_known"), "foreign, or before its turn"
    assert not changes.learn(change(A, B), lambda performer: False), "the sender is somebody else"
    first = change(A, B)
    for _ in range(2):
        assert changes.learn(first, anybody)
        assert names(performers) == [A.public_key, B.public_key]
    assert refused(changes.learn, change(A, THIEF), anybody) == (409, "key_not_known")
    assert refused(changes.learn, change(A, B, record(A)), anybody) == (409, "key_not_known"), "said otherwise before"
    assert changes.learn(change(B, C), anybody)
    assert names(performers) == [A.public_key, B.public_key, C.public_key]
    assert changes.learn(first, anybody), "told once more"
    assert refused(changes.learn, change(C, B), anybody) == (409, "key_not_known"), "nor does it go round"
    assert refused(changes.learn, change(B, A), anybody) == (409, "key_not_known")
    assert changes.successors(record(A)) == {B.public_key, C.public_key}
    assert changes.successors(record(C)) == frozenset()
    assert changes.successors(record(THIEF)) == frozenset()


def test_who_came_with_the_new_key_brings_what_the_old_one_signed(changes: KeyChanges, performers: Performers) -> None:
    performers.keep(ADA, B.public_key)
    old = record(A)
    assert changes.learn(change(A, B, old), anybody)
    assert names(performers) == [A.public_key, B.public_key]
    changes.require_signer(old)
    changes.require_signer(record(B))


def test_the_earlier_key_gives_what_it_had_given_and_no_more(changes: KeyChanges, performers: Performers) -> None:
    performers.keep(ADA, A.public_key)
    back, again = (ConsentStatus.WITHDRAWN, UseId.HUMAN_RESEARCH), (ConsentStatus.RENEWED, UseId.HUMAN_RESEARCH)
    old = record(A)
    grown = old.model_copy(update={"events": record(A, back).events})
    changes.learn(change(A, B, old), anybody)
    changes.require_signer(old)
    taken = old.model_copy(update={"events": (*old.events, *grown.events[1:])})
    changes.require_signer(taken)
    renewed = taken.model_copy(update={"events": (*taken.events, *record(A, back, again).events[2:])})
    for new in (record(A), renewed, old.model_copy(update={"collection": "elsewhere"})):
        assert refused(changes.require_signer, new) == (403, "key_changed")
    assert refused(changes.require_signer, renewed, taken) == (403, "key_changed"), "nor does it grow what is here"
    changes.require_signer(taken, old)
    assert refused(changes.require_signer, record(THIEF, back, again), record(THIEF, back)) == (403, "key_not_known")
    changes.require_signer(record(THIEF, back), record(THIEF))
    performers.update(ADA, lambda now: now.model_copy(update={"waiting": None, "waiting_since": None}))
    (known,) = performers.all()
    assert known.waiting is None
    assert refused(changes.require_signer, record(THIEF)) == (403, "key_not_known")


def test_what_waits_for_a_person_is_settled_by_the_old_keys_word(changes: KeyChanges, performers: Performers) -> None:
    performers.keep(ADA, A.public_key)
    refused(changes.require_signer, record(B))
    assert performers.all()[0].waiting == B.public_key
    changes.learn(change(A, B), anybody)
    assert performers.all()[0].waiting is None
    changes.require_signer(record(B))


def test_there_is_an_end_to_changes(
    changes: KeyChanges, performers: Performers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_changes, "MOST_CHANGES", 1)
    performers.keep(ADA, A.public_key)
    first = change(A, B)
    changes.learn(first, anybody)
    assert refused(changes.learn, change(B, C), anybody)[0] == 409
    assert changes.learn(first, anybody)
    assert MOST_CHANGES > 1


def test_a_person_ends_what_a_stolen_key_has_said(changes: KeyChanges, performers: Performers) -> None:
    """The thief was first: what they signed came in, until a person had asked the performer."""
    performers.keep(ADA, A.public_key)
    forged, mine = record(A), record(A)
    changes.learn(change(A, THIEF, forged), anybody)
    changes.require_signer(forged)
    assert refused(changes.learn, change(A, B, mine), anybody)[0] == 409
    assert refused(changes.require_signer, record(B))[0] == 403
    performers.accept_key(ADA, fingerprint(B.public_key))
    assert changes.learn(change(A, B, mine), anybody), "said again at the next contact"
    for good in (record(B), mine):
        changes.require_signer(good)
    for bad in (record(THIEF), forged):
        assert refused(changes.require_signer, bad)[0] == 403
    assert changes.successors(mine) == {B.public_key}
    assert refused(changes.learn, change(THIEF, C), anybody)[0] == 409


def test_what_is_said_at_the_same_moment_is_not_forgotten(
    changes: KeyChanges, performers: Performers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change that is heard between the look and the write of another call."""
    update = performers.update
    calls: dict[str, Callable[[], object]] = {
        ADA: lambda: changes.learn(change(A, THIEF), anybody),
        "p-18": lambda: performers.require_key("p-18", THIEF.public_key),
        "p-19": lambda: performers.require_key("p-19", B.public_key),
    }
    for who, call in calls.items():
        performers.keep(who, A.public_key)

        def late(name: str, how: Callable[[PerformerKnown], PerformerKnown], who: str = who) -> PerformerKnown | None:
            monkeypatch.undo()
            changes.learn(change(A, B, who=who), anybody)
            return update(name, how)

        monkeypatch.setattr(performers, "update", late)
        if who == "p-19":
            call()  # it has become theirs
        else:
            assert refused(call) in ((409, "key_not_known"), (403, "key_not_known"))
    for known in performers.all():
        assert [key.public_key for key in known.keys] == [A.public_key, B.public_key]


def test_the_call_believes_no_token_and_no_body(performers: Performers, tmp_path: Path) -> None:
    performers.keep(ADA, A.public_key)
    layout = ReceiverLayout(tmp_path / "in")
    tokens = Tokens(layout)
    ada, bo, nobody = (tokens.add(name) for name in ("Ada", "Bo", "nobody yet"))
    studio = tokens.add("desk", decides=True)
    assert tokens.bind("Ada", ADA)
    assert tokens.bind("Bo", "p-18")
    named = tuple(f"{number:064x}" for number in range(MOST_RECORDS))
    who = (ADA, *("\U0001f3ad" * 199 + chr(65 + number) for number in range(MOST_PERFORMERS - 1)))
    good = KeyChange.made(A, B, performers=who, at=utc_now(), records=named).canonical()
    doubled = good.replace(b'"new_key"', b'"at":"2026-01-01T00:00:00Z","new_key"', 1)
    with Receiver(layout.folder, settings=ReceiverSettings(studio_id=STUDIO)) as receiver:

        def said(token: str, body: bytes = good, **headers: str) -> tuple[int, str]:
            headers["Authorization"] = f"Bearer {token}"
            answer = requests.post(receiver.url + "/v1/key-changes", data=body, headers=headers, timeout=60)
            return answer.status_code, answer.text

        for token, body, headers, status in (
            ("x" * 43, good, {}, 401),
            (studio, good, {}, 403),
            (nobody, change(THIEF, B).canonical(), {}, 409),
            (ada, good[:-1], {}, 422),
            (ada, doubled, {}, 422),
            (ada, good.replace(b'"new_signature"', b'"x"', 1), {}, 422),
            (ada, b"[" * 5000, {}, 422),
            (ada, good + b" " * (256 << 10), {}, 413),
            (ada, good, {"Content-Digest": "sha-256=:AAAA:"}, 400),
        ):
            assert said(token, body, **headers)[0] == status
        status, text = said(bo)
        assert (status, json.loads(text)["known"]) == (200, False), "somebody else's"
        assert names(performers) == [A.public_key]
        for token in (ada, nobody):
            status, text = said(token)
            assert (status, json.loads(text)["known"], json.loads(text)["sha256"]) == (200, True, sha256_hex(good))
            assert names(performers) == [A.public_key, B.public_key]
    assert [entry.performer for entry in tokens.entries()] == [ADA, "p-18", "", ""]
