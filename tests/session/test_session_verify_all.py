"""All that a studio pays and judges by is seen by `verify`: every byte of a bundle, its names, and what came later."""

from __future__ import annotations

import json
import os
import random
import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "library"))

from library_papers import KEY, consent_of, receipt_of, withdrawn
from library_takes import draft_of, finished

from perfstudio.consent.reading import read_record
from perfstudio.delivery.bundle import read_bundle
from perfstudio.durable import sha256_of
from perfstudio.library.folder import TakeLocation, read_consent, read_manifest, read_receipt
from perfstudio.library.library import Library
from perfstudio.library.sealing import write_document
from perfstudio.model.checks import CheckCode
from perfstudio.model.delivery import Receipt, ReceivedFile, SentNote
from perfstudio.model.errors import ConsentError, DeliveryError, LibraryError
from perfstudio.model.jws import SigningKey
from perfstudio.model.reading import read_document
from perfstudio.model.ruling import Ruling, RulingWord
from perfstudio.model.strict_json import JsonProblemError
from perfstudio.model.take import Labels, LedgerEntry, Trim
from perfstudio.model.take_2 import RawFile
from perfstudio.model.take_reading import read_take
from perfstudio.packs.pack_store import PackStore
from perfstudio.resources import asset
from perfstudio.session.mine_export import MineExport, MineWords
from perfstudio.session.settings_values import Settings
from perfstudio.session.takes.verify_bundle import verify_bundle
from perfstudio.texts.errors import sentence

FLIPS = pytest.mark.parametrize("flips", [60, pytest.param(300, marks=pytest.mark.soak)], ids=["some", "all"])
Told = set[tuple[str, str]]


def sent_take(library: Library, prompt_id: str = "the-letter") -> str:
    """Kept, circled, labelled, noted, trimmed, called a choice, signed, bound, sent and confirmed; `raw/` stayed."""
    begun = library.create(draft_of(prompt_id))
    made, raw = finished(begun), begun.folder / "raw" / "video.mp4"
    with raw.open("rb") as file:
        stays = RawFile(name=raw.name, size=raw.stat().st_size, sha256=sha256_of(file))
    take_id = library.seal(begun.take_id, made.model_copy(update={"raw": (stays,)})).take_id
    library.circle(take_id)
    library.label(take_id, Labels(meant=("grief", "spite"), valence=3, note="It came at the second line."))
    library.note(take_id, "the good one")
    library.trim(take_id, Trim(in_s=1.25, out_s=9.5))
    library.intend(take_id, CheckCode.CLIPPING)
    library.spend(take_id, LedgerEntry(kind="label", seconds=31.5))
    library.write_consent(take_id, consent_of(library.manifest(take_id)))
    send(library, take_id)
    return take_id


def send(library: Library, take_id: str) -> None:
    manifest = library.bind_for_sending(take_id)
    bundle = read_bundle(library.folder(take_id), "attic")
    files = tuple(ReceivedFile(role=f.role, name=f.name, size=f.size, sha256=f.sha256) for f in bundle.files)
    named = {"files": files, "record_id": bundle.consent.record_id}
    receipt = receipt_of(manifest).model_copy(update={**named, "receipt_id": f"r-{take_id}"}).signed(KEY)
    library.write_receipt(take_id, receipt)
    library.write_ruling(take_id, ruling_of(receipt).signed(KEY))


