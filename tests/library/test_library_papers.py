"""Consent and receipt beside a take: what is accepted, what is refused, and what survives the take."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest
from library_papers import KEY, consent_of, receipt_of, sent_of, withdrawn
from library_refusals import code_of
from library_takes import sealed_take

from perfstudio import durable
from perfstudio.consent.verify import verify_record
from perfstudio.library.library import Library
from perfstudio.library.receipts import is_over
from perfstudio.library.written import as_written
from perfstudio.model.base import sha256_hex
from perfstudio.model.consent import ConsentRecord
from perfstudio.model.delivery import ReceivedFile
from perfstudio.model.errors import ErrorCode
from perfstudio.model.labels import Labels
from perfstudio.model.take import TakeState
from perfstudio.model.take_reading import take_of


def accepted(library: Library) -> tuple[str, ConsentRecord]:
    take = sealed_take(library)
    library.keep(take)
    library.label(take, Labels(meant=("grief",)))
    signed = consent_of(library.manifest(take))
    library.write_consent(take, signed)
    return take, signed


def test_the_way_of_a_take_through_its_states(library: Library) -> None:
    take = sealed_take(library)
    assert library.state(take) is TakeState.UNDECIDED
    library.keep(take)
    signed = consent_of(library.manifest(take))
    library.write_consent(take, signed)
    assert library.state(take) is TakeState.KEPT  # not labelled yet
    library.label(take, Labels(meant=("grief",)))
    assert library.state(take) is TakeState.ACCEPTED
    note = sent_of(library.manifest(take))
    library.write_sent(take, note)
    assert (library.state(take), library.row(take).sent) == (TakeState.ACCEPTED, "sent")
    assert library.receipt(take) is None, "a note is no receipt"
    assert library.arrival(take) == note
    library.write_receipt(take, receipt_of(library.manifest(take)))
    assert (library.state(take), library.row(take).state) == (TakeState.DELIVERED, TakeState.DELIVERED)
    assert library.arrival(take) == library.receipt(take)
    library.write_consent(take, withdrawn(signed))
    assert library.state(take) is TakeState.WITHDRAWN
    library.bin(take)
    assert library.state(take) is TakeState.BINNED


def test_take_and_consent_name_each_other_by_hash(library: Library) -> None:
    take, signed = accepted(library)
    manifest = library.manifest(take)
    assert manifest.consent is not None
    assert manifest.consent.sha256 == signed.digest()
    kept = library.consent(take)
    assert kept is not None
    assert kept.digest() == signed.digest()
    assert kept.take.seal_sha256 == manifest.seal_sha256
    on_disk = json.loads((library.folder(take) / "consent.json").read_bytes())
    assert on_disk == signed.to_json()


def test_a_record_only_grows(library: Library) -> None:
    take, signed = accepted(library)
    back = withdrawn(signed)
    library.write_consent(take, back)
    assert code_of(lambda: library.write_consent(take, signed)) is ErrorCode.CONSENT_INVALID
    assert library.state(take) is TakeState.WITHDRAWN
    other = sealed_take(library)
    assert code_of(lambda: library.write_consent(other, signed)) is ErrorCode.CONSENT_INVALID
    assert library.consent(other) is None


def test_a_new_record_after_a_withdrawal_keeps_the_old_one(library: Library) -> None:
    take, signed = accepted(library)
    again = consent_of(library.manifest(take))
    assert code_of(lambda: library.write_consent(take, again)) is ErrorCode.CONSENT_INVALID
    back = withdrawn(signed)
    library.write_consent(take, back)
    library.write_consent(take, again)
    assert library.state(take) is TakeState.ACCEPTED
    (old,) = library.folder(take).glob("consent-*.json")
    assert ConsentRecord.model_validate_json(old.read_bytes()).digest() == back.digest()


@pytest.mark.parametrize("last", range(4))
def test_signed_anew_on_a_disk_that_fills_the_take_names_what_lies_beside_it(
    last: int, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At each of the files; a kill leaves the same. What was signed can be sent, what was not can be signed."""
    take, signed = accepted(library)
    library.write_consent(take, withdrawn(signed))
    again, writes, write = consent_of(library.manifest(take)), iter(range(10)), durable.write_new

    def fills(path: Path, data: bytes) -> None:
        if next(writes) >= last:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        write(path, data)

    with monkeypatch.context() as patch:
        patch.setattr(durable, "write_new", fills)
        assert code_of(lambda: library.write_consent(take, again)) is ErrorCode.DISK_FULL
    kept = library.consent(take)
    assert kept is not None
    assert kept.record_id == (again if last > 2 else signed).record_id
    assert not verify_record(kept, library.manifest(take))
    assert library.bind_for_sending(take).consent == kept.reference()
    library.write_consent(take, again)
    assert library.manifest(take).consent == again.reference()


def test_a_take_that_was_let_go_of_and_signed_anew_is_not_delivered(library: Library) -> None:
    take, signed = accepted(library)
    library.write_receipt(take, receipt_of(library.manifest(take)))
    library.write_consent(take, withdrawn(signed))
    assert (library.state(take), library.row(take).sent) == (TakeState.WITHDRAWN, "accepted")
    library.write_consent(take, consent_of(library.manifest(take)))
    assert (library.state(take), library.row(take).sent) == (TakeState.ACCEPTED, "")
    library.write_receipt(take, receipt_of(library.manifest(take)))
    assert library.state(take) is TakeState.DELIVERED


