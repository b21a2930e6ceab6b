"""Folders in bad shape, disks full or read-only, links planted: everything is listed, nothing is lost or followed."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from library_takes import draft_of, finished, record_files, sealed_take

from perfstudio import durable
from perfstudio.library.library import Library
from perfstudio.model.errors import ErrorCode, PerfstudioError
from perfstudio.model.take import Decision, TakeState


def code_of(call: Callable[[], object]) -> ErrorCode:
    with pytest.raises(PerfstudioError) as caught:
        call()
    return caught.value.code


def garble(text: bytes) -> bytes:
    return text[: len(text) // 2]


def deep(text: bytes) -> bytes:
    return b'{"a":' * 200_000


def other_seal(text: bytes) -> bytes:
    return text.replace(b'"duration_s": 12.5', b'"duration_s": 99.5')


def newer(text: bytes) -> bytes:
    return text.replace(b"perfstudio-take/1", b"perfstudio-take/2")


def other_id(text: bytes) -> bytes:
    document = json.loads(text)
    return json.dumps(document | {"take_id": "0" * 26}).encode()


@pytest.mark.parametrize(
    ("how", "damage"),
    [
        (garble, "not_json"),
        (lambda _: b"", "not_json"),
        (lambda _: b"\x00" * 4000, "not_json"),
        (lambda _: b"[]", "invalid"),
        (lambda t: t.replace(b'"grief"', b'"\\ud800"'), "not_json"),
        (lambda t: t.replace(b"12.5", b"NaN"), "invalid"),
        (deep, "not_json"),
        (newer, "newer_format"),
        (other_id, "other_take"),
        (other_seal, "seal"),
    ],
)
@pytest.mark.parametrize("with_index", [True, False])
def test_lib_9_a_garbled_take_json(root: Path, how: Callable[[bytes], bytes], damage: str, with_index: bool) -> None:
    with Library(root) as library:
        take, healthy = sealed_take(library), sealed_take(library)
        before = library.row(take)
    path = root / "takes" / take / "take.json"
    path.write_bytes(how(path.read_bytes()))
    garbled = path.read_bytes()
    if not with_index:
        (root / "index.sqlite").unlink()
    with Library(root) as library:
        assert library.report.damaged == (take,)
        row = library.row(take)
        assert (row.state, row.damage) == (TakeState.DAMAGED, damage)
        assert (row.prompt_title == before.prompt_title) is with_index
        assert row.size_bytes > 0
        assert library.row(healthy).state is TakeState.UNDECIDED
        assert code_of(lambda: library.keep(take)) is ErrorCode.TAKE_DAMAGED
        library.rebuild()
        assert path.read_bytes() == garbled
        if with_index:
            repaired = library.repair(take)
            assert repaired.slate.take_number == before.take_number
            assert library.row(take) == before.__class__(
                **{**{f: getattr(before, f) for f in before.__slots__}, "size_bytes": library.row(take).size_bytes}
            )
            assert [p.read_bytes() for p in path.parent.glob("take.damaged-*.json")] == [garbled]
        else:
            assert code_of(lambda: library.repair(take)) is ErrorCode.TAKE_DAMAGED


def test_a_copy_that_does_not_fit_the_files_is_not_written_back(library: Library, take: str) -> None:
    folder = library.folder(take)
    (folder / "take.json").write_bytes(b"{")
    (folder / "audio.flac").unlink()
    assert code_of(lambda: library.repair(take)) is ErrorCode.TAKE_DAMAGED
    assert (folder / "take.json").read_bytes() == b"{"


def test_lib_9_media_without_a_take_json_are_listed(root: Path) -> None:
    with Library(root) as library:
        take = sealed_take(library)
    (root / "takes" / take / "take.json").unlink()
    (root / "index.sqlite").unlink()
    with Library(root) as library:
        (row,) = library.list()
        assert (row.take_id, row.state, row.damage) == (take, TakeState.DAMAGED, "missing")
        assert row.started_utc.year > 2020  # from the id
        assert (library.folder(take) / "take.mp4").is_file()


def test_garbled_papers_make_a_take_damaged(library: Library, take: str) -> None:
    for name in ("consent", "receipt"):
        path = library.folder(take) / f"{name}.json"
        path.write_bytes(b'{"x": 1}')
        library.report_now()
        assert (library.row(take).state, library.row(take).damage) == (TakeState.DAMAGED, name)
        path.unlink()
    library.report_now()
    assert library.state(take) is TakeState.UNDECIDED


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


def test_a_circle_passes_over_a_damaged_neighbour(library: Library) -> None:
    first, second = sealed_take(library), sealed_take(library)
    library.circle(first)
    (library.folder(first) / "take.json").write_bytes(b"{")
    library.report_now()
    library.circle(second)
    assert library.row(second).circled


def test_dsk_8_a_library_that_went_away_is_not_recreated(root: Path, tmp_path: Path) -> None:
    with Library(root) as library:
        take = sealed_take(library)
        root.rename(tmp_path / "elsewhere")
        assert code_of(lambda: library.create(draft_of())) is ErrorCode.DISK_WRITE
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


CHILD = """
import sys, os, signal, resource
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from library_takes import draft_of, finished
from perfstudio.library.library import Library
from perfstudio.model.errors import PerfstudioError
root, limit = Path(sys.argv[1]), int(sys.argv[3])
def attempt(call):
    try:
        call()
    except PerfstudioError as error:
        print(error.code.value, flush=True)
    else:
        print("done", flush=True)
