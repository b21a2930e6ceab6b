"""How much of what was handed to a connection has not left this computer yet: what tells a slow line from a dead one.

A system takes megabytes at once and sends them as the line allows. Where it says how many still wait, an answer that
does not come is no stall while they grow fewer. Windows does not say; there the limits of time alone decide.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable

from perfstudio.systems.sockets import SOCKET_CALLS


def unsent(sockets: Iterable[socket.socket]) -> int | None:
    """Bytes that wait over all of them; None where the system does not say."""
    found = [left for left in map(SOCKET_CALLS.unsent, sockets) if left is not None]
    return sum(found) if found else None
