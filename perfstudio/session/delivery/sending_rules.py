"""By which network takes may be sent: what the performer set, held against what the system tells."""

from __future__ import annotations

from enum import StrEnum

from perfstudio.delivery.origin import is_loopback, origin_of
from perfstudio.model.delivery import Studio
from perfstudio.session.delivery.this_network import Network
from perfstudio.session.settings_values import Settings


class Hold(StrEnum):
    """Why nothing is sent by the network that is there."""

    LOOKING = "looking"  # the system has not said yet which one it is
    OTHER_NETWORK = "other_network"
    UNNAMED_NETWORK = "unnamed_network"  # only one is to be used, and the system does not say which this is
    METERED = "metered"


def hold(settings: Settings, network: Network | None) -> Hold | None:
    """Why nothing may be sent now; None when it may. `network` is None while nobody has looked."""
    only = settings.sending_network
    if network is None:
        return Hold.LOOKING if only or not settings.sending_metered else None
    if only and not network.name:
        return Hold.UNNAMED_NETWORK
    if only and network.name != only:
        return Hold.OTHER_NETWORK
    if network.metered and not settings.sending_metered:
        return Hold.METERED
    return None


def stays_here(studio: Studio) -> bool:
    """Whether its receiver is on this computer: what goes there uses no network."""
    return is_loopback(origin_of(studio.tus).host)
