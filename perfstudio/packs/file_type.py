"""What a media file really is, from its first bytes. Nothing is decoded, but pictures have to tell their size."""

from __future__ import annotations

import struct
from dataclasses import dataclass

HEAD_BYTES = 512 * 1024
"""Enough to get past the notes that cameras put before a JPEG's size."""
_MP4_BRANDS = frozenset(
    {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"M4A ", b"dash"}
)
_JPEG_SIZES = frozenset({0xC0, 0xC1, 0xC2})
"""Baseline, extended and progressive; the other coding processes are not for the screen."""
_JPEG_BARE = frozenset({0x01, *range(0xD0, 0xD9)})


@dataclass(frozen=True, slots=True)
class FileType:
    """A known type: what it is for (`PackMedia.kind`), the ending it is kept with, and a picture's size in pixels."""

    kind: str
    ending: str
    width: int = 0
    height: int = 0


def sniff(head: bytes) -> FileType | None:
    """The type that begins with these bytes, or None when a pack may not hold it (SVG, animations, archives …)."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(head)
    if head.startswith(b"\xff\xd8\xff"):
        return _jpeg(head)
    if head[:4] == b"RIFF":
        return FileType("sound", "wav") if head[8:16] == b"WAVEfmt " else _webp(head)
    if head.startswith(b"fLaC\x00"):
        return FileType("sound", "flac")
    is_mp4 = head[4:8] == b"ftyp" and head[8:12] in _MP4_BRANDS
    return FileType("clip", "mp4") if is_mp4 else None


def _png(head: bytes) -> FileType | None:
    if head[12:16] != b"IHDR" or len(head) < 33 or b"acTL" in head[: head.find(b"IDAT")]:
        return None
    width, height = struct.unpack(">II", head[16:24])
    return FileType("image", "png", width, height)


def _jpeg(head: bytes) -> FileType | None:
    at = 2
    while at + 9 <= len(head) and head[at] == 0xFF:
        marker = head[at + 1]
        if marker in _JPEG_SIZES:
            height, width = struct.unpack(">HH", head[at + 5 : at + 9])
            return FileType("image", "jpg", width, height)
        if marker == 0xFF:
            at += 1
        elif marker in _JPEG_BARE:
            at += 2
        else:
            at += 2 + max(2, struct.unpack(">H", head[at + 2 : at + 4])[0])
    return None


def _webp(head: bytes) -> FileType | None:
    form, body = head[8:16].removeprefix(b"WEBP"), head[20:]
    if form == b"VP8X" and len(body) >= 10 and not body[0] & 0x02:  # 0x02: it moves
        return FileType(
            "image", "webp", 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
        )
    if form == b"VP8L" and len(body) >= 5 and body[0] == 0x2F:
        bits = int.from_bytes(body[1:5], "little")
        return FileType("image", "webp", 1 + (bits & 0x3FFF), 1 + ((bits >> 14) & 0x3FFF))
    if form == b"VP8 " and body[3:6] == b"\x9d\x01\x2a" and len(body) >= 10:
        width, height = struct.unpack("<HH", body[6:10])
        return FileType("image", "webp", width & 0x3FFF, height & 0x3FFF)
    return None
