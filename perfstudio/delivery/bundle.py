"""What is delivered: the files of one sealed take, with the hashes the performer accepted, and their re-check.

A file goes out only after its bytes were hashed on the very handle that sends them. A file that was hashed and has not
been touched since (same size, time and inode) is not read twice in one run of the program.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from perfstudio.delivery.beginnings import Beginnings, hash_beginnings
from perfstudio.durable import sha256_salted
from perfstudio.model.base import sha256_hex
from perfstudio.model.consent import ConsentRecord, ConsentRef
from perfstudio.model.delivery import AnnouncedConsent, AnnouncedFile, Announcement
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.model.reading import read_document
from perfstudio.model.strict_json import JsonProblemError
from perfstudio.model.take import FILE_NAMES, FileEntry, FileRole
from perfstudio.model.take_reading import read_take, unreadable

FILE_TYPES: dict[FileRole, str] = {
    FileRole.PICTURE: "video/mp4",
    FileRole.SOUND: "audio/flac",
    FileRole.THUMBNAIL: "image/jpeg",
    FileRole.TIMING: "application/zip",
    FileRole.ROOM_TONE: "audio/flac",
    FileRole.PARTNER_HEARD: "audio/flac",
    FileRole.DUET_PINGS: "application/octet-stream",
    FileRole.TRANSCRIPT: "application/json",
    FileRole.SPOKEN_CONSENT: "audio/flac",
    FileRole.MANIFEST: "application/json",
    FileRole.CONSENT: "application/json",
}
_LARGEST_PAPER = 4 << 20
_NAMESPACE = uuid.UUID("9d0f6a3c-62cf-4a0f-8a3b-5b1f3a4a3c1e")


@dataclass(frozen=True, slots=True)
class Bundle:
    """One take on its way to one studio. `files` holds media, what was read aloud, take.json and
    consent.json with size and sha256."""

    take_id: str
    studio_id: str
    prompt_id: str
    folder: Path
    files: tuple[FileEntry, ...]
    consent: ConsentRef

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    def file(self, role: FileRole) -> FileEntry:
        """The file with this role. Raises DeliveryError(BUNDLE_INVALID) when it is not there."""
        for file in self.files:
            if file.role == role:
                return file
        raise DeliveryError(ErrorCode.BUNDLE_INVALID, file=FILE_NAMES[role], problem="missing")

    def in_order(self) -> tuple[FileEntry, ...]:
        """Consent first, media, the manifest last: it is the commit mark."""
        first, last = self.file(FileRole.CONSENT), self.file(FileRole.MANIFEST)
        return (first, *(f for f in self.files if f not in (first, last)), last)

    def papers(self) -> tuple[FileEntry, ...]:
        """consent.json and take.json: what the performer may change at any time."""
        return self.file(FileRole.CONSENT), self.file(FileRole.MANIFEST)

    def file_id(self, file: FileEntry) -> str:
        """The same id for the same bytes of the same take, for ever: two takes never share an upload."""
        return str(uuid.uuid5(_NAMESPACE, f"{self.take_id}/{file.name}/{file.sha256}"))

    def announcement(self) -> Announcement:
        """What level B is told before the first byte."""
        consent = AnnouncedConsent(record_id=self.consent.record_id, sha256=self.file(FileRole.CONSENT).sha256)
        files = tuple(
            AnnouncedFile(
                file_id=self.file_id(f),
                role=f.role,
                filename=f.name,
                filetype=FILE_TYPES[f.role],
                size=f.size,
                sha256=f.sha256,
            )
            for f in self.in_order()
            if f.role is not FileRole.CONSENT
        )
        return Announcement(prompt_id=self.prompt_id, consents=(consent,), files=files)

    def metadata(self, file: FileEntry) -> dict[str, str]:
        """What a tus server is told about one file."""
        return {
            "filename": file.name,
            "filetype": FILE_TYPES[file.role],
            "take_id": self.take_id,
            "file_id": self.file_id(file),
            "role": file.role.value,
            "sha256": file.sha256,
            "consent_id": self.consent.record_id,
        }


def read_bundle(folder: Path, studio_id: str) -> Bundle:
    """The bundle of a sealed, signed take folder. Media entries come from take.json; the two papers are hashed here.

    Raises DeliveryError: BUNDLE_INVALID (a paper is missing or unreadable), CONSENT_MISSING.
    """
    papers = {role: _paper(folder, role) for role in (FileRole.MANIFEST, FileRole.CONSENT)}
    try:
        manifest = read_take(papers[FileRole.MANIFEST])
    except JsonProblemError as bad:
        raise DeliveryError(ErrorCode.BUNDLE_INVALID, file="take.json", problem=unreadable(bad)) from None
    if manifest.consent is None:
        raise DeliveryError(ErrorCode.CONSENT_MISSING, take=manifest.take_id)
    made = tuple(
        FileEntry(role=role, name=FILE_NAMES[role], size=len(data), sha256=sha256_hex(data))
        for role, data in papers.items()
    )
    aloud = _read_aloud(papers[FileRole.CONSENT])
    return Bundle(
        take_id=manifest.take_id,
        studio_id=studio_id,
        prompt_id=manifest.slate.prompt_id,
        folder=folder,
        files=(*manifest.files, *aloud, *made),
        consent=manifest.consent,
    )


class Evidence:
    """Opens files of a bundle and proves that they are what was accepted. Remembers what it has proved."""

    def __init__(self) -> None:
        self._proved: dict[tuple[str, str, tuple[int, ...]], Beginnings] = {}
        self._salted: dict[tuple[str, str], str] = {}

    def open(self, bundle: Bundle, file: FileEntry, tick: Callable[[], None]) -> BinaryIO:
        """The opened file, hashed on this handle. Raises DeliveryError(FILE_CHANGED); `tick` may stop the hashing."""
        handle = _open(bundle, file)
        try:
            self._prove(bundle, file, handle, tick)
        except BaseException:
            handle.close()
            raise
        return handle

    def _prove(self, bundle: Bundle, file: FileEntry, handle: BinaryIO, tick: Callable[[], None]) -> None:
        mark = _mark(handle)
        key = (bundle.take_id, file.sha256, mark)
        if key in self._proved:
            return
        read = hash_beginnings(handle, tick)
        if read.whole != file.sha256 or _mark(handle) != mark:
            raise _changed(file)
        self._proved[key] = read

    def beginnings(self, bundle: Bundle, file: FileEntry, handle: BinaryIO) -> Beginnings:
        """Of what was proved on this handle. Raises DeliveryError(FILE_CHANGED) where it was touched since."""
        found = self._proved.get((bundle.take_id, file.sha256, _mark(handle)))
        if found is None:
            raise _changed(file)
        return found

    def salted(self, bundle: Bundle, file: FileEntry, salt: str, tick: Callable[[], None]) -> str:
        """SHA-256 of the bytes of `salt` (hex), followed by those of the file; read once for each salt.

        Raises DeliveryError(FILE_CHANGED).
        """
        key = (file.sha256, salt)
        if key not in self._salted:
            with _open(bundle, file) as handle:
                plain, salted = sha256_salted(handle, bytes.fromhex(salt), tick)
            if plain != file.sha256:
                raise _changed(file)
            self._salted[key] = salted
        return self._salted[key]

    def knows(self, data: bytes, salt: str) -> None:
        """What `salted` answers of a file with these bytes, whatever lies under its name by now."""
        self._salted[sha256_hex(data), salt] = sha256_hex(bytes.fromhex(salt) + data)

    def unchanged(self, bundle: Bundle, file: FileEntry, handle: BinaryIO) -> None:
        """Handle and name still lead to what was proved, or DeliveryError(FILE_CHANGED)."""
        self.beginnings(bundle, file, handle)
        try:
            there = (bundle.folder / file.name).stat()
        except OSError:
            raise _changed(file) from None
        if (there.st_dev, there.st_ino) != (os.fstat(handle.fileno()).st_dev, os.fstat(handle.fileno()).st_ino):
            raise _changed(file)

    def forget(self) -> None:
        """Prove everything anew: the receiver has doubts."""
        self._proved.clear()
        self._salted.clear()


def _paper(folder: Path, role: FileRole) -> bytes:
    name = FILE_NAMES[role]
    try:
        with (folder / name).open("rb") as file:
            data = file.read(_LARGEST_PAPER + 1)
    except FileNotFoundError:
        raise DeliveryError(ErrorCode.BUNDLE_INVALID, file=name, problem="missing") from None
    except OSError:
        raise DeliveryError(ErrorCode.BUNDLE_INVALID, file=name, problem="unreadable") from None
    if len(data) > _LARGEST_PAPER:
        raise DeliveryError(ErrorCode.BUNDLE_INVALID, file=name, problem="too_large")
    return data


def _read_aloud(consent: bytes) -> tuple[FileEntry, ...]:
    """The statement that was read aloud, as the record names it. One that cannot be read names nothing: whether it lets
    the take go is asked elsewhere.
    """
    try:
        record = read_document(consent, ConsentRecord, limit=_LARGEST_PAPER, own_words=True)
    except JsonProblemError:
        return ()
    said, role = record.said_aloud(), FileRole.SPOKEN_CONSENT
    return (FileEntry(role=role, name=FILE_NAMES[role], size=said.size, sha256=said.sha256),) if said else ()


def _open(bundle: Bundle, file: FileEntry) -> BinaryIO:
    if file.name != FILE_NAMES[file.role]:
        raise DeliveryError(ErrorCode.BUNDLE_INVALID, file=file.name, problem="name")
    try:
        handle = (bundle.folder / file.name).open("rb")
    except OSError:
        raise _changed(file) from None
    if os.fstat(handle.fileno()).st_size != file.size:
        handle.close()
        raise _changed(file)
    return handle


def _mark(handle: BinaryIO) -> tuple[int, ...]:
    stat = os.fstat(handle.fileno())
    return stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns


def _changed(file: FileEntry) -> DeliveryError:
    return DeliveryError(ErrorCode.FILE_CHANGED, file=file.name)
