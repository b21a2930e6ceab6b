"""Opening a file as media, from its bytes alone: a name is never an address, and no second file is ever touched.

FFmpeg reads from the file that was opened here and may open nothing else (its list of protocols is empty), so neither a
colon, a bar or a percent sign in a name nor a playlist in a film's clothes leads anywhere. What cannot be read is a
MediaError with a reason of our own; FFmpeg's words stay inside.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

import av
from av.container import InputContainer

from perfstudio.model.errors import ErrorCode, MediaError

UNREADABLE = (av.FFmpegError, OSError, ValueError)
"""What FFmpeg and the disk raise where bytes do not make sense or do not come."""

_OPTIONS = {"protocol_whitelist": ""}
_HEAD = 4096
_PLAYLISTS = (
    b"#ext", b"ffconcat", b"v=0", b"[playlist]", b"[reference]", b"rtsptext", b"asf ", b"<asx", b"<smil", b"<mpd",
)  # fmt: skip
_XML_PLAYLISTS = (b"<mpd", b"<compositionplaylist", b"<smil", b"<asx", b"<playlist")
_HEADS = {
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"7z\xbc\xaf\x27\x1c": "zip",
    b"Rar!": "zip",
    b"\x1f\x8b": "zip",
    b"%PDF": "document",
    b"\xd0\xcf\x11\xe0": "document",
}
_CLIP = re.compile(rb"(?s)PK\x03\x04.{26}clip\.json")
"""A partner's clip, as perfstudio writes it."""
_MEDIA = re.compile(rb"(?s)....(?:ftyp|moov|mdat|free|wide)|RIFF|RF64|FORM|OggS|fLaC|ID3|\x1aE\xdf\xa3|caff")
"""How media begin: what begins like this and cannot be opened is damaged."""
_STILLS = ("image2", "_pipe", "ico")
_LISTS = frozenset({"hls", "concat", "dash", "imf", "sdp", "rtsp"})
_TEXT_ART = frozenset({"tty", "bin", "xbin", "adf", "idf"})
_STILL_BRANDS = frozenset({"heic", "heix", "heim", "heis", "mif1", "mif2", "avif"})


@contextmanager
def open_media(path: Path) -> Iterator[InputContainer]:
    """The opened container, for as long as it is needed.

    Raises MediaError: MEDIA_MISSING, or MEDIA_UNREADABLE with the reason: folder, no_file, empty, EACCES, unreadable,
    playlist, text, clip, zip, document, still_picture, broken, form.
    """
    with opened(path) as file:
        head = file.read(_HEAD)
        file.seek(0)
        if refused := _reason(head):
            raise _unreadable(path, refused)
        try:
            container = av.open(cast("Any", _Nameless(file, path)), "r", options=_OPTIONS, metadata_errors="replace")
        except UNREADABLE as error:
            raise _unreadable(path, "broken" if _MEDIA.match(head) else "form") from error
        with container:
            if refused := _unwanted(container):
                raise _unreadable(path, refused)
            yield container


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A plain file that is not empty, open for reading. Raises MediaError: see `open_media`."""
    try:
        kind = path.stat()
        if not stat.S_ISREG(kind.st_mode):  # to open a pipe would wait for its other end
            raise _unreadable(path, "folder" if stat.S_ISDIR(kind.st_mode) else "no_file")
        if kind.st_size == 0:
            raise _unreadable(path, "empty")
        file = path.open("rb")
    except PermissionError as error:
        raise _unreadable(path, "EACCES") from error
    except (OSError, ValueError) as error:
        raise MediaError(ErrorCode.MEDIA_MISSING, file=path.name) from error
    with file:
        yield file


class _Nameless:
    """An open file as FFmpeg sees it: bytes, and the ending of its name, by which some kinds of file are told apart."""

    def __init__(self, file: BinaryIO, path: Path) -> None:
        ending = path.suffix if path.suffix.isascii() and path.suffix[1:].isalnum() else ""
        self.name = f"media{ending}"
        self.read, self.seek, self.tell = file.read, file.seek, file.tell


def _reason(head: bytes) -> str | None:
    """Why a file that begins like this is not even tried."""
    plain = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if plain.startswith(_PLAYLISTS) or (plain.startswith(b"<?xml") and any(word in plain for word in _XML_PLAYLISTS)):
        return "playlist"
    if _CLIP.match(head):
        return "clip"
    return next((why for start, why in _HEADS.items() if head.startswith(start)), "text" if _is_text(head) else None)


def _is_text(head: bytes) -> bool:
    """Whether these bytes read as words: UTF-8 without control characters. Media always begin with some that do not."""
    try:
        words = head.decode()
    except UnicodeDecodeError as error:
        if error.start < len(head) - 3:  # not merely a letter that was cut in two
            return False
        words = head[: error.start].decode()
    return not any(letter < " " and letter not in "\t\n\r\f\x1b" for letter in words)


def _unwanted(container: InputContainer) -> str | None:
    name = container.format.name
    if name in _LISTS:
        return "playlist"
    if name in _TEXT_ART:
        return "text"
    brand = container.metadata.get("major_brand", "").strip().lower()
    return "still_picture" if name.endswith(_STILLS) or brand in _STILL_BRANDS else None


def _unreadable(path: Path, detail: str) -> MediaError:
    return MediaError(ErrorCode.MEDIA_UNREADABLE, file=path.name, detail=detail)
