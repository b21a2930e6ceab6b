"""What came later is seen by `verify`: changes of what was sent, receipts, rulings, lines taken back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from library_papers import KEY, consent_of, withdrawn
from sent_takes import change, sent_take, told

from perfstudio.consent.reading import read_record
from perfstudio.library.library import Library
from perfstudio.library.sealing import write_document
from perfstudio.model.delivery import Receipt, SentNote
from perfstudio.model.jws import SigningKey
from perfstudio.model.reading import read_document
from perfstudio.model.ruling import Ruling, RulingWord
from perfstudio.model.take_reading import read_take
from perfstudio.packs.bundled import bundled_folders
from perfstudio.packs.pack_store import PackStore
from perfstudio.session.mine_export import MineExport, MineWords
from perfstudio.session.settings_values import Settings
from perfstudio.session.takes.verify_bundle import verify_bundle

JUDGED = {
    "decision": "undecided", "circled": False, "labels": None, "note": "another", "trim": {"in_s": None, "out_s": None},
    "intended": ["peak"], "ledger": [{"kind": "roll", "seconds": 86_200.0}],
    "played": {"language": "en", "accent": "Leith", "age": 41},
}  # fmt: skip


@pytest.mark.parametrize("field", JUDGED)
def test_what_is_judged_is_bound_when_it_is_sent(take: Path, field: str) -> None:
    change(take, field, JUDGED[field])
    problems = verify_bundle(take).problems
    assert [(p.facts["file"], p.facts["problem"], p.facts["where"]) for p in problems] == [
        ("take.json", "changed_since_sent", field)
    ]
    change(take, "as_sent", None)  # whoever takes the hashes away, or makes them anew, is found by the receipt
    assert told(take) == {("take.json", "not_as_confirmed")}
    rebound = read_take((take / "take.json").read_bytes()).bound_for_sending()
    write_document(take / "take.json", rebound)
    assert told(take) == {("take.json", "not_as_confirmed")}


def test_a_copy_of_everything_that_is_mine_is_held_to_the_same(tmp_path: Path) -> None:
    with Library(tmp_path / "home") as library:
        take_id = sent_take(library)
        export = MineExport(library, PackStore(tmp_path / "packs", bundled_folders()), Settings)
        export.run(tmp_path / "mine", MineWords("unfinished", lambda report: "read me"))
    copy = tmp_path / "mine" / "takes" / take_id
    assert told(copy) == set()
    whole = (copy / "ruling.json").read_bytes()
    (copy / "ruling.json").write_bytes(whole.replace(b'"rejected"', b'"accepted"'))
    assert told(copy) == {("ruling.json", "signature_broken")}


def test_until_it_is_sent_it_changes_freely(tmp_path: Path) -> None:
    with Library(tmp_path / "home") as library:
        take_id = sent_take(library)
        folder = library.folder(take_id)
        (folder / "receipt.json").unlink()
        (folder / "ruling.json").unlink()
        library.note(take_id, "on its way it was labelled once more")
        assert told(folder) == {("take.json", "changed_since_sent")}
        library.bind_for_sending(take_id)
        assert told(folder) == set()
        before = (folder / "take.json").stat().st_mtime_ns
        library.bind_for_sending(take_id)
        assert (folder / "take.json").stat().st_mtime_ns == before, "nothing new is nothing written"


def test_a_consent_that_grew_or_was_signed_anew_is_no_change_of_what_was_sent(tmp_path: Path) -> None:
    with Library(tmp_path / "home") as library:
        take_id = sent_take(library)
        folder, record = library.folder(take_id), library.consent(take_id)
        assert record is not None
        library.write_consent(take_id, withdrawn(record))
        assert told(folder) == set()
        library.write_consent(take_id, consent_of(library.manifest(take_id)))
        assert told(folder) == set()
        (aside,) = folder.glob("consent-*.json")
        whole = aside.read_bytes()
        aside.write_bytes(whole.replace(b"A. Performer", b"B. Performer"))
        assert (aside.name, "no_earlier_consent") in told(folder)
        aside.rename(folder / "consent-0123456789abcdef.json").write_bytes(whole)
        assert ("consent-0123456789abcdef.json", "no_earlier_consent") in told(folder)
        (folder / "consent-0123456789abcdef.json").unlink()
        assert told(folder) == {
            ("take.json", "not_as_confirmed"),
            ("consent.json", "not_as_confirmed"),
            ("receipt.json", "came_with_other_consent"),
        }


def test_a_receipt_that_confirms_something_else_is_named(take: Path) -> None:
    plain = json.loads((take / "receipt.json").read_bytes())
    for at, name in enumerate(file["name"] for file in plain["files"]):
        lying = json.loads(json.dumps(plain))
        lying["files"][at]["sha256"] = "0" * 64
        signed = read_document(json.dumps(lying).encode(), Receipt, limit=1 << 20).signed(KEY)
        (take / "receipt.json").write_bytes(signed.canonical())
        paper = name in ("take.json", "consent.json")
        assert told(take) == {(name, "not_as_confirmed") if paper else ("receipt.json", "confirms_other")}
        lying["files"] = [file for file in plain["files"] if file["name"] != name]
        signed = read_document(json.dumps(lying).encode(), Receipt, limit=1 << 20).signed(KEY)
        (take / "receipt.json").write_bytes(signed.canonical())
        assert told(take) == {("receipt.json", "confirms_other")}, "a file that it does not name is not confirmed"


RULINGS: dict[str, tuple[Callable[[Ruling], Ruling], str]] = {
    "of another studio": (lambda r: r.model_copy(update={"studio_id": "cellar"}).signed(KEY), "another_studio"),
    "of an earlier delivery": (lambda r: r.model_copy(update={"receipt_id": "r-0"}).signed(KEY), "another_delivery"),
    "turned round": (lambda r: r.model_copy(update={"word": RulingWord.ACCEPTED}), "signature_broken"),
    "of another moment": (lambda r: r.model_copy(update={"at_s": 7.0}), "signature_broken"),
    "with another's key": (lambda r: r.signed(SigningKey.generate()), "studios_other_key"),
    "without a signature": (lambda r: r.model_copy(update={"signature": None}), "signature_gone"),
    "without key and signature": (
        lambda r: r.model_copy(update={"signature": None, "public_key": None}), "signature_gone"
    ),
}  # fmt: skip


def test_a_ruling_is_the_studios_and_about_this_delivery(take: Path) -> None:
    paper = take / "ruling.json"
    ruling = read_document(paper.read_bytes(), Ruling, limit=1 << 20)
    for what, (changed, problem) in RULINGS.items():
        paper.write_bytes(changed(ruling).canonical())
        assert told(take) == {("ruling.json", problem)}, what
    paper.write_bytes(ruling.canonical())
    (take / "receipt.json").unlink()
    assert told(take) == {("ruling.json", "receipt_gone")}


def test_what_was_noted_of_a_take_that_was_sent_is_held_to_what_lies_here(take: Path) -> None:
    receipt = read_document((take / "receipt.json").read_bytes(), Receipt, limit=1 << 20)
    (take / "receipt.json").unlink()
    (take / "ruling.json").unlink()
    note = SentNote(take_id=receipt.take_id, studio_id=receipt.studio_id, files=receipt.files, at=receipt.at)
    plain = note.to_json()
    write_document(take / "sent.json", note)
    assert told(take) == set()
    for at, file in enumerate(plain["files"]):
        paper = file["name"] in ("take.json", "consent.json")
        for lie in ({"sha256": "0" * 64}, *({"size": file["size"] + 1} for _ in range(not paper))):
            lying = json.loads(json.dumps(plain))
            lying["files"][at].update(lie)
            (take / "sent.json").write_text(json.dumps(lying))
            assert told(take) == {(file["name"], "not_as_sent") if paper else ("sent.json", "says_other")}
        lying["files"] = [other for other in plain["files"] if other is not file]
        (take / "sent.json").write_text(json.dumps(lying))
        assert told(take) == {("sent.json", "says_other")}
    (take / "sent.json").write_text(json.dumps({**plain, "studio_id": "cellar"}))
    assert told(take) == {("sent.json", "another_studio")}
    write_document(take / "sent.json", note)
    change(take, "note", "another")
    change(take, "as_sent", None)
    assert told(take) == {("take.json", "not_as_sent")}


def test_lines_that_were_taken_back_after_a_bundle_came_do_not_stand(take: Path) -> None:
    assert verify_bundle(take, consent_needed=True).consent == "signed"
    record = read_record((take / "consent.json").read_bytes())
    act = withdrawn(record).events[-1]
    (take / "withdrawal.json").write_text(json.dumps([act.to_json()]))
    report = verify_bundle(take, consent_needed=True)
    assert report.consent == "withdrawn"
    assert [p.facts["problem"] for p in report.problems] == ["withdrawn"]
    (take / "withdrawal.json").write_bytes(b"[7]")
    report = verify_bundle(take)
    assert report.consent == "withdrawn", "if in doubt, it is off"
    assert [p.facts["file"] for p in report.problems] == ["withdrawal.json"]
