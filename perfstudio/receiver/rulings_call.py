"""The calls about decisions: the studio's own makes one, a performer asks for those about their takes."""

from __future__ import annotations

import functools

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.model.ruling import Ruling, RulingsTold
from perfstudio.receiver.auth import sender_of
from perfstudio.receiver.body import whole
from perfstudio.receiver.errors import RefusedError
from perfstudio.receiver.parsing import parse_ruling_wish, parse_rulings_asked
from perfstudio.receiver.rulings import Rulings
from perfstudio.receiver.takes import ReceiverLimits, TakeStore
from perfstudio.receiver.tokens import Tokens

_PRIVATE = {"Cache-Control": "no-store"}
_WORDS = {
    "reason_missing": "reason: missing",
    "reason_long": "reason: too long",
    "reason_unprintable": "reason: not one line of text",
    "moment_outside": "at_s: behind the end of the take",
}


def ruling_routes(rulings: Rulings, takes: TakeStore, tokens: Tokens, limits: ReceiverLimits) -> list[Route]:
    """Where decisions are made and told. The door lets tokens of the studio's own to the first alone, and no others."""
    calls = RulingCalls(rulings, takes, tokens, limits)
    return [
        Route("/v1/takes/{take_id}/ruling", calls.rule, methods=["PUT"]),
        Route("/v1/rulings", calls.told, methods=["POST"]),
    ]


class RulingCalls:
    """Endpoints; each one is idempotent."""

    def __init__(self, rulings: Rulings, takes: TakeStore, tokens: Tokens, limits: ReceiverLimits) -> None:
        self._rulings = rulings
        self._takes = takes
        self._tokens = tokens
        self._limits = limits

    async def rule(self, request: Request) -> Response:
        """PUT /v1/takes/{take_id}/ruling."""
        wish = parse_ruling_wish(await whole(request, self._limits.largest_announcement, self._limits.idle_s))
        try:
            made = await run_in_threadpool(self._rulings.rule, request.path_params["take_id"], wish)
        except DeliveryError as problem:
            if problem.code is ErrorCode.ARRIVAL_UNKNOWN:
                raise RefusedError(404, "no such take lies here") from None
            raise RefusedError(422, _WORDS[str(problem.facts["problem"])]) from None
        return JSONResponse(made.to_json(), headers=_PRIVATE)

    async def told(self, request: Request) -> Response:
        """POST /v1/rulings."""
        asked = parse_rulings_asked(await whole(request, self._limits.largest_announcement, self._limits.idle_s))
        found = await run_in_threadpool(self._told, asked.takes, sender_of(request))
        return JSONResponse({"rulings": [ruling.to_json() for ruling in found.rulings]}, headers=_PRIVATE)

    def _told(self, take_ids: tuple[str, ...], sender: str) -> RulingsTold:
        """Of takes of others, and of such as are not here, nothing: the two are not to be told apart."""
        theirs = functools.partial(self._tokens.admits, sender)
        mine = (take_id for take_id in dict.fromkeys(take_ids) if self._takes.has(take_id, theirs))
        found: list[Ruling] = [ruling for one in mine if (ruling := self._rulings.of(one)) is not None]
        return RulingsTold(rulings=tuple(found))
