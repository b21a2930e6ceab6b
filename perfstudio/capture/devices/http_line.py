"""One http answer as it arrives: status, headers, then the body piece by piece, each the moment it is there.

It is read by hand because a picture's time is that of its last byte: nothing may hold bytes back, and cameras keep to
less of http than libraries ask. Headers may end in bare line feeds, or be missing altogether.
"""

from __future__ import annotations

import contextlib
import re
import selectors
import socket
import ssl
import threading
import zlib
from collections.abc import Callable
from time import monotonic
from typing import Final

from perfstudio import __version__
from perfstudio.capture.devices.addresses import Address
from perfstudio.capture.devices.camera_trust import CameraTrust
from perfstudio.systems.sockets import SOCKET_CALLS

_PIECE: Final = 2**16
_LONGEST_HEAD: Final = 2**16
_STATUS: Final = re.compile(rb"[A-Z]+(?:/\d(?:\.\d)?)?[ \t]+(\d{3})\b")
_HEAD_END: Final = re.compile(rb"\r?\n\r?\n")
_BODY_AT_ONCE: Final = re.compile(rb"\s*(?:--|\xff\xd8|content-\w+[ \t]*:)", re.IGNORECASE)
"""How an answer begins that has no head of its own."""


class NotHttpError(OSError):
    """What answers does not speak http. `first` is how it began; empty when the line was closed without a word."""

    def __init__(self, first: bytes = b"") -> None:
        super().__init__("not http")
        self.first = first


class Deadline:
    """A time by which something has to be done."""

    def __init__(self, seconds: float) -> None:
        self._end = monotonic() + seconds

    def left(self) -> float:
        """Seconds that are left. Raises TimeoutError when none are."""
        left = self._end - monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def dial(address: Address, deadline: Deadline) -> socket.socket:
    """A line to the first of a host's addresses that takes one. Raises OSError, TimeoutError."""
    problem: OSError | None = None
    places = _places(address, deadline)
    for number, (family, kind, protocol, _, where) in enumerate(places):
        try:
            line = socket.socket(family, kind, protocol)
            try:
                line.settimeout(deadline.left() / (len(places) - number))
                line.connect(where)
            except OSError:
                line.close()
                raise
        except OSError as found:  # a computer without IPv6 may know an address of it
            problem = problem or found
        else:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return line
    raise problem or TimeoutError


def _places(address: Address, deadline: Deadline) -> list[tuple[int, int, int, str, tuple[object, ...]]]:
    """The host's addresses. The system may look for a name longer than anybody waits: it does so on a thread."""
    found: list[tuple[int, int, int, str, tuple[object, ...]]] = []
    problems: list[OSError] = []

    def look() -> None:
        try:
            found.extend(socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM))
        except UnicodeError:
            problems.append(socket.gaierror(socket.EAI_NONAME, "no name"))
        except OSError as problem:
            problems.append(problem)

    looking = threading.Thread(target=look, name="camera-name", daemon=True)
    looking.start()
    looking.join(deadline.left())
    if problems:
        raise problems[0]
    if not found:
        raise TimeoutError
    return found


