"""Withdrawals that the key of their record did not sign: they wait for a person, and change nothing by themselves.

Whoever holds a token can bring one, and a performer who has lost their key must be able to; so it is looked at by
somebody who can ask them. What was decided is remembered by the hash of the act.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import Field

from perfstudio.durable import write_durably
from perfstudio.model.base import Document, sha256_hex
from perfstudio.model.clock import utc_now
from perfstudio.model.consent import ConsentEvent
from perfstudio.model.dates import Moment
from perfstudio.model.deletion import WithdrawalState
from perfstudio.model.delivery import Uuid
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.model.ids import Sha256
from perfstudio.receiver.errors import RefusedError
from perfstudio.receiver.layout import ReceiverLayout, read_or_none
from perfstudio.receiver.parsing import read_or_drop

MOST_WAITING = 4
"""Of one record. A performer brings one, or a second after a mistake; a heap of them is somebody's game, and whoever
looks at them has other work."""
MOST_DECIDED = 64
SHOWN = 12
"""Digits of the hash by which a person names an act."""


class WaitingAct(Document):
    """One act, and why it waits."""

    act: dict[str, Any]
    """As it came: what is absent stays absent, or it would have another hash."""
    why: str = Field(max_length=200)
    """A code, as an admission gives it."""
    received_at: Moment

    @property
    def event(self) -> ConsentEvent:
        """The act."""
        return ConsentEvent.model_validate(self.act)

    def sha256(self) -> str:
        """By what it is known."""
        return act_digest(self.event)


class ActsOfRecord(Document):
    """What came of one record that was not signed by its key."""

    format: Literal["perfstudio-waiting/1"] = "perfstudio-waiting/1"
    record_id: Uuid
    waiting: Annotated[tuple[WaitingAct, ...], Field(max_length=MOST_WAITING)] = ()
    confirmed: Annotated[tuple[Sha256, ...], Field(max_length=MOST_DECIDED)] = ()
    dismissed: Annotated[tuple[Sha256, ...], Field(max_length=MOST_DECIDED)] = ()


def act_digest(event: ConsentEvent) -> str:
    """SHA-256 of an act as it is told and answered."""
    return sha256_hex(event.canonical())


class WaitingActs:
    """One small file a record. Its owner holds the lock of acts, which is one over all processes."""

    def __init__(self, layout: ReceiverLayout) -> None:
        self._layout = layout

    def all(self) -> tuple[ActsOfRecord, ...]:
        """Every record of which something waits."""
        found = (self._read(file.stem) for file in sorted(self._layout.waiting.glob("*.json")))
        return tuple(acts for acts in found if acts.waiting)

    def decided(self, record_id: str, event: ConsentEvent) -> WithdrawalState | None:
        """KEPT when a person has confirmed this act, DISMISSED when they have not, WAITS before that; None: unknown."""
        acts, digest = self._read(record_id), act_digest(event)
        if digest in acts.confirmed:
            return WithdrawalState.KEPT
        if digest in acts.dismissed:
            return WithdrawalState.DISMISSED
        return WithdrawalState.WAITS if digest in {act.sha256() for act in acts.waiting} else None

    def add(self, record_id: str, event: ConsentEvent, why: str) -> None:
        """Let one more wait. Raises RefusedError(409) when too many of this record do."""
        acts = self._read(record_id)
        if len(acts.waiting) >= MOST_WAITING:
            raise RefusedError(409, "too many withdrawals of this record wait for a person")
        act = WaitingAct(act=event.to_json(), why=why[:200], received_at=utc_now())
        self._write(acts.model_copy(update={"waiting": (*acts.waiting, act)}))

    def find(self, text: str) -> tuple[str, WaitingAct]:
        """(record id, the waiting act whose hash begins so). Raises DeliveryError(WAITING_UNKNOWN)."""
        found = [(acts.record_id, act) for acts in self.all() for act in acts.waiting if act.sha256().startswith(text)]
        if len(found) != 1 or not text:
            raise DeliveryError(ErrorCode.WAITING_UNKNOWN, id=" ".join(text.split())[:80])
        return found[0]

    def decide(self, record_id: str, act: WaitingAct, *, confirmed: bool) -> None:
        """A person has looked at it."""
        acts, digest = self._read(record_id), act.sha256()
        waiting = tuple(one for one in acts.waiting if one.sha256() != digest)
        name = "confirmed" if confirmed else "dismissed"
        known = acts.confirmed if confirmed else acts.dismissed
        self._write(acts.model_copy(update={"waiting": waiting, name: (*known, digest)[-MOST_DECIDED:]}))

    def drop(self, record_id: str, events: Iterable[ConsentEvent]) -> None:
        """They wait no longer: what they follow has come since, and they count."""
        acts, counts = self._read(record_id), {act_digest(event) for event in events}
        waiting = tuple(one for one in acts.waiting if one.sha256() not in counts)
        if waiting != acts.waiting:
            self._write(acts.model_copy(update={"waiting": waiting}))

    def _read(self, record_id: str) -> ActsOfRecord:
        kept = read_or_drop(read_or_none(self._layout.waiting_acts(record_id)), ActsOfRecord)
        return kept or ActsOfRecord(record_id=record_id)

    def _write(self, acts: ActsOfRecord) -> None:
        write_durably(self._layout.waiting_acts(acts.record_id), acts.canonical())
