"""A server in a process of its own that takes bodies as fast as it can, keeps none, and answers like a tus server."""

from __future__ import annotations

import contextlib
import multiprocessing
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection

ROOM = 1 << 20
SIZES: dict[str, int] = {}
"""Every upload counts as whole when it is asked for at the end."""


class Drain(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *args: object) -> None:
        """Nothing."""

    def _any(self) -> None:
        left, come, room = int(self.headers.get("Content-Length") or 0), 0, memoryview(bytearray(ROOM))
        while left:
            got = self.rfile.readinto1(room[: min(left, ROOM)])  # type: ignore[attr-defined]
            left, come = left - got, come + got
        offset = int(self.headers.get("Upload-Offset") or 0) + come
        self.send_response({"POST": 201, "OPTIONS": 204, "PATCH": 204}.get(self.command, 200))
        self.send_header("Tus-Resumable", "1.0.0")
        self.send_header("Upload-Offset", str(SIZES.get(self.path, 0) if self.command == "HEAD" else offset))
        if self.command == "POST":
            place = f"/files/{len(SIZES)}"
            SIZES[place] = int(self.headers["Upload-Length"])
            self.send_header("Location", place)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_POST = do_PATCH = do_HEAD = do_OPTIONS = _any  # noqa: N815 - as the library asks for it


def _serve(say: Connection) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Drain)
    say.send(server.server_address[1])
    server.serve_forever()


@contextlib.contextmanager
def draining_server() -> Iterator[int]:
    """Its port."""
    context = multiprocessing.get_context("spawn")
    hear, say = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(say,), daemon=True)
    process.start()
    say.close()
    try:
        yield hear.recv()
    finally:
        process.kill()
        process.join()
        hear.close()
