"""The receiver as an ASGI application: a tus 1.0 collection at /files and the level B calls at /v1."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from perfstudio.model.delivery import Studio
from perfstudio.model.jws import SigningKey
from perfstudio.receiver.admission import ANYTHING, Admission
from perfstudio.receiver.api import ReceiverCalls
from perfstudio.receiver.auth import Authorization
from perfstudio.receiver.clips import WaitingClips
from perfstudio.receiver.clips_call import clip_routes
from perfstudio.receiver.consents import ConsentStore
from perfstudio.receiver.duets import Duets
from perfstudio.receiver.duets_call import duet_routes
from perfstudio.receiver.health import health
from perfstudio.receiver.key_call import key_route
from perfstudio.receiver.layout import ReceiverLayout
from perfstudio.receiver.openapi import document
from perfstudio.receiver.pairs_call import PairTeller, pair_routes
from perfstudio.receiver.prover import Prover
from perfstudio.receiver.relay_pass import RelaySecret
from perfstudio.receiver.rulings import Rulings
from perfstudio.receiver.rulings_call import ruling_routes
from perfstudio.receiver.statements import DeletionStatements
from perfstudio.receiver.studio_key import studio_key
from perfstudio.receiver.takes import DEFAULT_LIMITS, ReceiverLimits, TakeStore
from perfstudio.receiver.tokens import Tokens
from perfstudio.receiver.tokens_call import tokens_route
from perfstudio.receiver.tus_endpoint import TusEndpoint
from perfstudio.receiver.verifier import Verifier

LOOK_EVERY_S = 5.0
"""A decision of a person is acted on after so long."""


def make_app(
    folder: Path,
    token: str | None = None,
    admission: Admission = ANYTHING,
    *,
    studio: Callable[[], Studio] | None = None,
    studio_id: str = "receiver",
    key: SigningKey | None = None,
    limits: ReceiverLimits = DEFAULT_LIMITS,
    relay: RelaySecret | None = None,
) -> ASGIApp:
    """A receiver for `folder`. `token` is good for this run; without it, what the folder knows is.

    `admission` looks at every consent, announcement and finished bundle. `studio` makes the document at /studio.json.
    `key` is the studio's, that of the folder unless given; `relay` makes passes to its relay. Nothing that was
    delivered can be read back through this application. Raises OSError when the folder cannot be used, and what
    `studio_key` raises.
    """
    layout = ReceiverLayout(folder)
    layout.make()
    tokens = Tokens(layout, token)
    consents, duets = ConsentStore(layout, admission), Duets()
    takes = TakeStore(layout, consents, limits=limits)
    key = key or studio_key(layout)
    verifier = Verifier(takes, consents, studio_id=studio_id, key=key, admission=admission)
    prover = Prover(takes, key)
    where = lambda: studio().tus if studio else None  # noqa: E731
    calls = ReceiverCalls(
        consents,
        takes,
        verifier,
        limits,
        prover=prover,
        statements=DeletionStatements(takes, key, studio_id),
        tokens=tokens,
        where=where,
    )

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        for take_id in takes.coming():
            verifier.verify(take_id)
        decisions = asyncio.create_task(_follow_decisions(takes, duets))
        yield
        decisions.cancel()
        prover.close()
        verifier.close()

    more = [tokens_route(studio_id, key), key_route(consents, tokens, limits)]
    more += ruling_routes(Rulings(layout, key), takes, tokens, limits)
    more += pair_routes(PairTeller(takes.pairs, key, studio_id), takes, tokens, limits)
    more += duet_routes(duets, limits, relay)
    more += clip_routes(WaitingClips(layout, studio_id, admission.clip), tokens, takes, limits, key=key)
    routes = [*_public(studio, takes, verifier), *more, *_with_token(calls, TusEndpoint(takes, verifier, limits))]
    app = Starlette(routes=routes, middleware=[Middleware(Authorization, tokens=tokens)], lifespan=lifespan)
    app.router.redirect_slashes = False  # a redirect would name whatever host the sender said
    return app


async def _follow_decisions(takes: TakeStore, duets: Duets) -> None:
    """A person confirms a withdrawal beside the running receiver; and what could not be removed is tried again. What
    two have said is forgotten in time, although nobody asks any more."""
    folder = takes.layout.withdrawals
    seen = before = -1  # whatever was decided before the first look is acted on by it
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        duets.forget()
        now = await run_in_threadpool(_changed_ns, folder)
        if (
            now != before or takes.left_over or takes.pairs.left_over
        ):  # once more: two writes may fall into one tick of the disk's clock
            before, seen = seen, now
            await run_in_threadpool(takes.go_on_removing)


def _changed_ns(folder: Path) -> int:
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return 0


def _public(studio: Callable[[], Studio] | None, takes: TakeStore, verifier: Verifier) -> list[Route]:
    return [
        Route("/studio.json", _studio_json(studio)),
        Route("/openapi.json", _openapi_json),
        Route("/health", health(takes, verifier)),
    ]


def _with_token(calls: ReceiverCalls, tus: TusEndpoint) -> list[Route]:
    return [
        Route("/v1/server", calls.server),
        Route("/v1/consents/{record_id}", calls.put_consent, methods=["PUT"]),
        Route("/v1/consents/{record_id}/withdrawals", calls.withdraw, methods=["POST"]),
        Route("/v1/takes/{take_id}", calls.announce, methods=["PUT"]),
        Route("/v1/takes/{take_id}", calls.report, methods=["GET"]),
        Route("/v1/takes/{take_id}/proof", calls.prove, methods=["POST"]),
        Route("/files", tus.options, methods=["OPTIONS"]),
        Route("/files", tus.create, methods=["POST"]),
        Route("/files/{upload_id}", tus.options, methods=["OPTIONS"]),
        Route("/files/{upload_id}", tus.head, methods=["HEAD"]),
        Route("/files/{upload_id}", tus.patch, methods=["PATCH"]),
        Route("/files/{upload_id}", tus.delete, methods=["DELETE"]),
    ]


def _studio_json(studio: Callable[[], Studio] | None) -> Callable[[Request], Awaitable[Response]]:
    async def studio_json(request: Request) -> Response:
        return JSONResponse(studio().to_json()) if studio else Response(status_code=404)

    return studio_json


async def _openapi_json(request: Request) -> Response:
    return JSONResponse(await run_in_threadpool(document))
