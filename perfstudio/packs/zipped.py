"""A `.perfpack`: a zip that is read member by member and never extracted by name.

Python's zipfile parses the table of contents, after the end record has been checked here for size and honesty (a table
of a million entries is refused before it is read, zip64 and everything outside the plain form too). Then every entry is
judged by what it says: names, type, encryption, method, overlap, ratio. Then bytes are counted while they are read.
"""

from __future__ import annotations

import contextlib
import os
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from perfstudio.model.errors import ErrorCode, PackError
from perfstudio.packs import limits
from perfstudio.packs.litter import is_litter, without_marks
from perfstudio.packs.problems import invalid
from perfstudio.packs.source import CHUNK, PACK_JSON, counted

_END = struct.Struct("<4s4H2IH")
_END_MARK, _ZIP64_MARK, _LOCAL_MARK = b"PK\x05\x06", b"PK\x06\x07", b"PK\x03\x04"
_LOCAL = struct.Struct("<4s5H3I2H")
_LONGEST_COMMENT = 65_535
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_BAD_ZIP = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    struct.error,
    zlib.error,
    EOFError,
    ValueError,
    OverflowError,
)
_UTF_8_NAME = 0x800


class ZipSource:
    """An open `.perfpack`. Raises PackError: PACK_UNREADABLE, PACK_NOT_A_ZIP, PACK_TOO_LARGE, PACK_INVALID."""

    def __init__(self, path: Path, *, most_bytes: int = limits.PACK_BYTES) -> None:
        """`most_bytes`: of the file."""
        self.name = path.name
        self._most_bytes = most_bytes
        self._file = _open(path)
        try:
            self._size = os.fstat(self._file.fileno()).st_size
            table_at, entries = self._check_end()
            self._zip = zipfile.ZipFile(self._file)
            self._members = self._check_entries(table_at, entries)
        except _BAD_ZIP as error:
            self._file.close()
            raise PackError(ErrorCode.PACK_NOT_A_ZIP, file=self.name) from error
        except OSError as error:
            self._file.close()
            raise PackError(ErrorCode.PACK_UNREADABLE, file=self.name) from error
        except BaseException:
            self._file.close()
            raise

    def chunks(self, member: str, limit: int) -> Iterator[bytes]:
        """See `PackSource`."""
        info = self._members.get(member)
        if info is None:
            raise invalid(self.name, member, "missing")
        read = 0
        try:
            with self._zip.open(info) as stream:
                for piece in counted(iter(lambda: stream.read(CHUNK), b""), self.name, member, limit):
                    read += len(piece)
                    yield piece
            if read != info.file_size:  # zipfile minds a checksum and a size that is too small, not one too large
                raise zipfile.BadZipFile
        except _BAD_ZIP as error:  # a size or checksum that was not true, a stream that ends early
            raise invalid(self.name, member, "damaged") from error
        except OSError as error:  # a stick that was pulled out, a share that went
            raise PackError(ErrorCode.PACK_UNREADABLE, file=self.name) from error

    def unlisted(self, listed: frozenset[str]) -> str | None:
        """See `PackSource`."""
        return next((name for name in self._members if name not in listed and not is_litter(name)), None)

    def __enter__(self) -> ZipSource:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, bad: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()
        self._file.close()

    def _check_end(self) -> tuple[int, int]:
        """Where the table of contents begins and how many entries it claims; the end record must follow it at once."""
        if self._size > self._most_bytes:
            raise self._too_large("file", self._most_bytes)
        if self._file.read(4) != _LOCAL_MARK:
            raise zipfile.BadZipFile
        self._file.seek(max(0, self._size - _END.size - _LONGEST_COMMENT))
        tail = self._file.read()
        at = tail.rfind(_END_MARK)
        if at < 0 or at + _END.size > len(tail):
            raise zipfile.BadZipFile
        _, disk, table_disk, here, entries, length, offset, comment = _END.unpack_from(tail, at)
        end_at = self._size - len(tail) + at
        honest = (disk, table_disk, here, offset + length, comment) == (
            0,
            0,
            entries,
            end_at,
            len(tail) - at - _END.size,
        )
        if not honest or tail[max(0, at - 20) : at].startswith(_ZIP64_MARK):
            raise zipfile.BadZipFile
        if entries > limits.ENTRIES or length > limits.DIRECTORY_BYTES:
            raise self._too_large("entries", limits.ENTRIES)
        return int(offset), int(entries)

    def _check_entries(self, table_at: int, entries: int) -> dict[str, zipfile.ZipInfo]:
        infos = self._zip.infolist()
        if len(infos) != entries:
            raise zipfile.BadZipFile
        for number, info in enumerate(infos, start=1):
            problem = _entry_problem(info)
            if problem:
                raise invalid(self.name, f"file {number}", problem)
        self._check_sizes(infos)
        self._check_overlap(infos, table_at)
        folded = [_folded(name) for name in map(_name_of, infos) if not is_litter(name)]
        if len(set(folded)) < len(folded):
            raise invalid(self.name, "files", "names_collide")
        return _below_root({name: info for info in infos if not (name := _name_of(info)).endswith("/")})

    def _check_sizes(self, infos: list[zipfile.ZipInfo]) -> None:
        """What the headers promise; `chunks` holds them to it."""
        most = max(limits.UNPACKED_BYTES, self._most_bytes)
        if sum(info.file_size for info in infos) > most:
            raise self._too_large("unpacked", most)
        for info in infos:
            if info.file_size > max(limits.RATIO_FREE_BYTES, limits.RATIO * info.compress_size):
                raise self._too_large("ratio", limits.RATIO)

    def _check_overlap(self, infos: list[zipfile.ZipInfo], table_at: int) -> None:
        """Every entry has bytes of its own, before the table of contents."""
        free_from = 0
        for info in sorted(infos, key=lambda i: i.header_offset):
            self._file.seek(info.header_offset)
            header = _LOCAL.unpack(self._file.read(_LOCAL.size))
            if header[0] != _LOCAL_MARK or info.header_offset < free_from:
                raise invalid(self.name, "files", "overlap")
            free_from = info.header_offset + _LOCAL.size + header[-2] + header[-1] + info.compress_size
        if free_from > table_at:
            raise invalid(self.name, "files", "overlap")

    def _too_large(self, what: str, limit: int) -> PackError:
        return PackError(ErrorCode.PACK_TOO_LARGE, file=self.name, what=what, limit=limit)


