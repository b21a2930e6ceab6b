"""The door: nothing of a request is looked at, and no byte of its body is read, before its token was found right."""

from __future__ import annotations

import asyncio
import errno
import logging

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from perfstudio.receiver.errors import RefusedError, storage_refusal
from perfstudio.receiver.tokens import Tokens
from perfstudio.receiver.wrong_tokens import LONGEST_S, WrongTokens

log = logging.getLogger(__name__)

_PUBLIC = {(method, path) for path in ("/studio.json", "/openapi.json", "/health") for method in ("GET", "HEAD")}
"""What says nothing about anybody needs no token."""
SENDER = "sender"
"""In the state of a request: the name of the token that it came by."""
MOST_AT_ONCE = 64
"""Requests with the right token that are worked on at once. Others are not counted: they are answered before a byte of
their body is read."""
COME_BACK_S = 5


class Authorization:
    """ASGI middleware. Turns refusals and full disks into answers."""

    def __init__(self, app: ASGIApp, tokens: Tokens) -> None:
        self._app = app
        self._tokens = tokens
        self._wrong = WrongTokens()
        self._at_once = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or (scope["method"], scope["path"]) in _PUBLIC:
            await self._app(scope, receive, send)
        elif (sender := self._sender(scope)) is None:
            await (await self._unknown(scope))(scope, receive, send)
        elif self._at_once >= MOST_AT_ONCE:
            await refusal(503, "busy", {"Retry-After": str(COME_BACK_S)})(scope, receive, send)
        else:
            self._at_once += 1
            scope["state"] = {**scope.get("state", {}), SENDER: sender}
            try:
                await self._answer(scope, receive, send)
            finally:
                self._at_once -= 1

    async def _unknown(self, scope: Scope) -> PlainTextResponse:
        """What somebody without the token is told, and when."""
        client = scope.get("client")
        wait_s = self._wrong.wait_s(client[0] if client else "", asyncio.get_running_loop().time())
        if wait_s is None:
            return refusal(429, "too many wrong tokens", {"Retry-After": str(int(LONGEST_S))})
        await asyncio.sleep(wait_s)
        return refusal(401, "sign in first", {"WWW-Authenticate": "Bearer"})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        answered = False

        async def watched(message: Message) -> None:
            nonlocal answered
            answered = answered or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except (RefusedError, OSError) as problem:
            if answered:
                raise
            await refusal(*_said(problem), {"Tus-Version": "1.0.0"})(scope, receive, send)

    def _sender(self, scope: Scope) -> str | None:
        """By the name of which token somebody comes; None when it is none."""
        given = [value for name, value in scope["headers"] if name == b"authorization"]
        scheme, _, token = given[0].decode("latin-1").partition(" ") if len(given) == 1 else ("", "", "")
        name = self._tokens.whose(token.strip())
        return name if scheme.lower() == "bearer" else None


def refusal(status: int, words: str, headers: dict[str, str]) -> PlainTextResponse:
    """An answer after which the connection ends: the rest of a refused body is not read."""
    return PlainTextResponse(words, status, {**headers, "Connection": "close", "Tus-Resumable": "1.0.0"})


def _said(problem: RefusedError | OSError) -> tuple[int, str]:
    if isinstance(problem, RefusedError):
        return problem.status, problem.words
    refused = storage_refusal(problem)
    log.error("%s: %s", refused.words, errno.errorcode.get(problem.errno or 0, "?"))
    return refused.status, refused.words
