"""A program on a performer's home as a process of its own, which is killed the hard way at one of its steps."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import random
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from perfstudio.delivery.chunk_reader import FileSlice
from perfstudio.delivery.http import HttpClient
from perfstudio.delivery.outbox_file import Database
from perfstudio.model.consent import UseId
from perfstudio.model.delivery import Studio
from perfstudio.model.errors import PerfstudioError
from perfstudio.paths import AppPaths
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.home import Home
from perfstudio.session.statements import Statements
from rigs.signing_home import SECRET

KILLED = getattr(signal, "SIGKILL", signal.SIGTERM)
ENDED = KILLED if os.name == "nt" else -KILLED
"""What is told of a program that was killed so."""


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

    # what a performer does

    def back(self, take_id: str, uses: frozenset[UseId] | None) -> None:
        self.home.consents.withdraw(take_id, uses, passphrase=lambda: SECRET)

    def give(self, take_id: str, uses: frozenset[UseId], *, clock_is_right: bool = False) -> None:
        stated = Statements(clock_is_right=clock_is_right)
        self.home.consents.give(take_id, uses, passphrase=lambda: SECRET, stated=stated)

    def sign(self, take_id: str, uses: frozenset[UseId], *, clock_is_right: bool = False) -> None:
        """A record of its own, when nothing stands any more."""
        stated = Statements(adult=True, clock_is_right=clock_is_right)
        self.home.consents.sign(take_id, uses, "Ines Example", passphrase=lambda: SECRET, stated=stated)

    def send(self, take_id: str, studio: Studio, *, patience_s: float = 0.0) -> None:
        self.service.send(take_id, studio, patience_s=patience_s)

    def tell(self) -> None:
        self.service.tell_withdrawals()


@dataclass(frozen=True)
class Errand:
    """What a program is to do, and after how many of its steps it is killed."""

    folder: Path
    studio: Studio
    token: str
    act: str
    take_id: str
    seed: int
    steps: int


def run(errand: Errand) -> None:
    """In the process. What it signs is drawn from the seed; it does not end in order, whatever happens."""
    chance = random.Random(errand.seed)
    window = Window(errand.folder)
    window.service.lend(errand.studio, errand.token)
    record = window.home.consents.record(errand.take_id)
    given = sorted(record.ever_given())
    some = frozenset(chance.sample(given, chance.randint(1, len(given))))
    acts: dict[str, Callable[[], None]] = {
        "back": lambda: window.back(errand.take_id, chance.choice((None, some))),
        "give": lambda: window.give(errand.take_id, some),
        "sign": lambda: window.sign(errand.take_id, frozenset(given)),
        "send": lambda: window.send(errand.take_id, errand.studio),
        "tell": window.tell,
    }
    _killed_after(errand.steps)
    with contextlib.suppress(PerfstudioError):
        acts[errand.act]()
    _kill()


def _killed_after(steps: int) -> None:
    """Every durable write, every transaction, every request and its answer, and every piece that leaves is a step."""
    left = [steps]

    def step() -> None:
        left[0] -= 1
        if left[0] <= 0:
            _kill()

    def around(real: Callable[..., Any], counts: Callable[..., bool] = lambda *_: True) -> Callable[..., Any]:
        def counted(*words: Any, **more: Any) -> Any:
            if not counts(*words):
                return real(*words, **more)
            step()
            answer = real(*words, **more)
            step()
            return answer

        return counted

    os.fsync = around(os.fsync)
    FileSlice.fill = around(FileSlice.fill)  # type: ignore[method-assign]
    HttpClient._exchange = around(HttpClient._exchange)  # type: ignore[method-assign]
    commit = around(Database.execute, lambda sql, asked, *_: asked == "COMMIT")
    Database.execute = commit  # type: ignore[method-assign]


def _kill() -> None:
    os.kill(os.getpid(), KILLED)


def do_and_die(errand: Errand) -> None:
    """Run the program to its end."""
    process = multiprocessing.get_context("spawn").Process(target=run, args=(errand,), name="window")
    process.start()
    process.join(60)
    assert process.exitcode == ENDED, "a program that neither ends nor is killed, or that cannot even begin"
