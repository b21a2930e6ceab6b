"""Folders that move, go away, come back or are links: listed as they are, never followed, never made anew."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from library_refusals import code_of
from library_takes import draft_of, sealed_take

from perfstudio.library.library import Library
from perfstudio.model.errors import ErrorCode
from perfstudio.model.take import Decision


def test_lib_7_orphans_are_adopted_and_missing_ones_listed(root: Path, tmp_path: Path) -> None:
    with Library(root) as library:
        takes = [sealed_take(library) for _ in range(6)]
    for take in takes[:3]:
        (root / "takes" / take).rename(tmp_path / take)
    (root / "takes" / "holiday").mkdir()
    (root / "takes" / "notes.txt").write_text("mine")
    with Library(root) as library:
        assert library.report.missing == tuple(sorted(takes[:3]))
        assert library.report.foreign == ("holiday", "notes.txt")
        gone = library.row(takes[0])
        assert (gone.missing, gone.prompt_title) == (True, "About the-letter")
        assert not library.folder(takes[0]).exists()
        assert code_of(lambda: library.keep(takes[0])) is ErrorCode.TAKE_UNKNOWN
        for take in takes[:3]:
            (tmp_path / take).rename(root / "takes" / take)
        assert library.report_now().missing == ()
        assert not library.row(takes[0]).missing
    (root / "index.sqlite").unlink()
    with Library(root) as library:
        assert {row.take_id for row in library.list()} == set(takes)
    assert (root / "takes" / "notes.txt").read_text() == "mine"


def test_dsk_8_a_library_that_went_away_is_not_recreated(root: Path, tmp_path: Path) -> None:
    with Library(root) as library:
        take = sealed_take(library)
        root.rename(tmp_path / "elsewhere")
        assert code_of(lambda: library.create(draft_of())) is ErrorCode.DISK_GONE
        assert not (root / "takes").exists()
        (tmp_path / "elsewhere").rename(root)
        library.keep(take)
        assert library.row(take).decision is Decision.KEPT


def test_dsk_8_takes_of_a_disk_that_is_not_connected_are_still_listed(tmp_path: Path) -> None:
    index = tmp_path / "index.sqlite"
    with Library(tmp_path / "disk", index=index) as library:
        take = sealed_take(library)
    (tmp_path / "disk").rename(tmp_path / "unplugged")
    with Library(tmp_path / "disk", index=index) as library:
        assert library.report.missing == (take,)
        assert library.row(take).prompt_title == "About the-letter"


def test_lib_10_links_are_not_followed(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious.txt").write_text("mine")
    with Library(root) as library:
        linked, inside, spied = sealed_take(library), sealed_take(library), sealed_take(library)
        for take in (linked, inside):
            library.bin(take)
        real = library.folder(linked)
        real.rename(outside / linked)
        real.symlink_to(outside / linked)
        (library.folder(inside) / "raw" / "more").symlink_to(outside)
        secret = tmp_path / "secret.json"
        secret.write_text("{}")
        (library.folder(spied) / "take.json").unlink()
        (library.folder(spied) / "take.json").symlink_to(secret)
        assert library.report_now().foreign == (linked,)
        assert library.row(spied).damage == "link"
        report = library.empty_bin()
        assert report.deleted == ()
        assert report.left == ((inside, "link"),)
        assert library.folder(inside).is_dir()
    assert (outside / "precious.txt").read_text() == "mine"
    assert (outside / linked / "take.mp4").is_file()
    assert secret.read_text() == "{}"


def test_lib_10_a_take_json_is_replaced_never_written_through(library: Library, take: str, tmp_path: Path) -> None:
    path = library.folder(take) / "take.json"
    outside = tmp_path / "outside.json"
    shutil.copy(path, outside)
    kept = outside.read_bytes()
    os.link(path, tmp_path / "hard.json")
    library.note(take, "changed")
    assert (tmp_path / "hard.json").read_bytes() == kept


def test_lib_11_a_library_moved_to_another_place(root: Path, tmp_path: Path) -> None:
    with Library(root) as library:
        take = sealed_take(library)
        library.circle(take)
        before = library.list()
    shutil.copytree(root, tmp_path / "moved")
    with Library(tmp_path / "moved") as library:
        assert library.list() == before
        assert library.folder(take).is_relative_to(tmp_path / "moved")
