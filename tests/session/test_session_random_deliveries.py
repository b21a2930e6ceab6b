"""Orders of everything that can happen between a signature and a receiver, drawn by chance; at every rest both ends say
the same, and on the way nobody hears "delivered" or "nothing waits" that is not so.

Two windows on one home sign, take back line by line, give again and send, the one in the middle of what the other does;
a third program is killed at some step. A network goes, answers are lost, disks fill at either end, a clock is wrong, a
receiver is started anew. `PERFSTUDIO_SOAK_SEED` draws another walk; what fails names the world, which is drawn alone
when its number is the seed.
"""

from __future__ import annotations

import contextlib
import errno
import os
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from perfstudio import durable
from perfstudio.delivery import connection
from perfstudio.delivery.chunk_reader import FileSlice
from perfstudio.delivery.http import HttpClient
from perfstudio.model.consent import UseId
from perfstudio.model.delivery import DeliveryState, Studio
from perfstudio.model.errors import PerfstudioError
from perfstudio.receiver.consents import ConsentStore
from perfstudio.receiver.errors import RefusedError
from perfstudio.receiver.layout import ReceiverLayout
from perfstudio.receiver.serve import Receiver
from perfstudio.receiver.takes import TakeStore
from perfstudio.session.consents import ConsentService
from rigs.dying_window import Errand, Window, do_and_die
from rigs.other_time import clock_off
from rigs.quick_folder import quick_folder
from rigs.quiet_lab import LAB, TOKEN, quiet_lab
from rigs.signing_home import MINE, SECRET, USES, signed_home

KEEP = UseId.STORE_REVIEW
SEED = int(os.environ.get("PERFSTUDIO_SOAK_SEED", "20"))
ORDERS = int(os.environ.get("PERFSTUDIO_SOAK", "1000"))
TOGETHER = 20
"""Orders that one home and one receiver live through; then both are made anew."""
RESTS_S = 60.0
"""At rest a busy machine may need a second try: the network is there."""
S = DeliveryState
OFF = (timedelta(minutes=10), timedelta(minutes=-40), timedelta(hours=-9), timedelta(days=-1), timedelta(days=-40))


class KilledError(BaseException):
    """The process is gone: nobody catches it, and nothing after it is done."""


