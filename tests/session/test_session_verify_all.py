"""All that a studio pays and judges by is seen by `verify`: every byte of a bundle, and its names."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from sent_takes import told

from perfstudio.consent.reading import read_record
from perfstudio.library.folder import TakeLocation, read_consent, read_manifest, read_receipt
from perfstudio.model.delivery import Receipt
from perfstudio.model.errors import ConsentError, DeliveryError, LibraryError
from perfstudio.model.reading import read_document
from perfstudio.model.ruling import Ruling
from perfstudio.model.strict_json import JsonProblemError
from perfstudio.model.take_reading import read_take
from perfstudio.session.takes.verify_bundle import verify_bundle
from perfstudio.texts.errors import sentence

FLIPS = pytest.mark.parametrize("flips", [60, pytest.param(300, marks=pytest.mark.soak)], ids=["some", "all"])


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
