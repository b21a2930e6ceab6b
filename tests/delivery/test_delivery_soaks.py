"""Deliveries that everything befalls: short with the ordinary tests, long with `pytest -m soak -s`.

Chance draws from a seed that is printed with what fails: `PERFSTUDIO_SOAK_SEED` draws the same again, and
`PERFSTUDIO_SOAK` makes the long form longer or shorter.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import string
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from fault_server import Asked, FaultServer, Reset, Say, Silence, fault_server, tus
from take_bundles import STUDIO, TOKEN, make_bundle, studio_at

from perfstudio.delivery.attempt import Tuning
from perfstudio.delivery.bundle import Bundle
from perfstudio.delivery.deliver_now import deliver
from perfstudio.delivery.http import Timeouts
from perfstudio.delivery.outbox import Outbox
from perfstudio.delivery.policy import Pace
from perfstudio.model.delivery import FROM_START, Arrival, DeliveryState
from perfstudio.model.errors import ErrorCode, PerfstudioError

SEED = int(os.environ.get("PERFSTUDIO_SOAK_SEED", "20"))
LONG = pytest.mark.soak
Answer = Say | Reset | Silence
QUICK = Tuning(
    pace=Pace(first_s=0.002, most_s=0.01, floor_s=0.001, lock_s=(0.002, 0.004)),
    timeouts=Timeouts(connect_s=2.0, answer_s=0.25, last_answer_s=0.25, stall_s=0.25, verify_s=2.0),
)


def lengths(short: int, whole: int) -> list[object]:
    """How many cases an ordinary run has, and the soak."""
    asked = int(os.environ.get("PERFSTUDIO_SOAK", whole))
    return [short, pytest.param(asked, marks=[LONG, pytest.mark.timeout(7200)], id="soak")]


@dataclass
class Room:
    """A bundle that is sent again and again, each time with a new outbox, to a server that forgets."""

    bundle: Bundle
    server: FaultServer
    place: Path
    count: int = 0

    def send(self, patience_s: float = 20.0) -> tuple[Arrival | PerfstudioError, DeliveryState]:
        """What came of it, and what the outbox says of it."""
        self.count += 1
        server = self.server
        server.asked.clear()
        server.uploads.clear()
        server.takes.clear()
        studio = studio_at(server.collection, server.url if server.level_b else None)
        with Outbox(self.place / f"{self.count}.db") as box:
            came: Arrival | PerfstudioError
            try:
                came = deliver(
                    self.bundle, studio, TOKEN, outbox=box, may_send=lambda: True, patience_s=patience_s, tuning=QUICK
                )
            except PerfstudioError as problem:
                came = problem
            status = box.status(self.bundle.take_id, STUDIO)
        assert status is not None
        for file in self.place.glob(f"{self.count}.db*"):
            file.unlink()
        return came, status.state

    def whole(self) -> bool:
        """Every byte of every file is at the server, once."""
        there = self.server.files()
        names = [f.name for f in self.bundle.in_order()][int(self.server.level_b) :]
        return all(there.get(name) == (self.bundle.folder / name).read_bytes() for name in names)


@pytest.fixture(params=[False, True], ids=["A", "B"])
def room(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Room]:
    """At level A and at level B."""
    bundle = make_bundle(tmp_path / "t", picture=150_000, sound=30_000)
    offered = {"extensions": "creation,termination,checksum", "algorithms": f"sha1,sha256,{FROM_START}"}
    with fault_server(level_b=request.param, **offered) as server:
        yield Room(bundle, server, tmp_path)


# faults that an honest server and its network have


def faults(chance: random.Random) -> list[Answer]:
    """Three or more, of every kind that another try mends."""
    kinds: list[Callable[[], Answer]] = [
        lambda: Reset(chance.randrange(200_000), keep=True),
        lambda: Reset(chance.randrange(200_000), keep=False),
        lambda: tus(chance.choice((408, 409, 423, 425, 429, 500, 502, 503, 504, 507))),
        lambda: tus(429, Retry_After="0"),
        lambda: Say(502, (("Content-Type", "text/html"),), b"<html>Bad gateway", read=chance.choice((None, 0))),
        lambda: Say(200, (("Content-Length", "1000"),), b"cut short"),
        lambda: Silence(0.3),
    ]
    weights = [6, 4, 6, 1, 2, 1, 0.3]
    return [chance.choices(kinds, weights)[0]() for _ in range(chance.randint(3, 6))]


@pytest.mark.parametrize("count", lengths(3, 500))
def test_whatever_befalls_it_every_byte_arrives_once(count: int, room: Room) -> None:
    """Three to six faults in each delivery, at moments that chance picks."""
    chance = random.Random(SEED)
    arrived = tries = befell = 0
    for _ in range(count):
        left, every = faults(chance), chance.choice((1, 2, 3))
        befell += len(left)

        def fault(asked: Asked, left: list[Answer] = left, every: int = every) -> Answer | None:
            if not left or len(room.server.asked) % every:
                return None
            answer = left[-1]
            if asked.method in ("GET", "PUT") and isinstance(answer, Say) and answer.status in (409, 507, 425):
                return None  # an answer of tus; the calls of level B have their own
            return left.pop()

        room.server.fault = fault
        came, state = room.send()
        tries += len(room.server.asked)
        if isinstance(came, Arrival):
            arrived += 1
            assert room.whole(), (SEED, room.count)
            assert state in (DeliveryState.SENT, DeliveryState.DELIVERED)
            assert {f.name: f.size for f in came.files} == {f.name: f.size for f in room.bundle.files}
        else:
            assert state in (DeliveryState.WAITING, DeliveryState.REFUSED, DeliveryState.PAUSED), (SEED, room.count)
        room.server.fault = lambda asked: None
        if not isinstance(came, Arrival):  # nothing is lost: the next try brings it
            came, state = room.send()
            assert isinstance(came, Arrival), (SEED, room.count, came)
            assert room.whole()
    assert room.server.refused == 0, "every checksum was right"
    print(f"\n{count} deliveries, {befell} faults, {tries} requests: {arrived} at once; 0 bytes lost, doubled or false")


# answers that no honest server gives

_NAMES = ("Upload-Offset", "Upload-Length", "Location", "Tus-Resumable", "Tus-Version", "Retry-After", "Content-Type")
_VALUES = ("-1", "0", "1", "99999999999999999999", "NaN", "", " ", "\u00e9", "text/html", "1.0.0", "9", "/files/0-x")
_WORDS = ("state", "accepted", "rejected", "verifying", "uploading", "files", "sha256", "size", "level", "B", "tus")


def anything(chance: random.Random, depth: int = 0) -> object:
    """A JSON value, as likely as not one that looks like an answer."""
    pick = chance.random()
    if depth > 3 or pick < 0.5:
        return chance.choice((*_WORDS, None, True, -1, 0, 10**30, 1.5, "0" * 64, ""))
    if pick < 0.75:
        return [anything(chance, depth + 1) for _ in range(chance.randrange(4))]
    return {chance.choice(_WORDS): anything(chance, depth + 1) for _ in range(chance.randrange(5))}


def hostile(chance: random.Random) -> Answer:
    """An answer at random: status, headers, body."""
    status = chance.choice((100, 101, 199, 200, 200, 200, 201, 204, 206, 226, 299, 301, 304, 307, 401, 403, 404, 409,
                            410, 413, 418, 429, 451, 460, 499, 500, 501, 503, 507, 599, 600, 999))  # fmt: skip
    headers = tuple((chance.choice(_NAMES), chance.choice(_VALUES)) for _ in range(chance.randrange(4)))
    if chance.random() < 0.1:
        headers += (("X-" + "".join(chance.choices(string.printable[:62], k=chance.randrange(1, 60))), "x" * 9000),)
    body = json.dumps(anything(chance)).encode()
    if chance.random() < 0.3:
        body = chance.randbytes(chance.randrange(300))
    return Say(status, headers, body, read=chance.choice((None, None, 0)))


@pytest.mark.parametrize("count", lengths(15, 5000))
def test_no_answer_makes_a_false_state_or_a_busy_loop(count: int, room: Room) -> None:
    """More or fewer answers are drawn at random. `deliver` ends in one way or another, and says only what is so."""
    chance = random.Random(SEED)
    given, most, share = [0], 0, 0.5
    told: dict[str, int] = {}

    def fault(asked: Asked) -> Answer | None:
        if chance.random() >= share:
            return None
        given[0] += 1
        answer = hostile(chance)
        if isinstance(answer, Say):
            safe = tuple((n, v.encode("ascii", "replace").decode()) for n, v in answer.headers)
            answer = replace(answer, headers=safe)
        return answer

    room.server.fault = fault
    while given[0] < count:
        share = chance.choice((0.05, 0.2, 0.6))  # some come far before they are lied to
        came, state = room.send(patience_s=0.05)
        most = max(most, len(room.server.asked))
        word = came.state if isinstance(came, Arrival) else came.code.value
        told[word] = told.get(word, 0) + 1
        said_to_be_there = isinstance(came, Arrival) or state in (DeliveryState.SENT, DeliveryState.DELIVERED)
        if said_to_be_there:
            assert isinstance(came, Arrival), (SEED, room.count)
            assert room.whole() or lied(room), (SEED, room.count, word)
        else:
            assert isinstance(came, PerfstudioError)
            assert came.code is not ErrorCode.UNEXPECTED, (SEED, room.count)
    assert most < 400, "requests of one delivery with no patience"
    print(f"\n{given[0]} hostile answers in {room.count} deliveries, at most {most} requests each: {told}")


def lied(room: Room) -> bool:
    """Whether the server itself has said of every byte that it was kept: no sender can know better at level A."""
    if room.server.level_b:
        return False
    sizes = {f.name: f.size for f in room.bundle.files}
    claimed = {str(size) for size in sizes.values()}
    return bool(claimed & {value for asked in room.server.asked for value in asked.headers.values()})


# other hosts


class Trap:
    """Somebody else's server: what reaches it, and with which headers."""

    def __init__(self) -> None:
        self.caught: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args: object) -> None:
                """Nothing."""

            def handle(self) -> None:
                outer.caught.append(self.rfile.read1(65536).decode("latin-1"))  # type: ignore[attr-defined]

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextlib.contextmanager
def trap() -> Iterator[Trap]:
    made = Trap()
    try:
        yield made
    finally:
        made.close()


