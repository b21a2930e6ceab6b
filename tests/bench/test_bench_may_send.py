"""What it costs to ask whether a take may leave, four times a second while it is sent (`-m bench -s`)."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "library"))

from library_papers import consent_of
from library_takes import sealed_take

from perfstudio.library.library import Library
from perfstudio.model.take import Labels
from perfstudio.session.delivery.permits import SETTLED_NS, Permits
from perfstudio.session.known_time import KnownTime

pytestmark = pytest.mark.bench
GOAL_MS = 0.2
ASKED = 400


def cpu_ms(ask: Callable[[], object], times: int) -> float:
    began = time.process_time()
    for _ in range(times):
        ask()
    return (time.process_time() - began) * 1000 / times


def test_may_send_while_nothing_changes(tmp_path: Path) -> None:
    with Library(tmp_path / "home") as library:
        take_id = sealed_take(library)
        library.keep(take_id)
        library.label(take_id, Labels(meant=("grief",)))
        library.write_consent(take_id, consent_of(library.manifest(take_id)))
        permits = Permits(library, KnownTime(library.root, library), lambda: time.time_ns() + 2 * SETTLED_NS)
        assert permits.may_send(take_id)
        read = cpu_ms(lambda: permits._judged(take_id), ASKED // 10)
        looked = cpu_ms(lambda: permits.may_send(take_id), ASKED)
    print(
        f"\nmay_send: {read:.2f} ms of processor when every document is read, {looked:.3f} ms while nothing changes "
        f"(goal {GOAL_MS}): 1/{read / looked:.0f} of it, {looked * 4 / 10:.3f} % of a core at four times a second"
    )
    assert looked < GOAL_MS
