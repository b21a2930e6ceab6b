"""Two takes that a studio has confirmed and judged, and what `verify` finds wrong with a copy of one."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "library"))

from library_papers import KEY, consent_of, receipt_of
from library_takes import draft_of, finished

from perfstudio.delivery.bundle import read_bundle
from perfstudio.durable import sha256_of
from perfstudio.library.library import Library
from perfstudio.model.checks import CheckCode
from perfstudio.model.delivery import Receipt, ReceivedFile
from perfstudio.model.errors import DeliveryError
from perfstudio.model.ruling import Ruling, RulingWord
from perfstudio.model.take import Labels, LedgerEntry, Trim
from perfstudio.model.take_2 import RawFile
from perfstudio.session.takes.verify_bundle import verify_bundle
from perfstudio.texts.errors import sentence

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


def change(folder: Path, field: str, value: object) -> None:
    plain = json.loads((folder / "take.json").read_bytes())
    plain[field] = value
    (folder / "take.json").write_text(json.dumps(plain))
