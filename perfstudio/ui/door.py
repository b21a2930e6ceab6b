"""Where a second start knocks: it brings the open window to the front, and hands over what it was asked to open.

An invitation holds a code that is good once. So the door has a new name each time, which stands in the home alone, and
nobody else on this computer can stand in its place; what was handed over is answered for before it counts as heard.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable
from pathlib import Path

from PySide6.QtNetwork import QLocalServer, QLocalSocket

from perfstudio.durable import read_plain, remove, write_durably

FILE = "window.door"
HEARD = b"heard\n"
MOST = 64 << 10
"""Bytes of what is handed over: a link that is too long to be told so, and the address of any file that has a path."""
ANSWER_MS = 5000
"""For a window that draws just now."""
_SLICE_MS = 50
_LONGEST_NAME = 1000


class Door:
    """Open from when it is made. `front` is told of every knock, `opened` of what was handed over."""

    def __init__(self, home: Path, *, front: Callable[[], object], opened: Callable[[str], object]) -> None:
        self._front, self._opened = front, opened
        self._file = home / FILE
        self._server = QLocalServer()
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._knocked)
        self._server.listen(f"perfstudio-{secrets.token_hex(12)}")
        with contextlib.suppress(OSError):  # a full disk: a second start then says that nobody answers
            write_durably(self._file, self._server.fullServerName().encode("utf-8", "surrogateescape"))

    def close(self) -> None:
        """Nobody is answered any more."""
        self._server.close()
        with contextlib.suppress(OSError):
            remove(self._file)

    def _knocked(self) -> None:
        knock = self._server.nextPendingConnection()
        said = bytearray()

        def heard() -> None:
            said.extend(bytes(knock.read(MOST + 1 - len(said)).data()))
            if b"\n" not in said:
                return
            knock.readyRead.disconnect(heard)
            self._front()
            if text := bytes(said).partition(b"\n")[0].decode("utf-8", "replace"):
                self._opened(text)
            knock.write(HEARD)
            knock.flush()

        knock.readyRead.connect(heard)
        knock.disconnected.connect(knock.deleteLater)
        heard()


def knock(home: Path, text: str = "") -> bool:
    """Hand over what is to be opened, or nothing; whether the window has heard it."""
    try:
        name = read_plain(home / FILE, _LONGEST_NAME).decode("utf-8", "surrogateescape")
    except OSError:
        return False
    wire = QLocalSocket()
    wire.connectToServer(name)
    if not wire.waitForConnected(ANSWER_MS):
        return False
    wire.write(" ".join(text.splitlines()).encode("utf-8", "replace")[:MOST] + b"\n")
    heard = bytearray()
    for _ in range(ANSWER_MS // _SLICE_MS):  # between two of them Ctrl-C is heard
        if wire.waitForReadyRead(_SLICE_MS):
            heard.extend(bytes(wire.readAll().data()))
        if HEARD in heard:
            return True
    return False
