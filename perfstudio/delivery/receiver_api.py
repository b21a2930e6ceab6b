"""The JSON calls of a level B receiver. Each is idempotent and carries the digest of what it sends."""

from __future__ import annotations

import uuid
from typing import TypeVar

from pydantic import ValidationError

from perfstudio.delivery.failure import DeliveryStep, Failure, Fault, TransferError
from perfstudio.delivery.http import LARGEST_ANSWER, HttpClient, Reply
from perfstudio.delivery.origin import join_same_origin
from perfstudio.delivery.tus import refusal
from perfstudio.model.base import Document, canonical_bytes, sha256_hex
from perfstudio.model.consent import ConsentEvent
from perfstudio.model.content_digest import content_digest
from perfstudio.model.deletion import WithdrawalReceived
from perfstudio.model.delivery import Announced, Announcement, ConsentReceived, ServerInfo, TakeReport
from perfstudio.model.duet_meeting import DuetHeard, DuetOpened, DuetSaid
from perfstudio.model.key_change import KeyChange, KeyChangeReceived
from perfstudio.model.pair_document import PairsAsked, PairsTold, PairTold
from perfstudio.model.proof import ProofRequest, TakeProof
from perfstudio.model.reading import read_document
from perfstudio.model.ruling import Ruling, RulingsAsked, RulingsTold
from perfstudio.model.strict_json import JsonProblemError, read_leniently

_A = TypeVar("_A", bound=Document)
OLDER = (400, 403, 404, 405, 501)
"""How a receiver that is older than a call answers it."""


