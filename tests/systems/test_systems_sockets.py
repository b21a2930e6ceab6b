"""A connection ends under whoever waits for it, on every system that can run here."""

from __future__ import annotations

import errno
import socket
import struct
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from perfstudio.systems.sockets import for_system
from rigs.systems import no_wine
from rigs.waiting import until

Line = tuple[socket.socket, socket.socket]


@pytest.fixture
def line() -> Iterator[Line]:
    with socket.create_server(("127.0.0.1", 0)) as door:
        here = socket.create_connection(door.getsockname())
        there, _ = door.accept()
    with here, there:
        yield here, there


@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_who_reads_is_woken(line: Line, monkeypatch: pytest.MonkeyPatch, system: str) -> None:
    if sys.platform == "win32" != system:
        pytest.skip("a shutdown alone is not enough there")
    closed = Closed()
    if sys.platform != "win32":
        monkeypatch.setattr(socket, "close", closed.closesocket, raising=False)
    here, _ = line
    here.settimeout(30.0)
    woken = threading.Event()

    def read() -> None:
        with suppress(OSError):
            here.recv(1)
        woken.set()

    reader = threading.Thread(target=read)
    reader.start()
    for_system(system).cut(here, throw_away=True)
    until(woken.is_set, "the reader is awake")
    reader.join()
    closed.let_go()
    for_system(system).cut(here)  # and once more: nothing is raised
    with pytest.raises(OSError, match=r".") as ended:
        here.sendall(b"never")
    assert ended.value.errno in (errno.EPIPE, errno.EBADF, 10038, 10058)
    assert (here.fileno() == -1) == (system == "win32")


class Closed:
    """As Windows documents it: whoever waits on the handle is woken. Here a close alone wakes nobody, and whoever is
    just about to wait would wait for what is opened next under the same number: so the number is given back later."""

    def __init__(self) -> None:
        self._held: list[socket.socket] = []

    def closesocket(self, handle: int) -> None:
        self._held.append(socket.socket(fileno=handle))
        self._held[-1].shutdown(socket.SHUT_RDWR)

    def let_go(self) -> None:
        """Nobody waits any more."""
        for sock in self._held:
            sock.close()


def read_to_the_end(sock: socket.socket) -> None:
    while sock.recv(1 << 20):
        pass


@no_wine("a connection that is thrown away ends there like any other")
def test_what_has_not_left_is_thrown_away(line: Line) -> None:
    """The other side sees a reset and not an end, which would be one of a whole message."""
    here, there = line
    here.setblocking(False)
    with suppress(BlockingIOError):
        while here.send(bytes(65536)):
            pass
    for_system(sys.platform).cut(here, throw_away=True)
    form = "hh" if sys.platform == "win32" else "ii"
    if here.fileno() >= 0:
        said = here.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.calcsize(form))
        assert struct.unpack(form, said) == (1, 0)
    here.close()
    with pytest.raises(ConnectionError):
        read_to_the_end(there)


def test_a_system_that_does_not_say_what_waits_says_so(line: Line) -> None:
    assert for_system("win32").unsent(line[0]) is None
    line[0].close()
    assert for_system("darwin").unsent(line[0]) is None
    assert for_system("linux").unsent(line[0]) is None
