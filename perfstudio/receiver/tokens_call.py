"""POST /v1/tokens: what the code of an invitation became. The door has looked at the code already (see `auth`)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from perfstudio.model.invitation import TokenGiven
from perfstudio.model.jws import SigningKey
from perfstudio.receiver.auth import MADE_TOKEN
from perfstudio.receiver.invitations import MadeToken


def tokens_route(studio_id: str, key: SigningKey) -> Route:
    """Where a token is told, in this one answer, and nowhere else from then on."""

    async def answer(request: Request) -> Response:
        made: MadeToken = request.scope["state"][MADE_TOKEN]
        given = TokenGiven(
            studio_id=studio_id, name=made.name, code_sha256=made.code_sha256, token=made.token, at=made.made_at
        )
        return JSONResponse(given.signed(key).to_json(), 201, {"Cache-Control": "no-store"})

    return Route("/v1/tokens", answer, methods=["POST"])
