"""Passes to a studio's relay: each for one duet, out of a secret that receiver and relay share.

As coturn takes them with `use-auth-secret` (draft-uberti-behave-turn-rest-00): nothing is kept here or there.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import timedelta

from perfstudio.model.call_servers import RelayPass
from perfstudio.model.clock import utc_now
from perfstudio.receiver.duets import KEPT_S


@dataclass(frozen=True, slots=True)
class RelaySecret:
    """What makes passes."""

    secret: str = field(repr=False)

    def pass_now(self) -> RelayPass:
        """A pass that is good as long as a duet can last."""
        until = utc_now() + timedelta(seconds=KEPT_S)
        username = f"{int(until.timestamp())}:duet"
        signed = hmac.new(self.secret.encode(), username.encode(), hashlib.sha1).digest()
        return RelayPass(username=username, password=base64.b64encode(signed).decode(), good_until=until)