def elsewhere(port: int, own: int) -> list[str]:
    """The trap's address in every spelling that some client follows."""
    hosts = (
        "127.0.0.1",
        "localhost",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "[::ffff:127.0.0.1]",
        "127.0.0.2",
    )
    plain = [f"http://{host}:{port}/files/1" for host in hosts]
    spelled = [
        f"//127.0.0.1:{port}/1", f"///127.0.0.1:{port}/1", f"/\\127.0.0.1:{port}/1", f"\\\\127.0.0.1:{port}\\1",
        f"http:/\\127.0.0.1:{port}/1", f"http:\\\\127.0.0.1:{port}/1", f"HTTP://127.0.0.1:{port}/1",
        f"http://127.0.0.1:{own}@127.0.0.1:{port}/1", f"http://a:b@127.0.0.1:{port}/1",
        f"http://127.0.0.1:{own}%40127.0.0.1:{port}/1", f"http://127.0.0.1:{own}#@127.0.0.1:{port}/1",
        f"http://127.0.0.1:{own}\t@127.0.0.1:{port}/1", f"http://127.0.0.1:{own}\\@127.0.0.1:{port}/1",
        f"https://127.0.0.1:{port}/1", f"http://127.0.0.1:{port}", f" http://127.0.0.1:{port}/1",
        f"http://127.0.0.1.:{port}/1",
    ]  # fmt: skip
    return plain + spelled


