"""How much of a line a delivery uses, beside `curl -T` of the same file to the same server (`-m bench -s`)."""

from __future__ import annotations

import contextlib
import multiprocessing
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "rigs"))

from take_bundles import TOKEN, make_bundle, studio_at

from perfstudio.delivery.bundle import Bundle
from perfstudio.delivery.deliver_now import deliver
from perfstudio.delivery.outbox import Outbox
from perfstudio.delivery.policy import MIB
from rigs.waiting import be_slow

pytestmark = pytest.mark.bench
SIZE = 384 * MIB
ROUNDS = 5
GOAL = 0.95
LINES_MB_S = (60.0, 10_000.0)
"""A quick line at home, and none at all: then the processor is the bound of all three, and the figure is only told."""


class Drain(BaseHTTPRequestHandler):
    """Takes bodies as fast as the line that is stood in for, and answers a PUT, or as a tus server."""

    protocol_version = "HTTP/1.1"
    line_mb_s = 0.0

    def log_message(self, *args: object) -> None:
        """Nothing."""

    def _any(self) -> None:
        left, began_s, room = int(self.headers.get("Content-Length") or 0), time.monotonic(), bytearray(MIB)
        if self.headers.get("Expect"):
            self.send_response_only(100)
            self.end_headers()
        come = 0
        while left:
            got = self.rfile.readinto1(memoryview(room)[: min(left, MIB)])  # type: ignore[attr-defined]
            left, come = left - got, come + got
            ahead_s = come / (self.line_mb_s * 1e6) - (time.monotonic() - began_s)
            if ahead_s > 0.002:
                be_slow(ahead_s)
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

    do_PUT = do_POST = do_PATCH = do_HEAD = do_OPTIONS = _any  # noqa: N815 - as the library asks for it


SIZES: dict[str, int] = {}
"""Every upload counts as whole when it is asked for at the end."""


def serve(say: Connection, line_mb_s: float) -> None:
    """In a process of its own: the sender shares no lock with it."""
    Drain.line_mb_s = line_mb_s
    server = ThreadingHTTPServer(("127.0.0.1", 0), Drain)
    say.send(server.server_address[1])
    server.serve_forever()


@contextlib.contextmanager
def drain(line_mb_s: float) -> Iterator[str]:
    context = multiprocessing.get_context("spawn")
    hear, say = context.Pipe(duplex=False)
    process = context.Process(target=serve, args=(say, line_mb_s), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{hear.recv()}"
    finally:
        process.kill()
        process.join()


def by_curl(url: str, file: Path) -> float:
    began_s = time.monotonic()
    subprocess.run(["curl", "-sf", "-o", "/dev/null", "-T", str(file), f"{url}/put"], check=True)
    return time.monotonic() - began_s


def by_delivery(url: str, bundle: Bundle, box: Path) -> tuple[float, float]:
    """Seconds of the whole delivery, its files proved and its offsets asked for, and of its sending alone."""
    began_s, first_s = time.monotonic(), [0.0]

    def progress(state: object, sent: int) -> None:
        first_s[0] = first_s[0] or time.monotonic()

    with Outbox(box) as outbox:
        studio = studio_at(f"{url}/files")
        deliver(bundle, studio, TOKEN, outbox=outbox, may_send=lambda: True, progress=progress)
    ended_s = time.monotonic()
    return ended_s - began_s, ended_s - first_s[0]


@pytest.mark.timeout(1800)
@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl here")
@pytest.mark.parametrize("line_mb_s", LINES_MB_S)
def test_goodput_beside_curl(line_mb_s: float, tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path / "t", picture=SIZE, sound=1000)
    film = bundle.folder / "take.mp4"
    with drain(line_mb_s) as url:
        by_curl(url, film)
        rows = [(by_curl(url, film), *by_delivery(url, bundle, tmp_path / f"{n}.db")) for n in range(ROUNDS)]
    curl_s, whole_s, sending_s = (statistics.median(column) for column in zip(*rows, strict=True))
    print(
        f"\n{SIZE >> 20} MiB at {line_mb_s:.0f} MB/s: curl -T {curl_s:.2f} s, a delivery {sending_s:.2f} s "
        f"({whole_s:.2f} s with its files read first): {curl_s / sending_s:.3f} of curl's goodput (goal {GOAL})"
    )
    if line_mb_s == LINES_MB_S[0]:
        assert curl_s / sending_s >= GOAL
