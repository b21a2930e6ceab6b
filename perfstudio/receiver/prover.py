"""Reads accepted takes again for whoever brought them: the answer to a salt that only the bytes can give.

On a thread of its own, so that neither a request nor what is still coming waits for it. Of one performer one take is
read at a time, and a take for a few salts an hour; the same salt is answered from what is kept. Nothing else needs to
be remembered over a kill: who asks again makes it begin again.
"""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

from perfstudio.durable import sha256_salted, write_durably
from perfstudio.model.clock import utc_now
from perfstudio.model.delivery import Receipt, ReceivedFile
from perfstudio.model.jws import SigningKey
from perfstudio.model.proof import SaltedFile, TakeProof
from perfstudio.receiver.consents import IsTheirs, anybody
from perfstudio.receiver.errors import RefusedError, storage_refusal
from perfstudio.receiver.layout import make_folder, read_or_none
from perfstudio.receiver.parsing import read_or_drop
from perfstudio.receiver.readings import FileReading, ReadingEndedError
from perfstudio.receiver.takes import TakeStore

MOST_SALTS = 8
WITHIN_S = 3600.0
"""A take is read for so many salts in so long. A sender keeps its salt, and needs one."""

log = logging.getLogger(__name__)


class _ClosingError(Exception):
    """The receiver ends while a file is read."""


class Prover:
    """Owns the thread. Thread-safe."""

    def __init__(self, takes: TakeStore, key: SigningKey) -> None:
        self._takes = takes
        self._layout = takes.layout
        self._key = key
        self._lock = threading.Lock()
        self._reading: set[str] = set()
        self._begun_s: dict[str, list[float]] = {}
        self._failed: dict[str, RefusedError] = {}
        self._closing = threading.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="receiver-prove")

    def prove(self, take_id: str, salt: str, theirs: IsTheirs = anybody) -> TakeProof | None:
        """The signed answer, or None while the take is read or waits for its turn.

        Raises RefusedError: 404 not announced by them, 409 not accepted yet or changed here since, 429 for too many
        salts, 507 it cannot be read now.
        """
        receipt, performer = self._takes.require_accepted(take_id, theirs)
        kept = read_or_drop(read_or_none(self._layout.proof(take_id)), TakeProof)
        if kept is not None and (kept.salt, kept.receipt) == (salt, receipt) and self._holds(kept):
            return kept
        with self._lock:
            failed = self._failed.pop(take_id, None)
            if failed is not None:
                raise RefusedError(failed.status, failed.words)
            if performer in self._reading or self._closing.is_set():
                return None
            self._count(take_id)
            self._reading.add(performer)
            self._thread.submit(self._read, take_id, salt, performer)
        return None

    def close(self) -> None:
        """Stop; who asks again after the next start is answered then."""
        with self._lock:
            self._closing.set()
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _holds(self, kept: TakeProof) -> bool:
        """It is ours: not from before another key, and not damaged."""
        return kept.is_signed_by(self._key.public_key) and kept.receipt.is_signed_by(self._key.public_key)

    def _count(self, take_id: str) -> None:
        now_s = monotonic()
        begun = [at_s for at_s in self._begun_s.get(take_id, ()) if at_s > now_s - WITHIN_S]
        if len(begun) >= MOST_SALTS:
            raise RefusedError(429, "asked for too many proofs of one take")
        self._begun_s[take_id] = [*begun, now_s]

    def _read(self, take_id: str, salt: str, performer: str) -> None:
        failed: RefusedError | None = None
        try:
            self._keep_proof(take_id, salt)
        except RefusedError as refused:
            failed = refused
        except OSError as problem:
            failed = storage_refusal(problem)
            log.warning("a take cannot be read again: %s", failed.words)
        except (_ClosingError, ReadingEndedError):
            pass
        except Exception:
            log.exception("reading a take again failed")
            failed = RefusedError(507, "the receiver could not read the take")
        with self._lock:
            self._reading.discard(performer)
            if failed is not None:
                self._failed[take_id] = failed

    def _keep_proof(self, take_id: str, salt: str) -> None:
        receipt = self._takes.receipt(take_id)
        if receipt is None:  # taken back meanwhile
            return
        salted = tuple(self._salted(take_id, file, bytes.fromhex(salt)) for file in receipt.files)
        signed = receipt if receipt.is_signed_by(self._key.public_key) else self._sign(take_id, receipt)
        proof = TakeProof(receipt=signed, salt=salt, files=salted, at=utc_now()).signed(self._key)
        with self._takes.lock:
            if self._takes.receipt(take_id) != receipt:
                return
            if signed != receipt:
                write_durably(self._layout.receipt(take_id), signed.canonical())
            make_folder(self._layout.coming(take_id))
            write_durably(self._layout.proof(take_id), proof.canonical())

    def _sign(self, take_id: str, receipt: Receipt) -> Receipt:
        """Of a take that was accepted before there was this key: every byte of it has just been read and was right."""
        announcement = self._takes.announcement(take_id)
        record_id = announcement.consents[0].record_id if announcement is not None else receipt.record_id
        return receipt.model_copy(update={"record_id": record_id}).signed(self._key)

    def _salted(self, take_id: str, file: ReceivedFile, salt: bytes) -> SaltedFile:
        place = self._layout.accepted(take_id) / file.name
        try:
            with self._takes.readings.of(take_id) as reading, place.open("rb") as handle:
                plain, salted = sha256_salted(handle, salt, lambda: self._go_on(reading))
        except FileNotFoundError:
            plain, salted = "", ""
        if plain != file.sha256 or place.is_symlink():
            log.error("%s of an accepted take is no longer what came", file.name)
            raise RefusedError(409, f"{file.name} no longer lies there as it came")
        return SaltedFile(name=file.name, sha256=salted)

    def _go_on(self, reading: FileReading) -> None:
        if self._closing.is_set():
            raise _ClosingError
        reading.go_on()
