"""The call by which a performer's new key is told, before anything comes that it has signed."""

from __future__ import annotations

import functools

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from perfstudio.model.base import sha256_hex
from perfstudio.model.key_change import KeyChangeReceived
from perfstudio.receiver.auth import sender_of
from perfstudio.receiver.body import whole
from perfstudio.receiver.consents import ConsentStore
from perfstudio.receiver.parsing import parse_key_change
from perfstudio.receiver.takes import ReceiverLimits
from perfstudio.receiver.tokens import Tokens


def key_route(consents: ConsentStore, tokens: Tokens, limits: ReceiverLimits) -> Route:
    """POST /v1/key-changes; the same change twice is one."""

    async def change_key(request: Request) -> Response:
        body = await whole(request, limits.largest_announcement, limits.idle_s)
        change = parse_key_change(body)
        may_be = functools.partial(tokens.may_be, sender_of(request))
        known = await run_in_threadpool(consents.change_key, change, may_be)
        answer = KeyChangeReceived(sha256=sha256_hex(body), new_key=change.new_key, known=known)
        return JSONResponse(answer.to_json(), headers={"Cache-Control": "no-store"})

    return Route("/v1/key-changes", change_key, methods=["POST"])