def _open(path: Path) -> BinaryIO:
    """A regular file, opened without ever waiting (a named pipe would). Raises PackError(PACK_UNREADABLE)."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except OSError as error:
        raise PackError(ErrorCode.PACK_UNREADABLE, file=path.name) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise PackError(ErrorCode.PACK_UNREADABLE, file=path.name)
    return os.fdopen(descriptor, "rb")


def _entry_problem(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & _ENCRYPTED:
        return "encrypted"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "packing_method"
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "not_a_file"
    name = _name_of(info)
    if name.endswith("/") and info.file_size:
        return "not_a_file"
    return "" if _is_safe_name(without_marks(name) if is_litter(name) else name) else "unsafe_name"


def _name_of(info: zipfile.ZipInfo) -> str:
    """The name as it was meant: some write UTF-8 without saying so, and old ones on Windows write backslashes."""
    name = info.orig_filename
    if not info.flag_bits & _UTF_8_NAME and not name.isascii():
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


def _is_safe_name(name: str) -> bool:
    """Relative, forward slashes, no step up, nothing a file system reads in its own way. Names are not used for
    writing; a pack that carries a bad one is not to be trusted with the rest."""
    parts = name.removesuffix("/").split("/")
    printable = len(name) <= 200 and not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co") for c in name)
    return printable and not set(':*?"<>|') & set(name) and all(_is_safe_part(part) for part in parts)


def _is_safe_part(part: str) -> bool:
    return bool(part) and part not in (".", "..") and not part.endswith((".", " ")) and not part.startswith(" ")


def _folded(name: str) -> str:
    """Names that one file system or another takes for the same."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold()).removesuffix("/")


def _below_root(members: dict[str, zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """The members; without the one folder around everything that file managers put there when a folder is zipped.

    Litter has no say in what is around, but it stays: a file that the pack lists is the pack's, whatever its name.
    """
    around = {name.split("/", 1)[0] for name in members if not is_litter(name)}
    if PACK_JSON in members or len(around) != 1:
        return members
    prefix = around.pop() + "/"
    return {name.removeprefix(prefix): info for name, info in members.items()}
