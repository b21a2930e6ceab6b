"""The JSON calls of level B: consent, announcement, report, proof, withdrawal."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from perfstudio.model.base import sha256_hex
from perfstudio.model.clock import utc_now
from perfstudio.model.deletion import WithdrawalState
from perfstudio.model.proof import ProofUnderWay
from perfstudio.receiver.auth import sender_of
from perfstudio.receiver.body import whole
from perfstudio.receiver.consents import ConsentStore, IsTheirs
from perfstudio.receiver.errors import RefusedError
from perfstudio.receiver.parsing import parse_proof_request, parse_withdrawal
from perfstudio.receiver.prover import Prover
from perfstudio.receiver.statements import DeletionStatements
from perfstudio.receiver.takes import ReceiverLimits, TakeStore
from perfstudio.receiver.tokens import Tokens
from perfstudio.receiver.verifier import Verifier

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PRIVATE = {"Cache-Control": "no-store"}


class ReceiverCalls:
    """Endpoints; each one is idempotent."""

    def __init__(
        self,
        consents: ConsentStore,
        takes: TakeStore,
        verifier: Verifier,
        limits: ReceiverLimits,
        *,
        prover: Prover,
        statements: DeletionStatements,
        tokens: Tokens,
        where: Callable[[], str | None],
    ) -> None:
        """`where` knows the public address of the tus collection."""
        self._prover = prover
        self._statements = statements
        self._tokens = tokens
        self._where = where
        self._consents = consents
        self._takes = takes
        self._verifier = verifier
        self._limits = limits

    async def server(self, request: Request) -> Response:
        """GET /v1/server: level B is spoken here."""
        return _json({"format": "perfstudio-receiver/1", "level": "B"})

    async def put_consent(self, request: Request) -> Response:
        """B1."""
        record_id = _record_id(request)
        body = await whole(request, self._limits.largest_consent, self._limits.idle_s)
        may_be, become = (
            functools.partial(ask, sender_of(request)) for ask in (self._tokens.may_be, self._tokens.bind)
        )
        kept = await run_in_threadpool(self._consents.put, record_id, body, may_be, become)
        if kept.moved:
            await run_in_threadpool(self._takes.settle, record_id)
        answer = {"record_id": record_id, "sha256": kept.sha256, "received_at": utc_now().isoformat()}
        return _json(answer, 201 if kept.new else 200)

    async def announce(self, request: Request) -> Response:
        """B2."""
        take_id = request.path_params["take_id"]
        body = await whole(request, self._limits.largest_announcement, self._limits.idle_s)
        new, report = await run_in_threadpool(self._takes.announce, take_id, body, self._theirs(request))
        self._verifier.verify(take_id)
        return _json({"state": report.state, "tus": self._where()}, 201 if new else 200)

    async def report(self, request: Request) -> Response:
        """B3."""
        report = await run_in_threadpool(self._takes.report, request.path_params["take_id"], self._theirs(request))
        return _json(report.to_json())

    async def prove(self, request: Request) -> Response:
        """B5: the receipt, with what only the bytes can tell."""
        take_id = request.path_params["take_id"]
        asked = parse_proof_request(await whole(request, self._limits.largest_announcement, self._limits.idle_s))
        proof = await run_in_threadpool(self._prover.prove, take_id, asked.salt, self._theirs(request))
        if proof is None:
            return _json(ProofUnderWay().to_json(), 202)
        return _json(proof.to_json())

    async def withdraw(self, request: Request) -> Response:
        """B4: 202 while it waits for a person."""
        record_id = _record_id(request)
        body = await whole(request, self._limits.largest_announcement, self._limits.idle_s)
        act = parse_withdrawal(body)
        state = await run_in_threadpool(self._consents.take_back, record_id, act, self._theirs(request))
        statements: tuple[dict[str, Any], ...] = ()
        if state is None:
            state, statements = await run_in_threadpool(self._statements.answer, record_id, act)
        answer = {"record_id": record_id, "sha256": sha256_hex(body), "received_at": utc_now().isoformat()}
        status = 202 if state is WithdrawalState.WAITS else 200
        return _json(answer | {"state": state, "statements": statements}, status)

    def _theirs(self, request: Request) -> IsTheirs:
        return functools.partial(self._tokens.admits, sender_of(request))


def _record_id(request: Request) -> str:
    record_id = str(request.path_params["record_id"])
    if not _UUID.fullmatch(record_id):
        raise RefusedError(422, "not a record id")
    return record_id


def _json(value: object, status: int = 200) -> Response:
    return JSONResponse(value, status_code=status, headers=_PRIVATE)