@dataclass
class World:
    """Two windows, a studio, and what befalls them."""

    windows: list[Window]
    receiver: Receiver
    inbox: Path
    seed: int
    befell: Counter[str]
    chance: random.Random = field(init=False)
    studio: Studio = field(init=False)
    records: dict[str, set[str]] = field(default_factory=dict)
    """Every record of a take that was there, at some time."""
    course: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.studio = self.windows[0].service.connect(f"{self.receiver.url}/studio.json")

    def window(self) -> Window:
        found = self.chance.choice(self.windows)
        found.service.lend(self.studio, TOKEN)
        return found

    def some(self) -> frozenset[UseId]:
        return frozenset(self.chance.sample(sorted(USES), self.chance.randint(1, len(USES))))

    # what a performer does

    def back(self, window: Window, take_id: str) -> None:
        window.back(take_id, self.chance.choice((None, self.some())))

    def give(self, window: Window, take_id: str) -> None:
        window.give(take_id, self.some(), clock_is_right=self.chance.random() < 0.5)

    def sign(self, window: Window, take_id: str) -> None:
        window.sign(take_id, USES, clock_is_right=self.chance.random() < 0.5)

    def send(self, window: Window, take_id: str) -> None:
        window.send(take_id, self.studio)

    def tell(self, window: Window, take_id: str) -> None:
        window.tell()

    # what befalls it

    def is_killed(self, window: Window, take_id: str) -> None:
        """Another program on this home, at some step of what it does."""
        act = self.chance.choice(("back", "give", "sign", "send", "send", "tell"))
        steps = self.chance.randint(1, 90 if act == "send" else 25)
        do_and_die(Errand(window.folder, self.studio, TOKEN, act, take_id, self.chance.randrange(1 << 30), steps))

    def dies_sending(self, window: Window, take_id: str) -> None:
        """A window, after some pieces have left."""
        pieces = iter([True] * self.chance.randrange(4))
        fill = FileSlice.fill

        def last(body: FileSlice, piece: memoryview) -> None:
            if not next(pieces, False):
                raise KilledError
            fill(body, piece)

        with patched(FileSlice, "fill", last):
            try:
                self.send(window, take_id)
            except KilledError:
                window.dies()

    def dies_signing(self, window: Window, take_id: str) -> None:
        """A window, between the signature and the outbox."""
        consents = window.home.consents
        consents.given = consents.withdrawn = lambda take_id: None
        with contextlib.suppress(PerfstudioError):
            self.chance.choice((self.back, self.give))(window, take_id)
        window.dies()

    def meanwhile(self, window: Window, take_id: str) -> None:
        """The other window acts while the first one sends or tells: before one of its requests, or behind it."""
        other = self.windows[1 - self.windows.index(window)]
        other.service.lend(self.studio, TOKEN)
        act = self.chance.choice((self.back, self.back, self.give, self.sign, self.tell))
        at, ask = self.chance.randrange(24), HttpClient.ask
        moments = iter(range(1 << 20))

        def between() -> None:
            if next(moments) == at:
                with contextlib.suppress(PerfstudioError):
                    act(other, take_id)

        def asked(*words: Any, **more: Any) -> Any:
            between()
            answer = ask(*words, **more)
            between()
            return answer

        with patched(HttpClient, "ask", asked):
            self.chance.choice((self.send, self.send, self.tell))(window, take_id)

    def offline(self, window: Window, take_id: str) -> None:
        def gone(*_: object, **__: object) -> None:
            raise ConnectionRefusedError

        with patched(connection, "_opened", gone):
            self.chance.choice((self.send, self.tell, self.back, self.give))(window, take_id)

    def answer_lost(self, window: Window, take_id: str) -> None:
        """What was asked was done, and nobody hears so."""
        asks, exchange = iter(range(1 << 20)), HttpClient._exchange
        lost = self.chance.randrange(12)

        def exchanged(*words: Any, **more: Any) -> Any:
            answer = exchange(*words, **more)
            if next(asks) >= lost:
                raise ConnectionResetError
            return answer

        with patched(HttpClient, "_exchange", exchanged):
            self.chance.choice((self.send, self.tell))(window, take_id)

    def full_disk(self, window: Window, take_id: str) -> None:
        """At the receiver."""

        def full(store: TakeStore, size: int) -> None:
            raise RefusedError(507, "the receiver's disk is full")

        with patched(TakeStore, "require_free_space", full):
            self.send(window, take_id)

    def disk_fills(self, window: Window, take_id: str) -> None:
        """At one end, in the middle of what is done there."""
        me, here, write = threading.get_ident(), self.chance.random() < 0.5, durable.write_new
        writes, last = iter(range(1 << 20)), self.chance.randrange(6)

        def written(path: Path, data: bytes) -> None:
            if (threading.get_ident() == me) == here and next(writes) >= last:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
            write(path, data)

        with patched(durable, "write_new", written):
            self.chance.choice((self.send, self.send, self.tell, self.back, self.give, self.sign))(window, take_id)

    def clock_is_wrong(self, window: Window, take_id: str) -> None:
        with clock_off(self.chance.choice(OFF)):
            self.chance.choice((self.send, self.tell, self.back, self.give, self.sign))(window, take_id)

    def receiver_begins_anew(self, window: Window, take_id: str) -> None:
        self.receiver.stop()
        self.receiver = quiet_lab(self.inbox, self.receiver.port)

    def happens(self) -> None:
        """One thing, to one take, in one window. What is refused with a reason is no fault."""
        kinds: list[tuple[Callable[[Window, str], None], float]] = [
            (self.back, 5), (self.give, 5), (self.sign, 2), (self.send, 5), (self.tell, 2), (self.is_killed, 3),
            (self.dies_sending, 2), (self.dies_signing, 1), (self.meanwhile, 3), (self.offline, 2),
            (self.answer_lost, 2), (self.full_disk, 1), (self.disk_fills, 2), (self.clock_is_wrong, 2),
            (self.receiver_begins_anew, 0.5),
        ]  # fmt: skip
        ((kind, _),) = self.chance.choices(kinds, [weight for _, weight in kinds])
        take_id = self.chance.choice(MINE)
        self.course.append(f"{kind.__name__} {take_id[-4:]}")
        try:
            kind(self.window(), take_id)
        except PerfstudioError as refused:
            self.course[-1] += f": {refused.code.value}"
        self.befell[kind.__name__] += 1
        self.says_only_what_is_so()

    # what must be so

    def says_only_what_is_so(self) -> None:
        """At any moment, to somebody who begins a program: what is delivered is there, and what is not told waits."""
        window = self.window()
        window.service.note_withdrawals()
        waits = {(paper.take_id, paper.record_id) for paper in window.service.outbox.pending()}
        for take_id in MINE:
            record, status = window.home.consents.record(take_id), window.service.outbox.status(take_id, LAB)
            self.records.setdefault(take_id, set()).add(record.record_id)
            facts = (self.seed, take_id, self.course, record.granted(), status)
            if status is not None and status.state is S.DELIVERED:
                assert (self.inbox / take_id / "receipt.json").exists(), ("delivered", facts)
            for record_id in self.records[take_id]:
                stands = record.granted() if record_id == record.record_id else frozenset()
                holds = ConsentStore(ReceiverLayout(self.inbox)).holds(record_id)
                if holds is not None and holds.standing - stands:
                    assert (take_id, record_id) in waits, ("nothing waits", facts, holds.standing, waits)

    def rests(self) -> None:
        """The network is there, the disk has room, the clock is right: everything is told, and what may go has gone."""
        window = self.window()
        window.service.note_withdrawals()
        told = window.service.tell_withdrawals()
        assert all(line.problem is None for line in told), (self.seed, self.course, told)
        for take_id in MINE:
            status = window.service.outbox.status(take_id, LAB)
            if window.service.may_send(take_id) and (status is None or status.state is not S.DELIVERED):
                self.course.append(f"rest {take_id[-4:]}")
                window.send(take_id, self.studio, patience_s=RESTS_S)
        waits = window.service.outbox.pending()
        said = [window.service.outbox.withdrawals_of(one.take_id) for one in waits]
        assert not waits, (self.seed, self.course, waits, said)
        for take_id in MINE:
            self.same_at_both_ends(window, take_id)

    def same_at_both_ends(self, window: Window, take_id: str) -> None:
        record = window.home.consents.record(take_id)
        bundle = self.inbox / take_id
        status = window.service.outbox.status(take_id, LAB)
        facts = (self.seed, take_id, self.course, record.granted(), status)
        if KEEP not in record.granted():
            assert not bundle.exists(), facts
            assert status is None or status.state is S.CANCELLED, facts
        else:
            assert (bundle / "receipt.json").exists(), facts
            assert status is not None, facts
            assert status.state is S.DELIVERED, facts
            manifest = window.home.takes.manifest(take_id)
            sizes = {file.name: file.size for file in manifest.files}
            assert {name: (bundle / name).stat().st_size for name in sizes} == sizes, facts
        for record_id in self.records.get(take_id, set()) | {record.record_id}:
            holds = ConsentStore(ReceiverLayout(self.inbox)).holds(record_id)
            stands = record.granted() if record_id == record.record_id else frozenset()
            assert holds is None or holds.standing == stands, (facts, record_id, holds.standing, stands)
            assert holds is not None or KEEP not in stands, facts


