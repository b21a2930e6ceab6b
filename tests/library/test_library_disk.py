"""Disks that are full or read-only, and renames that are refused: it is said, and nothing is lost."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from library_refusals import code_of
from library_takes import draft_of, finished, sealed_take

from perfstudio import durable
from perfstudio.library.library import Library
from perfstudio.model.errors import ErrorCode
from perfstudio.model.take import Decision, TakeState
from rigs.held_names import hold_names
from rigs.small_disk import disk_of
from rigs.systems import posix_only

CHILD = """
import sys, os, signal, resource
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from library_takes import draft_of, finished
from perfstudio.library.library import Library
from perfstudio.model.errors import PerfstudioError
def attempt(call):
    try:
        call()
    except PerfstudioError as error:
        print(error.code.value, end=" ")
    else:
        print("done", end=" ")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
for root in map(Path, sys.argv[1].split(os.pathsep)):
    library = Library(root)
    take = library.list()[0].take_id
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(root.name), resource.RLIM_INFINITY))
    attempt(lambda: library.create(draft_of()))
    attempt(lambda: library.keep(take))
    print(len(library.list()))
    library.close()
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
"""


def with_limits(roots: list[Path]) -> list[list[str]]:
    """What a process says of each library that may write files of at most as many bytes as its folder is named."""
    command = [sys.executable, "-c", CHILD, os.pathsep.join(map(str, roots)), str(Path(__file__).parent)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    return [line.split() for line in done.stdout.splitlines()]


@posix_only("no limit on the size of files")
@pytest.mark.parametrize(
    "limits", [(0, 1000, 100_000), pytest.param((0, 1, 1000, 5000, 100_000), marks=pytest.mark.soak)]
)
def test_dsk_5_a_disk_that_takes_no_larger_file_at_create_is_said_and_leaves_nothing(
    root: Path, limits: tuple[int, ...]
) -> None:
    roots, takes = [root / str(limit) for limit in limits], []
    for home in roots:
        with Library(home) as library:
            takes.append(sealed_take(library))
    before = [{p.name for p in (home / "takes").iterdir()} for home in roots]
    for home, take, names, (created, kept, count) in zip(roots, takes, before, with_limits(roots), strict=True):
        assert created == "disk_write"
        assert count == "1"
        assert {p.name for p in (home / "takes").iterdir()} == names
        with Library(home) as library:
            assert library.state(take) is {"done": TakeState.KEPT, "disk_write": TakeState.UNDECIDED}[kept]
            assert not [p for p in library.folder(take).iterdir() if p.name.endswith(".tmp")]
            sealed_take(library)


def fill(path: Path) -> None:
    """Write until the disk takes no more."""
    with path.open("wb", buffering=0) as rest, contextlib.suppress(OSError):
        while rest.write(b"x" * 65_536):
            pass


def test_dsk_3_a_disk_full_of_the_take_still_lets_it_be_sealed(tmp_path: Path) -> None:
    """On a real small disk, where one may be mounted."""
    with (
        disk_of(tmp_path / "disk", 2**21) as disk,
        Library(disk / "home", index=tmp_path / "index.sqlite") as library,
    ):
        begun = library.create(draft_of())
        manifest = finished(begun)
        fill(begun.folder / "raw" / "rest")
        assert library.free_bytes() == 0
        assert code_of(lambda: library.create(draft_of())) is ErrorCode.DISK_FULL
        assert library.seal(begun.take_id, manifest).take_id == begun.take_id
        assert [row.state for row in library.list()] == [TakeState.UNDECIDED]


NOBODY = 65534


@contextlib.contextmanager
def without_rights(folder: Path) -> Iterator[None]:
    """Everything below read-only, for a user for whom that counts (root may write anywhere)."""
    own = os.geteuid()
    everything = [folder, *folder.rglob("*")]
    for path in everything:
        path.chmod(0o555 if path.is_dir() else 0o444)
    if own == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(own)
        for path in everything:
            path.chmod(0o700 if path.is_dir() else 0o600)


@posix_only("modes keep nobody out")
def test_dsk_9_a_folder_that_cannot_be_written_is_said_and_can_be_read() -> None:
    with tempfile.TemporaryDirectory() as place:  # not below pytest's own folder, which is closed to others
        Path(place).chmod(0o755)
        root = Path(place) / "home"
        with Library(root) as library:
            take = sealed_take(library)
        with without_rights(root):
            with Library(root) as library:
                assert [row.take_id for row in library.list()] == [take]
                assert library.manifest(take).take_id == take
                assert code_of(lambda: library.create(draft_of())) is ErrorCode.FOLDER_NOT_WRITABLE
                assert code_of(lambda: library.keep(take)) is ErrorCode.FOLDER_NOT_WRITABLE
            assert code_of(lambda: Library(root / "deeper" / "home")) is ErrorCode.FOLDER_NOT_WRITABLE
        with Library(root) as library:
            assert library.keep(take).decision is Decision.KEPT


def test_dsk_11_a_rename_refused_for_a_moment(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = library.create(draft_of())
    manifest = finished(begun)
    refusals = [PermissionError(13, "scanner"), PermissionError(13, "scanner"), PermissionError(13, "scanner")]
    hold_names(monkeypatch)
    real = durable.DURABILITY.rename

    def scanned(source: Path, target: Path) -> None:
        if refusals:
            raise refusals.pop()
        real(source, target)

    monkeypatch.setattr(durable.DURABILITY, "rename", scanned)
    library.seal(begun.take_id, manifest)
    assert refusals == []
    assert library.state(begun.take_id) is TakeState.UNDECIDED


def test_dsk_11_a_rename_refused_for_good_keeps_the_take_open(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = library.create(draft_of())
    manifest = finished(begun)

    def scanned(source: Path, target: Path) -> None:
        raise PermissionError(13, "scanner")

    with monkeypatch.context() as patch:
        hold_names(patch)
        patch.setattr(durable.DURABILITY, "rename", scanned)
        assert code_of(lambda: library.seal(begun.take_id, manifest)) is ErrorCode.FILE_IN_USE
    assert library.state(begun.take_id) is TakeState.ROLLING
    assert library.seal(begun.take_id, manifest).take_id == begun.take_id
