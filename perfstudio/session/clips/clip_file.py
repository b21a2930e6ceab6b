"""A `.perfclip` read and written: clip.json and its media in a zip, none of them packed.

A stranger's file is opened like a stranger's pack (`packs.zipped`): judged before anything is read, and read by the
names that belong in a clip. What else lies in it makes it no clip.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from perfstudio.durable import (
    disk_error,
    file_error,
    put_under,
    remove,
    remove_tree,
    sha256_of,
    sync_file,
    sync_folder,
    write_new,
)
from perfstudio.model.clip import CLIP_JSON, CLIP_JSON_BYTES, FORMAT, MOST_BYTES, ClipDocument
from perfstudio.model.errors import ErrorCode, LibraryError, MediaError, PackError
from perfstudio.model.reading import document_of
from perfstudio.model.strict_json import JsonProblemError, read_strictly
from perfstudio.packs.source import read_all
from perfstudio.packs.zipped import ZipSource

_NO_DATE: Final = (1980, 1, 1, 0, 0, 0)
_COPY: Final = 1 << 20
_BEGINS: Final = b"PK\x03\x04"
_NUMBERED: Final = re.compile(r"perfstudio-clip/([1-9][0-9]{0,5})")
_OF_PACKS: Final = {
    ErrorCode.PACK_UNREADABLE: ErrorCode.CLIP_UNREADABLE,
    ErrorCode.PACK_TOO_LARGE: ErrorCode.CLIP_TOO_LARGE,
    ErrorCode.PACK_INVALID: ErrorCode.CLIP_INVALID,
}


def write_clip(
    final: Path,
    clip: ClipDocument,
    media: dict[str, Path],
    before: Callable[[int, str], object] = lambda size, sha256: None,
) -> None:
    """Make `final` of clip.json and the files in `media`, by the names that they have in it: whole, or not there.

    An older file of that name is replaced. `before` hears its size and its SHA-256, as they were read back, before it
    has its name; what it raises is raised, and no file is there. Raises LibraryError for the disk.
    """
    temporary = final.with_name(f".{final.name}.tmp")
    try:
        remove(temporary)
        write_new(temporary, b"")
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED, allowZip64=False) as archive:
            archive.writestr(_entry(CLIP_JSON), clip.canonical())
            for name in clip.members:
                _add(archive, name, media[name])
        sync_file(temporary)
        with temporary.open("rb") as file:
            size, sha256 = os.fstat(file.fileno()).st_size, sha256_of(file)
        before(size, sha256)
        put_under(temporary, final)
    except OSError as problem:
        raise file_error(problem, final, LibraryError) from problem
    finally:
        with contextlib.suppress(OSError):
            remove(temporary)


def read_clip(path: Path) -> ClipDocument:
    """What a clip says of itself; its media are not read. Raises MediaError (CLIP_*)."""
    with _opened(path) as source:
        return _judged(source)


def is_clip(path: Path, said: ClipDocument) -> bool:
    """Whether a file is the clip that was said; its media are not read."""
    try:
        return read_clip(path) == said
    except MediaError:
        return False


def unpack_clip(path: Path, folder: Path) -> ClipDocument:
    """Make `folder` of a clip: clip.json and its media, each read to its end and found to be what clip.json says.

    `folder` must not be there yet, and is not there when it fails. The media have not been opened by a decoder: that is
    for a process with limits (`clip_media.what_is_wrong`). Raises MediaError (CLIP_*), LibraryError for the disk.
    """
    with _opened(path) as source:
        clip = _judged(source)
        try:
            folder.mkdir(mode=0o700)
            for name, member in clip.members.items():
                _take(source, folder / name, member.size, member.sha256)
            write_new(folder / CLIP_JSON, clip.canonical())
            sync_folder(folder)
        except OSError as problem:
            remove_tree(folder)
            raise disk_error(problem, folder.parent, LibraryError, file=path.name) from problem
        except BaseException:
            remove_tree(folder)
            raise
    return clip


def parse_clip(data: bytes, file: str) -> ClipDocument:
    """The document in the bytes of a clip.json; `file` is what the clip is called. Raises MediaError."""
    try:
        plain = read_strictly(data, limit=CLIP_JSON_BYTES)
        named = plain.get("format") if isinstance(plain, dict) else None
        if isinstance(named, str) and named != FORMAT and _NUMBERED.fullmatch(named):
            raise MediaError(ErrorCode.CLIP_NEWER, file=file)
        return document_of(plain, ClipDocument, data)
    except JsonProblemError as found:
        raise _invalid(file, found.where or CLIP_JSON, found.problem, **found.facts) from found


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[ZipSource]:
    """Raises MediaError in place of everything that a reader of packs says."""
    try:
        with ZipSource(path, most_bytes=MOST_BYTES) as source:
            yield source
    except PackError as problem:
        if problem.code is ErrorCode.PACK_NOT_A_ZIP:
            code = ErrorCode.CLIP_CUT_SHORT if _begins_like_one(path) else ErrorCode.CLIP_NOT_ONE
            raise MediaError(code, file=path.name) from problem
        code = _OF_PACKS.get(problem.code, ErrorCode.CLIP_INVALID)
        raise MediaError(code, **(problem.facts | {"file": path.name})) from problem


def _begins_like_one(path: Path) -> bool:
    """Whether clip.json is the first thing in it, as in every file that was written here."""
    with contextlib.suppress(OSError), path.open("rb") as file:
        head = file.read(30 + len(CLIP_JSON))
        return head.startswith(_BEGINS) and head[30:] == CLIP_JSON.encode()
    return False


def _judged(source: ZipSource) -> ClipDocument:
    try:
        data = read_all(source, CLIP_JSON, CLIP_JSON_BYTES)
    except PackError as problem:
        if problem.facts.get("problem") == "missing":
            raise MediaError(ErrorCode.CLIP_NOT_ONE, file=source.name) from problem
        raise
    clip = parse_clip(data, source.name)
    if source.unlisted(frozenset({CLIP_JSON, *clip.members})) is not None:
        raise _invalid(source.name, "files", "not_of_a_clip")
    return clip


def _take(source: ZipSource, final: Path, size: int, sha256: str) -> None:
    """One medium, compared while it is written. Raises MediaError(CLIP_INVALID), PackError, OSError."""
    digest, count = hashlib.sha256(), 0
    write_new(final, b"")
    with final.open("wb") as file:
        for piece in source.chunks(final.name, MOST_BYTES):
            digest.update(piece)
            count += len(piece)
            file.write(piece)
    if (count, digest.hexdigest()) != (size, sha256):
        raise _invalid(source.name, final.name, "not_as_said")
    sync_file(final)


def _invalid(file: str, where: str, problem: str, **facts: str | int | float) -> MediaError:
    return MediaError(ErrorCode.CLIP_INVALID, file=file, where=where, problem=problem, **facts)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _NO_DATE)
    entry.create_system = 3  # the same on every system
    entry.external_attr = 0o600 << 16
    return entry


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> None:
    entry = _entry(name)
    entry.file_size = path.stat().st_size
    with archive.open(entry, "w") as target, path.open("rb") as source:
        while piece := source.read(_COPY):
            target.write(piece)
