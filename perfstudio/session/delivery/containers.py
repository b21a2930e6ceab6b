"""Whether a delivered file is at all what its name says, from its outermost structure. Nothing is decoded."""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import BinaryIO

from perfstudio.model.take import FileRole

_MOST_BOXES = 100_000


def looks_right(file: Path, role: FileRole) -> bool:
    """A film of whole boxes with its index, a FLAC stream, a JPEG, a zip; papers are judged by their readers."""
    try:
        with file.open("rb") as handle:
            match role:
                case FileRole.PICTURE:
                    return _is_film(handle)
                case FileRole.SOUND | FileRole.ROOM_TONE | FileRole.PARTNER_HEARD | FileRole.SPOKEN_CONSENT:
                    return handle.read(5) in (b"fLaC\x00", b"fLaC\x80")
                case FileRole.THUMBNAIL:
                    return handle.read(3) == b"\xff\xd8\xff"
                case FileRole.TIMING:
                    return handle.read(4) == b"PK\x03\x04"
                case _:
                    return True
    except OSError:
        return False


def _is_film(handle: BinaryIO) -> bool:
    size = os.fstat(handle.fileno()).st_size
    kinds: list[bytes] = []
    at = 0
    while at < size and len(kinds) < _MOST_BOXES:
        handle.seek(at)
        head = handle.read(16)
        if len(head) < 8:
            return False
        length, kind = struct.unpack(">I4s", head[:8])
        if length == 1 and len(head) == 16:
            length = struct.unpack(">Q", head[8:])[0]
        elif length == 0:
            length = size - at
        if length < 8:
            return False
        kinds.append(kind)
        at += length
    return at == size and kinds[:1] == [b"ftyp"] and {b"moov", b"mdat"} <= set(kinds)
