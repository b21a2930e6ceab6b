"""From one failure to the next try: runs a transfer, asks the policy, writes what it says into the outbox."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from perfstudio.delivery.bundle import Bundle, Evidence
from perfstudio.delivery.failure import DeliveryStep, TransferError
from perfstudio.delivery.http import HttpClient, Timeouts
from perfstudio.delivery.outbox import Outbox
from perfstudio.delivery.policy import (
    CHUNK_LEAST,
    CHUNK_MOST,
    NextAction,
    NextStep,
    Pace,
    Strain,
    decide,
    largest_after,
)
from perfstudio.delivery.rate_cap import RateCap
from perfstudio.delivery.transfer import Guards, Transfer
from perfstudio.model.delivery import Arrival, DeliveryState, Studio

_NOT_THEIRS = (400, 460)
"""A checksum was not understood, or the bytes are others. Where it was one from the start, the files are proved anew
and one that every server knows is tried, before anything else is made of it."""


@dataclass(frozen=True, slots=True)
class Tuning:
    """Waits and time limits (tests use shorter ones), and a private certificate authority, when there is one.

    `cap` may be changed while bytes leave.
    """

    pace: Pace = field(default_factory=Pace)
    timeouts: Timeouts = field(default_factory=Timeouts)
    ca_file: Path | None = None
    cap: RateCap = field(default_factory=RateCap)


class Attempts:
    """All attempts at one delivery in this run of the program. Remembers the strain of each file, not the bundle."""

    def __init__(self, outbox: Outbox, evidence: Evidence, tuning: Tuning) -> None:
        self._outbox = outbox
        self._evidence = evidence
        self._tuning = tuning
        self._strains: dict[str, Strain] = {}
        self._reached: dict[str, int] = {}
        self._failures = 0
        self._most = CHUNK_MOST
        self._from_start = True

    def once(self, bundle: Bundle, studio: Studio, wire: HttpClient, guards: Guards) -> Arrival | NextStep:
        """One attempt: how it ended, or what to do next. Raises TransferStoppedError, ConsentError, DeliveryError."""
        guards = replace(
            guards, cap=self._tuning.cap, reached=self._reached, most=self._most, from_start=self._from_start
        )
        transfer = Transfer(bundle, studio, wire, outbox=self._outbox, evidence=self._evidence, guards=guards)
        key = (bundle.take_id, studio.id)
        try:
            return transfer.run()
        except TransferError as stopped:
            failure = replace(stopped.failure, file=stopped.failure.file or transfer.file)
        if transfer.from_start and failure.step is DeliveryStep.PATCH and failure.status in _NOT_THEIRS:
            failure, self._from_start = replace(failure, status=460), False
            self._evidence.forget()  # what was proved may have changed since, and look as before
        if transfer.moved:
            self._failures = 0
            self._strains = {name: strain.moved() for name, strain in self._strains.items()}
        self._failures += 1
        self._most = largest_after(failure, transfer.chunk, transfer.whole, self._most)
        strain = self._strains.get(failure.file, Strain()).after(failure)
        verdict = decide(failure, strain, transfer.chunk, self._tuning.pace)
        self._strains[failure.file] = strain
        self._apply(verdict, key, failure.file, transfer.chunk)
        self._outbox.set_state(*key, STATES[verdict.do], reason=verdict.code, facts=verdict.facts)
        self._outbox.note(*key, attempts=self._failures)
        return verdict

    def _apply(self, verdict: NextStep, key: tuple[str, str], file: str, chunk: int) -> None:
        strain = self._strains[file]
        match verdict.do:
            case NextAction.HALVE:
                self._outbox.note(*key, chunk=max(CHUNK_LEAST, chunk // 2))
            case NextAction.RESTART:
                self._outbox.forget_upload(*key, file or None)
                self._strains[file] = replace(strain, restarts=strain.restarts + 1, conflicts=0, nonsense=0)
            case NextAction.REHASH:
                self._evidence.forget()
                self._outbox.forget_upload(*key, file or None)
                self._strains[file] = replace(strain, rehashes=strain.rehashes + 1, checksums=0)
            case NextAction.RESUME | NextAction.REREAD | NextAction.HOLD | NextAction.SIGN_IN | NextAction.STOP:
                pass


STATES = {
    NextAction.RESUME: DeliveryState.WAITING,
    NextAction.HALVE: DeliveryState.WAITING,
    NextAction.RESTART: DeliveryState.WAITING,
    NextAction.REHASH: DeliveryState.WAITING,
    NextAction.REREAD: DeliveryState.WAITING,
    NextAction.HOLD: DeliveryState.PAUSED,
    NextAction.SIGN_IN: DeliveryState.PAUSED,
    NextAction.STOP: DeliveryState.REFUSED,
}
