"""One attempt to bring one bundle to one studio: a straight line that can be begun again at any point.

Whatever stops it (a failure, a pause, a kill) leaves the outbox such that the next attempt goes on where the receiver
says it is. Level B: consent, announcement, files, then the receipt, signed when the receiver has shown that it has the
bytes. Level A: consent.json, media, take.json last; sent when the server's own offsets say so for every file, and there
is no receipt. A studio whose document has a `base` speaks level B for good, whatever answers there.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from time import monotonic
from typing import BinaryIO

from perfstudio.delivery import speed
from perfstudio.delivery.announced_papers import announced_before, keep_announced
from perfstudio.delivery.beginnings import ChecksumFromStart, Checksums
from perfstudio.delivery.bundle import Bundle, Evidence
from perfstudio.delivery.checksum_ahead import ChecksumAhead
from perfstudio.delivery.failure import DeliveryStep, Failure, Fault, TransferError, TransferStoppedError
from perfstudio.delivery.http import VERIFIED_PER_S, HttpClient, harmless
from perfstudio.delivery.origin import join_same_origin, origin_of
from perfstudio.delivery.outbox import Outbox
from perfstudio.delivery.policy import (
    CHUNK_FLOOR,
    CHUNK_LEAST,
    CHUNK_MOST,
    CHUNK_START,
    FIRST_POLL_S,
    KEPT_LEAST,
    MOVED_LEAST,
    growth,
    next_poll,
)
from perfstudio.delivery.proving import Proving
from perfstudio.delivery.rate_cap import RateCap
from perfstudio.delivery.receiver_api import ReceiverApi
from perfstudio.delivery.tus import Abilities, TusClient
from perfstudio.durable import HASHED_AT_ONCE
from perfstudio.model.clock import utc_now
from perfstudio.model.delivery import (
    Arrival,
    DeliveryState,
    Receipt,
    ReceivedFile,
    ReportedFile,
    SentNote,
    Studio,
    TakeReport,
)
from perfstudio.model.errors import ConsentError, DeliveryError, ErrorCode
from perfstudio.model.take import FileEntry, FileRole

GUARD_EVERY_S = 0.25
"""How often consent is asked for while a chunk is under way."""
SELDOM = 0.4
"""Progress is told a little more often than anybody passes it on, and not for every piece."""


@dataclass(frozen=True, slots=True)
class Guards:
    """What may stop a transfer from our side, and who hears of progress."""

    may_send: Callable[[], bool]
    """Whether a consent stands that covers this delivery, asked anew each time."""
    stop: threading.Event = field(default_factory=threading.Event)
    """Pause, rolling, close: end at the next piece, keep everything."""
    progress: Callable[[DeliveryState, int], None] = lambda state, sent: None
    """(state, bytes at the receiver or on their way)"""
    rolls: Callable[[], bool] = lambda: False
    """Whether a take is being made on this computer: nothing is sent meanwhile."""
    reading: Callable[[int], None] = lambda read: None
    """Bytes of the files read so far, before the first one leaves."""
    cap: RateCap = field(default_factory=RateCap)
    reached: dict[str, int] = field(default_factory=dict)
    """Where the receiver was last with each file, over all tries."""
    most: int = CHUNK_MOST
    """The largest chunk that the receiver and what lies between are thought to take."""
    from_start: bool = True
    """Whether checksums from the start are made where they are offered: not after one was refused."""


class Transfer:
    """One bundle, one studio, one wire. `run` may be called once."""

    def __init__(
        self, bundle: Bundle, studio: Studio, wire: HttpClient, *, outbox: Outbox, evidence: Evidence, guards: Guards
    ) -> None:
        self._bundle = bundle
        self._studio = studio
        self._wire = wire
        self._outbox = outbox
        self._evidence = evidence
        self._guards = guards
        self._tus = TusClient(wire, studio.tus)
        self._calls = ReceiverApi(wire, studio.base) if studio.base else None
        self._can = Abilities()
        self._key = (bundle.take_id, studio.id)
        self._at_receiver: dict[str, int] = {}
        self._largest_chunk = guards.most
        self._checked_s = self._counted_s = -1.0
        self._growth = growth(0.0)
        self.chunk = outbox.noted(*self._key)[1] or CHUNK_START
        self.whole = 0
        """The largest chunk that the receiver took whole in this attempt."""
        self.moved = False
        """Whether the receiver's offset grew in this attempt."""
        self.file = ""
        """The file under way."""

    @property
    def from_start(self) -> bool:
        """Whether checksums are made from the start."""
        return self._can.from_start and self._guards.from_start

    def run(self) -> Arrival:
        """Deliver. Raises TransferError (see `policy`), TransferStoppedError, ConsentError or DeliveryError."""
        if self._calls is not None and self._studio.public_key is None:
            raise DeliveryError(ErrorCode.STUDIO_KEYLESS, studio=self._studio.name)
        self._check(now=True)
        self._prove()
        if self._calls is not None:
            if not self._calls.speaks():  # somebody else answers, or half of it is down
                raise TransferError(Failure(DeliveryStep.JSON, Fault.STATUS, 503, address=str(self._wire.origin)))
            self._outbox.note(*self._key, level="B")
            return self._level_b(self._calls)
        self._outbox.note(*self._key, level="A")
        return self._level_a()

    def _prove(self) -> None:
        """Every file is what was accepted; of a large take that is a minute of reading, which is told."""
        read = 0

        def tick() -> None:
            nonlocal read
            self._check()
            read += HASHED_AT_ONCE
            self._guards.reading(min(read, self._bundle.size))

        for file in self._bundle.in_order():
            self._evidence.open(self._bundle, file, tick).close()

    # level B

    def _level_b(self, calls: ReceiverApi) -> Arrival:
        bundle, proving = self._bundle, self._proving(calls, self._bundle)
        self._check(now=True)
        proving.begin()
        with self._evidence.open(bundle, bundle.file(FileRole.CONSENT), self._check) as paper:
            paper.seek(0)
            calls.put_consent(bundle.consent.record_id, paper.read())
        self._count(bundle.file(FileRole.CONSENT), bundle.file(FileRole.CONSENT).size)
        self._check(now=True)
        try:
            announced = calls.announce(bundle.take_id, bundle.announcement())
        except TransferError as refused:
            receipt = self._arrived_before(calls) if refused.failure.status == HTTPStatus.CONFLICT else None
            if receipt is None:
                raise
            return receipt
        keep_announced(self._outbox, bundle, self._evidence, self._check)
        if announced.tus:
            self._tus = TusClient(self._wire, join_same_origin(self._studio.tus, announced.tus))
        if announced.max_chunk:
            self._largest_chunk = min(self._largest_chunk, max(announced.max_chunk, CHUNK_FLOOR))
        if announced.state in ("accepted", "verifying") and not self._has_left():
            raise self._nonsense(DeliveryStep.JSON, "never_sent")
        if announced.state not in ("accepted", "verifying") or self._elsewhere():
            self._can = self._tus.abilities()
            for file in bundle.in_order()[1:]:
                self._send_file(file)
        self._await_accepted(calls)
        self._wire.gives_up_s = monotonic() + self._patience_s
        return proving.receipt(self._patience_s)

    @property
    def _patience_s(self) -> float:
        """How long the receiver may take to read everything that has come."""
        return self._wire.timeouts.verify_s + self._bundle.size / VERIFIED_PER_S

    def _arrived_before(self, calls: ReceiverApi) -> Receipt | None:
        """The receipt of what this studio has accepted already, where its papers have changed since they were sent."""
        known = announced_before(self._outbox, self._bundle)
        if known is None or calls.report(self._bundle.take_id).state != "accepted":
            return None
        bundle, papers = known
        proving = self._proving(calls, bundle)
        proving.begin_with(papers.values())
        return proving.receipt(self._patience_s)

    def _proving(self, calls: ReceiverApi, bundle: Bundle) -> Proving:
        return Proving(
            bundle,
            self._studio,
            calls,
            outbox=self._outbox,
            evidence=self._evidence,
            check=self._check,
            wait=self._rest,
        )

    def _has_left(self) -> bool:
        """Whether every file of this take was sent to this studio before: else it cannot have it."""
        known = ((self._outbox.upload(self._bundle, file), file) for file in self._bundle.in_order()[1:])
        return all(upload is not None and upload.may_hold(file.size) for upload, file in known)

    def _elsewhere(self) -> bool:
        """The studio has moved since: whoever answers here is sent everything anew."""
        known = (self._outbox.upload(self._bundle, file) for file in self._bundle.in_order()[1:])
        return any(upload is not None and origin_of(upload.url) != self._wire.origin for upload in known)

    def _await_accepted(self, calls: ReceiverApi) -> None:
        self._guards.progress(DeliveryState.VERIFYING, self._bundle.size)
        wait_s = FIRST_POLL_S
        patience_s = self._patience_s
        give_up_s = self._wire.gives_up_s = monotonic() + patience_s
        while True:
            report = calls.report(self._bundle.take_id)
            self._compare(report)
            if report.state == "accepted":
                return
            if report.state != "verifying":
                raise self._nonsense(DeliveryStep.JSON, "nothing_verified")
            if monotonic() >= give_up_s:
                raise TransferError(
                    Failure(
                        DeliveryStep.JSON, Fault.UNFINISHED, detail=f"{patience_s:.0f}", address=str(self._wire.origin)
                    )
                )
            self._rest(wait_s)
            wait_s = next_poll(wait_s)

    def _compare(self, report: TakeReport) -> None:
        theirs: dict[str, ReportedFile] = {file.file_id: file for file in report.files}
        for file in self._bundle.in_order()[1:]:
            seen = theirs.get(self._bundle.file_id(file))
            wrong = seen is not None and (seen.sha256, seen.size) != (file.sha256, file.size)
            if wrong or (seen is None and report.state == "accepted"):
                self.file = file.name
                failure = Failure(DeliveryStep.JSON, Fault.DIGEST, address=str(self._wire.origin), file=file.name)
                raise TransferError(failure)
        if report.state == "rejected":
            reason = harmless((report.reason or "")[:2000])
            failure = Failure(DeliveryStep.JSON, Fault.REJECTED, detail=reason, address=str(self._wire.origin))
            raise TransferError(failure)

    # level A

    def _level_a(self) -> SentNote:
        self._can = self._tus.abilities()
        for file in self._bundle.in_order():
            self._send_file(file)
        self._guards.progress(DeliveryState.VERIFYING, self._bundle.size)
        for file in self._bundle.in_order():
            self._check()
            self.file = file.name
            known = self._outbox.upload(self._bundle, file)
            if known is None or self._tus.offset(known.url, file.size) != file.size:
                raise self._nonsense(DeliveryStep.HEAD, "fell_back", file)
        files = tuple(
            ReceivedFile(role=f.role.value, name=f.name, size=f.size, sha256=f.sha256) for f in self._bundle.in_order()
        )
        return SentNote(take_id=self._bundle.take_id, studio_id=self._studio.id, files=files, at=utc_now())

    # files

    def _send_file(self, file: FileEntry) -> None:
        self._check(now=True)
        self.file = file.name
        opened = functools.partial(self._evidence.open, self._bundle, file, self._check)
        with opened() as handle, opened() as beside, self._checksums(file, handle, beside) as checksums:
            url, offset = self._where(file)
            while offset < file.size:
                self._check(now=True)
                offset = self._send_chunk(file, handle, checksums, url, offset)
                self._evidence.unchanged(self._bundle, file, handle)  # what has gone was still what was proved
        self._count(file, file.size)
        self.file = ""

    def _checksums(self, file: FileEntry, handle: BinaryIO, beside: BinaryIO) -> Checksums:
        if self.from_start:
            return ChecksumFromStart(self._evidence.beginnings(self._bundle, file, handle))
        return ChecksumAhead(beside, self._can.checksum, name=file.name, whole=(file.size, file.sha256))

    def _where(self, file: FileEntry) -> tuple[str, int]:
        known = self._outbox.upload(self._bundle, file)
        if known is not None and origin_of(known.url) == self._wire.origin:  # else the studio has moved
            offset = self._tus.offset(known.url, file.size)
            if not known.may_hold(offset):  # more than has ever left from here
                raise self._nonsense(DeliveryStep.HEAD, "never_sent", file)
            self._count(file, offset)
            grown = offset - self._guards.reached.get(file.name, offset)
            self.moved = self.moved or grown >= MOVED_LEAST or (grown > 0 and offset == file.size)
            self._guards.reached[file.name] = offset
            return known.url, offset
        if self._can.largest is not None and file.size > self._can.largest:
            failure = Failure(DeliveryStep.CREATE, Fault.STATUS, 413, address=str(self._wire.origin), file=file.name)
            raise TransferError(failure)
        made = self._tus.create(file.size, self._bundle.metadata(file))
        self._outbox.keep_upload(self._bundle, file, made.url, made.expires_at)
        return made.url, 0

    def _send_chunk(self, file: FileEntry, handle: BinaryIO, checksums: Checksums, url: str, offset: int) -> int:
        most = min(self._largest_chunk, self._guards.cap.chunk(CHUNK_MOST))
        wanted = min(self.chunk, most)
        length, checksum = checksums.take(offset, min(wanted, file.size - offset), self._check)
        checksums.begin(offset + length, min(self._growth * wanted, most, file.size - offset - length), wanted)

        def tick(sent: int) -> None:
            self._check()
            self._count(file, offset + sent, seldom=True)
            self._guards.cap.wait(sent, self._patient)

        self._guards.cap.begin()
        began_s = monotonic()
        before = self._left_before(file, offset)
        self._outbox.note_sent(self._bundle, file, max(before, offset + length))
        try:
            reached = self._tus.send(
                url,
                handle,
                offset=offset,
                length=length,
                size=file.size,
                checksum=checksum,
                tick=tick,
                name=file.name,
                read_s=checksums.read_s,
            )
        except TransferError:
            self.chunk = min(self.chunk, max(length, CHUNK_LEAST))
            # whoever refuses may have kept what came first: a receiver that finds the sender too slow does (408)
            self._outbox.note_sent(self._bundle, file, max(before, offset + self._tus.handed))
            raise
        finally:
            self._guards.cap.spend(self._tus.handed)
        self._keeps_up(file, reached - offset, length)
        if reached - offset == length:
            self.whole = max(self.whole, length)
            self._growth = growth(monotonic() - began_s)
            self.chunk = max(self.chunk, min(length * self._growth, CHUNK_MOST))
        self._reached(file, reached)
        return reached

    def _left_before(self, file: FileEntry, offset: int) -> int:
        """How many bytes of it have left by what is known."""
        known = self._outbox.upload(self._bundle, file)
        return offset if known is None or known.sent is None else known.sent

    def _reached(self, file: FileEntry, offset: int) -> None:
        self.moved = True
        self._guards.reached[file.name] = offset
        self._count(file, offset)
        self._outbox.note(*self._key, bytes_sent=sum(self._at_receiver.values()))

    def _keeps_up(self, file: FileEntry, kept: int, length: int) -> None:
        """A receiver that keeps little of a chunk gets smaller ones; one that keeps next to nothing does not get on."""
        if kept < KEPT_LEAST * length:
            failure = Failure(DeliveryStep.PATCH, Fault.NO_PROGRESS, address=str(self._wire.origin), file=file.name)
            raise TransferError(failure)
        if kept < length:
            self.chunk = max(CHUNK_FLOOR, 2 * kept)

    def _patient(self) -> None:
        """The cap makes us wait: that is no stall, and whoever stops us is heard."""
        self._check()
        self._wire.moved(sending=True)

    def _nonsense(self, step: DeliveryStep, what: str, file: FileEntry | None = None) -> TransferError:
        name = file.name if file is not None else ""
        return TransferError(Failure(step, Fault.PROTOCOL, detail=what, address=str(self._wire.origin), file=name))

    def _count(self, file: FileEntry, offset: int, *, seldom: bool = False) -> None:
        self._at_receiver[file.name] = offset
        if seldom and monotonic() - self._counted_s < SELDOM * speed.EVERY_S:
            return
        self._counted_s = monotonic()
        self._guards.progress(DeliveryState.SENDING, sum(self._at_receiver.values()))

    def _rest(self, seconds: float) -> None:
        if self._guards.stop.wait(seconds):
            raise TransferStoppedError
        self._check()

    def _check(self, *, now: bool = False) -> None:
        if self._guards.stop.is_set():
            raise TransferStoppedError
        if not now and monotonic() - self._checked_s < GUARD_EVERY_S:
            return
        if self._outbox.switches.rests(*self._key) or self._guards.rolls():
            raise TransferStoppedError
        if self._outbox.stopped(*self._key) or not self._guards.may_send():
            self._wire.abort()  # what the system has not sent yet is thrown away with the connection
            raise ConsentError(ErrorCode.CONSENT_WITHDRAWN, take=self._bundle.take_id)
        self._checked_s = monotonic()
