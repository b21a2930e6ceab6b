"""Orders of everything that can happen between a signature and a receiver, drawn by chance; at every rest both ends say
the same.

Two windows on one home sign away, take back line by line, give again and send, while a network goes, a receiver's disk
fills, a clock is set back and either window is killed. `PERFSTUDIO_SOAK_SEED` draws another walk.
"""

from __future__ import annotations

import contextlib
import os
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from perfstudio.delivery import connection
from perfstudio.delivery.chunk_reader import FileSlice
from perfstudio.model import clock
from perfstudio.model.consent import UseId
from perfstudio.model.delivery import DeliveryState, Studio
from perfstudio.model.errors import PerfstudioError
from perfstudio.paths import AppPaths
from perfstudio.receiver.consents import ConsentStore
from perfstudio.receiver.errors import RefusedError
from perfstudio.receiver.layout import ReceiverLayout
from perfstudio.receiver.serve import Receiver, ReceiverSettings
from perfstudio.receiver.takes import TakeStore
from perfstudio.session.consents import ConsentService
from perfstudio.session.delivery.admission import admission
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.home import Home
from rigs.signing_home import MINE, SECRET, USES, signed_home

LAB, TOKEN = "lab", "t" * 24
KEEP = UseId.STORE_REVIEW
SEED = int(os.environ.get("PERFSTUDIO_SOAK_SEED", "20"))
ORDERS = int(os.environ.get("PERFSTUDIO_SOAK", "1000"))
S = DeliveryState


class KilledError(BaseException):
    """The process is gone: nobody catches it, and nothing after it is done."""


@dataclass
class Window:
    """One of the programs on the home."""

    folder: Path
    home: Home = field(init=False)
    service: DeliveryService = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """As a window or a verb does: what was taken back before a kill is noted."""
        self.home = Home(AppPaths(self.folder), use_keyring=False)
        self.service = DeliveryService(self.home.library, self.home.paths)
        self.service.follow(self.home.consents)
        self.service.note_withdrawals()

    def close(self) -> None:
        self.service.close()
        self.home.close()

    def dies(self) -> None:
        self.close()
        self.start()


