"""Taking up an invitation: its code for a token, and the studio's own word that it knows that token.

The studio has to have signed its answer with the key that the link names, so nobody who stands between can hand out a
token of theirs. An answer that got lost on its way is asked for again with the same attempt, which the receiver knows.
"""

from __future__ import annotations

import contextlib
import secrets
from dataclasses import dataclass

from perfstudio.delivery.failure import DeliveryStep, Fault, TransferError
from perfstudio.delivery.http import HttpClient, Reply, Timeouts
from perfstudio.delivery.origin import origin_of, shown
from perfstudio.delivery.receiver_api import ReceiverApi
from perfstudio.delivery.studios import not_fetched
from perfstudio.model.base import sha256_hex
from perfstudio.model.delivery import SignIn, Studio
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.model.invitation import Invitation, TokenGiven
from perfstudio.model.reading import read_document
from perfstudio.model.strict_json import JsonProblemError

TRIES = 3
_PATIENCE = Timeouts(connect_s=8.0, answer_s=20.0)
_LARGEST = 16 << 10
_LOST = (Fault.NETWORK, Fault.RESET, Fault.STALLED)
_WHY = {401: "code_unknown", 403: "code_unknown", 404: "no_calls", 410: "code_expired", 429: "codes_wrong"}


@dataclass(frozen=True, slots=True)
class InvitedTo:
    """A studio whose document is the one that the link means. Nothing of the code has been said to anybody yet."""

    invitation: Invitation
    studio: Studio
    attempt: str

    @property
    def address(self) -> str:
        """Where takes would go, as it is told to the performer."""
        return str(origin_of(self.studio.tus))


def invited_to(invitation: Invitation, studio: Studio) -> InvitedTo:
    """Hold the document against the link. Raises DeliveryError (INVITATION_REFUSED, RECEIVER_UNSAFE)."""
    if studio.public_key != invitation.public_key:
        raise refused(invitation.address, "invited_by_another")
    if studio.base is None or studio.sign_in is not SignIn.TOKEN:
        raise refused(invitation.address, "no_calls")
    here, there = origin_of(invitation.address), origin_of(studio.base)
    if here != there:
        facts = {"address": str(here), "detail": "two_places", "elsewhere": str(there)}
        raise DeliveryError(ErrorCode.RECEIVER_UNSAFE, **facts)
    return InvitedTo(invitation, studio, secrets.token_urlsafe(24))


def take_up(invited: InvitedTo) -> str:
    """The token that the code became. Raises DeliveryError: INVITATION_REFUSED, STUDIO_UNREACHABLE, RECEIVER_UNSAFE."""
    base = (invited.studio.base or "").rstrip("/")
    headers = {
        "Accept": "application/json",
        "Authorization": f"Bearer {invited.invitation.code}",
        "Idempotency-Key": invited.attempt,
    }
    with contextlib.closing(_wire(invited.studio, None)) as wire:
        for left in range(TRIES - 1, -1, -1):
            try:
                reply = wire.ask(DeliveryStep.JSON, "POST", f"{base}/v1/tokens", headers, body=b"")
            except TransferError as stopped:
                if not left or stopped.failure.fault not in _LOST:
                    raise not_fetched(stopped.failure, base) from None
            else:
                return _token_in(reply, invited)
    raise AssertionError  # the last try has returned or raised


def is_known(studio: Studio, token: str) -> bool:
    """Whether the studio says that it knows this token; False: it says nothing now. Raises DeliveryError
    (INVITATION_REFUSED) where it says that it does not."""
    address = studio.base or studio.tus
    with contextlib.closing(_wire(studio, token)) as wire:
        try:
            speaks = ReceiverApi(wire, address).speaks()
        except TransferError as stopped:
            if stopped.failure.fault is Fault.STATUS and stopped.failure.status in (401, 403):
                raise refused(address, "token_unknown") from None
            return False
    if not speaks:
        raise refused(address, "no_calls")
    return True


def refused(address: str, reason: str) -> DeliveryError:
    """Why somebody who was invited is not connected."""
    return DeliveryError(ErrorCode.INVITATION_REFUSED, address=shown(address), reason=reason)


def _wire(studio: Studio, token: str | None) -> HttpClient:
    return HttpClient(studio.base or studio.tus, token, timeouts=_PATIENCE, trust=studio.certificate)


def _token_in(reply: Reply, invited: InvitedTo) -> str:
    address, studio, code = invited.invitation.address, invited.studio, invited.invitation.code
    if reply.status >= 500:
        raise DeliveryError(ErrorCode.STUDIO_UNREACHABLE, address=shown(address))
    if reply.status == 410 and b"used" in reply.body:
        raise refused(address, "code_used")
    if reply.status != 201:
        raise refused(address, _WHY.get(reply.status, "answers_otherwise"))
    try:
        given = read_document(reply.body, TokenGiven, limit=_LARGEST)
    except JsonProblemError:
        raise refused(address, "answers_otherwise") from None
    mine = (given.studio_id, given.code_sha256) == (studio.id, sha256_hex(code.encode()))
    if not mine or not given.is_signed_by(invited.invitation.public_key):
        raise refused(address, "not_signed")
    return given.token