class ReceiverApi:
    """Level B on one wire. `base` is the address that /v1/… hangs on."""

    def __init__(self, wire: HttpClient, base: str) -> None:
        self._wire = wire
        self._base = join_same_origin(base, base).rstrip("/")

    def __repr__(self) -> str:
        return f"ReceiverCalls({self._wire.origin})"

    @property
    def address(self) -> str:
        """Scheme and host."""
        return str(self._wire.origin)

    def speaks(self) -> bool:
        """Whether level B is spoken here. 404 says no; everything else that is not a yes is a failure."""
        reply = self._get("/v1/server")
        if reply.status == 404:
            return False
        _read(reply, (200,), ServerInfo)
        return True

    def put_consent(self, record_id: str, record: bytes) -> ConsentReceived:
        """B1: the record exactly as it lies in consent.json. The receiver's hash of it must be ours."""
        reply = self._write("PUT", f"/v1/consents/{record_id}", record)
        answer = _read(reply, (200, 201), ConsentReceived)
        if answer.sha256 != sha256_hex(record):
            raise TransferError(Failure(DeliveryStep.JSON, Fault.DIGEST, address=reply.address, file="consent.json"))
        return answer

    def change_key(self, change: KeyChange) -> KeyChangeReceived:
        """The performer signs with another key from now on. The receiver's hash of it must be ours."""
        body = change.canonical()
        reply = self._write("POST", "/v1/key-changes", body)
        answer = _read(reply, (200,), KeyChangeReceived)
        if answer.sha256 != sha256_hex(body):
            raise TransferError(Failure(DeliveryStep.JSON, Fault.DIGEST, address=reply.address))
        return answer

    def announce(self, take_id: str, announcement: Announcement) -> Announced:
        """B2: what will come."""
        reply = self._write("PUT", f"/v1/takes/{take_id}", announcement.canonical())
        return _read(reply, (200, 201), Announced)

    def report(self, take_id: str) -> TakeReport:
        """B3: what the receiver has, by its own hashes."""
        return _read(self._get(f"/v1/takes/{take_id}"), (200,), TakeReport)

    def prove(self, take_id: str, salt: str) -> TakeProof | None:
        """B5: the receiver's signed answer to a salt, or None while it reads its files. What it says is to be judged.

        The take was accepted just before: who does not know it, or the call, is somebody else, or is half down.
        """
        reply = self._write("POST", f"/v1/takes/{take_id}/proof", ProofRequest(salt=salt).canonical())
        if reply.status == 202:
            return None
        if reply.status in (404, 405, 410):
            raise TransferError(Failure(DeliveryStep.JSON, Fault.STATUS, 503, address=reply.address))
        return read_strictly(reply, TakeProof)

    def withdraw(self, record_id: str, event: ConsentEvent) -> WithdrawalReceived:
        """B4: consent is taken back, confirmed by the receiver's hash of the act.

        404 and 410 are refusals like every other: a receiver that does not know the record has been told nothing.
        """
        act = canonical_bytes(event.to_json())
        reply = self._write("POST", f"/v1/consents/{record_id}/withdrawals", act)
        answer = _read(reply, (200, 201, 202), WithdrawalReceived)
        if answer.sha256 != sha256_hex(act):
            raise TransferError(Failure(DeliveryStep.JSON, Fault.DIGEST, address=reply.address, file="consent.json"))
        return answer

    def rulings(self, take_ids: tuple[str, ...]) -> tuple[Ruling, ...]:
        """What the studio decided of these takes, as it says; who asks looks at the signatures. A receiver that does
        not know the call has decided nothing."""
        reply = self._write("POST", "/v1/rulings", RulingsAsked(takes=take_ids).canonical())
        return () if reply.status in (404, 405) else _read(reply, (200,), RulingsTold).rulings

    def pairs(self, take_ids: tuple[str, ...]) -> tuple[PairTold, ...]:
        """What the studio says of scenes for two that these takes are one side of; as `rulings`, and asked behind it:
        whoever answers that and refuses this is older than the call."""
        reply = self._write("POST", "/v1/pairs", PairsAsked(takes=take_ids).canonical())
        return () if reply.status in OLDER else _read(reply, (200,), PairsTold).pairs

    def open_duet(self) -> DuetOpened:
        """A code for two."""
        return _read(self._write("POST", "/v1/duets", b""), (201,), DuetOpened)

    def in_duet(self, code: str, said: DuetSaid) -> DuetHeard | None:
        """Say something in a duet, and hear what the other side said last; None: it is over by this word."""
        reply = self._write("POST", f"/v1/duets/{code}", said.canonical())
        return None if reply.status == 204 else _read(reply, (200,), DuetHeard)

    def _get(self, path: str) -> Reply:
        return self._wire.ask(DeliveryStep.JSON, "GET", self._base + path, {"Accept": "application/json"})

    def _write(self, method: str, path: str, body: bytes) -> Reply:
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "Content-Digest": content_digest(body),
            "Idempotency-Key": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{method} {path} {sha256_hex(body)}")),
        }
        return self._wire.ask(DeliveryStep.JSON, method, self._base + path, headers, body=body)


def read_strictly(reply: Reply, kind: type[_A]) -> _A:
    """A signed answer: read word for word, as what was signed. Raises TransferError."""
    if reply.status != 200:
        raise refusal(DeliveryStep.JSON, reply)
    try:
        return read_document(reply.body, kind, limit=LARGEST_ANSWER, own_words=True)
    except JsonProblemError:
        raise _no_sense(reply) from None


def _read(reply: Reply, good: tuple[int, ...], kind: type[_A]) -> _A:
    if reply.status not in good:
        raise refusal(DeliveryStep.JSON, reply)
    try:
        return kind.model_validate(read_leniently(reply.body))
    except (ValueError, ValidationError):
        raise _no_sense(reply) from None


def _no_sense(reply: Reply) -> TransferError:
    """Neither the document nor an answer in its place: a web page of somebody between, or nonsense."""
    html = "html" in reply.headers.get("Content-Type", "").lower() or reply.body[:1] == b"<"
    fault = Fault.PORTAL if html else Fault.PROTOCOL
    return TransferError(Failure(DeliveryStep.JSON, fault, reply.status, detail="not_json", address=reply.address))