WAYS = ("created", "announced", "redirected", "told")


def points_there(way: str, address: str) -> Callable[[Asked], Answer | None]:
    """A server that leads away: by Location, by the announced tus address, by a redirect, by headers beside."""
    beside = (("Alt-Svc", f'h2="{address}"'), ("Refresh", f"0; url={address}"), ("Link", f"<{address}>; rel=preload"))

    def fault(asked: Asked) -> Answer | None:
        if way == "created" and asked.method == "POST":
            return tus(201, Location=address)
        if way == "announced" and asked.method == "PUT" and "/takes/" in asked.path:
            return Say(200, (), json.dumps({"state": "awaiting_upload", "tus": address}).encode())
        if way == "redirected":
            return Say(307, (("Location", address),))
        if way == "told" and asked.method == "OPTIONS":
            return Say(204, (("Tus-Resumable", "1.0.0"), ("Content-Location", address), *beside))
        return None

    return fault


@pytest.mark.parametrize("step", [4, pytest.param(1, marks=LONG, id="soak")])
@pytest.mark.parametrize("way", WAYS)
def test_no_secret_reaches_another_host(way: str, step: int, tmp_path: Path) -> None:
    """Twenty-five spellings in four ways: nothing at all reaches the other host, not even a connection."""
    bundle = make_bundle(tmp_path / "t", picture=3000, sound=300)
    with fault_server(level_b=True) as server, trap() as other:
        room = Room(bundle, server, tmp_path)
        addresses = elsewhere(other.port, int(server.url.rsplit(":", 1)[1]))[WAYS.index(way) % step :: step]
        for address in addresses:
            server.fault = points_there(way, address)
            came, _ = room.send(patience_s=0.0)
            assert isinstance(came, Arrival) == (way == "told"), address
            assert TOKEN not in str(came)
        assert other.caught == []
    print(f"\n{len(addresses)} addresses elsewhere, {way}: 0 requests there, 0 secrets")
