"""A file whose SHA-256 is reckoned on a thread beside while a muxer writes it, so that nobody reads it again for that.

A muxer writes straight on and goes back once, to put the size of the media in the box that it began with. That size is
known before (the packets are only copied), so it is hashed as foretold and compared when it comes. Whatever does not
come as foretold makes `digest` say nothing, and the file is then read like any other.
"""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from queue import Queue
from typing import Final

from perfstudio.capture.files.durable_file import DurableFile

_MEDIA: Final = b"mdat"
_WAITING: Final = 32
"""Pieces (of a megabyte, as the muxer hands them over) that may wait to be hashed."""


class HashedFile(DurableFile):
    """`media_bytes`: what the muxer will put in its one media box (ISO/IEC 14496-12, 8.1.1), without the box's head."""

    def __init__(self, path: Path, media_bytes: int) -> None:
        super().__init__(path)
        self._size = (media_bytes + 8) & 0xFFFFFFFF
        self._head = b""
        self._at = self._reached = 0
        self._foretold = False
        self._spoiled = media_bytes + 8 > 0xFFFFFFFF  # a longer box has its size elsewhere
        self._hash = hashlib.sha256()
        self._pieces: Queue[bytes | None] = Queue(_WAITING)
        self._thread = threading.Thread(target=self._run, name="perfstudio-hash", daemon=True)
        self._thread.start()

    def write(self, data: bytes | memoryview) -> int:
        """As DurableFile, and hash."""
        written = super().write(data)
        self._follow(bytes(data))
        self._at += written
        return written

    def seek(self, offset: int, whence: int = 0) -> int:
        """Set the position, as `io.RawIOBase.seek`."""
        self._at = super().seek(offset, whence)
        return self._at

    def digest(self) -> str | None:
        """SHA-256 of all that was written, in hex, or None when it was not written as foretold. Ends the thread."""
        self._pieces.put(None)
        self._thread.join()
        return None if self._spoiled or self._foretold else self._hash.hexdigest()

    def _follow(self, data: bytes) -> None:
        if self._at == self._reached:
            piece = data if self._head else self._foretell(data)
            self._head = self._head or piece
            self._reached += len(data)
            if not self._spoiled:
                self._pieces.put(piece)
        elif self._head[self._at : self._at + len(data)] == data:
            self._foretold = False
        else:
            self._spoiled = True

    def _foretell(self, data: bytes) -> bytes:
        if not data.endswith(_MEDIA):
            return data
        self._foretold = True
        return data[:-8] + self._size.to_bytes(4) + _MEDIA

    def _run(self) -> None:
        while (piece := self._pieces.get()) is not None:
            self._hash.update(piece)