class HttpLine:
    """A GET that has been answered. Raises OSError (TimeoutError, SSLError, gaierror, NotHttpError among them)."""

    def __init__(self, address: Address, trust: CameraTrust, deadline: Deadline, authorization: str = "") -> None:
        self.address = address
        self.status = 200
        self.headers: dict[str, str] = {}
        """By names in small letters; what comes more than once is joined with commas."""
        self._held = b""
        self._closed = threading.Event()
        self._line: socket.socket = (
            trust.secured(lambda: dial(address, deadline), address) if address.encrypted else dial(address, deadline)
        )
        try:
            self._line.settimeout(deadline.left())
            self._line.sendall(_request(address, authorization))
            self._read_head(deadline)
        except BaseException:
            self._line.close()
            raise
        self._body = self._decoder()

    @property
    def kind(self) -> str:
        """The kind of the answer, in small letters, without what follows it."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def wait(self, seconds: float) -> None:
        """How long a `read` waits from now on."""
        self._line.settimeout(seconds)

    def has_more(self) -> bool:
        """Whether something of the body lies there already."""
        if self._held or (isinstance(self._line, ssl.SSLSocket) and self._line.pending()):
            return True
        with contextlib.suppress(OSError, ValueError), selectors.DefaultSelector() as waiting:  # it was closed just now
            waiting.register(self._line, selectors.EVENT_READ)
            return bool(waiting.select(0))
        return False

    def read(self) -> bytes:
        """What has come of the body, as soon as something has; nothing at its end. Raises OSError."""
        while not self._body.ended:
            data, self._held = self._held or self._line.recv(_PIECE), b""
            if not data:
                break
            if body := self._body.feed(data):
                return body
        return b""

    def close(self) -> None:
        """End it, also under a `read` on another thread."""
        SOCKET_CALLS.cut(self._line)

    def release(self) -> None:
        """Give the line back, on the thread that reads it."""
        self.close()
        self._line.close()

    def _read_head(self, deadline: Deadline) -> None:
        held = b""
        while True:
            self._line.settimeout(deadline.left())
            data = self._line.recv(_PIECE)
            held += data
            if _BODY_AT_ONCE.match(held):
                self._held = held
                return
            end = _HEAD_END.search(held)
            if end is not None:
                self._parse(held[: end.start()])
                self._held = held[end.end() :]
                return
            if not data or len(held) > _LONGEST_HEAD:
                raise NotHttpError(held[:16])

    def _parse(self, head: bytes) -> None:
        first, *lines = re.split(rb"\r?\n", head)
        status = _STATUS.match(first)
        if status is None:
            raise NotHttpError(first[:16])
        self.status = int(status[1])
        for line in lines:
            name, colon, value = line.decode("latin-1").partition(":")
            key = name.strip().lower()
            if colon and key:
                before = self.headers.get(key)
                self.headers[key] = value.strip() if before is None else f"{before}, {value.strip()}"

    def _decoder(self) -> _Body:
        packed = self.headers.get("content-encoding", "").lower() in ("gzip", "x-gzip", "deflate")
        unpack = zlib.decompressobj(zlib.MAX_WBITS | 32).decompress if packed else bytes
        if "chunked" in self.headers.get("transfer-encoding", "").lower():
            return _Chunked(unpack)
        length = self.headers.get("content-length", "")
        # A stream has no length, whatever is written there.
        endless = not length.isdecimal() or self.kind.startswith("multipart/")
        return _Body(unpack, None if endless else int(length))


class _Body:
    """Bytes up to a length, or up to the end of the line."""

    def __init__(self, unpack: Callable[[bytes], bytes], length: int | None = None) -> None:
        self.ended = length == 0
        self._unpack, self._left = unpack, length

    def feed(self, data: bytes) -> bytes:
        if self._left is not None:
            data = data[: self._left]
            self._left -= len(data)
            self.ended = self._left == 0
        return self.unpacked(data)

    def unpacked(self, data: bytes) -> bytes:
        try:
            return self._unpack(data)
        except zlib.error as problem:
            raise NotHttpError(data[:16]) from problem


class _Chunked(_Body):
    """Pieces, each behind its length (RFC 9112, 7.1)."""

    def __init__(self, unpack: Callable[[bytes], bytes]) -> None:
        super().__init__(unpack)
        self._held = b""
        self._piece = 0

    def feed(self, data: bytes) -> bytes:
        self._held += data
        out: list[bytes] = []
        while self._held and not self.ended:
            if self._piece:
                out.append(self._held[: self._piece])
                self._held = self._held[self._piece :]
                self._piece -= len(out[-1])
                continue
            line, end, rest = self._held.lstrip(b"\r\n").partition(b"\n")
            if not end and len(line) < _LONGEST_HEAD:
                break
            try:
                self._piece = int(line.partition(b";")[0].strip(), 16)
            except ValueError as problem:
                raise NotHttpError(line[:16]) from problem
            self._held, self.ended = rest, self._piece == 0
        return self.unpacked(b"".join(out))


def _request(address: Address, authorization: str) -> bytes:
    lines = [
        f"GET {address.path} HTTP/1.1", f"Host: {_ascii(address.netloc)}", f"User-Agent: perfstudio/{__version__}",
        "Accept: */*", "Accept-Encoding: identity", "Connection: close",
    ]  # fmt: skip
    lines += [f"Authorization: {authorization}"] if authorization else []
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")


def _ascii(netloc: str) -> str:
    return netloc if netloc.isascii() else netloc.encode("idna").decode("ascii")
