"""The JPEG pictures in what a camera sends over http, as browsers find them.

The form is multipart (RFC 2046): a line with the boundary, header lines, an empty line, the picture. Hardly any camera
keeps to all of it, so little of it is believed. A picture is found by its own structure, from its start marker to its
end (ITU-T T.81), whatever length was announced for it, and is handed on with its last byte, not with the next
boundary. A boundary is whatever line of that kind stands before header lines. Pictures that follow one another with
nothing between them are read the same way.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import Final

DAMAGED: Final = b""
"""In the place of a picture that came cut off or is none."""
LARGEST: Final = 32 * 2**20
"""What grows beyond it is no picture."""
_LONGEST_LINE: Final = 16 * 2**10
_START: Final = b"\xff\xd8\xff"
_MARKER: Final = re.compile(rb"\xff[\xc4\xd8-\xdd\xfe]")
"""In the coded data of a picture: what ends it or stands between two scans. Anything else there is damage."""
_LEAST_LINE: Final = 5
"""A shorter boundary might stand in a picture."""
_HEADER: Final = re.compile(rb"([A-Za-z0-9!#$%&'*+.^_`|~-]+)[ \t]*:[ \t]*(.*)")
_PICTURES: Final = ("image/j", "image/pj", "application/octet")
"""How the kinds of parts begin that ought to be pictures."""
_NEVER: Final = ("audio/", "video/")
"""Of these any bytes may be expected, also such as begin a picture."""
_END, _AGAIN, _SCAN, _FILLING = 0xD9, 0xD8, 0xDA, 0xFF
_BARE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers without a length behind them."""


class _Now(Enum):
    LINES = auto()  # between pictures: boundaries, headers, whatever else there is
    PICTURE = auto()
    OTHER = auto()  # a part that is no picture


