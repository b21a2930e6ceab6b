"""CON-5: one thousand single edits of a signed record, and every cut and swap of its acts: all found, all named."""

from __future__ import annotations

import base64
import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from perfstudio.consent.record import read_record, renew, sign, withdraw
from perfstudio.consent.verify import verify_record
from perfstudio.model.consent import ConsentFinding, ConsentProblem, ConsentRecord, UseId
from perfstudio.model.errors import ConsentError
from perfstudio.model.jws import SigningKey, b64url, from_b64url, is_signed
from perfstudio.model.prompt import Pack, Terms
from perfstudio.model.spoken import SpokenStatement
from perfstudio.model.strict_json import path_of
from perfstudio.model.take import TakeManifest

Path_ = tuple[str | int, ...]


@pytest.fixture(scope="module")
def record(manifest: TakeManifest, aloud: tuple[Pack, Terms, SpokenStatement], key: SigningKey) -> ConsentRecord:
    """A record with a life: read aloud, given, refused, a separate act, taken back, given again."""
    pack, terms, said = aloud
    given = [UseId.STORE_REVIEW, UseId.HUMAN_RESEARCH]
    first = sign(
        manifest, pack=pack, terms=terms, granted=given, separately=[UseId.REPLICA_VOICE], name="Ada Quist", key=key,
        spoken=said,
    )  # fmt: skip
    gone = withdraw(first, key, [UseId.HUMAN_RESEARCH])
    return renew(gone, key, [UseId.HUMAN_RESEARCH])


