"""The index lost, damaged, locked, old, new or unwritable: every take is still listed, and the file is kept."""

from __future__ import annotations

import contextlib
import os
import random
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest
from library_takes import draft_of, finished, sealed_take

from perfstudio.library.index import Condition, schema_version
from perfstudio.library.library import Library
from perfstudio.library.take_row import TakeRow
from perfstudio.model.errors import ErrorCode, LibraryError
from perfstudio.model.take import Decision

TAKES = 12


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of twelve takes that has been closed."""
    root = tmp_path_factory.mktemp("filled") / "home"
    with Library(root) as library:
        for number in range(TAKES):
            take = sealed_take(library, "the-letter" if number % 2 else "the-door")
            library.note(take, f"take number {number} of them")
    return root


@pytest.fixture
def twelve(filled: Path, tmp_path: Path) -> Path:
    """A copy of it whose folders keep their stamps."""
    import shutil

    shutil.copytree(filled, tmp_path / "home", copy_function=os.link)
    for path in (tmp_path / "home").glob("index.sqlite*"):
        data = path.read_bytes()
        path.unlink()
        path.write_bytes(data)
    return tmp_path / "home"


def rows_of(twelve: Path) -> tuple[TakeRow, ...]:
    with Library(twelve) as library:
        return library.list()


def set_aside(twelve: Path) -> list[Path]:
    return [p for p in twelve.iterdir() if ".damaged-" in p.name]


def test_an_untouched_index_is_not_read_anew(twelve: Path) -> None:
    with Library(twelve) as library:
        assert (library.condition, library.report.read, library.report.takes) == (Condition.GOOD, 0, TAKES)


@pytest.mark.parametrize("size", [None, 0, 1, 100, 4096, 5000])
def test_lib_2_deleted_or_truncated(twelve: Path, size: int | None) -> None:
    before = rows_of(twelve)
    index = twelve / "index.sqlite"
    for tail in ("-wal", "-shm"):
        index.with_name(index.name + tail).unlink(missing_ok=True)
    if size is None:
        index.unlink()
    else:
        os.truncate(index, size)
    assert rows_of(twelve) == before
    assert rows_of(twelve) == before


def test_lib_2_no_database_at_all(twelve: Path) -> None:
    before = rows_of(twelve)
    (twelve / "index.sqlite").write_bytes(b"This is not a database.\n" * 500)
    with Library(twelve) as library:
        assert library.condition is Condition.SET_ASIDE
        assert library.list() == before
    assert len(set_aside(twelve)) == 1
    (twelve / "index.sqlite").unlink()
    (twelve / "index.sqlite").mkdir()
    with Library(twelve) as library:
        assert library.condition is Condition.NO_FILE
        assert library.list() == before


def damage(index: Path, seed: int) -> None:
    """A hundred bytes overwritten at random."""
    dice = random.Random(seed)
    at = dice.randrange(0, index.stat().st_size - 100)
    with index.open("r+b") as file:
        file.seek(at)
        file.write(dice.randbytes(100))


def hurt_and_look(twelve: Path, seeds: range) -> None:
    before = rows_of(twelve)
    index = twelve / "index.sqlite"
    whole = index.read_bytes()
    for seed in seeds:
        index.write_bytes(whole)
        damage(index, seed)
        with Library(twelve) as library:
            assert library.list() == before, f"seed {seed}"
            for row in before[:2]:
                assert library.row(row.take_id) == row, f"seed {seed}"
        for path in set_aside(twelve):
            path.unlink()


def test_lib_1_damaged_pages(twelve: Path) -> None:
    hurt_and_look(twelve, range(40))


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_lib_1_damaged_pages_long(twelve: Path) -> None:
    hurt_and_look(twelve, range(1000, 1500))


def test_lib_1_damage_while_open_is_healed_at_the_next_look(twelve: Path) -> None:
    with Library(twelve) as library:
        before = library.list()
        with contextlib.closing(sqlite3.connect(twelve / "index.sqlite")) as other:
            other.execute("UPDATE takes SET note = note || '!'")
            other.commit()
        assert library.list() == before
        assert library.condition is Condition.SET_ASIDE
        with contextlib.closing(sqlite3.connect(twelve / "index.sqlite")) as other:
            other.execute("DROP TABLE takes")
            other.commit()
        assert library.list() == before


def test_lib_3_a_lost_journal_loses_no_take(twelve: Path) -> None:
    index = twelve / "index.sqlite"
    with Library(twelve) as library:
        old = index.read_bytes()  # without what is still in the journal
        take = sealed_take(library)
        library.keep(take)
        before = library.list()
        kept_wal = index.with_name("index.sqlite-wal").read_bytes()
        assert kept_wal
    index.write_bytes(old)
    index.with_name("index.sqlite-wal").unlink(missing_ok=True)
    assert rows_of(twelve) == before
    index.unlink()
    index.with_name("index.sqlite-wal").write_bytes(kept_wal)
    assert rows_of(twelve) == before


@contextlib.contextmanager
def locked(twelve: Path) -> Iterator[None]:
    with contextlib.closing(sqlite3.connect(twelve / "index.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


def test_lib_4_recording_does_not_wait_for_a_locked_index(twelve: Path) -> None:
    with Library(twelve) as library:
        with locked(twelve):
            take = sealed_take(library)
            library.keep(take)
            assert library.manifest(take).decision is Decision.KEPT
        assert library.row(take).decision is Decision.KEPT
    assert len(rows_of(twelve)) == TAKES + 1


def test_lib_4_a_library_opens_while_the_index_is_locked(twelve: Path) -> None:
    with Library(twelve) as library, locked(twelve):
        sealed_take(library)
        assert len(rows_of(twelve)) == TAKES + 1


def old_schema(twelve: Path) -> None:
    """The index as the first version left it."""
    index = twelve / "index.sqlite"
    for path in twelve.glob("index.sqlite*"):
        path.unlink()
    script = (resources.files("perfstudio.library") / "sql" / "001_takes.sql").read_text(encoding="utf-8")
    with contextlib.closing(sqlite3.connect(index)) as first:
        first.executescript(f"{script}; PRAGMA user_version = 1;")


def test_lib_5_an_older_schema_is_brought_up(twelve: Path) -> None:
    before = rows_of(twelve)
    old_schema(twelve)
    with Library(twelve) as library:
        assert library.condition is Condition.GOOD
        assert library.list() == before
    with contextlib.closing(sqlite3.connect(twelve / "index.sqlite")) as index:
        assert index.execute("PRAGMA user_version").fetchone() == (schema_version(),)
        assert index.execute("SELECT COUNT(*) FROM copies").fetchone() == (TAKES,)


def test_lib_5_a_newer_schema_is_read_only_and_not_touched(twelve: Path) -> None:
    before = rows_of(twelve)
    with contextlib.closing(sqlite3.connect(twelve / "index.sqlite")) as index:
        index.execute("PRAGMA user_version = 999")
    kept = (twelve / "index.sqlite").read_bytes()
    with Library(twelve) as library:
        assert library.condition is Condition.NEWER
        assert library.list() == before
        assert library.manifest(before[0].take_id).take_id == before[0].take_id
        for change in (
            lambda: library.create(draft_of()),
            lambda: library.keep(before[0].take_id),
            library.empty_bin,
            lambda: library.drop_empty(before[0].take_id),
        ):
            with pytest.raises(LibraryError) as caught:
                change()
            assert caught.value.code is ErrorCode.LIBRARY_NEWER
    assert (twelve / "index.sqlite").read_bytes() == kept


OPEN = (
    "import sys; from pathlib import Path; from perfstudio.library.library import Library; Library(Path(sys.argv[1]))"
)


@pytest.mark.parametrize("step", [3, pytest.param(1, marks=pytest.mark.soak)])
def test_lib_6_a_kill_in_a_migration_leaves_the_old_or_the_new(twelve: Path, step: int) -> None:
    before = rows_of(twelve)
    for delay_s in (0.3, 0.35, 0.4, 0.45, 0.5)[::step]:
        old_schema(twelve)
        with subprocess.Popen([sys.executable, "-c", OPEN, str(twelve)]) as child:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(timeout=delay_s)
            child.kill()
        assert rows_of(twelve) == before


def test_the_index_may_lie_elsewhere(tmp_path: Path) -> None:
    place = tmp_path / "local" / "index.sqlite"
    place.parent.mkdir()
    with Library(tmp_path / "home", index=place) as library:
        sealed_take(library)
        assert len(library.list()) == 1
    assert place.is_file()
    assert not (tmp_path / "home" / "index.sqlite").exists()


def test_many_threads_share_one_library(twelve: Path) -> None:
    with Library(twelve) as library:
        takes = [row.take_id for row in library.list()]
        failures: list[BaseException] = []

        def work(take: str) -> None:
            try:
                for turn in range(5):
                    library.keep(take)
                    library.note(take, str(turn))
                    assert library.row(take).note == str(turn)
            except BaseException as error:  # noqa: BLE001
                failures.append(error)

        threads = [threading.Thread(target=work, args=(take,)) for take in takes[:6]]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []


WORK = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from library_takes import sealed_take
from perfstudio.library.library import Library
with Library(Path(sys.argv[1])) as library:
    for _ in range(int(sys.argv[3])):
        take = sealed_take(library)
        library.circle(take)
        print(take, flush=True)
"""


def test_two_processes_share_one_library(twelve: Path) -> None:
    command = [sys.executable, "-c", WORK, str(twelve), str(Path(__file__).parent), "3"]
    children = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    made = [take for child in children for take in child.communicate(timeout=110)[0].split()]
    assert [child.returncode for child in children] == [0, 0]
    with Library(twelve) as library:
        assert library.report.read == 0  # every change reached the index
        rows = {row.take_id: row for row in library.list()}
        assert set(made) <= set(rows)
        numbers = [row.take_number for row in rows.values() if row.prompt_id == "the-letter"]
        assert len(numbers) == len(set(numbers)) == TAKES // 2 + 6
        assert [row.take_id for row in rows.values() if row.circled] != []
        assert len([row for row in rows.values() if row.circled and row.prompt_id == "the-letter"]) == 1


def test_finished_but_never_sealed_takes_can_be_sealed_without_an_index(twelve: Path) -> None:
    (twelve / "index.sqlite").unlink()
    (twelve / "index.sqlite").mkdir()
    with Library(twelve) as library:
        begun = library.create(draft_of())
        assert library.seal(begun.take_id, finished(begun)).take_id == begun.take_id
