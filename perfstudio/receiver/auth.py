"""The door: nothing of a request is looked at, and no byte of its body is read, before its token was found right."""

from __future__ import annotations

import errno
import hashlib
import hmac
import logging

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from perfstudio.receiver.errors import RefusedError, storage_refusal

log = logging.getLogger(__name__)

_PUBLIC = {("GET", "/studio.json"), ("HEAD", "/studio.json")}


def token_hash(token: str) -> str:
    """What is kept and compared instead of the token."""
    return hashlib.sha256(token.encode()).hexdigest()


class Authorization:
    """ASGI middleware. Compares hashes in constant time; turns refusals and full disks into answers."""

    def __init__(self, app: ASGIApp, token_sha256: str) -> None:
        self._app = app
        self._token_sha256 = token_sha256

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if (scope["method"], scope["path"]) not in _PUBLIC and not self._knows(scope):
            headers = {"WWW-Authenticate": "Bearer", "Connection": "close", "Tus-Resumable": "1.0.0"}
            await PlainTextResponse("sign in first", 401, headers)(scope, receive, send)
            return
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
            status, words = _answer(problem)
            # the rest of a refused body is not read: the connection ends with this answer
            headers = {"Connection": "close", "Tus-Resumable": "1.0.0", "Tus-Version": "1.0.0"}
            await PlainTextResponse(words, status, headers)(scope, receive, send)

    def _knows(self, scope: Scope) -> bool:
        given = [value for name, value in scope["headers"] if name == b"authorization"]
        scheme, _, token = given[0].decode("latin-1").partition(" ") if len(given) == 1 else ("", "", "")
        right = hmac.compare_digest(token_hash(token.strip()), self._token_sha256)
        return right and scheme.lower() == "bearer"


def _answer(problem: RefusedError | OSError) -> tuple[int, str]:
    if isinstance(problem, RefusedError):
        return problem.status, problem.words
    refused = storage_refusal(problem)
    log.error("%s: %s", refused.words, errno.errorcode.get(problem.errno or 0, "?"))
    return refused.status, refused.words