def leaves(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """Every value that has no parts, with the way to it; empty lists count."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        yield from leaves(part, (*path, name))
    if not isinstance(value, dict | list) or not value:
        yield path, value


def edited(plain: Any, path: Path_, new: Any) -> Any:
    """A deep copy with one value replaced."""
    copy = json.loads(json.dumps(plain))
    place = copy
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = new
    return copy


def other_value(value: Any, dice: random.Random) -> Any:
    """A different value that looks as much as possible like the old one."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, float):
        return value + dice.choice((-0.001, 0.5))
    if isinstance(value, int):
        return value + dice.choice((-1, 1, 60))
    if isinstance(value, str) and value:
        at = dice.randrange(len(value))
        alike = "0123456789" if value[at].isdigit() else "abcdefABCDEFgGhHxyzXYZ-_"
        return value[:at] + dice.choice([c for c in alike if c != value[at]]) + value[at + 1 :]
    if value == []:
        return ["DE"]
    return "x"


def first_finding(plain: Any, manifest: TakeManifest) -> str | None:
    """Where the first problem is, whether the text is refused at once or the record fails verification."""
    try:
        record = read_record(json.dumps(plain).encode())
    except ConsentError as error:
        return str(error.facts["where"])
    findings = verify_record(record, manifest)
    return findings[0].where if findings else None


def is_named(where: str | None, path: Path_) -> bool:
    """Whether a finding names the entry that was edited (or, refused while reading, the very value)."""
    if where is None:
        return False
    value = path_of(path)
    if where == value or where.startswith((f"{value}.", f"{value}[")):
        return True
    entry = f"event {int(path[1]) + 1}" if path[0] == "events" else "head"
    return where in (entry, str(path[0]), "consent.json")


def one_of_each_kind(places: list[tuple[Path_, Any]]) -> list[tuple[Path_, Any]]:
    """Every value of the acts, and of what is alike in a list of the head the first."""

    def kind(path: Path_) -> Path_:
        return path if path[0] == "events" else tuple(step for step in path if isinstance(step, str))

    return list({kind(path): (path, value) for path, value in reversed(places)}.values())


@pytest.mark.parametrize("count", [0, pytest.param(1000, marks=pytest.mark.soak)])
def test_con_5_a_thousand_single_edits_are_all_found_and_named(
    record: ConsentRecord, manifest: TakeManifest, count: int
) -> None:
    """With the suite a value of each kind is edited once; as soak every one, and a thousand in all."""
    plain = record.to_json()
    assert first_finding(plain, manifest) is None
    places = list(leaves(plain)) if count else one_of_each_kind(list(leaves(plain)))
    dice = random.Random(5)
    edits = [(path, other_value(value, dice)) for path, value in places]
    while len(edits) < count:
        path, value = dice.choice(places)
        edits.append((path, other_value(value, dice)))
    wrong = []
    for path, new in edits:
        where = first_finding(edited(plain, path, new), manifest)
        if not is_named(where, path):
            wrong.append((path, new, where))
    assert not wrong
    assert len({path for path, _ in edits}) == len(places)


@pytest.mark.parametrize("kinds", [one_of_each_kind, pytest.param(list, marks=pytest.mark.soak)])
def test_every_removed_value_is_found(
    record: ConsentRecord, manifest: TakeManifest, kinds: Callable[[list[tuple[Path_, Any]]], list[tuple[Path_, Any]]]
) -> None:
    plain = record.to_json()
    for path, _ in kinds(list(leaves(plain))):
        copy = json.loads(json.dumps(plain))
        place = copy
        for step in path[:-1]:
            place = place[step]
        del place[path[-1]]
        assert first_finding(copy, manifest) is not None, path


def test_acts_cut_out_moved_or_doubled_are_named(record: ConsentRecord) -> None:
    events = record.events
    assert len(events) == 5

    def first(*order: int) -> ConsentFinding:
        changed = record.model_copy(update={"events": tuple(events[i] for i in order)})
        return verify_record(changed, None)[0]

    for cut in range(4):
        rest = [i for i in range(5) if i != cut]
        assert first(*rest) == ConsentFinding(f"event {cut + 1}", ConsentProblem.EVENT_MISSING)
    assert first(0, 2, 1, 3, 4) == ConsentFinding("event 2", ConsentProblem.EVENT_MISSING)
    assert first(0, 1, 1, 2, 3, 4) == ConsentFinding("event 3", ConsentProblem.EVENT_MISSING)
    assert verify_record(record.model_copy(update={"events": ()}), None) == (
        ConsentFinding("events", ConsentProblem.EVENTS_ABSENT),
    )


def test_con_6_acts_cut_off_at_the_end_are_noticed_against_the_take(
    record: ConsentRecord, manifest: TakeManifest
) -> None:
    named = manifest.model_copy(update={"consent": record.reference()})
    short = record.model_copy(update={"events": record.events[:3]})
    assert verify_record(short, None) == ()  # the stated limit: nothing inside the record can tell
    assert verify_record(short, named) == (ConsentFinding("events", ConsentProblem.REFERENCE_DIFFERS),)
    before = manifest.model_copy(update={"consent": short.reference()})
    assert verify_record(record, before) == ()  # acts that came later are no fault


def test_an_act_of_another_record_does_not_fit(
    record: ConsentRecord, manifest: TakeManifest, pack: Pack, terms: Terms, key: SigningKey
) -> None:
    other = sign(manifest, pack=pack, terms=terms, granted=[UseId.STORE_REVIEW], name="Ada Quist", key=key)
    mixed = other.model_copy(update={"events": record.events[:1]})
    assert verify_record(mixed, manifest)[0] == ConsentFinding("head", ConsentProblem.HEAD_CHANGED)


def test_signing_everything_again_with_another_key_is_seen_by_who_knows_the_key(
    record: ConsentRecord, manifest: TakeManifest, pack: Pack, terms: Terms
) -> None:
    thief = SigningKey.generate()
    forged = sign(manifest, pack=pack, terms=terms, granted=[UseId.STORE_REVIEW], name="Ada Quist", key=thief)
    assert verify_record(forged, manifest) == ()
    found = verify_record(forged, manifest, public_key=record.public_key)
    assert found == (ConsentFinding("head", ConsentProblem.KEY_DIFFERS),)


def test_a_take_changed_after_signing_is_named_file_by_file(record: ConsentRecord, manifest: TakeManifest) -> None:
    swapped = manifest.files[0].model_copy(update={"sha256": "0" * 64})
    changed = manifest.model_copy(update={"files": (swapped, *manifest.files[1:])})
    assert verify_record(record, changed) == (
        ConsentFinding("take", ConsentProblem.SEAL_DIFFERS),
        ConsentFinding("file picture", ConsentProblem.FILES_DIFFER),
    )
    resealed = verify_record(record, changed.sealed())
    assert ConsentFinding("take", ConsentProblem.SEAL_DIFFERS) in resealed


def test_a_separate_use_smuggled_into_a_bundle_is_named(record: ConsentRecord, key: SigningKey) -> None:
    act = record.events[0].model_copy(update={"use_ids": (UseId.STORE_REVIEW, UseId.REPLICA_VOICE)})
    act = act.model_copy(update={"jws": key.sign(act.payload())})
    bundled = record.model_copy(update={"events": (act,)})
    assert verify_record(bundled, None) == (ConsentFinding("event 1", ConsentProblem.USE_BUNDLED),)


def signed_anew(record: ConsentRecord, key: SigningKey, **changes: Any) -> ConsentRecord:
    """What a hostile client of the performer's own would write: another head, and the first act signed for it."""
    changed = record.model_copy(update={**changes, "events": ()})
    act = record.events[0].model_copy(update={"prev_sha256": changed.head_digest()})
    act = act.model_copy(update={"jws": key.sign(act.payload())})
    return changed.model_copy(update={"events": (act,)})


def test_what_is_named_twice_is_named_even_when_signed(record: ConsentRecord, key: SigningKey) -> None:
    """Of two lines of one name one reader takes the first, another the last: a short term for a long one."""
    other = record.uses[0].model_copy(update={"term": "P99Y"})
    files = (*record.take.files, record.take.files[0].model_copy(update={"sha256": "0" * 64}))
    changes = {
        "uses": {"uses": (*record.uses, other)},
        "parties": {"parties": record.parties * 2},
        "files": {"take": record.take.model_copy(update={"files": files})},
    }
    for where, change in changes.items():
        twice = signed_anew(record, key, **change)
        assert verify_record(twice, None) == (ConsentFinding(where, ConsentProblem.NAMED_TWICE),)


def test_a_text_that_does_not_have_its_hash_is_named_even_when_signed(record: ConsentRecord, key: SigningKey) -> None:
    notice = record.notice.model_copy(update={"text": "We may do anything."})
    swapped = signed_anew(record, key, notice=notice)
    assert verify_record(swapped, None) == (ConsentFinding("notice", ConsentProblem.NOTICE_DIFFERS),)


def test_a_signature_has_one_spelling(key: SigningKey) -> None:
    jws = key.sign(b"yes")
    assert is_signed(jws, b"yes", key.public_key)
    assert not is_signed(jws, b"no", key.public_key)
    for spelling in (
        jws + "=",
        jws.replace("..", "."),
        jws.replace("..", ".eWVz."),
        jws + "A",
        "",
        "..",
        jws[:-1] + "?",
    ):
        assert not is_signed(spelling, b"yes", key.public_key)
    header, _, signature = jws.partition("..")
    for last in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_":
        assert is_signed(f"{header}..{signature[:-1]}{last}", b"yes", key.public_key) is (last == signature[-1])


def test_any_jose_reader_can_check_it(key: SigningKey) -> None:
    """The steps of RFC 7515 5.2 and RFC 7797 3, with nothing of ours but the key's text."""
    payload = b'{"a":1}'
    header, _, signature = key.sign(payload).partition("..")

    def decode(text: str) -> bytes:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

    plain = json.loads(decode(header))
    assert plain["alg"] == "EdDSA"
    assert plain["b64"] is False
    assert plain["crit"] == ["b64"]
    public = Ed25519PublicKey.from_public_bytes(decode(key.public_key))
    public.verify(decode(signature), header.encode() + b"." + payload)


def test_the_key_thumbprint_is_that_of_rfc_8037() -> None:
    """Appendix A of RFC 8037: the key, and its thumbprint."""
    seed = from_b64url("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")
    assert seed is not None
    key = SigningKey(seed)
    assert key.public_key == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    header = json.loads(from_b64url(key.sign(b"").partition("..")[0]) or b"")
    assert header["kid"] == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    assert b64url(seed) not in repr(key)


WRITER = """
import sys, time
from pathlib import Path
data, target = Path(sys.argv[1]).read_bytes(), Path(sys.argv[2])
with target.open("wb", buffering=0) as file:
    for byte in data:
        file.write(bytes([byte]))
        if file.tell() == 1:
            print("rolling", flush=True)
"""


def test_con_1_a_record_torn_by_a_kill_covers_nothing(record: ConsentRecord, tmp_path: Path) -> None:
    whole = tmp_path / "whole.json"
    whole.write_bytes(record.canonical())
    torn = 0
    for turn in range(3):
        target = tmp_path / f"consent-{turn}.json"
        child = subprocess.Popen([sys.executable, "-c", WRITER, whole, target], stdout=subprocess.PIPE)
        assert child.stdout is not None
        child.stdout.readline()
        child.kill()
        child.stdout.close()
        child.wait()
        data = target.read_bytes()
        if data == record.canonical():
            continue
        torn += 1
        with pytest.raises(ConsentError):
            read_record(data)
    assert torn
    for length in range(0, len(record.canonical()), 97):
        with pytest.raises(ConsentError):
            read_record(record.canonical()[:length])
