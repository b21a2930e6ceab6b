"""Servers by which two computers find a way to each other: one that tells each its outer address (STUN), and a relay
that carries what they send where no direct way is found, or none is wanted (TURN).
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from perfstudio.model.base import Document
from perfstudio.model.call_ways import SERVER
from perfstudio.model.dates import Moment

StunServer = Annotated[str, StringConstraints(pattern=rf"^stun:{SERVER}$")]
TurnServer = Annotated[str, StringConstraints(pattern=rf"^turns?:{SERVER}(\?transport=(udp|tcp))?$")]


class CallServers(Document):
    """Servers that a studio runs or names for two who play together."""

    stun: StunServer | None = None
    """Tells each computer its outer address, as `stun:host:port`."""
    turn: TurnServer | None = None
    """A relay, as `turn:host:port` or `turns:host:port?transport=tcp`. Who may use it is told in each duet."""


class RelayPass(Document):
    """What a relay asks of those who use it, good for one duet: made out of a secret that receiver and relay share."""

    username: str = Field(min_length=1, max_length=200)
    """The moment until which it is good, in seconds since 1970, and a word; names nobody."""
    password: str = Field(min_length=1, max_length=200)
    """HMAC-SHA-1 of the user name under the secret, in base64."""
    good_until: Moment
    """Until then."""
