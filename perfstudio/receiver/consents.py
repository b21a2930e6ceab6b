"""Consent records as they came, and what was taken back of them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from perfstudio.durable import write_durably
from perfstudio.model.base import canonical_bytes, sha256_hex
from perfstudio.model.consent import ConsentEvent, ConsentRecord, ConsentStatus
from perfstudio.model.deletion import WithdrawalState
from perfstudio.model.delivery import AnnouncedConsent, AnnouncedFile
from perfstudio.model.key_change import KeyChange
from perfstudio.model.strict_json import read_leniently
from perfstudio.receiver.admission import ANYTHING, Admission, IncomingTake, Problems
from perfstudio.receiver.errors import RefusedError
from perfstudio.receiver.key_changes import KeyChanges
from perfstudio.receiver.layout import ReceiverLayout, read_or_none
from perfstudio.receiver.locking import held
from perfstudio.receiver.marks import WhatHolds, what_holds
from perfstudio.receiver.parsing import parse_record
from perfstudio.receiver.performers import Performers, is_performer_id
from perfstudio.receiver.waiting_acts import WaitingAct, WaitingActs

log = logging.getLogger(__name__)

IsTheirs = Callable[[str], bool]
"""Whether a performer is the one who sends."""


def anybody(performer: str) -> bool:
    """Of a sender who brings takes of everybody."""
    return True


def another_performer() -> RefusedError:
    """What somebody is told who brings what is not theirs."""
    return RefusedError(403, "this token belongs to another performer")


PERSON_S = 600
"""When to ask again for what a person has first to decide: they may at any time, and asking is one request."""
MOST_ACTS = 64
"""Of withdrawal, kept of one record: there are ten lines to take back, and each can be given again a few times."""


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """A record that came and lies here now."""

    sha256: str
    new: bool
    """It is the first under its id."""
    moved: bool
    """It may change what holds of takes that are here: it has another length than the one before, or takes back."""


class ConsentStore:
    """Thread-safe, and over processes where acts of withdrawal are concerned. One that neither the key of the record
    nor one that came in its place has signed waits for a person."""

    def __init__(self, layout: ReceiverLayout, admission: Admission = ANYTHING) -> None:
        self._layout = layout
        self._admission = admission
        self._keys = KeyChanges(Performers(layout))
        self._lock = threading.Lock()
        self._waiting = WaitingActs(layout)

    def put(self, record_id: str, data: bytes, may_be: IsTheirs = anybody, become: IsTheirs = anybody) -> KeptRecord:
        """Keep a record as it came. The sender may be its performer, and is from then on: what is refused makes nobody
        of an open token.

        The same record with more acts at its end replaces the shorter one. Raises RefusedError: 403 for a record of
        another performer than the sender, or a new one signed with another key than this performer's; 409 for anything
        else under the same id; 422 for what is no record or does not hold.
        """
        record = parse_record(record_id, data)
        if not is_performer_id(record.subject.id):
            raise RefusedError(422, "wrong: subject.id")
        problems = self._admission.record(record)
        if problems:
            raise RefusedError(422, "; ".join(problems))
        if not may_be(record.subject.id):
            raise another_performer()
        with self._lock:
            file = self._layout.consent(record_id)
            before = read_or_none(file)
            known = self._readable(record_id)  # one that was damaged here is brought anew
            self._keys.require_signer(record, known)  # what is here may grow: taking back needs no key that is known
            if known is not None and not _grown(record, known):
                raise RefusedError(409, "another consent record has this id")
            self._refuse_foreign(record, known=before is not None)
            if not become(record.subject.id):  # another record came by the same token meanwhile
                raise another_performer()
            if before != data:
                write_durably(file, data)
                with held(self._layout.acts_lock):
                    self._waiting.drop(record_id, record.events)
        moved = before is not None and (before != data or bool(what_holds(record, self._beside(record_id)).taken_back))
        return KeptRecord(sha256_hex(data), new=before is None, moved=moved)

    def take_back(self, record_id: str, event: ConsentEvent, theirs: IsTheirs = anybody) -> WithdrawalState | None:
        """Keep an act of withdrawal; the same one twice is one. None: it counts; else WAITS or DISMISSED.

        Raises RefusedError: 404 no such record of theirs, 409 too many acts.
        """
        with self._lock, held(self._layout.acts_lock):
            if not self._layout.consent(record_id).is_file() or not theirs(self.performer(record_id)):
                raise RefusedError(404, "no such consent record")
            if event in self._beside(record_id):
                return None
            decided = self._waiting.decided(record_id, event)
            if decided is WithdrawalState.DISMISSED:
                return decided
            why = () if decided is WithdrawalState.KEPT else self._doubts(record_id, event)
            if why and decided is None:
                self._waiting.add(record_id, event, why[0])
            if why:
                return WithdrawalState.WAITS
            self._keep(record_id, event)
            self._waiting.drop(record_id, (event,))
        return None

    def decide(self, text: str, *, confirmed: bool) -> tuple[str, WaitingAct]:
        """A person has looked at a waiting act, named by the beginning of its hash: (record id, the act).

        Raises DeliveryError(WAITING_UNKNOWN).
        """
        with self._lock, held(self._layout.acts_lock):
            record_id, act = self._waiting.find(text)
            if confirmed and act.event not in self._beside(record_id):
                self._keep(record_id, act.event)
            self._waiting.decide(record_id, act, confirmed=confirmed)
        return record_id, act

    def with_acts(self) -> tuple[str, ...]:
        """Records of which something was taken back beside them."""
        return tuple(sorted(file.stem for file in self._layout.withdrawals.glob("*.json")))

    def acts_count(self, record_id: str) -> bool:
        """Whether those acts count: 0.1.0 kept every one. Raises RefusedError(507) where they cannot be read."""
        return all(self._counts(record_id, act) for act in self._beside(record_id))

    def change_key(self, change: KeyChange, may_be: IsTheirs = anybody) -> bool:
        """A performer signs with another key from now on. Whether that is known now, see `KeyChanges.learn`."""
        return self._keys.learn(change, may_be)

    def take_of(self, record_id: str) -> str:
        """The take that a record is about; empty when the record is not here."""
        record = self._record(record_id)
        return record.take.take_id if record is not None else ""

    def read(self, record_id: str) -> bytes | None:
        """The record byte for byte, or None."""
        return read_or_none(self._layout.consent(record_id))

    def as_announced(self, consent: AnnouncedConsent) -> bytes | None:
        """The record as it was when its take was announced: acts may have come since, and take.json names that state.

        None when it is not here, or another one.
        """
        data = self.read(consent.record_id)
        if data is None or sha256_hex(data) == consent.sha256:
            return data
        record = self._parsed(consent.record_id, data)
        states = (record.model_copy(update={"events": record.events[:n]}) for n in range(len(record.events)))
        return next((told for state in states if sha256_hex(told := state.canonical()) == consent.sha256), None)

    def performer(self, record_id: str) -> str:
        """Whose record it is, by their pseudonymous id; empty when it is not here."""
        record = self._record(record_id)
        return record.subject.id if record is not None else ""

    def holds(self, record_id: str) -> WhatHolds | None:
        """What stands by the record's own acts and by withdrawals that came beside it; None when it is not here."""
        record = self._record(record_id)
        return None if record is None else what_holds(record, self._beside(record_id))

    def usable(self, record_id: str) -> None:
        """The record lies here, and what stands of it lets its take come. Raises RefusedError(403)."""
        holds = self.holds(record_id)
        if holds is None:
            raise RefusedError(403, "the consent record has not arrived")
        if not holds.covers:
            raise RefusedError(403, "consent was withdrawn")

    def admit(
        self, consent: AnnouncedConsent, take_id: str, files: tuple[AnnouncedFile, ...], theirs: IsTheirs = anybody
    ) -> str:
        """The record lies here, with this hash, is the sender's, and what stands of it covers this take as far as the
        studio asks: all of it judged by one reading.

        Returns whose it is. Raises RefusedError(403) with what is wrong.
        """
        data = self.read(consent.record_id)
        if data is None or sha256_hex(data) != consent.sha256:
            raise RefusedError(403, "the consent record has not arrived")
        record = parse_record(consent.record_id, data)
        if not theirs(record.subject.id):
            raise another_performer()
        holds = what_holds(record, self._beside(consent.record_id))
        if not holds.standing:
            raise RefusedError(403, "consent was withdrawn")
        problems = self._admission.take(IncomingTake(take_id, files, record, record.granted() - holds.standing))
        if problems:
            raise RefusedError(403, "; ".join(problems))
        if not holds.covers:
            raise RefusedError(403, "consent was withdrawn")
        self._keys.keep(record)
        return record.subject.id

    def _counts(self, record_id: str, event: ConsentEvent) -> bool:
        return self._waiting.decided(record_id, event) is WithdrawalState.KEPT or not self._doubts(record_id, event)

    def _doubts(self, record_id: str, event: ConsentEvent) -> Problems:
        """Why an act is not taken for the performer's."""
        record = self._record(record_id)
        if record is None:
            return ("no_record",)
        return self._admission.act(record, self._beside(record_id), event, self._keys.successors(record))

    def _keep(self, record_id: str, event: ConsentEvent) -> None:
        events = self._beside(record_id)
        if len(events) >= MOST_ACTS and (record := self._record(record_id)) is not None:
            events = tuple(one for one in events if one not in record.events)  # they came inside the record since
        if len(events) >= MOST_ACTS:
            raise RefusedError(409, "too many withdrawals of this record")
        plain = [e.to_json() for e in (*events, event)]
        write_durably(self._layout.withdrawal(record_id), canonical_bytes(plain))

    def _refuse_foreign(self, record: ConsentRecord, *, known: bool) -> None:
        """What another key took back of a record that has brought a take counts when a person has confirmed it, not
        when it comes inside the record. Raises RefusedError: 409 until then (ask again), 422 when they
        have not confirmed it.
        """
        if not known and not self._layout.receipt(record.take.take_id).is_file():
            return
        own = (None, record.public_key, *self._keys.successors(record))
        for act in record.events:
            if act.state is not ConsentStatus.WITHDRAWN or act.public_key in own:
                continue
            if act not in self._beside(record.record_id):
                with held(self._layout.acts_lock):
                    decided = self._waiting.decided(record.record_id, act)
                    if decided is None:
                        self._waiting.add(record.record_id, act, "consent:key_foreign")
                if decided is WithdrawalState.DISMISSED:
                    raise RefusedError(422, "an act that another key has signed was not confirmed")
                words = "an act that another key has signed waits for a person"
                raise RefusedError(409, words, again_s=PERSON_S)

    def _beside(self, record_id: str) -> tuple[ConsentEvent, ...]:
        """The acts of withdrawal that came by themselves. What cannot be read is not nothing: RefusedError(507)."""
        data = read_or_none(self._layout.withdrawal(record_id))
        if data is None:
            return ()
        try:
            return tuple(ConsentEvent.model_validate(plain) for plain in read_leniently(data))
        except (ValueError, TypeError):
            raise _damaged(self._layout.withdrawal(record_id)) from None

    def _record(self, record_id: str) -> ConsentRecord | None:
        """The record as it lies here, or None. Raises RefusedError(507) where it cannot be read."""
        data = self.read(record_id)
        return None if data is None else self._parsed(record_id, data)

    def _parsed(self, record_id: str, data: bytes) -> ConsentRecord:
        try:
            return parse_record(record_id, data)
        except RefusedError:
            raise _damaged(self._layout.consent(record_id)) from None

    def _readable(self, record_id: str) -> ConsentRecord | None:
        try:
            return self._record(record_id)
        except RefusedError:
            return None


def _damaged(file: Path) -> RefusedError:
    log.error("%s/%s cannot be read", file.parent.name, file.name)
    return RefusedError(507, "what the receiver keeps of this consent cannot be read")


def _grown(record: ConsentRecord, known: ConsentRecord) -> bool:
    """The same record with as many acts, or more."""
    return record.head() == known.head() and record.events[: len(known.events)] == known.events
