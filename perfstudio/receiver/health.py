"""GET /health: the receiver lives, and whether it could take a take now. Nothing of anybody's is in it."""

from __future__ import annotations

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from perfstudio.model.delivery import ReceiverHealth
from perfstudio.receiver.errors import RefusedError
from perfstudio.receiver.takes import TakeStore
from perfstudio.receiver.verifier import Verifier

SMALLEST = 100 << 20
"""Room for a take of some minutes, beside what always stays free."""


def health(takes: TakeStore, verifier: Verifier) -> Callable[[Request], object]:
    """The endpoint: 200 when a take could come in, 503 when not. Costs one look at the disk."""

    async def answer(request: Request) -> Response:
        room = await run_in_threadpool(_has_room, takes)
        said = ReceiverHealth(ready=room and verifier.works, room=room, verifies=verifier.works)
        return JSONResponse(said.to_json(), 200 if said.ready else 503, {"Cache-Control": "no-store"})

    return answer


def _has_room(takes: TakeStore) -> bool:
    try:
        takes.require_free_space(SMALLEST)
    except (RefusedError, OSError):
        return False
    return True
