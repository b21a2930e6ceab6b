"""Reading a pack whole: strict JSON, schema, cross references, media. Anything wrong is one PackError; nothing is kept.

A pack's hash is the SHA-256 of the RFC 8785 form of pack.json as it was given. So it does not depend on spaces or line
ends, nor on the version of perfstudio; and it covers the media, because pack.json names their hashes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from perfstudio.durable import is_there
from perfstudio.model.base import canonical_bytes, sha256_hex
from perfstudio.model.errors import ErrorCode, PackError
from perfstudio.model.pack_2 import AnyPack
from perfstudio.model.pack_reading import pack_of
from perfstudio.model.prompt import PackHead, PackMedia
from perfstudio.model.reading import line_of_path
from perfstudio.model.strict_json import JsonProblemError, read_strictly
from perfstudio.model.turning import turned
from perfstudio.packs import limits
from perfstudio.packs.file_type import HEAD_BYTES, FileType, sniff
from perfstudio.packs.problems import invalid
from perfstudio.packs.references import Finding, findings
from perfstudio.packs.signature import SIGNATURE, SIGNATURE_BYTES, signer_of
from perfstudio.packs.source import PACK_JSON, FolderSource, PackSource, read_all
from perfstudio.packs.zipped import ZipSource


@dataclass(frozen=True, slots=True)
class PackFile:
    """A validated pack, its hash, and where its media lie (nowhere while it is still in its zip)."""

    pack: AnyPack
    sha256: str
    files: tuple[tuple[str, Path], ...] = ()
    """(media id, file) pairs."""
    signed_by: str = ""
    """The public key that signed it; empty where nobody did."""

    def file(self, media_id: str) -> Path | None:
        """The file of one picture, sound or clip."""
        return dict(self.files).get(media_id)


@dataclass(frozen=True, slots=True)
class PackWords:
    """What a pack says, and the bytes that say it."""

    data: bytes
    """pack.json as it was given."""
    signature: bytes | None
    """signature.json as it was given; None without one."""
    found: PackFile


_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+:/", re.IGNORECASE)
"""How an address begins once it was taken for a path; a drive of Windows has one letter."""
Keep = Callable[[PackMedia, str], Callable[[bytes], object]]
"""Called for each media file with its entry and the ending it is kept with; gives what its bytes are written to."""


def read_pack(path: Path, *, before_signing: bool = False) -> PackFile:
    """Read a `.perfpack`, or a folder with pack.json, and judge all of it; a signature that lies there is none of the
    pack's yet when it is read `before_signing`. Nothing is written.

    Raises PackError: PACK_UNREADABLE (file), PACK_NOT_A_ZIP (file), PACK_TOO_LARGE (file, what, limit), PACK_INVALID
    (file, where, problem and sometimes limit, problems).
    """
    with open_source(path) as source:
        found = read_words(source, before_signing=before_signing).found
        check_media(source, found.pack)
    if not path.is_dir():
        return found
    return replace(found, files=tuple((m.id, path / m.file) for m in found.pack.media))


def open_source(path: Path) -> PackSource:
    """A pack, opened. Raises PackError; PACK_ADDRESS (file) where an address of the web stands for a file."""
    if not is_there(path):
        if _ADDRESS.match(path.as_posix()):
            raise PackError(ErrorCode.PACK_ADDRESS, file=re.split(r"[?#]", path.name)[0])  # no token of a link is told
        raise PackError(ErrorCode.PACK_UNREADABLE, file=path.name)
    return FolderSource(path) if path.is_dir() else ZipSource(path)


def read_words(source: PackSource, *, before_signing: bool = False) -> PackWords:
    """pack.json and signature.json as they were given, and what they say. Raises PackError."""
    data = read_all(source, PACK_JSON, limits.JSON_BYTES)
    pack, sha256 = parse(data, source.name)
    for where in turned(pack.to_json()):
        raise invalid(source.name, where, "turning_mark", line=line_of_path(data, where))
    signature = None if before_signing else _signature(source)
    return PackWords(data, signature, PackFile(pack, sha256, signed_by=signer_of(signature, sha256, source.name)))


def _signature(source: PackSource) -> bytes | None:
    try:
        return read_all(source, SIGNATURE, SIGNATURE_BYTES)
    except PackError as problem:
        if problem.facts.get("problem") == "missing":
            return None
        raise


def parse(data: bytes, file: str) -> tuple[AnyPack, str]:
    """The pack in the bytes of a pack.json, and its hash. Raises PackError(PACK_INVALID, PACK_TOO_LARGE)."""
    try:
        pack, sha256, finding = _judged(data, limits.JSON_BYTES, limits.LIST_ITEMS)
    except JsonProblemError as problem:
        raise invalid(file, problem.where or PACK_JSON, problem.problem, **problem.facts) from problem
    if finding:
        meant = {"limit": finding.meant} if finding.meant else {}
        raise invalid(file, finding.where, finding.problem, line=line_of_path(data, finding.where), **meant)
    return pack, sha256


@lru_cache(maxsize=3)
def _judged(data: bytes, limit: int, max_items: int) -> tuple[AnyPack, str, Finding | None]:
    """The pack, its hash, and the first thing that does not hold in it. The same bytes are read once: a pack is asked
    for again as soon as it is on the shelf, and the two bundled ones by everybody who opens a home."""
    plain = read_strictly(data, limit=limit, max_items=max_items)
    pack = pack_of(plain, data)
    return pack, sha256_hex(canonical_bytes(plain)), next(iter(findings(pack, plain)), None)


def check_media(source: PackSource, pack: PackHead, keep: Keep | None = None) -> None:
    """Read every media file once: type, size, hash. With `keep`, its bytes go there too. Raises PackError."""
    unlisted = source.unlisted(frozenset({PACK_JSON, SIGNATURE, *(media.file for media in pack.media)}))
    if unlisted is not None:
        raise invalid(source.name, "files", "not_listed")
    for index, media in enumerate(pack.media):
        where = f"media[{index}]"
        kind = _check_head(source, media, where)
        write = keep(media, kind.ending) if keep else None
        digest = hashlib.sha256()
        for piece in source.chunks(media.file, limits.MEDIA_BYTES[media.kind]):
            digest.update(piece)
            if write:
                write(piece)
        if digest.hexdigest() != media.sha256:
            raise invalid(source.name, f"{where}.sha256", "hash_differs")


def _check_head(source: PackSource, media: PackMedia, where: str) -> FileType:
    head = bytearray()
    for piece in source.chunks(media.file, limits.MEDIA_BYTES[media.kind]):
        head += piece
        if len(head) >= HEAD_BYTES:
            break
    kind = sniff(bytes(head))
    if kind is None or kind.kind != media.kind:
        raise invalid(source.name, f"{where}.file", "media_type")
    sides = (kind.width, kind.height)
    if media.kind == "image" and not all(0 < side <= limits.IMAGE_SIDE for side in sides):
        raise PackError(ErrorCode.PACK_TOO_LARGE, file=source.name, what="picture", limit=limits.IMAGE_SIDE)
    return kind
