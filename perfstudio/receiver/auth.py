"""The door: nothing of a request is looked at, and no byte of its body is read, before its token was found right."""

from __future__ import annotations

import asyncio
import errno
import logging
import re

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from perfstudio.model.errors import DeliveryError
from perfstudio.receiver.errors import RefusedError, storage_refusal
from perfstudio.receiver.invitations import CodeProblem, Invitations, MadeToken
from perfstudio.receiver.tokens import Tokens
from perfstudio.receiver.wrong_tokens import LONGEST_S, WrongTokens

log = logging.getLogger(__name__)

_PUBLIC = {(method, path) for path in ("/studio.json", "/openapi.json", "/health") for method in ("GET", "HEAD")}
"""What says nothing about anybody needs no token."""
SENDER = "sender"
"""In the state of a request: the name of the token that it came by."""
TAKES_UP = ("POST", "/v1/tokens")
"""Whoever comes here has the code of an invitation in the place of a token."""
MADE_TOKEN = "made_token"
"""In the state of such a request: what the code became."""
ATTEMPT = re.compile(r"[A-Za-z0-9_-]{16,64}")
"""What a sender says of one try, in Idempotency-Key."""
_RULES = re.compile(r"/v1/takes/[^/]+/(ruling|pairs)")
"""What a token of the studio's own is good for, and no other."""
MOST_AT_ONCE = 64
"""Requests with the right token that are worked on at once. Others are not counted: they are answered before a byte of
their body is read."""
COME_BACK_S = 5


def sender_of(request: Request) -> str:
    """The name of the token by which a request came."""
    return str(request.scope["state"][SENDER])


class Authorization:
    """ASGI middleware. Turns refusals and full disks into answers."""

    def __init__(self, app: ASGIApp, tokens: Tokens) -> None:
        self._app = app
        self._tokens = tokens
        self._invitations = Invitations(tokens)
        self._wrong = WrongTokens()
        self._at_once = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or (scope["method"], scope["path"]) in _PUBLIC:
            await self._app(scope, receive, send)
        elif (scope["method"], scope["path"]) == TAKES_UP:
            await self._take_up(scope, receive, send)
        elif (sender := self._sender(scope)) is None:
            await (await self._unknown(scope))(scope, receive, send)
        elif self._at_once >= MOST_AT_ONCE:
            await refusal(503, "busy", {"Retry-After": str(COME_BACK_S)})(scope, receive, send)
        elif self._tokens.decides(sender) != bool(_RULES.fullmatch(scope["path"])):
            await refusal(403, "this token is for something else", {})(scope, receive, send)
        else:
            self._at_once += 1
            scope["state"] = {**scope.get("state", {}), SENDER: sender}
            try:
                await self._answer(scope, receive, send)
            finally:
                self._at_once -= 1

    async def _take_up(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A code of an invitation. One that is not good is answered as late as a wrong token is."""
        code, attempt = _bearer(scope), Headers(scope=scope).get("idempotency-key", "")
        if code and not ATTEMPT.fullmatch(attempt):
            await refusal(422, "wrong or missing: Idempotency-Key", {})(scope, receive, send)
            return
        try:
            made = await run_in_threadpool(self._invitations.take_up, code, attempt) if code else CodeProblem.UNKNOWN
        except (DeliveryError, OSError):  # the list was said to be unreadable when it was read
            await refusal(503, "the receiver's list of tokens cannot be used", {"Retry-After": str(COME_BACK_S)})(
                scope, receive, send
            )
            return
        if isinstance(made, MadeToken):
            scope["state"] = {**scope.get("state", {}), MADE_TOKEN: made}
            await self._answer(scope, receive, send)
        else:
            await (await self._unknown(scope, made))(scope, receive, send)

    async def _unknown(self, scope: Scope, problem: CodeProblem | None = None) -> PlainTextResponse:
        """What somebody without the token is told, and when."""
        client = scope.get("client")
        wait_s = self._wrong.wait_s(client[0] if client else "", asyncio.get_running_loop().time())
        if wait_s is None:
            return refusal(429, "too many wrong tokens", {"Retry-After": str(int(LONGEST_S))})
        await asyncio.sleep(wait_s)
        if problem in (CodeProblem.USED, CodeProblem.EXPIRED):
            return refusal(410, problem.value, {})
        return refusal(401, problem.value if problem else "sign in first", {"WWW-Authenticate": "Bearer"})

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
            refused = _said(problem)
            again = {} if refused.again_s is None else {"Retry-After": str(refused.again_s)}
            await refusal(refused.status, refused.words, {"Tus-Version": "1.0.0", **again})(scope, receive, send)

    def _sender(self, scope: Scope) -> str | None:
        """By the name of which token somebody comes; None when it is none."""
        token = _bearer(scope)
        return self._tokens.whose(token) if token else None


def _bearer(scope: Scope) -> str:
    """The one token that somebody brings; empty when it is none, or more than one."""
    given = [value for name, value in scope["headers"] if name == b"authorization"]
    scheme, _, token = given[0].decode("latin-1").partition(" ") if len(given) == 1 else ("", "", "")
    return token.strip() if scheme.lower() == "bearer" else ""


def refusal(status: int, words: str, headers: dict[str, str]) -> PlainTextResponse:
    """An answer after which the connection ends: the rest of a refused body is not read."""
    return PlainTextResponse(words, status, {**headers, "Connection": "close", "Tus-Resumable": "1.0.0"})


def _said(problem: RefusedError | OSError) -> RefusedError:
    if isinstance(problem, RefusedError):
        return problem
    refused = storage_refusal(problem)
    log.error("%s: %s", refused.words, errno.errorcode.get(problem.errno or 0, "?"))
    return refused
