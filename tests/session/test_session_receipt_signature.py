"""`verify` sees a receipt: who has signed it, whether that key is known here, and every byte that was changed."""

from __future__ import annotations

import json
import random
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "library"))

from library_papers import KEY, consent_of, receipt_of, sent_of
from library_takes import draft_of, finished

from perfstudio.delivery.bundle import read_bundle
from perfstudio.delivery.studios import Studios
from perfstudio.library.library import Library
from perfstudio.model.delivery import Receipt, ReceivedFile, Studio
from perfstudio.model.jws import SigningKey, fingerprint
from perfstudio.model.reading import read_document
from perfstudio.paths import AppPaths
from perfstudio.receiver.layout import ReceiverLayout
from perfstudio.receiver.studio_key import studio_key
from perfstudio.session.takes.receipt_signature import ReceiptStanding, keys_known_at
from perfstudio.session.takes.verify_bundle import BundleReport, verify_bundle
from perfstudio.texts.errors import sentence

OTHER = SigningKey.generate()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a take with a signed receipt, for copies."""
    with Library(tmp_path_factory.mktemp("receipts")) as library:
        begun = library.create(draft_of())
        take_id = library.seal(begun.take_id, finished(begun)).take_id
        shutil.rmtree(library.folder(take_id) / "raw")
        library.write_consent(take_id, consent_of(library.manifest(take_id)))
        bundle = read_bundle(library.folder(take_id), "attic")
        files = tuple(ReceivedFile(role=f.role, name=f.name, size=f.size, sha256=f.sha256) for f in bundle.files)
        changes = {"files": files, "record_id": bundle.consent.record_id}
        library.write_receipt(take_id, receipt_of(library.manifest(take_id)).model_copy(update=changes).signed(KEY))
        return library.folder(take_id)


@pytest.fixture
def take(kept: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(kept, tmp_path / kept.name))


def receipt(take: Path) -> Receipt:
    return read_document((take / "receipt.json").read_bytes(), Receipt, limit=1 << 20)


def put(take: Path, changed: Receipt) -> None:
    (take / "receipt.json").write_bytes(changed.canonical())


def told(report: BundleReport) -> list[tuple[Any, Any]]:
    for problem in report.problems:
        assert str(problem.facts["file"]) in sentence(problem)
    return [(problem.facts["file"], problem.facts["problem"]) for problem in report.problems]


def test_a_signed_receipt_is_known_by_its_key_or_says_which_it_is(take: Path) -> None:
    signature = verify_bundle(take).receipt
    assert (signature.standing, signature.key) == (ReceiptStanding.SIGNED, fingerprint(KEY.public_key))
    known = verify_bundle(take, known_key=lambda studio: KEY.public_key if studio == "attic" else None)
    assert (known.receipt.standing, known.problems) == (ReceiptStanding.KNOWN, ())
    strange = verify_bundle(take, known_key=lambda studio: OTHER.public_key)
    assert strange.receipt.standing is ReceiptStanding.FALSE
    assert told(strange) == [("receipt.json", "studios_other_key")]


def test_every_byte_of_a_signed_receipt_is_noticed(take: Path) -> None:
    whole, dice = (take / "receipt.json").read_bytes(), random.Random(7)
    for place in dice.sample(range(len(whole)), 80):
        changed = bytearray(whole)
        changed[place] ^= 1 << dice.randrange(8)
        (take / "receipt.json").write_bytes(changed)
        assert "receipt.json" in {file for file, _ in told(verify_bundle(take))}, place
    (take / "receipt.json").write_bytes(whole)
    assert told(verify_bundle(take)) == []


FALSE: dict[str, tuple[Callable[[Receipt], Receipt], str]] = {
    "the signature is gone": (lambda r: r.model_copy(update={"signature": None}), "signature_gone"),
    "key and signature are gone": (
        lambda r: r.model_copy(update={"signature": None, "public_key": None}), "signature_gone"
    ),
    "signed by nobody": (lambda r: r.model_copy(update={"public_key": OTHER.public_key}), "signature_broken"),
    "another time": (lambda r: r.model_copy(update={"receipt_id": "7"}), "signature_broken"),
    "of another take": (lambda r: r.model_copy(update={"take_id": "0" * 26}).signed(KEY), "other_take"),
    "of another consent": (
        lambda r: r.model_copy(update={"record_id": "0" * 8 + "-0000" * 3 + "-" + "0" * 12}).signed(KEY),
        "came_with_other_consent",
    ),
    "of another studio": (lambda r: r.model_copy(update={"studio_id": "cellar"}).signed(KEY), "another_studio"),
    "of other files": (lambda r: r.model_copy(update={"files": r.files[1:]}).signed(KEY), "confirms_other"),
}  # fmt: skip


@pytest.mark.parametrize("what", FALSE)
def test_what_is_wrong_with_a_receipt_is_named(take: Path, what: str) -> None:
    change, problem = FALSE[what]
    put(take, change(receipt(take)))
    assert ("receipt.json", problem) in told(verify_bundle(take))


def test_a_receipt_of_0_1_0_holds_and_is_named_unsigned(take: Path) -> None:
    plain = {k: v for k, v in receipt(take).to_json().items() if k not in ("signature", "public_key", "record_id")}
    (take / "receipt.json").write_text(json.dumps(plain, indent=2))
    report = verify_bundle(take)
    assert (report.receipt.standing, report.problems) == (ReceiptStanding.UNSIGNED, ())


def test_a_note_of_what_was_sent_is_no_receipt_and_belongs_to_its_take(take: Path) -> None:
    files = receipt(take).files
    (take / "receipt.json").unlink()
    manifest = verify_bundle(take)
    assert manifest.receipt.standing is ReceiptStanding.NONE
    with Library(take.parent / "home") as library:
        begun = library.create(draft_of())
        note = sent_of(library.seal(begun.take_id, finished(begun)))
    (take / "sent.json").write_bytes(note.canonical())
    assert told(verify_bundle(take)) == [("sent.json", "other_take")]
    (take / "sent.json").write_bytes(note.model_copy(update={"take_id": take.name, "files": files}).canonical())
    assert told(verify_bundle(take)) == []
    (take / "sent.json").write_bytes(b"{")
    assert told(verify_bundle(take)) == [("sent.json", "unreadable")]


def test_a_key_is_known_from_the_receivers_own_folder_and_from_the_performers_home(take: Path, tmp_path: Path) -> None:
    paths = AppPaths(tmp_path / "somewhere")
    assert keys_known_at(take, paths)("attic") is None
    attic = Studio(
        id="attic", name="A", legal_name="A", contact="c", tus="https://attic.example/files",
        base="https://attic.example", public_key=KEY.public_key,
    )  # fmt: skip
    Studios(paths.home / "studios").keep(attic)
    assert keys_known_at(take, paths)("attic") == KEY.public_key
    assert keys_known_at(take, paths)("other") is None
    layout = ReceiverLayout(take.parent)
    layout.make()
    own = studio_key(layout).public_key
    assert keys_known_at(take, paths)("attic") == own
    assert told(verify_bundle(take, known_key=keys_known_at(take, paths))) == [("receipt.json", "studios_other_key")]
