"""What every receiver test starts from: the rigs, a running receiver, somebody who visits it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "rigs"))

from receiver_visitor import Visitor
from take_bundles import STUDIO, TOKEN, plain_bundle

from perfstudio.receiver.serve import Receiver, ReceiverSettings
from perfstudio.receiver.takes import ReceiverLimits


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    """A receiver that waits a second for a silent sender."""
    settings = ReceiverSettings(studio_id=STUDIO, limits=ReceiverLimits(idle_s=1.0, keep_free=1 << 20))
    with Receiver(tmp_path / "in", token=TOKEN, settings=settings) as running:
        yield running


@pytest.fixture
def visitor(receiver: Receiver, tmp_path: Path) -> Visitor:
    """Comes to it with a take."""
    return Visitor(receiver, plain_bundle(tmp_path / "takes"))
