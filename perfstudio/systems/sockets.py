"""What a connection is asked for beside its bytes: how many have not left yet, and to end under whoever waits for it.

Linux     ioctl TIOCOUTQ (tcp(7)); shutdown(2) wakes who reads or writes on another thread
macOS     SO_NWRITE of sys/socket.h; shutdown as on Linux. Not run: from the headers.
Windows   tells nothing of what waits, so the limits of time alone decide; who waits is woken for certain by
          closesocket, whose blocked calls "fail with WSAEINTR or WSAENOTSOCK" (learn.microsoft.com,
          winsock2.h). Run under Wine, where a shutdown alone wakes nobody.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import sys
from typing import Any, Final, Protocol

_SO_NWRITE: Final = 0x1024
"""Bytes in the send buffer."""


class SocketCalls(Protocol):
    """How one system does it. Nothing is raised, also of a socket that has ended."""

    def unsent(self, sock: socket.socket) -> int | None:
        """Bytes that were handed over and have not left this computer; None where the system does not say."""

    def cut(self, sock: socket.socket, *, throw_away: bool = False) -> None:
        """End a connection, also under another thread, which is woken.

        `throw_away`: what the system has not sent yet is never sent.
        """

    def claim(self, sock: socket.socket) -> None:
        """Asked before a door is bound: a port that has just been let go is free, one that is in use is not."""


class _PosixSockets:
    """What Linux and macOS share."""

    def cut(self, sock: socket.socket, *, throw_away: bool = False) -> None:
        if throw_away:
            _throw_away(sock, "ii")
        _shut(sock)

    def claim(self, sock: socket.socket) -> None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)


class LinuxSockets(_PosixSockets):
    """And whatever else is neither macOS nor Windows: there nothing is told."""

    def unsent(self, sock: socket.socket) -> int | None:
        if sys.platform == "linux":
            from fcntl import ioctl  # noqa: PLC0415 - not on every system
            from termios import TIOCOUTQ  # noqa: PLC0415 - as above

            with contextlib.suppress(OSError, ValueError):
                return int(struct.unpack("i", ioctl(sock.fileno(), TIOCOUTQ, bytes(4)))[0])
        return None


class MacSockets(_PosixSockets):
    """As on Linux, by another name."""

    def unsent(self, sock: socket.socket) -> int | None:
        with contextlib.suppress(OSError, ValueError):
            return socket.socket.getsockopt(sock, socket.SOL_SOCKET, _SO_NWRITE)
        return None


class WindowsSockets:
    """The handle goes; what Python still does with the socket fails as with any closed one."""

    def unsent(self, sock: socket.socket) -> int | None:
        return None

    def claim(self, sock: socket.socket) -> None:
        """SO_REUSEADDR would let two programs have one port there; this says that nobody else may."""
        exclusive: int = getattr(socket, "SO_EXCLUSIVEADDRUSE", ~socket.SO_REUSEADDR)
        sock.setsockopt(socket.SOL_SOCKET, exclusive, 1)

    def cut(self, sock: socket.socket, *, throw_away: bool = False) -> None:
        """A "hard close" where what waits is thrown away (closesocket), and no word of an end goes before it."""
        if throw_away:
            _throw_away(sock, "hh")
        else:
            _shut(sock)
        with contextlib.suppress(OSError, ValueError):
            handle = socket.socket.detach(sock)
            if handle >= 0:
                close: Any = socket.close  # type: ignore[attr-defined,unused-ignore]
                close(handle)


def _throw_away(sock: socket.socket, linger: str) -> None:
    """`linger` is the form of that structure."""
    with contextlib.suppress(OSError, ValueError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(linger, 1, 0))


def _shut(sock: socket.socket) -> None:
    """The plain socket's shutdown even for TLS: the TLS one would first forget its keys, and a sender that is just
    writing would go on in clear text."""
    with contextlib.suppress(OSError, ValueError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


def for_system(system: str) -> SocketCalls:
    """The version of a system, by its `sys.platform`."""
    if system == "win32":
        return WindowsSockets()
    return MacSockets() if system == "darwin" else LinuxSockets()


SOCKET_CALLS: Final = for_system(sys.platform)
"""Of this system."""
