"""Partial files: one upload per announced file, with an address nobody can guess and an offset read from the disk.

The offset of an upload is the size of its partial file, and nothing else: after a kill there is no second number that
could disagree. Bytes are synced every few mebibytes and at the end of every request. What a power cut may still spoil
is found by the hash of the whole file, without which no file leaves this room.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import threading
from dataclasses import dataclass, field
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from perfstudio.durable import remove, sync_folder, write_durably
from perfstudio.model.delivery import AnnouncedFile
from perfstudio.receiver.body import Patience
from perfstudio.receiver.checksums import Hasher, RunningHash
from perfstudio.receiver.errors import RefusedError, upload_gone
from perfstudio.receiver.layout import BINARY, PRIVATE_FILE, ReceiverLayout, read_or_none
from perfstudio.systems.durability import DURABILITY

SYNC_EVERY = 8 << 20


@dataclass(slots=True)
class Upload:
    """One file on its way. `busy` while a request appends to it."""

    upload_id: str
    take_id: str
    file: AnnouncedFile
    part: Path
    done: Path
    """Where the file lies once its hash was right."""
    busy: bool = False
    sender: str = ""
    """By the name of whose token that request came."""
    patience: Patience = field(default_factory=lambda: Patience(0.0))
    """With its silence."""
    gone: bool = False
    """Dropped: nothing more is appended."""
    appender: Appender | None = None
    """Who has the partial file open."""
    known: RunningHash = field(default_factory=RunningHash)
    """Of what has come, as far as that was hashed; changed by the request that appends."""
    at_rest: asyncio.Event = field(default_factory=asyncio.Event)
    """Set by `release`, waited for on the same loop."""

    def release(self) -> None:
        """The request that appended is over."""
        self.busy = False
        self.at_rest.set()

    def hurry(self, sender: str, silent_s: float) -> None:
        """Whoever appends is here once more: the request that appends may be silent for so long and no longer."""
        if self.busy and self.sender == sender:
            self.patience.shorten(silent_s)

    def end(self) -> None:
        """Close the partial file under whoever appends to it: an open one cannot be removed on every system."""
        self.gone = True
        if self.appender is not None:
            with contextlib.suppress(OSError):  # the bytes go anyway
                self.appender.close()

    def is_whole(self) -> bool:
        """Every byte of it is on the disk."""
        with contextlib.suppress(OSError, RefusedError):
            return self.offset() == self.file.size
        return False

    def offset(self) -> int:
        """Bytes on disk. Raises RefusedError(410) when the upload was dropped meanwhile."""
        for file in (self.part, self.done):
            with contextlib.suppress(FileNotFoundError):
                return file.stat().st_size
        raise upload_gone()


class Uploads:
    """Every live upload by its id. Thread-safe; what it knows is read from the folders when it opens."""

    def __init__(self, layout: ReceiverLayout) -> None:
        self._layout = layout
        self._lock = threading.Lock()
        self._live: dict[str, Upload] = {}

    def load(self, take_id: str, files: tuple[AnnouncedFile, ...]) -> None:
        """Find the uploads of a take again after a restart."""
        for file in files:
            data = read_or_none(self._slip(take_id, file))
            if data is not None:
                upload_id = str(json.loads(data)["upload_id"])
                self._live[upload_id] = self._upload(upload_id, take_id, file)

    def create(self, take_id: str, file: AnnouncedFile) -> Upload:
        """A fresh upload of an announced file; an earlier one of the same file is dropped."""
        with self._lock:
            self._drop(take_id, file)
            upload_id = secrets.token_urlsafe(24)
            upload = self._upload(upload_id, take_id, file)
            os.close(os.open(upload.part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE))
            write_durably(self._slip(take_id, file), json.dumps({"upload_id": upload_id}).encode())
            self._live[upload_id] = upload
        return upload

    def find(self, upload_id: str) -> Upload:
        """The upload with this id. Raises RefusedError(404)."""
        upload = self._live.get(upload_id)
        if upload is None:
            raise RefusedError(404, "no such upload")
        return upload

    def claim(self, upload_id: str, sender: str, patience: Patience) -> Upload:
        """The upload, for the one request of this sender that may append to it. Raises RefusedError 404 or 423."""
        with self._lock:
            upload = self.find(upload_id)
            if upload.busy:
                raise RefusedError(423, "another request is still writing this upload")
            upload.busy, upload.sender, upload.patience = True, sender, patience
            upload.at_rest.clear()
        return upload

    def busy(self, take_id: str, file: AnnouncedFile) -> bool:
        """Whether a request appends to this file."""
        with self._lock:
            return any(u.busy for u in self._live.values() if u.take_id == take_id and u.file.file_id == file.file_id)

    def drop(self, take_id: str, file: AnnouncedFile) -> None:
        """Forget an upload and its bytes."""
        with self._lock:
            self._drop(take_id, file)

    def drop_all(self, take_id: str) -> None:
        """Forget every upload of a take."""
        with self._lock:
            for upload in [u for u in self._live.values() if u.take_id == take_id]:
                self._drop(take_id, upload.file)

    def forget(self, take_id: str) -> None:
        """The take is finished: its files have moved on, their upload addresses end."""
        with self._lock:
            self._live = {i: u for i, u in self._live.items() if u.take_id != take_id}

    def _drop(self, take_id: str, file: AnnouncedFile) -> None:
        for upload in [u for u in self._live.values() if u.take_id == take_id and u.file.file_id == file.file_id]:
            del self._live[upload.upload_id]
            upload.end()
        folder = self._layout.coming(take_id)
        for gone in (self._slip(take_id, file), folder / f"{file.file_id}.part"):
            remove(gone)
        remove(self._layout.verified(take_id) / file.filename)
        if folder.is_dir():
            sync_folder(folder)

    def _slip(self, take_id: str, file: AnnouncedFile) -> Path:
        return self._layout.coming(take_id) / f"{file.file_id}.upload"

    def _upload(self, upload_id: str, take_id: str, file: AnnouncedFile) -> Upload:
        part = self._layout.coming(take_id) / f"{file.file_id}.part"
        upload = Upload(upload_id, take_id, file, part, self._layout.verified(take_id) / file.filename)
        upload.release()
        return upload


class Appender:
    """Appends to one partial file, and keeps what was appended when the request breaks. Any thread, one at a time."""

    def __init__(self, upload: Upload, hasher: Hasher | None = None) -> None:
        """`hasher` hears of everything that was written. Raises RefusedError(410) when the upload was dropped."""
        try:
            self._file = os.open(upload.part, os.O_WRONLY | os.O_APPEND | BINARY)
        except FileNotFoundError:
            raise upload_gone() from None
        self._hasher = hasher
        self._lock = threading.Lock()
        self._closed = False
        self._unsynced = 0
        self._upload = upload
        upload.appender = self
        if upload.gone:
            self.close()
            raise upload_gone()

    def add(self, pieces: list[bytes]) -> None:
        """Write all of it. Raises OSError; what was written before stays. Raises RefusedError(410) as above."""
        with self._lock:
            if self._closed:
                raise upload_gone()
            for piece in pieces:
                self._write(memoryview(piece))
            if self._unsynced >= SYNC_EVERY:
                DURABILITY.flush_data(self._file)
                self._unsynced = 0
            if self._hasher is not None:
                for piece in pieces:
                    self._hasher.update(piece)

    def _write(self, left: memoryview) -> None:
        while left:
            count = os.write(self._file, left)
            left = left[count:]
            self._unsynced += count

    def cut_back(self, size: int) -> None:
        """Throw away what this request wrote: its checksum was wrong."""
        with self._lock:
            if not self._closed:
                os.ftruncate(self._file, size)

    def close(self) -> None:
        """Sync and close, once."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._upload.appender = None
            try:
                DURABILITY.flush_data(self._file)
            finally:
                os.close(self._file)


class WriteBehind:
    """Brings pieces to the disk on another thread while the next ones come. Used from one task of the event loop."""

    def __init__(self, appender: Appender) -> None:
        self._appender = appender
        self._writing: asyncio.Future[None] | None = None

    async def add(self, pieces: list[bytes]) -> None:
        """Returns when what came before these is written. Raises the OSError of that."""
        await self.settle()
        self._writing = asyncio.ensure_future(run_in_threadpool(self._appender.add, pieces))

    async def settle(self) -> None:
        """Everything is written. Raises OSError where it is not."""
        writing, self._writing = self._writing, None
        if writing is not None:
            await writing