@contextlib.contextmanager
def patched(place: object, name: str, value: object) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(place, name, value)
        yield


@contextlib.contextmanager
def world(place: Path, seed: int, befell: Counter[str]) -> Iterator[World]:
    folder = signed_home(place / "home")
    with contextlib.ExitStack() as stack:
        windows = [stack.enter_context(contextlib.closing(Window(folder))) for _ in range(2)]
        key = windows[0].home.consents.open_key(lambda: SECRET)  # a passphrase is slow to try, on purpose
        stack.enter_context(patched(ConsentService, "open_key", lambda consents, passphrase=None: key))
        made = World(windows, quiet_lab(place / "in"), place / "in", seed, befell)
        try:
            yield made
        finally:
            made.receiver.stop()


@pytest.mark.timeout(7200)
@pytest.mark.parametrize("orders", [1, pytest.param(ORDERS, marks=pytest.mark.soak, id="soak")])
def test_at_every_rest_both_ends_say_the_same(orders: int, tmp_path: Path) -> None:
    befell: Counter[str] = Counter()
    for number in range(0, orders, TOGETHER):
        with quick_folder(tmp_path) as place, world(place / str(number), SEED + number, befell) as lives:
            lives.is_killed(lives.window(), MINE[0])
            for _ in range(min(TOGETHER, orders - number)):
                for _ in range(lives.chance.randint(3, 9)):
                    lives.happens()
                lives.rests()
    print(f"\n{orders} orders, {sum(befell.values())} events {dict(befell)}: both ends the same at each rest")
