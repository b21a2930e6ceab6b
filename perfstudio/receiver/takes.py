"""Takes at the receiver: announced, coming, accepted, taken back. What is known of them is read from the folders.

A take is accepted when its folder holds a receipt, a file is verified when it has its name, a take is coming while its
announcement lies there. So nothing needs to be remembered over a kill, but which file came with a wrong hash; a sender
who asks for that after a restart finds the file missing, and sends it again all the same.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import shutil
import threading
from dataclasses import dataclass

from perfstudio.durable import remove, rename_durably, write_durably
from perfstudio.model.clock import utc_now
from perfstudio.model.delivery import AnnouncedFile, Announcement, Receipt, ReceivedFile, ReportedFile, TakeReport
from perfstudio.model.errors import DeliveryError
from perfstudio.model.ids import is_take_id
from perfstudio.model.take import FileRole
from perfstudio.receiver.consents import ConsentStore, IsTheirs, another_performer, anybody
from perfstudio.receiver.errors import RefusedError
from perfstudio.receiver.exports import Exports
from perfstudio.receiver.layout import ReceiverLayout, make_folder, moved_at_s, read_or_none
from perfstudio.receiver.ledger import DeletionEntry, DeletionLedger, lying_here
from perfstudio.receiver.marks import write_marks
from perfstudio.receiver.pairs import Pairs
from perfstudio.receiver.parsing import parse_announcement, read_or_drop
from perfstudio.receiver.readings import Readings
from perfstudio.receiver.removal import erase
from perfstudio.receiver.under_way import UnderWay, come
from perfstudio.receiver.uploads import Upload, Uploads

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReceiverLimits:
    """What one small studio takes."""

    largest_file: int = 64 << 30
    largest_consent: int = 4 << 20
    largest_announcement: int = 256 << 10
    keep_free: int = 256 << 20
    """Bytes of disk that stay free."""
    most_of_one: int = 500
    """Takes of one performer that are under way at once; a sender brings one after the other."""
    idle_s: float = 30.0
    """A sender that is silent for so long in the middle of a body has gone."""
    keep_unfinished_days: int = 30
    """What has not moved for so long is dropped at the next start; the sender then begins anew."""


DEFAULT_LIMITS = ReceiverLimits()


class TakeStore:
    """Thread-safe. `lock` is held while a take changes its place or its announcement."""

    def __init__(
        self,
        layout: ReceiverLayout,
        consents: ConsentStore,
        *,
        limits: ReceiverLimits,
    ) -> None:
        self.lock = threading.RLock()
        self.layout = layout
        self.uploads = Uploads(layout)
        self.readings = Readings()
        self._under_way = UnderWay(layout, keep_free=limits.keep_free, most_of_one=limits.most_of_one)
        self._consents = consents
        self._limits = limits
        self._ledger = DeletionLedger(layout)
        self._exports = Exports(layout)
        self.pairs = Pairs(layout, consents)
        self.left_over = False
        """Something that was taken back could not be removed yet."""
        self._wrong: dict[tuple[str, str], ReportedFile] = {}
        self._stuck: dict[str, str] = {}

    def coming(self) -> tuple[str, ...]:
        """Take ids that were announced and not yet accepted; their uploads are found again.

        What was taken back when a kill came goes first.
        """
        self.go_on_removing()
        self.pairs.look_again()
        found = []
        for take_id in self._announced_ids():
            announcement = self.announcement(take_id)
            if self.receipt(take_id) is None and self._abandoned(take_id):
                erase(self.layout.coming(take_id))
            elif announcement is not None and self.receipt(take_id) is None:
                self.uploads.load(take_id, announcement.files)
                performer = ""  # where their paper cannot be read, the others still come
                with contextlib.suppress(RefusedError):
                    performer = self._performer(announcement)
                self._under_way.expect(take_id, performer, announcement.files)
                found.append(take_id)
        return tuple(found)

    def announce(self, take_id: str, data: bytes, theirs: IsTheirs = anybody) -> tuple[bool, TakeReport]:
        """What will come: (whether it is new, where it stands).

        Until a take is accepted its announcement may be replaced (a label was changed meanwhile); files that stay the
        same keep what has come. Raises RefusedError: 403 consent, 409 another version was accepted, 422, 507.
        """
        announcement = parse_announcement(take_id, data)
        with self.lock:  # what is taken back while this is asked waits, and then finds the take that it is about
            performer, *_ = [
                self._consents.admit(consent, take_id, announcement.files, theirs) for consent in announcement.consents
            ]
            if not self._is_theirs(take_id, theirs):
                raise another_performer()
            receipt = self.receipt(take_id)
            if receipt is not None:
                if _described(announcement) != {(f.role, f.name, f.size, f.sha256) for f in _media(receipt)}:
                    raise RefusedError(409, "another version of this take was accepted")
                return False, self.report(take_id)
            before = self.announcement(take_id)
            if before is None or _size(announcement) > _size(before):
                self._under_way.require_room(take_id, performer, announcement.files)
            make_folder(self.layout.coming(take_id))
            for file in before.files if before is not None else ():
                if file not in announcement.files:
                    self.uploads.drop(take_id, file)
            remove(self.layout.rejected(take_id))
            self._stuck.pop(take_id, None)
            write_durably(self.layout.announcement(take_id), announcement.canonical())
            self._under_way.expect(take_id, performer, announcement.files)
            return before is None, self.report(take_id)

    def report(self, take_id: str, theirs: IsTheirs = anybody) -> TakeReport:
        """Where a take stands, with the receiver's own hashes.

        Raises RefusedError: 404 never announced by them, 507 everything has come and cannot be put together here.
        """
        with self.lock:
            if not self._is_theirs(take_id, theirs):
                raise RefusedError(404, "this take was not announced")
            receipt, announcement = self.receipt(take_id), self.announcement(take_id)
            if receipt is not None:
                return _accepted(receipt, announcement)
            if announcement is None:
                raise RefusedError(404, "this take was not announced")
            if take_id in self._stuck:
                raise RefusedError(507, self._stuck[take_id])
            rejected = read_or_none(self.layout.rejected(take_id))
            if rejected is not None:
                return read_or_drop(rejected, TakeReport) or TakeReport(state="rejected", files=())
            files = tuple(seen for f in announcement.files if (seen := self._seen(take_id, f)) is not None)
            complete = all(self._complete(take_id, f) for f in announcement.files)
            begun = any((self.layout.coming(take_id) / f"{f.file_id}.upload").exists() for f in announcement.files)
            state = "verifying" if complete else "uploading" if begun else "awaiting_upload"
            return TakeReport.model_validate({"state": state, "files": files})

    def require_accepted(self, take_id: str, theirs: IsTheirs = anybody) -> tuple[Receipt, str]:
        """The receipt of an accepted take, and whose it is. Raises RefusedError: 404 as `report`, 409 not accepted."""
        with self.lock:
            if self.report(take_id, theirs).state != "accepted" or (receipt := self.receipt(take_id)) is None:
                raise RefusedError(409, "this take is not accepted yet")
            announcement = self.announcement(take_id)
            return receipt, self._performer(announcement) if announcement is not None else ""

    def has(self, take_id: str, theirs: IsTheirs) -> bool:
        """Whether a take lies here, accepted, and was brought by them."""
        with self.lock:
            announcement = self.announcement(take_id)
            mine = announcement is not None and theirs(self._performer(announcement))
            return mine and self.receipt(take_id) is not None

    def create_upload(self, take_id: str, file_id: str, size: int) -> Upload:
        """A place for an announced file. Raises RefusedError 403, 409, 413, 507."""
        if size > self._limits.largest_file:
            raise RefusedError(413, "the file is larger than this receiver takes")
        with self.lock:
            announcement = self.announcement(take_id)
            file = next((f for f in announcement.files if f.file_id == file_id), None) if announcement else None
            if announcement is None or file is None:
                raise RefusedError(403, "this file was not announced")
            for consent in announcement.consents:
                self._consents.usable(consent.record_id)
            if file.size != size:
                raise RefusedError(409, "the file was announced with another size")
            self.require_free_space(size)
            self._wrong.pop((take_id, file_id), None)
            return self.uploads.create(take_id, file)

    def require_free_space(self, size: int) -> None:
        """So many bytes more leave free what stays free. Raises RefusedError(507)."""
        if shutil.disk_usage(self.layout.folder).free < size + self._limits.keep_free:
            raise RefusedError(507, "the receiver's disk is full")

    def came_wrong(self, take_id: str, file: AnnouncedFile, sha256: str) -> None:
        """A file has come whole, but not as announced: its bytes are dropped, its hash is reported."""
        with self.lock:
            self._wrong[take_id, file.file_id] = ReportedFile(file_id=file.file_id, sha256=sha256, size=file.size)
            self.uploads.drop(take_id, file)

    def stuck(self, take_id: str, why: str | None) -> None:
        """Checking this take does not come to an end, and why; None: it goes on."""
        with self.lock:
            if why is None:
                self._stuck.pop(take_id, None)
            else:
                self._stuck[take_id] = why

    def clear_the_way(self, take_id: str) -> None:
        """Set aside what lies where a finished bundle goes and is none: left by a kill, a copy or a restore."""
        place = self.layout.accepted(take_id)
        if os.path.lexists(place) and self.receipt(take_id) is None:
            make_folder(self.layout.leftover)
            rename_durably(place, self.layout.leftover / f"{take_id}-{utc_now():%Y%m%dT%H%M%S%f}")

    def settle(self, record_id: str) -> None:
        """Act on what came of a record, lines taken back or given again.

        Accepted bundles say what holds; they go when a line that the work needs was taken back or nothing stands, and
        so does what is coming. Raises OSError where something could not be removed: then it is asked for again.
        """
        holds = self._consents.holds(record_id)
        if holds is None:
            return
        with self.lock:
            for take_id in self._of_record(record_id):
                try:
                    if self.receipt(take_id) is not None:
                        write_marks(self.layout.accepted(take_id), holds)
                    if not holds.covers:
                        self._remove(take_id, record_id)
                finally:
                    self.pairs.changed(take_id)

    def let_go(self, record_id: str) -> dict[str, DeletionEntry]:
        """Act on a withdrawal, and what has gone because of it, by take; nothing while the take may be kept.

        A record that never brought a take has its own one in the list, with no files. Raises as `settle`.
        """
        self.settle(record_id)
        with self.lock:
            bound = self._consents.take_of(record_id)
            if bound and not self.may_be_kept(record_id) and not self._lies_here(bound):
                self._ledger.close(bound, record_id)
                self.pairs.changed(bound)
            return self.gone(record_id)

    def may_be_kept(self, record_id: str) -> bool:
        """Whether what stands of a record lets its take stay here."""
        holds = self._consents.holds(record_id)
        return holds is not None and holds.covers

    def gone(self, record_id: str) -> dict[str, DeletionEntry]:
        """Takes of which nothing is left because of a record."""
        with self.lock:
            entries = {take_id: self._ledger.entry(take_id, record_id) for take_id in self._ledger.takes_of(record_id)}
            return {
                take_id: entry
                for take_id, entry in entries.items()
                if entry is not None and entry.deleted_at is not None and not self._lies_here(take_id)
            }

    def announcement(self, take_id: str) -> Announcement | None:
        """What was announced, or None; what cannot be read has to be announced anew."""
        data = read_or_none(self.layout.announcement(take_id)) if is_take_id(take_id) else None
        return read_or_drop(data, Announcement)

    def receipt(self, take_id: str) -> Receipt | None:
        """The receipt of an accepted take, or None; what is no receipt of this take is none."""
        try:
            data = read_or_none(self.layout.receipt(take_id)) if is_take_id(take_id) else None
        except (NotADirectoryError, IsADirectoryError):
            return None
        receipt = read_or_drop(data, Receipt)
        return receipt if receipt is not None and receipt.take_id == take_id else None

    def _announced_ids(self) -> list[str]:
        return sorted(folder.name for folder in self.layout.takes.iterdir() if is_take_id(folder.name))

    def go_on_removing(self) -> None:
        """Act on every withdrawal that counts: a kill, or a disk that did not play along, may have left something."""
        self.left_over = False
        if self.pairs.left_over:
            self.pairs.look_again()
        for record_id in self._consents.with_acts():
            try:
                if self._consents.acts_count(record_id):
                    self.settle(record_id)
            except (OSError, RefusedError) as problem:  # asked again by the sender, by the next look, at the next start
                self.left_over = True
                why = problem.words if isinstance(problem, RefusedError) else errno.errorcode.get(problem.errno or 0)
                log.error("what was taken back cannot be removed: %s", why)  # noqa: TRY400 - no traceback

    def _abandoned(self, take_id: str) -> bool:
        return (
            utc_now().timestamp() - moved_at_s(self.layout.coming(take_id)) > self._limits.keep_unfinished_days * 86_400
        )

    def _of_record(self, record_id: str) -> list[str]:
        """Takes that came, or are coming, with a record: by their announcement, by the bundle that lies here, or by a
        removal that was cut short.
        """
        announced = ((take_id, self.announcement(take_id)) for take_id in self._announced_ids())
        found = {take_id for take_id, said in announced if said and record_id in {c.record_id for c in said.consents}}
        bound = self._consents.take_of(record_id)
        receipt = self.receipt(bound) if bound else None
        if receipt is not None and receipt.record_id in (None, record_id):
            found.add(bound)
        for take_id in self._ledger.takes_of(record_id):
            entry = self._ledger.entry(take_id, record_id)
            if entry is not None and entry.deleted_at is None:
                found.add(take_id)
        return sorted(found)

    def _remove(self, take_id: str, record_id: str) -> None:
        """Every byte of it, also of what an earlier version or a stranger's folder had set aside. What lay here is
        written down first; the ledger is closed when nothing is left.
        """
        files = lying_here(self.layout, take_id, self.receipt(take_id), self.announcement(take_id))
        try:
            exports = self._exports.of(take_id)
        except DeliveryError:
            raise RefusedError(507, "the receiver's list of exports cannot be read") from None
        self._ledger.begin(take_id, record_id, files, exports)
        self.readings.end(take_id)
        self.uploads.drop_all(take_id)
        coming, bundle = self.layout.coming(take_id), self.layout.accepted(take_id)
        if os.path.lexists(bundle):  # out of sight at once, whatever comes between
            make_folder(coming)
            erase(coming / "taken-back")
            rename_durably(bundle, coming / "taken-back")
        remove(self.layout.ruling(take_id))
        for aside in (self.layout.leftover, self.layout.withdrawn):
            for copy in aside.glob(f"{take_id}*"):
                erase(copy)
        erase(coming, last=self.layout.announcement(take_id).name)
        self._ledger.close(take_id, record_id)

    def _lies_here(self, take_id: str) -> bool:
        places = (self.layout.accepted(take_id), self.layout.coming(take_id))
        return any(os.path.lexists(place) for place in places)

    def _seen(self, take_id: str, file: AnnouncedFile) -> ReportedFile | None:
        if (self.layout.verified(take_id) / file.filename).is_file():
            return ReportedFile(file_id=file.file_id, sha256=file.sha256, size=file.size)
        return self._wrong.get((take_id, file.file_id))

    def _complete(self, take_id: str, file: AnnouncedFile) -> bool:
        return come(self.layout, take_id, file) == file.size

    def _is_theirs(self, take_id: str, theirs: IsTheirs) -> bool:
        """Nobody else has announced this take."""
        announcement = self.announcement(take_id)
        return announcement is None or theirs(self._performer(announcement))

    def _performer(self, announcement: Announcement) -> str:
        return self._consents.performer(announcement.consents[0].record_id)


def _size(announcement: Announcement) -> int:
    return sum(file.size for file in announcement.files)


def _media(receipt: Receipt) -> tuple[ReceivedFile, ...]:
    return tuple(f for f in receipt.files if f.role != FileRole.CONSENT)


def _described(announcement: Announcement) -> set[tuple[str, str, int, str]]:
    return {(f.role.value, f.filename, f.size, f.sha256) for f in announcement.files}


def _accepted(receipt: Receipt, announcement: Announcement | None) -> TakeReport:
    ids = {(f.filename, f.sha256): f.file_id for f in announcement.files} if announcement else {}
    files = tuple(
        ReportedFile(file_id=ids.get((f.name, f.sha256), ""), sha256=f.sha256, size=f.size) for f in _media(receipt)
    )
    return TakeReport(state="accepted", files=files, accepted_at=receipt.at, receipt_id=receipt.receipt_id)
