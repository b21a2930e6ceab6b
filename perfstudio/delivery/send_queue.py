"""How much of what was handed to a connection has not left this computer yet: what tells a slow line from a dead one.

A system takes megabytes at once and sends them as the line allows. Where it says how many still wait, an answer that
does not come is no stall while they grow fewer. Windows does not say; there the limits of time alone decide.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import sys
from collections.abc import Iterable

SYSTEM: str = sys.platform
_SO_NWRITE = 0x1024
"""sys/socket.h of macOS: bytes in the send buffer."""


def unsent(sockets: Iterable[socket.socket]) -> int | None:
    """Bytes that wait over all of them; None where the system does not say."""
    found = [left for left in map(_unsent, sockets) if left is not None]
    return sum(found) if found else None


def _unsent(sock: socket.socket) -> int | None:
    with contextlib.suppress(OSError, ValueError):
        if SYSTEM == "linux":
            from fcntl import ioctl  # noqa: PLC0415 - not on every system
            from termios import TIOCOUTQ  # noqa: PLC0415

            return int(struct.unpack("i", ioctl(sock.fileno(), TIOCOUTQ, bytes(4)))[0])
        if SYSTEM == "darwin":
            return socket.socket.getsockopt(sock, socket.SOL_SOCKET, _SO_NWRITE)
    return None
