"""The calls about pairs: the studio's own asks about a take, a performer asks for what is said of theirs."""

from __future__ import annotations

import functools
from itertools import islice

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from perfstudio.model.jws import SigningKey
from perfstudio.model.pair_document import MOST_ASKED, PairDocument, PairTold
from perfstudio.receiver.auth import sender_of
from perfstudio.receiver.body import whole
from perfstudio.receiver.consents import anybody
from perfstudio.receiver.errors import RefusedError
from perfstudio.receiver.pairs import Pairs
from perfstudio.receiver.parsing import parse_pairs_asked
from perfstudio.receiver.takes import ReceiverLimits, TakeStore
from perfstudio.receiver.tokens import Tokens

_PRIVATE = {"Cache-Control": "no-store"}


class PairTeller:
    """Says of a pair what one of its two performers may know, signed with the studio's key."""

    def __init__(self, pairs: Pairs, key: SigningKey, studio_id: str) -> None:
        self.pairs = pairs
        self._key = key
        self._studio_id = studio_id

    def told(self, pair: PairDocument, take_id: str) -> PairTold:
        """What the performer of this side is told: nobody's name, pseudonym or paper is in it."""
        partner = pair.partner_of(take_id)
        side = pair.side(partner)
        return PairTold(
            studio_id=self._studio_id,
            pair_id=pair.pair_id,
            kind=pair.kind,
            take_id=take_id,
            partner_take_id=partner,
            partner_role=side.role if side is not None else None,
            state=pair.state,
            problems=pair.problems,
            lines=pair.lines,
            partner_gone_at=next((one.at for one in pair.gone if one.take_id == partner), None),
            changed_at=pair.changed_at,
        ).signed(self._key)


def pair_routes(teller: PairTeller, takes: TakeStore, tokens: Tokens, limits: ReceiverLimits) -> list[Route]:
    """Where pairs are told. The door lets tokens of the studio's own to the first alone, and no others."""
    calls = PairCalls(teller, takes, tokens, limits)
    return [
        Route("/v1/takes/{take_id}/pairs", calls.of_take, methods=["GET"]),
        Route("/v1/pairs", calls.told, methods=["POST"]),
    ]


class PairCalls:
    """Endpoints; they change nothing but what is written of pairs beside the takes."""

    def __init__(self, teller: PairTeller, takes: TakeStore, tokens: Tokens, limits: ReceiverLimits) -> None:
        self._teller = teller
        self._takes = takes
        self._tokens = tokens
        self._limits = limits

    async def of_take(self, request: Request) -> Response:
        """GET /v1/takes/{take_id}/pairs."""
        found = await run_in_threadpool(self._of_take, request.path_params["take_id"])
        return JSONResponse({"pairs": [pair.to_json() for pair in found]}, headers=_PRIVATE)

    async def told(self, request: Request) -> Response:
        """POST /v1/pairs."""
        asked = parse_pairs_asked(await whole(request, self._limits.largest_announcement, self._limits.idle_s))
        found = await run_in_threadpool(self._told, asked.takes, sender_of(request))
        return JSONResponse({"pairs": [told.to_json() for told in found]}, headers=_PRIVATE)

    def _of_take(self, take_id: str) -> tuple[PairDocument, ...]:
        if not self._takes.has(take_id, anybody):
            raise RefusedError(404, "no such take lies here")
        return self._teller.pairs.of(take_id)

    def _told(self, take_ids: tuple[str, ...], sender: str) -> tuple[PairTold, ...]:
        """Of takes of others, and of such as are not here, nothing: the two are not to be told apart."""
        theirs = functools.partial(self._tokens.admits, sender)
        mine = (take_id for take_id in dict.fromkeys(take_ids) if self._takes.has(take_id, theirs))
        found = ((pair, take_id) for take_id in mine for pair in self._teller.pairs.of(take_id))
        newest = sorted(found, key=lambda one: one[0].changed_at, reverse=True)
        return tuple(self._teller.told(pair, take_id) for pair, take_id in islice(newest, MOST_ASKED))
