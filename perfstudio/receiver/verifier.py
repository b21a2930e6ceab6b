"""Hashes what has come and puts bundles together, on one background thread, so that no request waits for a disk.

A file gets its name only after its hash was right; a bundle gets its receipt only after every file was right and the
injected inspection found nothing; the bundle's folder gets its name only after the receipt is on disk.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from perfstudio.durable import put_under, remove_tree, rename_durably, sha256_of, write_durably
from perfstudio.model.base import sha256_hex
from perfstudio.model.clock import utc_now
from perfstudio.model.delivery import AnnouncedFile, Announcement, Receipt, ReceivedFile, ReportedFile, TakeReport
from perfstudio.model.ids import new_id
from perfstudio.model.jws import SigningKey
from perfstudio.model.take import FILE_NAMES, FileRole
from perfstudio.receiver.admission import Admission
from perfstudio.receiver.consents import ConsentStore
from perfstudio.receiver.errors import storage_refusal
from perfstudio.receiver.layout import make_folder
from perfstudio.receiver.marks import write_marks
from perfstudio.receiver.readings import FileReading, ReadingEndedError
from perfstudio.receiver.takes import TakeStore

QUIET_TRIES = 3
"""So many failures of the disk in a row are waited out before the sender hears of them."""
AGAIN_S, AGAIN_MOST_S = 1.0, 60.0

log = logging.getLogger(__name__)


class _ClosingError(Exception):
    """The receiver ends while a file is hashed."""


class Verifier:
    """Owns the thread. `look_at` may be called any number of times for the same take."""

    def __init__(
        self, takes: TakeStore, consents: ConsentStore, *, studio_id: str, key: SigningKey, admission: Admission
    ) -> None:
        self._takes = takes
        self._layout = takes.layout
        self._consents = consents
        self._studio_id = studio_id
        self._key = key
        self._admission = admission
        self._closing = threading.Event()
        self._tries: dict[str, int] = {}
        self._later: list[threading.Timer] = []
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="receiver-verify")

    def verify(self, take_id: str) -> None:
        """Something of this take has come: hash it, and assemble the take when it was the last file."""
        with contextlib.suppress(RuntimeError):  # it ends just now
            if not self._closing.is_set():
                self._thread.submit(self._verify, take_id)

    @property
    def works(self) -> bool:
        """Whether what comes is checked: not while it ends, and not while the disk does not play along."""
        return not self._closing.is_set() and not self._tries

    def close(self) -> None:
        """Stop; what is not finished goes on at the next start."""
        self._closing.set()
        self._admission.stop()
        for timer in self._later:
            timer.cancel()
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _verify(self, take_id: str) -> None:
        try:
            announcement = self._takes.announcement(take_id)
            if announcement is None or self._closing.is_set() or self._layout.rejected(take_id).exists():
                return
            checked = [self._verify_file(take_id, file) for file in announcement.files]
            if all(checked):
                self._assemble(take_id, announcement)
        except OSError as problem:
            self._again(take_id, problem)
        except Exception:
            log.exception("verifying a take failed")
            self._takes.stuck(take_id, "the receiver could not check the take")
        else:
            self._tries.pop(take_id, None)
            self._takes.stuck(take_id, None)

    def _again(self, take_id: str, problem: OSError) -> None:
        """The disk did not play along: look again later and, when that goes on, say so instead of "verifying"."""
        if self._closing.is_set():
            return
        tried = self._tries.get(take_id, 0)
        self._tries[take_id] = tried + 1
        log.warning("a take cannot be put together: %s", errno.errorcode.get(problem.errno or 0, "?"))
        if tried >= QUIET_TRIES:
            self._takes.stuck(take_id, storage_refusal(problem).words)
        later = threading.Timer(min(AGAIN_S * 2.0 ** min(tried, 10), AGAIN_MOST_S), self.verify, (take_id,))
        later.daemon = True
        self._later = [timer for timer in self._later if timer.is_alive()] + [later]
        later.start()

    def _verify_file(self, take_id: str, file: AnnouncedFile) -> bool:
        done = self._layout.verified(take_id) / file.filename
        part = self._layout.coming(take_id) / f"{file.file_id}.part"
        if done.is_file():
            return True
        whole = part.is_file() and part.stat().st_size == file.size
        if not whole or self._takes.uploads.busy(take_id, file):  # who appends may still have to take it back
            return False
        digest = self._hash(take_id, part)
        if digest is None:
            return False
        if digest != file.sha256:
            log.warning("a file arrived with another hash than announced")
            self._takes.came_wrong(take_id, file, digest)
            return False
        with self._takes.lock:
            if not part.exists():  # taken back meanwhile
                return False
            make_folder(done.parent)
            put_under(part, done)
        return True

    def _assemble(self, take_id: str, announcement: Announcement) -> None:
        bundle = self._layout.verified(take_id)
        record_id = announcement.consents[0].record_id
        with self._takes.lock:
            consent = self._consents.as_announced(announcement.consents[0])
            if self._takes.receipt(take_id) is not None:  # sent once more by somebody who could not know: kept once
                self._takes.uploads.drop_all(take_id)
                remove_tree(bundle)
                return
            if consent is None or not bundle.is_dir():
                return
            write_durably(bundle / FILE_NAMES[FileRole.CONSENT], consent)
        problems = self._problems(take_id, bundle)
        with self._takes.lock:
            if not bundle.is_dir() or self._takes.announcement(take_id) != announcement:
                return  # taken back or announced anew while it was inspected
            if problems:
                self._reject(take_id, announcement, problems)
                return
            holds = self._consents.holds(record_id)
            if holds is None or not holds.covers:
                return  # what needs to stand was taken back meanwhile: `settle` clears it away
            write_marks(bundle, holds)
            write_durably(bundle / FILE_NAMES[FileRole.RECEIPT], self._receipt(take_id, announcement, consent))
            self._takes.pairs.note(bundle)
            self._takes.clear_the_way(take_id)
            rename_durably(bundle, self._layout.accepted(take_id))
            self._takes.pairs.changed(take_id)
            self._takes.uploads.forget(take_id)

    def _problems(self, take_id: str, bundle: Path) -> tuple[str, ...]:
        if self._closing.is_set():
            raise InterruptedError
        try:
            with self._takes.readings.of(take_id, self._admission.stop):
                return self._admission.bundle(bundle)
        except OSError:
            raise
        except Exception:
            log.exception("inspecting a take failed")
            return ("the bundle could not be inspected",)

    def _reject(self, take_id: str, announcement: Announcement, problems: tuple[str, ...]) -> None:
        files = tuple(ReportedFile(file_id=f.file_id, sha256=f.sha256, size=f.size) for f in announcement.files)
        report = TakeReport(state="rejected", files=files, reason="; ".join(problems)[:1000])
        write_durably(self._layout.rejected(take_id), report.canonical())
        for file in announcement.files:
            self._takes.uploads.drop(take_id, file)
        remove_tree(self._layout.verified(take_id))

    def _receipt(self, take_id: str, announcement: Announcement, consent: bytes) -> bytes:
        files = [ReceivedFile(role=f.role, name=f.filename, size=f.size, sha256=f.sha256) for f in announcement.files]
        paper = ReceivedFile(
            role=FileRole.CONSENT,
            name=FILE_NAMES[FileRole.CONSENT],
            size=len(consent),
            sha256=sha256_hex(consent),
        )
        receipt = Receipt(
            level="B",
            take_id=take_id,
            studio_id=self._studio_id,
            state="accepted",
            files=(paper, *files),
            at=utc_now(),
            receipt_id=new_id(),
            record_id=announcement.consents[0].record_id,
        )
        return receipt.signed(self._key).canonical()

    def _hash(self, take_id: str, file: Path) -> str | None:
        try:
            with self._takes.readings.of(take_id) as reading, file.open("rb") as handle:
                return sha256_of(handle, lambda: self._go_on(reading))
        except (FileNotFoundError, _ClosingError, ReadingEndedError):
            return None

    def _go_on(self, reading: FileReading) -> None:
        if self._closing.is_set():
            raise _ClosingError
        reading.go_on()
