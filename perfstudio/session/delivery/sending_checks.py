"""What stands in the way of sending now, for whoever asks once and sends at once: the verbs."""

from __future__ import annotations

from collections.abc import Callable

from perfstudio.model.delivery import DeliveryState, Studio
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.delivery.sending_rules import Hold, hold, stays_here
from perfstudio.session.delivery.this_network import Network, this_network
from perfstudio.session.settings_values import Settings

GENERAL = (ErrorCode.DELIVERY_PAUSED, ErrorCode.DELIVERY_HELD, ErrorCode.DELIVERY_ROLLING)
"""What is no fault of one take, and ends by itself or by a word."""


def require_free(
    service: DeliveryService,
    settings: Settings,
    studio: Studio,
    *,
    any_network: bool = False,
    look: Callable[[], Network] = this_network,
) -> None:
    """Nothing rests, nobody records, and the network may be used; else DeliveryError with the reason, see `GENERAL`."""
    if service.outbox.switches.resting:
        raise DeliveryError(ErrorCode.DELIVERY_PAUSED)
    if service.rolls():
        raise DeliveryError(ErrorCode.DELIVERY_ROLLING)
    if any_network or stays_here(studio) or not (settings.sending_network or not settings.sending_metered):
        return
    network = look()
    why = hold(settings, network)
    if why is not None:
        only = "" if why is Hold.METERED else settings.sending_network
        raise DeliveryError(ErrorCode.DELIVERY_HELD, only=only, name=network.name)


def paused(service: DeliveryService, take_id: str, studio_id: str) -> bool:
    """Whether the performer has paused this one."""
    status = service.outbox.status(take_id, studio_id)
    return status is not None and status.state is DeliveryState.PAUSED and status.reason is None


def taken_out(service: DeliveryService, take_id: str, studio_id: str) -> bool:
    """Whether the performer has taken this one out of the queue."""
    status = service.outbox.status(take_id, studio_id)
    return status is not None and status.taken_out
