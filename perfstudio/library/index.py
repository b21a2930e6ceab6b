"""The SQLite index: a fast list of what the folders say, and nothing more.

It can be deleted, damaged, locked or too new without any take being lost: a damaged file is set aside and made anew, a
newer one is left alone and an index in memory takes its place. WAL with synchronous FULL, so a row that was committed
survives a power cut; `secure_delete`, so that a deleted take leaves no words behind in free pages. Migrations are the
numbered files in `sql/`, each in one transaction with its `user_version`: after a kill there is the old schema or the
new one. No copy of the file is made before a migration, because the folders are that copy.

Used from any thread of one process (one connection behind a lock) and from several processes at once.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from perfstudio.durable import rename_durably
from perfstudio.library.folder import FolderEntry
from perfstudio.library.queries import COLUMNS, checksum, from_columns, to_columns, where
from perfstudio.library.take_row import TakeFilter, TakeRow
from perfstudio.model.clock import utc_now
from perfstudio.model.take import TakeState
from perfstudio.systems.durability import SQLITE_PRAGMAS

_BUSY_MS = 3_000
"""How long a statement waits for another process. Changes of the index are milliseconds long."""
_LOST = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR})
_IN_MEMORY = ":memory:"
_NO_VERSION = 1_000
"""No schema will ever have this number: a header that says so is damaged, not newer."""
_NAMES = ", ".join(COLUMNS)
_ID, _STATE, _MISSING = (1 + COLUMNS.index(name) for name in ("take_id", "state", "missing"))
"""Places in a row that begins with its stamp."""


class Condition(StrEnum):
    """How the index was found when it was opened."""

    GOOD = "good"
    FRESH = "fresh"  # there was none
    SET_ASIDE = "set_aside"  # damaged: kept under another name, made anew
    NEWER = "newer"  # made by a newer perfstudio: not touched, an index in memory stands in
    NO_FILE = "no_file"  # its place cannot be written: an index in memory stands in


class IndexLostError(Exception):
    """The file turned out to be damaged while it was used."""


class IndexBusyError(Exception):
    """The index cannot be written now (locked, disk full, read-only): the folders have it all the same."""


def schema_version() -> int:
    """The newest schema this version knows: the number of the last migration."""
    return len(_migrations())


class Known(NamedTuple):
    """The little that says whether a folder has to be read again."""

    stamp: str
    """Empty for a missing take."""
    is_damaged: bool
    is_missing: bool


class Index:
    """An open index. Make it with `open_index`."""

    def __init__(self, connection: sqlite3.Connection, condition: Condition) -> None:
        self._connection = connection
        self._lock = threading.RLock()
        self.condition = condition

    @contextmanager
    def writing(self, wait_ms: int = _BUSY_MS) -> Iterator[None]:
        """One transaction, begun when no other process writes (at most `wait_ms` later).

        What is read from folders inside it is not older than any row another process wrote before.
        Raises IndexBusyError when the index cannot be written now, IndexLostError when it is damaged.
        """
        with self._lock, _translated():
            self._connection.execute(f"PRAGMA busy_timeout = {wait_ms}")
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def put(self, entry: FolderEntry) -> None:
        """Insert or replace one take, inside `writing`."""
        self._put_row(entry.row, entry.stamp)
        copy = entry.copy()
        if copy is not None:
            self._connection.execute("INSERT OR REPLACE INTO copies VALUES (?, ?)", (entry.row.take_id, copy))

    def mark_missing(self, row: TakeRow) -> None:
        """Say that the folder of a known take is not there, inside `writing`."""
        self._put_row(replace(row, missing=True), "")

    def _put_row(self, row: TakeRow, stamp: str) -> None:
        columns = to_columns(row)
        marks = ", ".join("?" * (len(columns) + 2))
        self._connection.execute(
            f"INSERT OR REPLACE INTO takes (stamp, {_NAMES}, crc) VALUES ({marks})",  # noqa: S608 - own names
            (stamp, *columns, checksum(columns)),
        )

    def remove(self, take_id: str) -> None:
        """Forget a take, inside `writing`."""
        self._connection.execute("DELETE FROM takes WHERE take_id = ?", (take_id,))
        self._connection.execute("DELETE FROM copies WHERE take_id = ?", (take_id,))

    def known(self) -> dict[str, Known]:
        """What is known of every take, by take id. Every row's checksum is checked, and nothing else is made of it."""
        found = self._all(f"SELECT stamp, {_NAMES}, crc FROM takes")  # noqa: S608
        if any(checksum(columns) != crc for _, *columns, crc in found):
            raise IndexLostError
        return {row[_ID]: Known(row[0], row[_STATE] == TakeState.DAMAGED, bool(row[_MISSING])) for row in found}

    def row(self, take_id: str) -> TakeRow | None:
        """One line, or None."""
        rows = _rows(self._all(f"SELECT {_NAMES}, crc FROM takes WHERE take_id = ?", take_id))  # noqa: S608
        return rows[0] if rows else None

    def rows(self, chosen: TakeFilter, most: int = -1) -> tuple[TakeRow, ...]:
        """The lines that fit, newest first; at most so many, or all."""
        clause, values = where(chosen)
        query = f"SELECT {_NAMES}, crc FROM takes {clause} ORDER BY started_utc DESC, take_id DESC LIMIT ?"  # noqa: S608
        return _rows(self._all(query, *values, most))

    def ids_with_prefix(self, prefix: str, limit: int = 6) -> tuple[str, ...]:
        """At most `limit` take ids that begin with these characters (which are those of a take id)."""
        query = "SELECT take_id FROM takes WHERE take_id >= ? AND take_id < ? ORDER BY take_id LIMIT ?"
        return tuple(found for (found,) in self._all(query, prefix, prefix + "~", limit))

    def highest_numbers(self) -> dict[tuple[str, str], int]:
        """The highest take number by pack and prompt."""
        query = "SELECT pack_id, prompt_id, MAX(take_number) FROM takes WHERE pack_id != '' GROUP BY 1, 2"
        return {(pack, prompt): number for pack, prompt, number in self._all(query)}

    def copy(self, take_id: str) -> bytes | None:
        """The packed second copy of a manifest, or None."""
        found = self._all("SELECT manifest FROM copies WHERE take_id = ?", take_id)
        return bytes(found[0][0]) if found else None

    def bytes_used(self) -> int:
        """Sum of the sizes of all takes that are there."""
        return int(self._all("SELECT COALESCE(SUM(size_bytes), 0) FROM takes WHERE missing = 0")[0][0])

    def close(self) -> None:
        """Let the file go. Safe to call twice."""
        with self._lock:
            self._connection.close()

    def _all(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock, _translated():
            return self._connection.execute(query, values).fetchall()


def _rows(found: list[tuple[Any, ...]]) -> tuple[TakeRow, ...]:
    try:
        return tuple(from_columns(columns) for columns in found)
    except (ValueError, TypeError) as error:
        raise IndexLostError from error


def open_index(path: Path) -> Index:
    """Open the index at `path`, whatever its condition (see `Condition`). Never raises for a bad file."""
    fresh = not path.exists()
    try:
        return Index(_connect(path), Condition.FRESH if fresh else Condition.GOOD)
    except _TooNewError:
        return Index(_connect(None), Condition.NEWER)
    except IndexLostError:
        return renew_index(path)
    except (IndexBusyError, OSError):
        return memory_index()


def renew_index(path: Path) -> Index:
    """An empty index in the place of a damaged one, which stays under another name. Never raises."""
    try:
        _set_aside(path)
        return Index(_connect(path), Condition.SET_ASIDE)
    except (IndexBusyError, IndexLostError, OSError):
        return memory_index()


def memory_index() -> Index:
    """An empty index that ends with the process."""
    return Index(_connect(None), Condition.NO_FILE)


def _set_aside(path: Path) -> None:
    name = f"{path.stem}.damaged-{utc_now():%Y%m%dT%H%M%S%f}"
    for tail in ("-wal", "-shm", ""):
        part = path.with_name(path.name + tail)
        if part.is_symlink() or part.exists():
            rename_durably(part, path.with_name(name + path.suffix + tail))


class _TooNewError(Exception):
    """Made by a newer perfstudio."""


def _connect(path: Path | None) -> sqlite3.Connection:
    if path is not None:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600))
    with _translated():  # a path may be longer than SQLite takes
        connection = sqlite3.connect(
            path or _IN_MEMORY, timeout=_BUSY_MS / 1000, isolation_level=None, check_same_thread=False
        )
    try:
        with _translated():
            _prepare(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    version = _version(connection)
    if not 0 <= version < _NO_VERSION:
        raise IndexLostError
    if version > schema_version():
        raise _TooNewError
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")
    for pragma in SQLITE_PRAGMAS:
        connection.execute(pragma)
    if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise IndexLostError
    _migrate(connection)


def _migrate(connection: sqlite3.Connection) -> None:
    """Bring the schema up, one transaction a step; another process may be doing the same."""
    for number, script in enumerate(_migrations(), start=1):
        connection.execute("BEGIN IMMEDIATE")
        try:
            if _version(connection) < number:
                for statement in _statements(script):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number}")
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


@cache
def _migrations() -> tuple[str, ...]:
    folder = resources.files("perfstudio.library") / "sql"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    return tuple(f.read_text(encoding="utf-8") for f in files)


def _statements(script: str) -> Iterable[str]:
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""


@contextmanager
def _translated() -> Iterator[None]:
    """SQLite's errors as the two that matter here: damaged, or not writable now."""
    try:
        yield
    except UnicodeDecodeError as error:  # SQLite quotes what it found in a damaged schema
        raise IndexLostError from error
    except sqlite3.DatabaseError as error:
        primary = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        # A table that is gone, or a column, is damage too: every file that got this far had its migrations.
        if primary in _LOST or primary == sqlite3.SQLITE_ERROR:
            raise IndexLostError from error
        raise IndexBusyError from error