def test_the_order_of_the_acts_says_whether_a_receipt_is_over(library: Library) -> None:
    """Given, taken back, given again: which state of the record was confirmed decides, whatever the clocks said."""
    take, signed = accepted(library)
    whole = withdrawn(signed)
    given, back = whole.events
    again = whole.model_copy(update={"events": (given, back, given.model_copy(update={"seq": 3}))})
    receipt = receipt_of(library.manifest(take))
    states = [again.model_copy(update={"events": again.events[:n]}) for n in (1, 2, 3)]
    for confirmed, record, over in (
        (states[0], states[0], False),
        (states[0], states[1], False),  # withdrawn; nothing newer stands
        (states[0], states[2], True),
        (states[2], states[2], False),
    ):
        data = as_written(confirmed)
        paper = ReceivedFile(role="consent", name="consent.json", size=len(data), sha256=sha256_hex(data))
        said = receipt.model_copy(update={"files": (paper, *receipt.files)})
        assert is_over(said, record) is over, (confirmed.events, record.events)


def test_a_receipt_for_other_bytes_is_refused(library: Library) -> None:
    take, _ = accepted(library)
    right = receipt_of(library.manifest(take))
    wrong = right.files[0].model_copy(update={"sha256": "0" * 64})
    for files in ((wrong, *right.files[1:]), right.files[1:]):
        differs = right.model_copy(update={"files": files})
        assert code_of(lambda r=differs: library.write_receipt(take, r)) is ErrorCode.RECEIPT_DIFFERS
    stranger = right.model_copy(update={"take_id": "0" * 26})
    assert code_of(lambda: library.write_receipt(take, stranger)) is ErrorCode.RECEIPT_DIFFERS
    assert library.receipt(take) is None


def test_receipts_of_0_1_0_are_read_as_ever(library: Library) -> None:
    """The sender wrote them itself, of level A too, and nobody signed them."""
    take, _ = accepted(library)
    for state in ("sent", "accepted"):
        older = receipt_of(library.manifest(take), state)
        document = {k: v for k, v in older.to_json().items() if k not in ("record_id", "public_key", "signature")}
        (library.folder(take) / "receipt.json").write_text(json.dumps(document, indent=2))
        assert library.receipt(take) == older
        assert library.state(take) is (TakeState.ACCEPTED if state == "sent" else TakeState.DELIVERED)


def test_a_signed_receipt_lies_beside_the_take_byte_for_byte(library: Library) -> None:
    take, _ = accepted(library)
    signed = receipt_of(library.manifest(take)).signed(KEY)
    library.write_receipt(take, signed)
    assert (library.folder(take) / "receipt.json").read_bytes() == signed.canonical()
    kept = library.receipt(take)
    assert kept is not None
    assert kept.is_signed_by(KEY.public_key)


def test_a_note_of_what_was_sent_outlives_the_take(library: Library, root: Path) -> None:
    take, _ = accepted(library)
    library.write_sent(take, sent_of(library.manifest(take)))
    library.bin(take)
    assert library.empty_bin().deleted == (take,)
    assert (root / "records" / take / "sent.json").is_file()
    arrival = library.arrival(take)
    assert arrival is not None
    assert arrival.studio_id == "attic"


def test_a_promised_take_is_not_deleted_and_papers_outlive_the_take(library: Library, root: Path) -> None:
    take, signed = accepted(library)
    library.bin(take)
    assert library.empty_bin().left == ((take, "promised"),)
    library.write_consent(take, withdrawn(signed))
    assert library.empty_bin().deleted == (take,)
    record = library.consent(take)
    assert record is not None
    assert record.granted() == frozenset()
    assert {p.name for p in (root / "records" / take).iterdir()} == {"consent.json", "take.json"}


def test_consent_can_be_taken_back_after_the_take_is_gone(library: Library) -> None:
    take, signed = accepted(library)
    library.write_receipt(take, receipt_of(library.manifest(take)))
    library.bin(take)
    assert library.empty_bin().deleted == (take,)
    library.write_consent(take, withdrawn(signed))
    back = library.consent(take)
    assert back is not None
    assert back.granted() == frozenset()
    receipt = library.receipt(take)
    assert receipt is not None
    assert receipt.state == "accepted"
    assert library.list() == ()


def test_a_take_of_an_earlier_version_keeps_its_seal(library: Library) -> None:
    """A field that a later version adds is not in an older take, and must not break it or creep in."""
    take = sealed_take(library)
    path = library.folder(take) / "take.json"
    document = json.loads(path.read_bytes())
    del document["sync"]  # as if `sync` had been invented later
    del document["prompt"]["prompt"]["media"]
    older = take_of(document)
    document["seal_sha256"] = older.seal()
    path.write_text(json.dumps(document))
    assert library.state(take) is TakeState.UNDECIDED
    library.keep(take)
    after = json.loads(path.read_bytes())
    assert "sync" not in after
    assert "media" not in after["prompt"]["prompt"]
    assert (after["decision"], after["seal_sha256"]) == ("kept", document["seal_sha256"])