@dataclass
class World:
    """Two windows, a studio, and what befalls them."""

    windows: list[Window]
    studio: Studio
    inbox: Path
    chance: random.Random
    befell: Counter[str] = field(default_factory=Counter)
    sent: set[str] = field(default_factory=set)
    """Takes that a receipt has come for, at some time."""

    def window(self) -> Window:
        found = self.chance.choice(self.windows)
        found.service.lend(self.studio, TOKEN)
        return found

    def some(self) -> frozenset[UseId]:
        return frozenset(self.chance.sample(sorted(USES), self.chance.randint(1, len(USES))))

    # what happens

    def back(self, window: Window, take_id: str) -> None:
        window.home.consents.withdraw(take_id, self.chance.choice((None, self.some())), passphrase=lambda: SECRET)

    def give(self, window: Window, take_id: str) -> None:
        window.home.consents.give(take_id, self.some(), passphrase=lambda: SECRET)

    def send(self, window: Window, take_id: str) -> None:
        window.service.send(take_id, self.studio, patience_s=0.0)
        self.sent.add(take_id)

    def tell(self, window: Window, take_id: str) -> None:
        window.service.tell_withdrawals()

    def dies_sending(self, window: Window, take_id: str) -> None:
        """Killed after some pieces have left."""
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
        """Killed between the signature and the outbox."""
        consents = window.home.consents
        consents.given = consents.withdrawn = lambda take_id: None
        with contextlib.suppress(PerfstudioError):
            self.chance.choice((self.back, self.give))(window, take_id)
        window.dies()

    def offline(self, window: Window, take_id: str) -> None:
        def gone(*_: object, **__: object) -> None:
            raise ConnectionRefusedError

        with patched(connection, "_opened", gone):
            self.chance.choice((self.send, self.tell, self.back))(window, take_id)

    def full_disk(self, window: Window, take_id: str) -> None:
        def full(store: TakeStore, size: int) -> None:
            raise RefusedError(507, "the receiver's disk is full")

        with patched(TakeStore, "require_free_space", full):
            self.send(window, take_id)

    def clock_set_back(self, window: Window, take_id: str) -> None:
        with set_back(timedelta(days=self.chance.choice((1, 40, 900)))):
            self.chance.choice((self.send, self.tell, self.back, self.give))(window, take_id)

    def happens(self) -> None:
        """One thing, to one take, in one window. What is refused with a reason is no fault."""
        kinds: list[Callable[[Window, str], None]] = [
            self.back, self.give, self.send, self.tell, self.dies_sending, self.dies_signing, self.offline,
            self.full_disk, self.clock_set_back,
        ]  # fmt: skip
        kind = self.chance.choices(kinds, [5, 5, 5, 2, 2, 1, 2, 1, 1])[0]
        take_id = self.chance.choice(MINE)
        with contextlib.suppress(PerfstudioError):
            kind(self.window(), take_id)
        self.befell[kind.__name__] += 1

    # what must be so

    def rests(self) -> None:
        """The network is there, the disk has room, the clock is right: everything is told, and what may go has gone."""
        window = self.window()
        window.service.note_withdrawals()
        assert all(line.problem is None for line in window.service.tell_withdrawals())
        for take_id in MINE:
            status = window.service.outbox.status(take_id, LAB)
            if window.service.may_send(take_id) and (status is None or status.state is not S.DELIVERED):
                self.send(window, take_id)
        assert window.service.outbox.pending() == (), "nothing waits"
        for take_id in MINE:
            self.same_at_both_ends(window, take_id)

    def same_at_both_ends(self, window: Window, take_id: str) -> None:
        record = window.home.consents.record(take_id)
        there = ConsentStore(ReceiverLayout(self.inbox))
        bundle = self.inbox / take_id
        status = window.service.outbox.status(take_id, LAB)
        facts = (SEED, take_id, dict(self.befell), record.granted(), status)
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
        if take_id in self.sent:
            assert there.holds(record.record_id).standing == record.granted(), facts


@contextlib.contextmanager
def patched(place: object, name: str, value: object) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(place, name, value)
        yield


@contextlib.contextmanager
def set_back(by: timedelta) -> Iterator[None]:
    """The performer's clock; the receiver has its own."""
    real = clock.utc_now

    def now() -> datetime:
        return real() - by

    with pytest.MonkeyPatch.context() as patch:
        for name, module in list(sys.modules.items()):
            theirs = name.startswith(("perfstudio.receiver", "perfstudio.session.delivery.admission"))
            if name.startswith("perfstudio.") and not theirs and getattr(module, "utc_now", None) is real:
                patch.setattr(module, "utc_now", now)
        yield


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    folder = signed_home(tmp_path / "home")
    rules = replace(admission(LAB), bundle=lambda folder: ())
    settings = ReceiverSettings(studio_id=LAB)
    with Receiver(tmp_path / "in", token=TOKEN, admission=rules, settings=settings) as receiver:
        windows = [Window(folder), Window(folder)]
        key = windows[0].home.consents.open_key(lambda: SECRET)  # a passphrase is slow to try, on purpose
        monkeypatch.setattr(ConsentService, "open_key", lambda consents, passphrase=None: key)
        studio = windows[0].service.connect(f"{receiver.url}/studio.json")
        yield World(windows, studio, tmp_path / "in", random.Random(SEED))
        for window in windows:
            window.close()


@pytest.mark.timeout(7200)
@pytest.mark.parametrize("orders", [1, pytest.param(ORDERS, marks=pytest.mark.soak, id="soak")])
def test_at_every_rest_both_ends_say_the_same(orders: int, world: World) -> None:
    for _ in range(orders):
        for _ in range(world.chance.randint(3, 9)):
            world.happens()
        world.rests()
    events = sum(world.befell.values())
    print(f"\n{orders} orders, {events} events {dict(world.befell)}: both ends the same at each rest")