def ruling_of(receipt: Receipt) -> Ruling:
    """The studio wants it once more."""
    return Ruling(
        take_id=receipt.take_id, studio_id=receipt.studio_id, receipt_id=receipt.receipt_id, number=1,
        word=RulingWord.REJECTED, reason="the door", at_s=1.5, ruled_at=receipt.at,
    )  # fmt: skip


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folders of two takes that were sent, for copies."""
    with Library(tmp_path_factory.mktemp("sent")) as library:
        return library.folder(sent_take(library)), library.folder(sent_take(library, "the-ferry"))


@pytest.fixture
def take(kept: tuple[Path, Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(kept[0], tmp_path / kept[0].name))


def told(folder: Path) -> Told:
    """What is wrong, as pairs of a file and a code; each is said in a sentence that names the file."""
    try:
        problems = verify_bundle(folder).problems
    except DeliveryError as problem:
        problems = (problem,)
    for problem in problems:
        assert str(problem.facts["file"]) in sentence(problem)
    return {(str(p.facts["file"]), str(p.facts["problem"])) for p in problems}


def test_a_take_that_was_sent_holds(take: Path) -> None:
    assert told(take) == set()


@FLIPS
def test_whatever_byte_is_flipped_is_noticed_and_named_or_means_the_same(take: Path, flips: int) -> None:
    dice = random.Random(90125)
    files = sorted(path for path in take.rglob("*") if path.is_file())
    assert len(files) == 8
    for number in range(flips):
        file = files[number % len(files)]
        whole = file.read_bytes()
        changed = bytearray(whole)
        changed[dice.randrange(len(whole))] ^= 1 << dice.randrange(8)
        file.write_bytes(changed)
        name = file.relative_to(take).as_posix()
        found = told(take)
        assert name in {where for where, _ in found} or means_the_same(name, whole, bytes(changed)), (name, found)
        file.write_bytes(whole)
    assert told(take) == set()


def means_the_same(name: str, whole: bytes, changed: bytes) -> bool:
    """A white space for another, or a letter written in another way."""
    try:
        if name == "take.json":
            return read_take(changed) == read_take(whole)
        if name == "consent.json":
            return read_record(changed) == read_record(whole)
        kind = {"receipt.json": Receipt, "ruling.json": Ruling}[name]
        read = partial(read_document, kind=kind, limit=1 << 20)
        return bool(read(changed) == read(whole))
    except (JsonProblemError, ConsentError, KeyError):
        return False


def doubled(data: bytes) -> bytes:
    return data.replace(b"{", b'{"take_id": "x", "take_id": "y",', 1)


SPOILT: dict[str, Callable[[bytes], bytes]] = {
    "a name twice": doubled,
    "UTF-16": lambda data: data.decode().encode("utf-16"),
    "cut short": lambda data: data[: len(data) // 2],
    "empty": lambda data: b"",
    "garbage": lambda data: b"garbage",
    "a list": lambda data: b"[" + data + b"]",
}


PAPERS = pytest.mark.parametrize("paper", ["take.json", "consent.json", "receipt.json"])
ALL_PAPERS = pytest.mark.parametrize("paper", ["take.json", "consent.json", "receipt.json", "ruling.json"])


@ALL_PAPERS
def test_a_paper_that_is_none_is_named_with_its_reason(take: Path, paper: str) -> None:
    whole = (take / paper).read_bytes()
    for spoil in SPOILT.values():
        (take / paper).write_bytes(spoil(whole))
        assert (paper, "unreadable") in told(take)
    (take / paper).unlink()
    if os.name == "posix":
        (take.parent / "elsewhere.json").write_bytes(whole)
        (take / paper).symlink_to(take.parent / "elsewhere.json")
        assert (paper, "link") in told(take)


def test_what_lies_beside_or_is_gone_or_lies_elsewhere_is_named(take: Path, kept: tuple[Path, Path]) -> None:
    (take / "evil.exe").write_bytes(b"MZ")
    (take / "more").mkdir()
    (take / "raw" / "other.bin").write_bytes(b"x")
    for litter in (
        ".DS_Store",
        "._take.mp4",
        "Thumbs.db",
        ".take.json.0a1b2c3d.tmp",
        ".ruling.json.0a1b2c3d.tmp",
        ".consent-0123456789abcdef.json.0a1b2c3d.tmp",
        "take.damaged-20260301T120000.json",
    ):
        (take / litter).write_bytes(b"what systems and kills leave is no news")
    others = {"evil.exe.bak", "take.mp4~", "._evil", ".evil.json.0a1b2c3d.tmp", ".hidden"}
    for other in others:
        (take / other).write_bytes(b"x")
    assert told(take) == {(name, "not_listed") for name in ("evil.exe", "more", "raw/other.bin", *others)}
    for other in others:
        (take / other).unlink()
    (take / "evil.exe").unlink()
    (take / "more").rmdir()
    (take / "raw" / "other.bin").unlink()
    (take / "audio.flac").unlink()
    (take / "raw" / "video.mp4").unlink()
    assert told(take) == {("audio.flac", "missing"), ("raw/video.mp4", "missing")}
    shutil.copy(kept[1] / "audio.flac", take / "audio.flac")
    shutil.rmtree(take / "raw")
    assert told(take) == {("audio.flac", "hash_differs")}, "what stayed in raw/ may go as a whole"


@ALL_PAPERS
def test_a_paper_of_another_take_is_named(take: Path, kept: tuple[Path, Path], paper: str) -> None:
    shutil.copy(kept[1] / paper, take / paper)
    assert paper in {file for file, _ in told(take)}


@pytest.mark.skipif(os.name != "posix", reason="links need a right there")
def test_links_are_not_followed(take: Path) -> None:
    for name in ("take.mp4", "raw/video.mp4"):
        (take / name).rename(take.parent / "elsewhere")
        (take / name).symlink_to(take.parent / "elsewhere")
        assert told(take) == {(name, "link")}
        (take / name).unlink()
        (take.parent / "elsewhere").rename(take / name)
    (take / "raw").rename(take.parent / "raw")
    (take / "raw").symlink_to(take.parent / "raw")
    assert told(take) == {("raw", "link")}


@pytest.mark.skipif(os.name != "posix", reason="pipes are no files there")
def test_pipes_are_not_waited_for(take: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for read in ("read_delivered", "read_raw"):
        monkeypatch.setattr(f"perfstudio.session.takes.verify_bundle.{read}", lambda folder: pytest.fail("opened"))
    for name in ("take.mp4", "raw/video.mp4", "raw/other"):
        kept = take.parent / "aside"
        if (take / name).exists():
            (take / name).rename(kept)
        os.mkfifo(take / name)
        assert name in {file for file, _ in told(take)}
        (take / name).unlink()
        if kept.exists():
            kept.rename(take / name)


def test_a_folder_may_be_called_anything_but_what_another_take_is_called(take: Path, kept: tuple[Path, Path]) -> None:
    other = kept[1].name
    for name in ("the good one", "anna-3", f"{take.name}-20260301", take.name.upper()):
        moved = take.rename(take.with_name(name))
        assert told(moved) == set(), name
        take = moved
    for name in (other, other.upper(), f"{other}.part", f"copy of {other}"):
        moved = take.rename(take.with_name(name))
        assert told(moved) == {(name, "folder_of_another_take")}
        take = moved


def change(folder: Path, field: str, value: object) -> None:
    plain = json.loads((folder / "take.json").read_bytes())
    plain[field] = value
    (folder / "take.json").write_text(json.dumps(plain))


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
        export = MineExport(library, PackStore(tmp_path / "packs", asset("packs", "practice")), Settings)
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
    for what, (change, problem) in RULINGS.items():
        paper.write_bytes(change(ruling).canonical())
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


READ: dict[str, Callable[[TakeLocation], object]] = {
    "take.json": read_manifest, "consent.json": read_consent, "receipt.json": read_receipt
}  # fmt: skip


@PAPERS
def test_the_window_says_of_a_broken_take_what_verify_says(take: Path, paper: str) -> None:
    """A page shows the sentence of what the library could not read."""
    whole = (take / paper).read_bytes()
    for spoil in SPOILT.values():
        (take / paper).write_bytes(spoil(whole))
        assert in_the_window(take, paper).endswith(f"{clause(take, paper)}). Its files are left exactly as they are.")


def test_so_it_does_of_a_take_that_was_changed_or_moved(take: Path, kept: tuple[Path, Path]) -> None:
    paper = take / "take.json"
    whole = paper.read_bytes()
    paper.write_bytes(whole.replace(b"A nurse.", b"A baker."))
    assert clause(take, "take.json") in in_the_window(take, "take.json")
    paper.unlink()
    assert clause(take, "take.json") in in_the_window(take, "take.json")
    paper.write_bytes(whole)
    moved = take.rename(take.with_name(kept[1].name))
    assert clause(moved, moved.name) in in_the_window(moved, "take.json")


def clause(folder: Path, file: str) -> str:
    """Why a file does not hold, as `verify` says it."""
    try:
        problems = verify_bundle(folder).problems
    except DeliveryError as problem:
        problems = (problem,)
    said = next(sentence(problem) for problem in problems if problem.facts["file"] == file)
    return said.split(". ")[0].split(": ", 1)[1]


def in_the_window(folder: Path, paper: str) -> str:
    with pytest.raises(LibraryError) as found:
        READ[paper](TakeLocation(folder.name, folder, sealed=True))
    return sentence(found.value)
