"""What every delivery test starts from: an outbox, a bundle, short waits, a way to a fault server."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "rigs"))

from courier_desk import big, desk, server
from fault_sending import Send
from fault_server import FaultServer
from take_bundles import TOKEN, plain_bundle, studio_at

from perfstudio.delivery.attempt import Tuning
from perfstudio.delivery.bundle import Bundle
from perfstudio.delivery.deliver_now import deliver
from perfstudio.delivery.http import Timeouts
from perfstudio.delivery.outbox import Outbox
from perfstudio.delivery.policy import Pace
from perfstudio.model.delivery import Receipt

__all__ = ["big", "desk", "server"]


@pytest.fixture
def quick() -> Tuning:
    """Waits of milliseconds; time limits of a second or two."""
    return Tuning(
        pace=Pace(first_s=0.01, most_s=0.05, floor_s=0.001, lock_s=(0.01, 0.02)),
        timeouts=Timeouts(connect_s=2.0, answer_s=1.0, last_answer_s=1.0, stall_s=1.0),
    )


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    """An outbox on disk."""
    with Outbox(tmp_path / "home" / "outbox.db") as box:
        yield box


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    """A take of 390 kB."""
    return plain_bundle(tmp_path / "takes")


@pytest.fixture
def every_piece_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress hears of every piece: what is told four times a second may come too late to do something half way."""
    monkeypatch.setattr("perfstudio.delivery.speed.EVERY_S", 0.0)


@pytest.fixture
def send(bundle: Bundle, outbox: Outbox, quick: Tuning) -> Send:
    """Deliver the bundle to a fault server."""

    def run(
        server: FaultServer,
        take: Bundle = bundle,
        *,
        token: str = TOKEN,
        patience_s: float = 5.0,
        may_send: Callable[[], bool] = lambda: True,
        **options: object,
    ) -> Receipt:
        studio = studio_at(server.collection, server.url if server.level_b else None)
        options.setdefault("tuning", quick)
        return deliver(take, studio, token, outbox=outbox, may_send=may_send, patience_s=patience_s, **options)  # type: ignore[arg-type]

    return run
