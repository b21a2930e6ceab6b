"""The calls about clips that wait: their performer brings them and takes them back, one partner fetches them."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from perfstudio.model.clip_waiting import LEFT_BYTES, ClipStanding
from perfstudio.model.jws import SigningKey
from perfstudio.receiver.auth import sender_of
from perfstudio.receiver.body import whole
from perfstudio.receiver.clip_record import ClipRecord
from perfstudio.receiver.clips import WaitingClips
from perfstudio.receiver.consents import IsTheirs
from perfstudio.receiver.errors import RefusedError
from perfstudio.receiver.parsing import parse_clip_left
from perfstudio.receiver.takes import ReceiverLimits, TakeStore
from perfstudio.receiver.tokens import SHARED, Tokens

MOST_PIECE = 1 << 19
"""Bytes of a file in one request or answer."""
_PRIVATE = {"Cache-Control": "no-store"}
_RANGE = re.compile(r"bytes=(\d{1,12})-(\d{1,12})")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def clip_routes(
    clips: WaitingClips, tokens: Tokens, takes: TakeStore, limits: ReceiverLimits, *, key: SigningKey
) -> list[Route]:
    """Where clips come and go, on the disk of the `takes`."""
    told = functools.partial(_told, clips.studio_id, key)
    calls = ClipCalls(clips, tokens, limits, takes.require_free_space, told)
    one = "/v1/clips/{clip_id}"
    return [
        Route("/v1/clips", calls.waiting, methods=["GET"]),
        Route(one, calls.leave, methods=["PUT"]),
        Route(one, calls.standing, methods=["GET"]),
        Route(one, calls.take_back, methods=["DELETE"]),
        Route(f"{one}/file", calls.append, methods=["PATCH"]),
        Route(f"{one}/file", calls.read, methods=["GET"]),
        Route(f"{one}/deleted", calls.deleted, methods=["POST"]),
    ]


class ClipCalls:
    """Endpoints; each one may be asked again."""

    def __init__(
        self,
        clips: WaitingClips,
        tokens: Tokens,
        limits: ReceiverLimits,
        room_for: Callable[[int], None],
        told: Callable[[ClipRecord, int], ClipStanding],
    ) -> None:
        """`told` makes what its performer hears of a clip of which so many bytes lie here."""
        self._clips, self._tokens, self._limits = clips, tokens, limits
        self._room_for, self._standing = room_for, told

    async def waiting(self, request: Request) -> Response:
        """GET /v1/clips."""
        name = sender_of(request)
        if name == SHARED:  # a token that all share is nobody's in particular
            return JSONResponse({"clips": [], "gone": []}, headers=_PRIVATE)
        found = await run_in_threadpool(self._clips.waiting, name)
        return JSONResponse(found.to_json(), headers=_PRIVATE)

    async def leave(self, request: Request) -> Response:
        """PUT /v1/clips/{clip_id}."""
        left = parse_clip_left(await whole(request, LEFT_BYTES, self._limits.idle_s))
        become = functools.partial(self._tokens.bind, sender_of(request))
        record = await run_in_threadpool(self._clips.leave, _clip_id(request), left, self._theirs(request), become)
        return await self._told(record)

    async def standing(self, request: Request) -> Response:
        """GET /v1/clips/{clip_id}."""
        return await self._told(await run_in_threadpool(self._clips.of, _clip_id(request), self._theirs(request)))

    async def take_back(self, request: Request) -> Response:
        """DELETE /v1/clips/{clip_id}."""
        record = await run_in_threadpool(self._clips.take_back, _clip_id(request), self._theirs(request))
        return await self._told(record)

    async def append(self, request: Request) -> Response:
        """PATCH /v1/clips/{clip_id}/file."""
        start = _number(request.headers.get("Upload-Offset", ""))
        piece = await whole(request, MOST_PIECE, self._limits.idle_s)
        await run_in_threadpool(self._room_for, len(piece))
        clip_id = _clip_id(request)
        lies = await run_in_threadpool(self._clips.append, clip_id, start, piece, self._theirs(request))
        return Response(status_code=204, headers={**_PRIVATE, "Upload-Offset": str(lies)})

    async def read(self, request: Request) -> Response:
        """GET /v1/clips/{clip_id}/file."""
        asked = _RANGE.fullmatch(request.headers.get("Range", ""))
        if asked is None:
            raise RefusedError(400, "Range: bytes=FIRST-LAST is missing")
        first, last = int(asked[1]), int(asked[2])
        if last < first:
            raise RefusedError(416, "behind its end")
        count = min(last - first + 1, MOST_PIECE)
        piece = await run_in_threadpool(self._clips.read, _clip_id(request), sender_of(request), first, count)
        return Response(piece, status_code=206, media_type="application/octet-stream", headers=_PRIVATE)

    async def deleted(self, request: Request) -> Response:
        """POST /v1/clips/{clip_id}/deleted."""
        await run_in_threadpool(self._clips.deleted, _clip_id(request), sender_of(request))
        return Response(status_code=204, headers=_PRIVATE)

    async def _told(self, record: ClipRecord) -> Response:
        received = await run_in_threadpool(self._clips.received, record.clip_id)
        return JSONResponse(self._standing(record, received).to_json(), headers=_PRIVATE)

    def _theirs(self, request: Request) -> IsTheirs:
        """Whether a clip is the sender's."""
        return functools.partial(self._tokens.admits, sender_of(request))


def _told(studio_id: str, key: SigningKey, record: ClipRecord, lies: int) -> ClipStanding:
    return record.standing(studio_id, lies, key)


def _clip_id(request: Request) -> str:
    clip_id = str(request.path_params["clip_id"])
    if not _UUID.fullmatch(clip_id):
        raise RefusedError(404, "no such clip waits here")
    return clip_id


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 13):
        raise RefusedError(400, "Upload-Offset is not a number")
    return int(text)