library = Library(root)
take = library.list()[0].take_id
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
attempt(lambda: library.create(draft_of()))
attempt(lambda: library.keep(take))
print(len(library.list()), flush=True)
"""


def with_limit(root: Path, limit: int) -> list[str]:
    """What a process says that may write files of at most `limit` bytes."""
    command = [sys.executable, "-c", CHILD, str(root), str(Path(__file__).parent), str(limit)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize("limit", [0, 1, 1000, 5000, 100_000])
def test_dsk_5_a_full_disk_at_create_is_said_and_leaves_nothing(root: Path, limit: int) -> None:
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
    with Library(root) as library:
        take = sealed_take(library)
    before = {p.name for p in (root / "takes").iterdir()}
    created, kept, count = with_limit(root, limit)
    assert created == "disk_full"
    assert count == "1"
    assert {p.name for p in (root / "takes").iterdir()} == before
    with Library(root) as library:
        assert library.state(take) is {"done": TakeState.KEPT, "disk_full": TakeState.UNDECIDED}[kept]
        assert not [p for p in library.folder(take).iterdir() if p.name.endswith(".tmp")]
        sealed_take(library)


def fill(path: Path) -> None:
    """Write until the disk takes no more."""
    with path.open("wb", buffering=0) as rest, contextlib.suppress(OSError):
        while rest.write(b"x" * 65_536):
            pass


def test_dsk_3_a_disk_full_of_the_take_still_lets_it_be_sealed(tmp_path: Path) -> None:
    """On a real small disk, where one may be mounted."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("no small disk can be mounted here")
    try:
        with Library(disk / "home", index=tmp_path / "index.sqlite") as library:
            begun = library.create(draft_of())
            manifest = finished(begun)
            fill(begun.folder / "raw" / "rest")
            assert library.free_bytes() == 0
            assert code_of(lambda: library.create(draft_of())) is ErrorCode.DISK_FULL
            assert library.seal(begun.take_id, manifest).take_id == begun.take_id
            assert [row.state for row in library.list()] == [TakeState.UNDECIDED]
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


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
    real = Path.rename

    def scanned(self: Path, target: Path) -> Path:
        if refusals:
            raise refusals.pop()
        return real(self, target)

    monkeypatch.setattr(Path, "rename", scanned)
    library.seal(begun.take_id, manifest)
    assert refusals == []
    assert library.state(begun.take_id) is TakeState.UNDECIDED


def test_dsk_11_a_rename_refused_for_good_keeps_the_take_open(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = library.create(draft_of())
    manifest = finished(begun)

    def scanned(self: Path, target: Path) -> Path:
        raise PermissionError(13, "scanner")

    with monkeypatch.context() as patch:
        patch.setattr(durable, "_RENAME_WAITS_S", (0.001,))
        patch.setattr(Path, "rename", scanned)
        assert code_of(lambda: library.seal(begun.take_id, manifest)) is ErrorCode.FOLDER_NOT_WRITABLE
    assert library.state(begun.take_id) is TakeState.ROLLING
    assert library.seal(begun.take_id, manifest).take_id == begun.take_id


def test_an_open_take_of_a_living_process_is_not_offered_for_recovery(root: Path) -> None:
    with Library(root) as mine, Library(root) as other:
        begun = mine.create(draft_of())
        record_files(begun.folder)
        assert other.unsealed() == ()
        assert not other.claim(begun.take_id)
        mine.close()
        (waiting,) = other.unsealed()
        assert (waiting.take_id, waiting.folder) == (begun.take_id, begun.folder)
        assert other.claim(begun.take_id)
        assert other.unsealed() == ()
        other.release(begun.take_id)
        assert len(other.unsealed()) == 1
        assert other.claim(begun.take_id)
        other.seal(begun.take_id, finished(waiting))
        assert other.unsealed() == ()
        assert not list((root / "locks").glob("*.open"))


def test_a_garbled_draft_is_still_offered(root: Path) -> None:
    with Library(root) as library:
        begun = library.create(draft_of())
        (begun.folder / "take.json").write_bytes(b"{")
    with Library(root) as library:
        (waiting,) = library.unsealed()
        assert (waiting.take_id, waiting.manifest) == (begun.take_id, None)


def test_deletions_cut_short_are_finished_at_the_next_start(root: Path) -> None:
    with Library(root) as library:
        take = sealed_take(library)
        (root / "trash").mkdir(mode=0o700)
        library.folder(take).rename(root / "trash" / take)  # killed right after the decision
    (root / "trash" / "not-a-take").mkdir()
    with Library(root) as library:
        assert library.list() == ()
        assert [p.name for p in (root / "trash").iterdir()] == ["not-a-take"]
