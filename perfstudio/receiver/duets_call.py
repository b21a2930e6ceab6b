"""The calls of the rendezvous: a code for two, and what each of the two says to the other."""

from __future__ import annotations

import asyncio
import re
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from perfstudio.model.duet_meeting import CODE_LENGTH, CODE_SIGNS, MOST_SAID
from perfstudio.receiver.auth import sender_of
from perfstudio.receiver.body import whole
from perfstudio.receiver.duets import Duets
from perfstudio.receiver.errors import RefusedError
from perfstudio.receiver.parsing import parse_duet_said
from perfstudio.receiver.relay_pass import RelaySecret
from perfstudio.receiver.takes import ReceiverLimits
from perfstudio.receiver.wrong_tokens import LONGEST_S, WrongTokens

_PRIVATE = {"Cache-Control": "no-store"}
_MOST_BYTES: Final = 6 * MOST_SAID + 1000
"""Every sign may be written as an escape of six."""
_CODE: Final = re.compile(rf"[{CODE_SIGNS}]{{{CODE_LENGTH}}}")


def duet_routes(duets: Duets, limits: ReceiverLimits, relay: RelaySecret | None) -> list[Route]:
    """Where two meet; with the token of a sender, like every call of theirs. `relay`: what passes are made of."""
    calls = DuetEndpoints(duets, limits, relay)
    return [
        Route("/v1/duets", calls.open, methods=["POST"]),
        Route("/v1/duets/{code}", calls.say, methods=["POST"]),
    ]


class DuetEndpoints:
    """Endpoints. A wrong code is answered the later, the more of them came from one address."""

    def __init__(self, duets: Duets, limits: ReceiverLimits, relay: RelaySecret | None) -> None:
        self._duets = duets
        self._relay = relay
        self._limits = limits
        self._wrong = WrongTokens()

    async def open(self, request: Request) -> Response:
        """POST /v1/duets."""
        opened = self._duets.open(sender_of(request))
        return JSONResponse(opened.to_json(), 201, _PRIVATE)

    async def say(self, request: Request) -> Response:
        """POST /v1/duets/{code}."""
        code = request.path_params["code"]
        if not _CODE.fullmatch(code) or not self._duets.knows(code):
            await self._hold_back(request)
            raise RefusedError(404, "no such duet")
        said = parse_duet_said(await whole(request, _MOST_BYTES, self._limits.idle_s))
        heard = self._duets.say(code, said)
        if heard is None:
            return Response(status_code=204)
        if self._relay is not None:
            heard = heard.model_copy(update={"relay": self._relay.pass_now()})
        return JSONResponse(heard.to_json(), headers=_PRIVATE)

    async def _hold_back(self, request: Request) -> None:
        """Raises RefusedError(429)."""
        address = request.client.host if request.client else ""
        wait_s = self._wrong.wait_s(address, asyncio.get_running_loop().time())
        if wait_s is None:
            raise RefusedError(429, "too many wrong codes", again_s=int(LONGEST_S))
        await asyncio.sleep(wait_s)