class PictureReader:
    """Feed it what arrives; it answers with the pictures that have become whole, and DAMAGED for each that never will.

    `kinds` names what the parts were that are no pictures, for a camera that sends nothing else.
    """

    def __init__(self) -> None:
        self.kinds: set[str] = set()
        self._held = bytearray()
        self._now = _Now.LINES
        self._at = 0
        """How far the picture has been gone through."""
        self._coded = False
        """In the coded data of a scan, not before a marker."""
        self._delimiter = b""
        """The line that stood before the last header lines, with the line end before it."""
        self._line = b""
        self._headers: dict[str, str] = {}
        self._due = False
        """A part has begun that ought to be a picture."""
        self._filled = False
        """Something stood in it."""
        self._left = 0
        """How much is announced of the part; 0: nothing is."""
        self._known = ""
        """The kind of a part that is no picture, once it has been looked at."""

    def feed(self, data: bytes) -> list[bytes]:
        """Take bytes as they arrived."""
        self._held += data
        out: list[bytes] = []
        while self._step(out):
            pass
        return out

    def _step(self, out: list[bytes]) -> bool:
        """One line, picture or part; False when more has to arrive first."""
        if self._now is _Now.PICTURE:
            return self._walk(out)
        return self._pass_over() if self._now is _Now.OTHER else self._read_line(out)

    # between pictures

    def _read_line(self, out: list[bytes]) -> bool:
        end, start = self._held.find(b"\n"), self._held.find(_START)
        if start >= 0 and (end < 0 or start < end):
            self._begin_picture(start)
            return True
        if end < 0:
            if len(self._held) > _LONGEST_LINE:  # the last two may begin a picture
                self._filled = True
                del self._held[:-2]
            return False
        line = bytes(self._held[:end]).strip(b"\r\0 \t")
        del self._held[: end + 1]
        self._heed(line, out)
        return True

    def _heed(self, line: bytes, out: list[bytes]) -> None:
        header = _HEADER.fullmatch(line)
        if line.startswith(b"--"):
            self._give_up_part(out)
            self._line, self._headers = line, {}
        elif header is not None:
            if not self._headers:
                self._give_up_part(out)
            self._headers[header[1].decode("ascii").lower()] = header[2].decode("latin-1").strip()
        elif not line and (self._headers or self._line):
            self._begin_part()
        elif line:
            self._filled = True

    def _begin_part(self) -> None:
        headers, self._headers = self._headers, {}
        if len(self._line) >= _LEAST_LINE:
            self._delimiter = b"\n" + self._line
        self._line = b""
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        length = headers.get("content-length", "")
        self._left = int(length) if length.isdecimal() and len(length) < 12 else 0
        if "/" not in kind or kind.startswith(_PICTURES):
            self._due, self._filled = not length or self._left > 0, False
        elif not kind.startswith("multipart/"):
            self._now, self._known = _Now.OTHER, kind

    def _give_up_part(self, out: list[bytes]) -> None:
        if self._due and self._filled:
            out.append(DAMAGED)
        self._due = self._filled = False

    # parts

    def _begin_picture(self, start: int) -> None:
        del self._held[:start]
        self._now, self._at, self._coded = _Now.PICTURE, 2, False
        self._due = self._filled = False
        self._headers = {}

    def _pass_over(self) -> bool:
        """To the end of what is no picture: as far as is announced, or to the next boundary, whichever comes first."""
        if self._known:
            if len(self._held) < len(_START) and _START.startswith(self._held):
                return False
            if self._held.startswith(_START) and not self._known.startswith(_NEVER):  # whatever it is called
                self._begin_picture(0)
                return True
            self.kinds.add(self._known)
            self._known = ""
        stop = self._held.find(self._delimiter) if self._delimiter else -1
        if stop >= 0 and (not self._left or stop < self._left):
            del self._held[: stop + 1]
        elif self._left and len(self._held) >= self._left:
            del self._held[: self._left]
        elif self._left or self._delimiter:
            gone = max(0, len(self._held) - len(self._delimiter))
            self._left -= gone if self._left else 0
            del self._held[:gone]
            return False
        self._now, self._left = _Now.LINES, 0
        return True

    def _walk(self, out: list[bytes]) -> bool:
        """Through the picture to its end, its next boundary, or the start of another, which means that it has none."""
        cut = self._held.find(self._delimiter, max(2, self._at - len(self._delimiter))) if self._delimiter else -1
        limit = cut if cut >= 0 else len(self._held)
        end = self._end(limit)
        if end > 0:
            self._finish(end, out, bytes(self._held[:end]))
        elif end < 0 or cut >= 0:
            self._finish(cut + 1 if cut >= 0 else self._at, out, DAMAGED)
        elif len(self._held) > LARGEST:
            self._finish(len(self._held), out, DAMAGED)
        else:
            return False
        return True

    def _finish(self, used: int, out: list[bytes], picture: bytes) -> None:
        out.append(picture)
        del self._held[:used]
        self._left -= used
        # What is announced behind a picture belongs to it, as a second one of a camera that takes two at a time.
        self._now = _Now.OTHER if self._left > 0 and picture and self._delimiter else _Now.LINES
        self._left = max(0, self._left)

    def _end(self, limit: int) -> int:
        """Where the picture ends, at most at `limit`; 0 when it goes on there, less than 0 when it breaks off."""
        while self._at_marker(limit):
            marker = self._held[self._at + 1]
            if marker == _END:
                return self._at + 2
            if marker == _AGAIN:
                return -1
            if not self._over(marker, limit):
                return 0
        return 0

    def _at_marker(self, limit: int) -> bool:
        """On to the next marker, through coded data too; False when none has come yet."""
        if self._coded:
            found = _MARKER.search(self._held, self._at, limit)
            if found is None:
                self._at = max(self._at, limit - 1)
                return False
            self._at, self._coded = found.start(), False
        if self._at + 2 > limit:
            return False
        if self._held[self._at] != 0xFF or self._held[self._at + 1] == 0:
            self._coded = True  # a segment that was longer than it said: the next marker is looked for
            return self._at_marker(limit)
        return True

    def _over(self, marker: int, limit: int) -> bool:
        """Past a marker and its segment, once all of it is there."""
        if marker == _FILLING or marker in _BARE:
            self._at += 1 if marker == _FILLING else 2
            return True
        after = self._at + 2 + int.from_bytes(self._held[self._at + 2 : self._at + 4])
        if self._at + 4 > limit or after > limit:
            return False
        self._at, self._coded = after, marker == _SCAN
        return True
